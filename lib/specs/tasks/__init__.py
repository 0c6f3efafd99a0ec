"""The tasks of the Learn pages, as data."""
