"""A typed handle for one entry of `st.session_state`. No other module touches the session's memory directly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar, cast

import streamlit as st

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One entry of the session's memory.

    Attributes:
        name: Streamlit's name for it. A widget with `key=KEY.name` shows and changes this entry.
        default: what `get` answers while nothing is set.
    """

    name: str
    default: T

    def get(self) -> T:
        """The value, or the default."""
        return cast(T, st.session_state.get(self.name, self.default))

    def is_set(self) -> bool:
        """Whether there is a value. A widget that is not on the page has none."""
        return self.name in st.session_state

    def set(self, value: T) -> None:
        """Remember a value. A widget's must be set before the widget is drawn, or in a callback."""
        st.session_state[self.name] = value

    def drop(self) -> None:
        """Forget the value."""
        st.session_state.pop(self.name, None)

    def take(self) -> T:
        """The value, which is forgotten: a message is shown once."""
        value = self.get()
        self.drop()
        return value
