"""Pictures of the Results page."""
