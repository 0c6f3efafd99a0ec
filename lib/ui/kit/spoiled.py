"""Says aloud that the images of a run are spoiled on purpose, so that nobody takes its figures for honest ones."""

from __future__ import annotations

import streamlit as st

from lib.data.spoiling import absent_class
from lib.specs.data import SPOILED, DataSpec
from lib.ui.kit import lessons, words

_MARKS = {name: f"spoiled.{name}_mark" for name in SPOILED[1:]}
_NOTICES = {name: f"spoiled.{name}" for name in SPOILED[1:]}


def mark(spoiling: str) -> str:
    """A few words for a line about a run.

    Args:
        spoiling: how its images are spoiled; "" for honest data, of which nothing is said.
    """
    return lessons.text(_MARKS[spoiling]) if spoiling else ""


def spoiled_notice(data: DataSpec, place: str = "") -> bool:
    """Say what was done to the data; nothing for honest ones.

    Args:
        data: of a run, or of the draft.
        place: tells several notices of one page apart.

    Returns:
        Whether anything was said.
    """
    if not data.spoiling:
        return False
    names = data.class_names
    with st.container(key=f"spoiled{place}"):
        st.warning(
            lessons.text(_NOTICES[data.spoiling], absent=f"`{words.coded(names[absent_class(len(names))])}`"),
            icon=":material/warning:",
        )
    return True
