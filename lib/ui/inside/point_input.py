"""A place in the plane on its way into a network for points."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.concepts.plane import HIGH, LOW
from lib.data.bundled.points import features
from lib.engine.runs.snapshot import RunSnapshot
from lib.ui.inside.given import Input
from lib.ui.kit.decimal_number import DecimalNumber
from lib.ui.kit.key import Key

_X, _Y = Key("inside_x", 0.0), Key("inside_y", 0.0)
_STEP = 0.25
_DECIMALS = 2


def typed_place(run: RunSnapshot) -> Input:
    """A place that a person types or has pointed at."""
    left, right = st.columns(2)
    with left:
        x = DecimalNumber(_X.name, _X.default, "x").field("x", LOW, HIGH, _STEP)
    with right:
        y = DecimalNumber(_Y.name, _Y.default, "y").field("y", LOW, HIGH, _STEP)
    seen = features(np.array([[x, y]], np.float32), run.spec.data.number_names)[0]
    return Input(seen, f"the place ({x:g}, {y:g})", place=(x, y))


def put_place(x: float, y: float) -> None:
    """Make the fields say a place; for a callback."""
    _X.set(round(x, _DECIMALS))
    _Y.set(round(y, _DECIMALS))
