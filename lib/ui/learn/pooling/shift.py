"""The Pooling page's experiment: move the picture a little, and see how much of the pooled map changes."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.pooling import share_changed, shifted
from lib.figures.learn.pooling_shift import describe_shift, shift_maps
from lib.specs.tasks.pooling import ROUNDING
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.learn import tasks
from lib.ui.learn.pooling.view import Pooling

Values = NDArray[np.float32]

_SIDE = 28
_SUBJECT = Choice("subject", {"picture": "the picture", "dot": "one dot", "stripes": "stripes"}, "picture")


@fragment
def experiment(picture: Values, pooling: Pooling, dataset: str) -> None:
    """Show sliders for the shift, how much picture and map change, and the six maps.

    Args:
        picture: the page's picture, 0 to 1.
        pooling: the page's pooling.
        dataset: the one that the picture comes from, "" for a person's own.
    """
    lessons.show("pooling.shift")
    left, right = st.columns([2, 3], gap="large")
    with left:
        subject = _SUBJECT.segments("Move")
        across = st.slider("Pixels to the right", 0, 3, 1, key="shift", bind="query-params")
        down = st.slider("Pixels down", 0, 3, 0, key="shift_down", bind="query-params")
        before = _subject(subject, picture)
        after = shifted(before, across, down)
        pooled = pooling.of(before), pooling.of(after)
        plain_share, pooled_share = share_changed(before, after), share_changed(*pooled)
        _verdict(plain_share, pooled_share, pooling.stride, empty=not (pooled[0].any() or pooled[1].any()))
    with right:
        st.plotly_chart(
            shift_maps((before, after), pooled), key="shift_maps",
            alt=describe_shift(plain_share, pooled_share), config={"displayModeBar": False},
        )  # fmt: skip
    tasks.tell(
        dataset=dataset, subject=subject, pool_type=pooling.pool_type, pool_size=pooling.pool_size,
        stride=pooling.stride, plain_share=plain_share, pooled_share=pooled_share, lit_before=lit(pooled[0]),
        lit_after=lit(pooled[1]), picture_lit=lit(picture), picture_lit_pooled=lit(pooling.of(picture)),
    )  # fmt: skip


def lit(values: Values) -> int:
    """How many numbers of a map are not 0."""
    return int(np.count_nonzero(values))


def _subject(subject: str, picture: Values) -> Values:
    """The picture itself, one bright pixel, or bright stripes two pixels wide."""
    if subject == "picture":
        return picture
    simple = np.zeros((_SIDE, _SIDE, 1), np.float32)
    if subject == "dot":
        simple[_SIDE // 2, _SIDE // 2] = 1
    else:
        simple[:, np.arange(_SIDE) % 4 < 2] = 1
    return simple


def _verdict(plain: float, pooled: float, stride: int, empty: bool) -> None:
    """Say how much picture and map change, and whether pooling helped. What the page rounds alike counts as equal."""
    with st.container(horizontal=True, key="changed"):
        st.metric("the picture changes by", f"{plain:.0%}")
        st.metric("the pooled map changes by", f"{pooled:.0%}")
    if not plain:
        lessons.show("pooling.shift_none")
    elif empty:
        lessons.show("pooling.shift_empty")
    elif pooled < ROUNDING:
        lessons.show("pooling.shift_hidden")
    elif round(pooled, 2) < round(plain, 2):
        lessons.show("pooling.shift_helps")
    elif stride > 1:
        lessons.show("pooling.shift_fails")
    else:
        lessons.show("pooling.shift_follows")
