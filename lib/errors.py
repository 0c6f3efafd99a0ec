"""What goes wrong with data, with the store and with the settings."""

from __future__ import annotations


class DataError(Exception):
    """Data cannot be had. The text is for a person: what is wrong, with which value, and what to do."""


class SetUpError(Exception):
    """LayerLab cannot work as it is set up here. The text says what is wrong, and what whoever runs it can do."""


class StoreError(SetUpError):
    """The store of runs cannot be used.

    Args:
        text: what is wrong, and what whoever runs LayerLab can do.
        said: what the database or the system said of it, in its own words.
    """

    def __init__(self, text: str, said: object = "") -> None:
        super().__init__(text)
        # Not the error itself: it would hold on to the connection that it came from.
        self.said = str(said)
