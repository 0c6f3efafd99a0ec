"""Before a training on own data: samples that stand nearly alike in two parts of it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.near_duplicates import PAIRS
from lib.data.own import shelf
from lib.data.own.dataset import OwnData
from lib.engine.errors import EngineError
from lib.errors import DataError
from lib.figures.base.images import image_grid
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.fragment import fragment
from lib.ui.kit.question_note import ask
from lib.ui.session.asked import answer, told
from lib.ui.session.engine import engine

PAIRS_SHOWN, COLUMNS_SHOWN = 4, 8
_POLL_SECONDS = 0.5
_LARGE_SIDE = 32
"""A picture with a longer side is shown at its own size, a smaller one at twice that."""
_NAMES = {"test": "test", "train": "training", "validation": "validation"}
_ONE = {"images": "near_duplicates.image", "table": "near_duplicates.row"}
_MANY = {"images": "near_duplicates.images", "table": "near_duplicates.rows"}

Found = Mapping[str, NDArray[np.intp]]


def near_duplicates(spec: RunSpec) -> None:
    """Say which samples of the draft's own data stand in two parts, as soon as a worker has looked; else nothing.

    Args:
        spec: the draft, on own data.
    """
    try:
        data = shelf.visible(spec.data.dataset)
    except DataError:
        return  # said elsewhere
    opened, samples, split = engine(), spec.data.samples, spec.training.validation_split
    found = answer(
        "near duplicates",
        f"near duplicates {spec.data.dataset} {samples} {split}",
        lambda: opened.looks.near_duplicates(data, samples, split),
    )
    known = found.done() and not found.cancelled()
    with st.container(key="near_duplicates"):
        fragment(_shown, run_every=None if known else _POLL_SECONDS)(found, known, spec)


def _shown(found: Future[Any], known: bool, spec: RunSpec) -> None:
    if not found.done():
        st.caption(told(found, lessons.text("near_duplicates.looking")))
        return
    if not known:
        st.rerun()
    trouble = found.exception()
    if isinstance(trouble, EngineError):
        st.caption(lessons.text("near_duplicates.not_looked", why=words.escaped(str(trouble))))
        return
    try:
        _tell(found.result(), shelf.visible(spec.data.dataset))
    except DataError:
        return  # they have gone since


def _tell(found: Found, data: OwnData) -> None:
    """Say how many there are, and show some of them; nothing where there are none."""
    lines = [line for names in PAIRS if (line := _line(found, data, *names))]
    if not lines:
        return
    st.warning(" ".join([*lines, lessons.text("near_duplicates.why")]), icon=":material/content_copy:")
    ask("near_copies")
    pairs = [(names, pair) for names in PAIRS for pair in found["-".join(names)].tolist()][:PAIRS_SHOWN]
    if data.facts.kind == "images":
        _pictures(data, pairs)
    else:
        _rows(data, pairs)


def _line(found: Found, data: OwnData, one: str, other: str) -> str:
    count = len(found[f"{one}-{other}"])
    if not count:
        return ""
    passages = _ONE if count == 1 else _MANY
    return lessons.text(passages[data.facts.kind], count=f"{count:,}", one=_NAMES[one], other=_NAMES[other])


def _pictures(data: OwnData, pairs: list[tuple[tuple[str, str], list[int]]]) -> None:
    with st.container(horizontal=True):
        for (one, other), (first, second) in pairs:
            images = np.stack([_samples(data, one)[first], _samples(data, other)[second]])
            scale = 1 if images.shape[1] > _LARGE_SIDE else 2
            caption = f"{_NAMES[one]} · {_NAMES[other]}"
            with st.container(width="content"):
                alt = f"A {_NAMES[one]} picture beside a {_NAMES[other]} picture that is nearly the same"
                st.image(image_grid(images, columns=2, scale=scale), caption=caption, alt=alt)


def _rows(data: OwnData, pairs: list[tuple[tuple[str, str], list[int]]]) -> None:
    columns = data.facts.columns[:COLUMNS_SHOWN]
    head = ["stands in", *columns]
    rows = [
        [f"{_NAMES[one]}, {_NAMES[other]}", *(f"{value:g}" for value in _samples(data, one)[first][:COLUMNS_SHOWN])]
        for (one, other), (first, _) in pairs
    ]
    st.markdown(words.table(head, rows))


def _samples(data: OwnData, part: str) -> Any:
    return (data.test if part == "test" else data.train).x
