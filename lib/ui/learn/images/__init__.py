"""The page Images are numbers."""
