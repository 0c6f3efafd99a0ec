"""What lies beyond one sample: opened on demand, so that the page begins with its sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.inside import hand_changes
from lib.ui.inside.confusion_then import confusion_then
from lib.ui.inside.filters_view import filters_view
from lib.ui.inside.space_view import space_view
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice

_SECTIONS = {
    "sample": "this sample only",
    "filters": "what each filter looks for",
    "space": "the learned space",
    "confusion": "the confusion matrix of this epoch",
}


def more_view(run: RunSnapshot, epoch: int, epochs: Sequence[int], weights: dict[str, NDArray[Any]]) -> None:
    """Let a person choose what else to see of the network, and show it.

    Args:
        run: the run.
        epoch: the chosen one.
        epochs: all that can be chosen.
        weights: of the chosen one, by name.
    """
    sections = {name: label for name, label in _SECTIONS.items() if name != "confusion" or not run.spec.regression}
    lessons.show("inside.more")
    if hand_changes.present(run):
        st.caption(lessons.text("inside.more_as_learned"))
    with st.container(key="inside_more_box"):
        section = Choice("inside_more", sections, "sample", parameter="more").segments(
            "Beyond this sample", label_visibility="collapsed"
        )
        if section == "filters":
            filters_view(run, epoch, weights)
        elif section == "space":
            space_view(run, epoch, epochs)
        elif section == "confusion":
            confusion_then(run, epoch, epochs)
