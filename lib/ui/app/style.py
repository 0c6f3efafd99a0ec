"""Gives a page its styles."""

from __future__ import annotations

import streamlit as st

from lib.ui.app.sheet import tag


def apply() -> None:
    """Give the page its styles; they take no place on it."""
    st.html(tag())
