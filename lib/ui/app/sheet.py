"""The one style sheet of all pages: for what Streamlit's theme has no option."""

from __future__ import annotations

from functools import cache
from pathlib import Path

SHEET = Path(__file__).with_name("style.css")


@cache
def tag() -> str:
    """The sheet as a piece of HTML."""
    return f"<style>{SHEET.read_text(encoding='utf-8')}</style>"
