"""What the pictures must know of the visitor's theme."""

from __future__ import annotations

import streamlit as st

# The text colours of .streamlit/config.toml. Streamlit greys the text inside figures, which is too weak for numbers.
_INK = {"light": "#23303a", "dark": "#e4e9ec"}


def ink() -> str:
    """Text colour of this visitor's theme, or "" (plotly's own) while the browser has not told it."""
    return _INK.get(str(st.context.theme.type), "")
