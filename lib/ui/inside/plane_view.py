"""Why this answer, for a point: the plane as the network divides it. A click asks about another place."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.plane import HIGH, LOW
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.inside.plane import plane
from lib.ui.inside.given import Input
from lib.ui.inside.input_choice import ask_about
from lib.ui.kit import lessons
from lib.ui.kit.component import component, whole
from lib.ui.kit.key import Key

_PLANE: Key[Any] = Key("inside_plane", None)


def plane_view(run: RunSnapshot, weights: dict[str, NDArray[Any]], given: Input) -> None:
    """Show the answer at every place, and where the chosen point lies.

    Args:
        run: one for points.
        weights: of the chosen epoch, by name.
        given: a point.
    """
    if given.place is None:
        raise TypeError(f"{given.name} does not lie in a plane")
    lessons.show("inside.plane")
    with st.container(key="inside_plane_box"):
        data = plane(run.spec, weights, given.place)
        component("inside_plane")(key=_PLANE.name, data=whole(data), on_place_change=_choose)


def _choose() -> None:
    """Take over what was clicked. A browser may send anything: it must be a place in the plane."""
    told = _PLANE.get()
    match None if told is None else told.get("place"):
        case [int() | float() as x, int() | float() as y] if np.isfinite([x, y]).all():
            ask_about(float(np.clip(x, LOW, HIGH)), float(np.clip(y, LOW, HIGH)))
