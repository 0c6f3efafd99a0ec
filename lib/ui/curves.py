"""Loss and accuracy side by side; below each other on a phone."""

from __future__ import annotations

import streamlit as st

from lib.engine.snapshot import RunSnapshot
from lib.figures.curves import Panel, describe_learning_curves, learning_curves

_PANELS: tuple[Panel, ...] = ("loss", "accuracy")


def curves(run: RunSnapshot, previous: RunSnapshot | None, key: str) -> None:
    """Draw a run's curves.

    Args:
        run: the run, finished or not.
        previous: a run to compare with, in grey.
        key: of the charts; the same at each call, so that a zoom survives.
    """
    for column, panel in zip(st.columns(2), _PANELS, strict=True):
        with column:
            st.plotly_chart(
                learning_curves(run, previous, panel),
                key=f"{key}_{panel}",
                alt=describe_learning_curves(run, previous, panel),
                config={"displayModeBar": False},
            )
