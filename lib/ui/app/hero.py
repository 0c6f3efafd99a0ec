"""Home's picture: a real test digit inside a really trained network, drawn once by `tools/draw_hero.py`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib.ui.kit import lessons

PICTURE = Path(__file__).parents[3] / "assets" / "pictures" / "hero.png"
ALT = PICTURE.with_suffix(".txt")


def show() -> None:
    """Show the picture and its caption."""
    st.image(str(PICTURE), width="stretch", alt=ALT.read_text(encoding="utf-8"))
    st.caption(lessons.text("home.hero"))
