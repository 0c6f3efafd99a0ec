"""What the engine refuses, told to whoever asked."""

from __future__ import annotations


class EngineError(Exception):
    """Something that was asked for cannot be done; the text is a sentence for a person."""


class UnknownRun(EngineError):  # noqa: N818 - read as what it is
    """There is no run with this id."""
