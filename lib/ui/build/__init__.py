"""The Build & train page."""
