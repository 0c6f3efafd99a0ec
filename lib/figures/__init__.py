"""Data to pictures: pure functions, one file a kind. Each has a `describe_*` that gives its alt text."""
