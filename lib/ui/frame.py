"""What every page begins with, and what is done once in a process."""

from __future__ import annotations

import gc
from pathlib import Path

import streamlit as st

from lib.ui import visitor, warm  # noqa: F401 - `warm` imports for all pages at once what they will need

ICON = Path(__file__).parents[2] / "assets" / "pictures" / "icon.svg"


@st.cache_resource(show_spinner=False)
def _freeze() -> None:
    """Take what is imported out of the collector's sight: Streamlit runs it after every script run."""
    gc.collect()
    gc.freeze()


def begin(title: str) -> None:
    """Begin a page; each may also be run alone."""
    st.set_page_config(page_title=f"{title} · LayerLab", page_icon=str(ICON), layout="wide")
    _freeze()
    visitor.recognise()
