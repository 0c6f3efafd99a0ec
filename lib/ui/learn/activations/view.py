"""The four parts of the page "Activations and losses"; each reruns alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from lib.concepts.activations import SLOPES, chain
from lib.concepts.losses import binary_crossentropy_slope, squared_error_slope, steps_to_even
from lib.figures.learn import activations as figures
from lib.figures.learn import losses as loss_figures
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.kit.question_note import ask
from lib.ui.learn import page, tasks
from lib.ui.learn.activations import sums

_CONFIG: dict[str, Any] = {"displayModeBar": False}
_FIRST = ("relu", "sigmoid", "tanh")
_TRUTH = Choice("truth", {0: "0", 1: "1"}, 1)
_TRUE_CLASS = Choice("true_class", {0: "class 1", 1: "class 2", 2: "class 3"}, 0)


@fragment
def bends() -> None:
    """Show curves and slopes, both at one x, and below them what a chain of layers makes of the slopes."""
    names = st.pills(
        "Activations", list(SLOPES), selection_mode="multi", default=_FIRST, key="functions", bind="query-params"
    )
    if not names:
        st.info(lessons.text("activations.none"))
        return
    x = st.slider("x", -6.0, 6.0, 1.0, 0.1, format="%.1f", key="x", bind="query-params")
    st.plotly_chart(
        figures.curves_and_slopes(names, x), key="curves", alt=figures.describe_curves(names, x), config=_CONFIG
    )
    with page.formula():
        st.markdown(sums.activation_lines(names, x))
    lessons.show("activations.vanishing")
    left, right = st.columns(2)
    depth = left.slider("Layers", 1, 30, 10, key="depth", bind="query-params")
    weight = right.slider("Weight of each layer", 0.1, 4.0, 1.0, 0.1, format="%.1f", key="weight", bind="query-params")
    st.plotly_chart(
        figures.chain_products(names, x, depth, weight),
        key="chain",
        alt=figures.describe_chain(names, x, depth, weight),
        config=_CONFIG,
    )
    with st.container(key="chain_formula", border=True):
        st.markdown(sums.chain_lines(names, x, depth, weight))
    ask("why_relu")
    tasks.tell(functions=tuple(names), x=x, depth=depth, weight=weight, **_slopes(names, x, depth, weight))


def _slopes(names: Sequence[str], x: float, depth: int, weight: float) -> dict[str, float]:
    """Slope and product of each function, by `slope_` and `product_` before its name."""
    at = np.array([x], np.float32)
    slopes = {f"slope_{name}": float(SLOPES[name](at)[0]) for name in names}
    return slopes | {f"product_{name}": float(chain(name, x, depth, weight).products[-1]) for name in names}


@fragment
def softmax() -> None:
    """Show three logits, their probabilities, and how each probability changes with each logit."""
    lessons.show("activations.softmax")
    columns = st.columns(3)
    starts = (1.0, 0.0, -1.0)
    logits = [
        column.slider(f"Logit z{place}", -6.0, 6.0, start, 0.1, format="%.1f", key=f"z{place}", bind="query-params")
        for place, (column, start) in enumerate(zip(columns, starts, strict=True), 1)
    ]
    true_class = _TRUE_CLASS.segments("True class")
    left, right = st.columns(2)
    left.plotly_chart(
        figures.softmax_curves(logits), key="softmax", alt=figures.describe_softmax(logits), config=_CONFIG
    )
    right.plotly_chart(
        figures.softmax_slope_table(logits),
        key="softmax_slopes",
        alt=figures.describe_softmax_slopes(logits),
        config=_CONFIG,
    )
    with st.container(key="softmax_formula", border=True):
        st.markdown(sums.softmax_lines(logits, true_class))


@fragment
def losses() -> None:
    """Show what a logit costs, how hard each loss pulls at it, and how many steps descent takes from there."""
    lessons.show("activations.losses")
    left, right = st.columns([1, 3])
    with left:
        target = _TRUTH.segments("Truth t")
    z = right.slider("Logit z", -8.0, 8.0, -6.0, 0.1, format="%.1f", key="logit", bind="query-params")
    st.markdown(":blue[━ crossentropy] &ensp; :orange[━ squared error]")
    left, right = st.columns(2)
    left.plotly_chart(
        loss_figures.loss_curves(target, z), key="losses", alt=loss_figures.describe_losses(target, z), config=_CONFIG
    )
    right.plotly_chart(
        loss_figures.slope_curves(target, z),
        key="loss_slopes",
        alt=loss_figures.describe_slopes(target, z),
        config=_CONFIG,
    )
    with st.container(key="loss_formula", border=True):
        st.markdown(sums.loss_lines(target, z))
    quick, slow = (steps_to_even(slope, target, z) for slope in (binary_crossentropy_slope, squared_error_slope))
    if quick == 0:
        st.markdown(lessons.text("activations.right_already"))
    else:
        st.markdown(lessons.text("activations.steps", quick=quick, slow=slow))
    ask("which_crossentropy")
    steep, flat = (float(slope(target, np.array([z], np.float32))[0])
                   for slope in (binary_crossentropy_slope, squared_error_slope))  # fmt: skip
    tasks.tell(truth=target, logit=z, slope_crossentropy=steep, slope_squared=flat)
