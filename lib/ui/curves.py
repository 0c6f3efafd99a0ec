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
    st.caption(legend(run, previous))
    for column, panel in zip(st.columns(2), _PANELS, strict=True):
        with column:
            figure = learning_curves(run, previous, panel)
            # One legend for both, above them: inside so narrow a chart it would take half of the height.
            figure["layout"] |= {"showlegend": False, "margin": figure["layout"]["margin"] | {"t": 34}, "height": 280}
            st.plotly_chart(
                figure,
                key=f"{key}_{panel}",
                alt=describe_learning_curves(run, previous, panel),
                config={"displayModeBar": False},
            )


def legend(run: RunSnapshot, previous: RunSnapshot | None) -> str:
    """What the lines mean, as Markdown; the theme's blue and orange are those of the figures."""
    parts = [":blue[━ training], thin by batch"]
    if run.spec.training.validation_split:
        parts.append(":orange[╍ validation]")
    if previous is not None:
        parts.append(":gray[━ the run before]")
    return " &ensp; ".join(parts)
