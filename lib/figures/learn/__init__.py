"""Pictures of the Learn pages."""
