"""Ways from a run in the table to the pages that show it."""

from __future__ import annotations

import streamlit as st

from lib.engine.runs.scores import Score
from lib.ui.kit import links

_PAGES = (
    ("results", "Results", ":material/query_stats:"),
    ("build", "Build", ":material/model_training:"),
    ("inside", "Inside", ":material/frame_inspect:"),
)


def ways(score: Score) -> None:
    """Link to the pages that show a run."""
    with st.container(horizontal=True):
        for page, label, icon in _PAGES:
            links.page_link(page, label, icon, {"run": score.id})
