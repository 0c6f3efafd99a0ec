"""What goes wrong with data."""

from __future__ import annotations


class DataError(Exception):
    """Data cannot be had. The text is for a person: what is wrong, with which value, and what to do."""
