"""The one style sheet of all pages: for what Streamlit's theme has no option."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

SHEET = Path(__file__).with_name("style.css")


def apply() -> None:
    """Give the page its styles; they take no place on it."""
    st.html(_tag())


@cache
def _tag() -> str:
    return f"<style>{SHEET.read_text(encoding='utf-8')}</style>"
