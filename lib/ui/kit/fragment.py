"""Parts of a page that are drawn again without the rest of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import streamlit as st

from lib.ui.kit import turns

P = ParamSpec("P")
R = TypeVar("R")


def fragment(draw: Callable[P, R], *, run_every: float | None = None) -> Callable[P, R]:
    """Make a function a fragment of Streamlit's that waits for its turn before it is drawn again.

    Args:
        draw: draws the part.
        run_every: seconds after which the browser asks for it again, by itself; None: only when it is used.
    """
    part: Callable[P, R] = st.fragment(turns.turn()(draw), run_every=run_every)
    return part
