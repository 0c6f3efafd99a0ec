"""The frame around every page, and what is imported once."""
