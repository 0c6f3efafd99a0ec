"""Every answer to the test part: filtered, page by page, and one of them followed through the layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.data.preparing import prepare
from lib.figures.images import enlarged
from lib.figures.predictions import describe_probabilities, probabilities
from lib.ui import lessons, words
from lib.ui.engine import engine
from lib.ui.samples import samples
from lib.ui.tested import Numbers, Tested

PER_PAGE = 20
FILTERS = ("first samples", "wrong ones", "least sure", "by class")
# Float32 sums taken in another order differ by about so much.
EQUAL_WITHIN = 1e-4


def prediction_view(tested: Tested) -> None:
    """Show the answers and the one that was chosen."""
    with st.container(key="predictions"):
        lessons.show("results.predictions")
        numbers = _filtered(tested)
        if not len(numbers):
            st.caption(lessons.text("results.no_match"))
        else:
            _page(tested, numbers)
    _one_answer(tested)


def _filtered(tested: Tested) -> Numbers:
    names = tested.run.spec.dataset.class_names
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "Show", FILTERS, default=FILTERS[0], key="filter", required=True, persist_state="session", wrap=True
        )
        label = 0
        if chosen == "by class":
            label = st.selectbox(
                "Class", range(len(names)), key="filter_class", format_func=lambda place: names[place], width=200
            )
    if chosen == "wrong ones":
        return tested.wrong()
    if chosen == "least sure":
        return tested.least_sure()
    return tested.of_class(label) if chosen == "by class" else tested.first()


def _page(tested: Tested, numbers: Numbers) -> None:
    pages = math.ceil(len(numbers) / PER_PAGE)
    # A filter of fewer pages may come after one of many; the page then begins again.
    if st.session_state.get("page", 1) > pages:
        st.session_state["page"] = 1
    place = st.session_state.get("page", 1)
    start = (place - 1) * PER_PAGE
    shown = numbers[start : start + PER_PAGE]
    hits = int((tested.predicted[shown] == tested.true[shown]).sum())
    st.caption(f"{start + 1:,} to {start + len(shown):,} of {len(numbers):,} · {hits} of these {len(shown)} right")
    chosen = samples(tested, shown.tolist(), "page_samples")
    if chosen is not None:
        st.session_state["sample"] = chosen
    if pages > 1:
        st.pagination(pages, key="page")


# --- one answer ----------------------------------------------------------------------------------------------------


def _one_answer(tested: Tested) -> None:
    with st.container(key="one_answer"):
        lessons.show("results.sample")
        last = len(tested.true) - 1
        if not 0 <= st.session_state.setdefault("sample", 0) <= last:
            st.session_state["sample"] = 0
        number = st.number_input(
            f"Test image, 0 to {last:,}", 0, last, step=1, key="sample", width=220,
            persist_state="session",
        )  # fmt: skip
        weights = engine().weights(tested.run.id)
        if weights is None:
            st.caption(lessons.text("results.no_weights"))
            return
        _follow(tested, int(number), weights)


def _follow(tested: Tested, number: int, weights: dict[str, NDArray[Any]]) -> None:
    spec = tested.run.spec
    prepared = prepare(spec.data, spec.training.validation_split)
    image = prepared.test.x[number]
    outputs = forward(spec.model, weights, prepared.scaling.apply(image))
    left, middle, right = st.columns([2, 4, 5], gap="large")
    label, names = int(tested.true[number]), spec.dataset.class_names
    with left:
        st.image(np.squeeze(enlarged(image, 8)), width="stretch", alt=f"test image {number}, a {names[label]}")
        st.caption(f"It is: **{names[label]}**. The network says: **{names[int(outputs[-1].argmax())]}**.")
    with middle:
        st.plotly_chart(
            probabilities(outputs[-1], names, label),
            key="one_probabilities",
            alt=describe_probabilities(outputs[-1], names, label),
            config={"displayModeBar": False},
        )
    with right:
        rows = zip(spec.model.layer_names(), outputs, strict=True)
        st.table(
            {"layer": [], "gives": []} if not outputs else [
                {"layer": name, "gives": words.shape(values.shape), "from": f"{values.min():.3g}",
                 "to": f"{values.max():.3g}", "zeros": f"{np.mean(values == 0):.0%}"}
                for name, values in rows
            ],
            hide_index=True, border="horizontal", alt="What each layer gives for this image",
        )  # fmt: skip
    difference = float(np.abs(outputs[-1] - tested.probabilities[number]).max())
    verdict = "sample_equal" if difference <= EQUAL_WITHIN else "sample_differs"
    lessons.show(f"results.{verdict}", difference=f"{difference:.1e}")
