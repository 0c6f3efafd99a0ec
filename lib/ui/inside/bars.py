"""Signed bars by name, as every part of Inside shows them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.figures.inside.parts import describe_parts, part_bars


def bars(names: Sequence[str], values: NDArray[np.float32], key: str, one_sided: bool = False) -> None:
    """Show the weightiest values, each with its name.

    Args:
        names: of the values.
        values: `(values,)`.
        key: the chart's; its container's ends with "_box".
        one_sided: whether the axis begins at 0 where none is below.
    """
    with st.container(key=f"{key}_box"):
        st.plotly_chart(
            part_bars(names, values, one_sided), key=key, alt=describe_parts(names, values),
            config={"displayModeBar": False},
        )  # fmt: skip
