"""Pictures of the page Inside."""
