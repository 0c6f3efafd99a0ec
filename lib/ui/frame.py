"""The router, what every page begins with, and what is done once in a process."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lib.ui import visitor, warm  # noqa: F401 - `warm` imports for all pages at once what they will need

if TYPE_CHECKING:
    from streamlit.navigation.page import Page

ROOT = Path(__file__).parents[2]
ICON = ROOT / "assets" / "pictures" / "icon.svg"
_FRAMED, _SOUGHT = "framed", "frame_sought"


def route() -> Page:
    """The page that the address asks for; `app.py` runs it."""
    st.session_state[_FRAMED] = True
    st.session_state.pop(_SOUGHT, None)
    return _pages()


def _pages() -> Page:
    folder = ROOT / "pages"
    return st.navigation(
        {
            "Start": [st.Page(folder / "home.py", title="Home", icon=":material/home:", url_path="home", default=True)],
            "Do": [
                st.Page(folder / "build.py", title="Build & train", icon=":material/model_training:", url_path="build"),
                st.Page(folder / "results.py", title="Results", icon=":material/query_stats:", url_path="results"),
            ],
        }
    )


def begin(title: str) -> None:
    """Begin a page; each may also be run alone."""
    if not st.session_state.pop(_FRAMED, False) and not st.session_state.get(_SOUGHT):
        # The first visitor of a fresh server who asks for this page gets it from Streamlit's search of `pages/`,
        # without app.py's frame. Naming our pages ends that search; run again, the page has its frame, or is alone.
        st.session_state[_SOUGHT] = True
        _pages()
        st.rerun()
    st.set_page_config(page_title=f"{title} · LayerLab", page_icon=str(ICON), layout="wide")
    _freeze()
    visitor.recognise()


@st.cache_resource(show_spinner=False)
def _freeze() -> None:
    """Take what is imported out of the collector's sight: Streamlit runs it after every script run."""
    gc.collect()
    gc.freeze()
