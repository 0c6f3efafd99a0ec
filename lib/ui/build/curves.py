"""The curves of loss and accuracy, side by side, on a phone below each other. A predicted number has no accuracy."""

from __future__ import annotations

from functools import lru_cache

import plotly.graph_objects as go
import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.build.curves import Panel, describe_learning_curves, learning_curves
from lib.specs.run import RunSpec
from lib.ui.build.arising import of_curves
from lib.ui.kit import lessons
from lib.ui.kit.question_note import ask

HEIGHT = 280
_PANELS: tuple[Panel, ...] = ("loss", "accuracy")


class _Moment:
    """A run at one version. Equal moments have equal figures, so that all viewers share them."""

    __slots__ = ("_name", "run")

    def __init__(self, run: RunSnapshot) -> None:
        self.run = run
        self._name = (run.id, run.version)

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Moment) and self._name == other._name


@lru_cache(maxsize=64)
def _figure(now: _Moment, before: _Moment | None, panel: Panel) -> go.Figure:
    """The figure of one panel. Plotly checks a figure at length: it is done once here, for all viewers."""
    figure = learning_curves(now.run, before.run if before else None, panel)
    # Both charts have one legend, above them: inside so narrow a chart it would take half of the height.
    figure["layout"] |= {"showlegend": False, "margin": figure["layout"]["margin"] | {"t": 34}, "height": HEIGHT}
    return go.Figure(figure)


def curves(run: RunSnapshot, previous: RunSnapshot | None, key: str) -> None:
    """Draw a run's curves.

    Args:
        run: the run, finished or not.
        previous: a run to compare with, in grey.
        key: the charts' keys begin with it; the same key at each call keeps a zoom.
    """
    st.markdown(f":small[{legend(run, previous)}]")
    before = _Moment(previous) if previous is not None else None
    panels = _PANELS[:1] if run.spec.regression else _PANELS
    for column, panel in zip(st.columns(len(panels)), panels, strict=True):
        # `lib/ui/app/style.css` says how high the box is: on a projector it grows with the text.
        with column, st.container(key=f"curve_box_{key}_{panel}", height=HEIGHT, border=False):
            st.plotly_chart(
                _figure(_Moment(run), before, panel),
                key=f"{key}_{panel}",
                height="stretch",
                alt=describe_learning_curves(run, previous, panel),
                config={"displayModeBar": False},
            )
    if run.inside:
        lessons.show("watching.again", samples=f"{run.inside[-1].samples:,}")
    parts = in_the_loss(run.spec)
    if parts:
        lessons.show("craft.in_the_loss", parts=parts)
    ask(*of_curves(run))


def in_the_loss(run: RunSpec) -> str:
    """What a run's loss contains beside the plain one, in words, or "".

    >>> from lib.specs.codec import from_query
    >>> layers = "Flatten;Dense(units=10,activation=softmax)"
    >>> in_the_loss(from_query({"layers": layers, "l2": "0.01", "label_smoothing": "0.1"}))
    'the penalty of large weights and smoothed labels'
    """
    training = run.training
    parts = ["the penalty of large weights"] if training.l1 or training.l2 else []
    parts += ["smoothed labels"] if training.smooths else []
    parts += ["weights of the classes (not on the validation part)"] if run.balances else []
    return " and ".join(parts)


def legend(run: RunSnapshot, previous: RunSnapshot | None) -> str:
    """What the lines mean, as Markdown; the theme's blue and orange are those of the figures."""
    parts = [":blue[━ training] (thin: batch by batch)"]
    if run.spec.data.validates_on_test:
        parts.append(":orange[╍ test points]")
    elif run.spec.validation_samples():
        parts.append(":orange[╍ validation]")
    if run.inside:
        parts.append(":green[┅ training again]")
    if previous is not None:
        parts.append(":gray[━ the run before]")
    return " &ensp; ".join(parts)
