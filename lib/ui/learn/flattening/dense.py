"""A Dense unit at work on the page's picture: all its products, the weightiest ones written out, and their sum."""

from __future__ import annotations

from typing import get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.dense import dense, largest_terms, terms_at
from lib.concepts.flattening import flatten
from lib.data.fitted.digit_weights import SIDE, digit_weights
from lib.figures.learn.dense_unit import Factor, describe_products, describe_weights, product_map, weight_images
from lib.ui.kit import lessons, sums
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.learn import tasks

Values = NDArray[np.float32]

NAMES = tuple("0123456789")
_UNIT = Choice("unit", dict(enumerate(NAMES)), 9)
_WRITTEN = 6
"""Products that are written out."""


def logits_of(image: Values) -> Values:
    """What the ten units say of a picture, before softmax.

    Args:
        image: `(28, 28, 1)`, 0 to 1.
    """
    weights = digit_weights()
    return dense(flatten(image), weights.kernel) + weights.bias


@fragment
def weighted_sum(image: Values) -> None:
    """Show a unit that a person chooses: three maps, its sum, and the weights of all units.

    Args:
        image: `(28, 28, 1)`, 0 to 1.
    """
    lessons.show("flattening.dense")
    with st.container(key="dense"):
        unit = _UNIT.segments("Unit")
        weights = digit_weights()
        terms = terms_at(flatten(image), weights.kernel, unit)
        _three_maps(image[..., 0], weights.kernel[:, unit].reshape(SIDE, SIDE), unit, float(terms.sum()))
        written, all_units = st.columns(2, gap="large")
        with written:
            lessons.show("flattening.sum")
            lines = _sums(flatten(image), weights.kernel[:, unit], terms, unit, float(weights.bias[unit]))
            sums.show("\n".join(lines))
        with all_units:
            logits = logits_of(image)
            lessons.show("flattening.weights", winner=NAMES[int(logits.argmax())])
            names = tuple(f"{name}: {logit:.1f}" for name, logit in zip(NAMES, logits, strict=True))
            st.plotly_chart(
                weight_images(weights.kernel, (SIDE, SIDE), names, unit), key="unit_weights",
                alt=describe_weights(NAMES, unit), config={"displayModeBar": False},
            )  # fmt: skip
    tasks.tell(unit=unit)


def _three_maps(image: Values, weights: Values, unit: int, total: float) -> None:
    titles = dict(zip(get_args(Factor), ("image", f"× weights of unit {NAMES[unit]}", "= products"), strict=True))
    for column, (factor, title) in zip(st.columns(3), titles.items(), strict=True):
        with column:
            st.markdown(f"**{title}**")
            st.plotly_chart(
                product_map(image, weights, factor), key=f"dense_{factor}",
                alt=describe_products(factor, NAMES[unit], total), config={"displayModeBar": False},
            )  # fmt: skip


def _sums(values: Values, weights: Values, terms: Values, unit: int, bias: float) -> list[str]:
    """The weightiest products, all others in one number, the bias, and the total."""
    chosen = largest_terms(terms, _WRITTEN)
    lines = [
        f"row {place // SIDE:2}, column {place % SIDE:2}   "
        f"{values[place]:.2f} * {weights[place]:6.3f} = {terms[place]:7.3f}"
        for place in chosen
    ]
    total = float(terms.sum())
    rest = total - float(terms[chosen].sum())
    return [
        *lines,
        f"{f'the other {len(terms) - len(chosen)} products':34} = {rest:7.3f}",
        f"{'bias':34} = {bias:7.3f}",
        f"{f'all together: logit of unit {NAMES[unit]}':34} = {total + bias:7.3f}",
    ]
