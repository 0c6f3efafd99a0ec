"""The visitor's theme, as far as pictures depend on it."""

from __future__ import annotations

import streamlit as st

# The text colours of .streamlit/config.toml. Streamlit greys the text inside figures, which is too weak for numbers.
_INK = {"light": "#23303a", "dark": "#e4e9ec"}


def ink() -> str:
    """The text colour of this visitor's theme; "" for plotly's own while the browser has not told the theme."""
    return _INK.get(str(st.context.theme.type), "")
