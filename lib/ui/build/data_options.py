"""How sentences are read and how points are made: what a person chooses before they become a network's input."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.data.preparing import prepare
from lib.errors import DataError
from lib.specs.data import DataSpec
from lib.specs.fields import rules
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.options import option, stepped_slider
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.session import draft

_VOCABULARIES = (500, 1_000, 2_000, 5_000, 8_000, 10_000, 15_000, 20_000)
_LENGTHS = (10, 20, 30, 40, 50, 80, 100, 150, 200, 300, 500)
TOKENS_SHOWN = 24
EXAMPLES = 500
_EXAMPLE = WholeNumber("example", 1)


def data_options(spec: RunSpec) -> None:
    """Show the options of the draft's data, if they are sentences or points."""
    if spec.data.kind == "text":
        _reading(spec)
    elif spec.data.kind == "points":
        _points(spec.data)


def _one(name: str, data: DataSpec) -> None:
    # Pages share the memory of widgets, and the Convolution page has a `padding`, too.
    key = f"text_{name}" if data.kind == "text" else name
    option(name, rules(DataSpec)[name], getattr(data, name), key, _to_data(name), help=lessons.text(f"build.{name}"))


def _to_data(name: str) -> Callable[[Any], None]:
    return lambda value: draft.set_data(**{name: value})


def _stepped(name: str, steps: tuple[int, ...], data: DataSpec) -> None:
    stepped_slider(name, steps, getattr(data, name), name, _to_data(name), help=lessons.text(f"build.{name}"))


# --- points --------------------------------------------------------------------------------------------------------


def _points(data: DataSpec) -> None:
    with st.container(key="data_options", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _one("points_kind", data)
            st.button("New points", key="regenerate", icon=":material/casino:", on_click=_regenerate)
        first, second = st.columns(2)
        with first:
            _one("noise", data)
            _one("points", data)
        with second:
            _one("test_share", data)
        _one("features", data)


def _regenerate() -> None:
    """Draw other points of the same kind."""
    draft.set_data(points_seed=secrets.randbelow(1_000_000))


# --- sentences -----------------------------------------------------------------------------------------------------


def _reading(spec: RunSpec) -> None:
    data = spec.data
    with st.container(key="data_options", gap="xsmall"):
        first, second = st.columns(2)
        with first:
            _stepped("vocabulary", _VOCABULARIES, data)
            _one("padding", data)
        with second:
            _stepped("length", _LENGTHS, data)
            _one("truncating", data)
        if data.size == "bundled":
            _one("neutral", data)
        _read_sentence(spec, _EXAMPLE.field("example sentence", 1, EXAMPLES, help=lessons.text("build.example")))


def _read_sentence(spec: RunSpec, example: int) -> None:
    """Show one test sentence, counted from 1, and the row of ids that the network gets for it."""
    try:
        ready = prepare(spec.data, spec.training.validation_split)
    except DataError as error:
        st.warning(str(error))
        return
    assert ready.reading is not None
    number = min(example, len(ready.test)) - 1
    row, text = ready.test.x[number], ready.reading.test_text(number)
    known = ready.reading.vocabulary
    shown = row[-TOKENS_SHOWN:] if spec.data.padding == "pre" else row[:TOKENS_SHOWN]
    pairs = " ".join(f"`{words.coded(known.word(int(one)))}`:small[{one}]" for one in shown)
    left_out = f"… {len(row) - len(shown)} more" if len(row) > len(shown) else ""
    mood = spec.data.class_names[int(ready.test.y[number])]
    unknown, padded = int((row == 1).sum()), int((row == 0).sum())
    lessons.show(
        "build.read_sentence", text=words.escaped(text), mood=mood, pairs=pairs, more=left_out, unknown=unknown,
        padded=padded, length=spec.data.length, train=f"{len(ready.train):,}", known=f"{len(known):,}",
    )  # fmt: skip
