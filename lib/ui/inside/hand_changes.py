"""What a person has changed by hand in a copy of a run's weights: it stands in the address; the run stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from lib.arrays import pack, unpack
from lib.concepts.by_hand import changed, problem
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.changes import MOST_LETTERS, Changes, from_text, to_text
from lib.specs.codec import model_to_dict
from lib.specs.fields import SpecError
from lib.ui.inside.epoch_choice import playing
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import went_back
from lib.ui.kit.key import Key
from lib.ui.session.asked import asked
from lib.ui.session.engine import engine
from lib.worker import answering

PARAMETER = "hands"
_MOST_HERE = 1_000_000
"""Weights that the page itself prunes and rounds, in about 25 ms; of larger networks a worker does it."""

Weights = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class _Memory:
    """What is remembered beside the address.

    Attributes:
        run: id of the run that was changed.
        text: the changes, for a later visit to the page.
        past: the changes before each step, for Undo.
    """

    run: str = ""
    text: str = ""
    past: tuple[str, ...] = ()


_MOST_STEPS = 100
_MEMORY = Key("inside_hands", _Memory())
_TOO_MANY = Key("inside_too_many", False)


def present(run: RunSnapshot) -> Changes:
    """The changes that the address asks for, or that were there at the last visit; unusable ones are told."""
    memory = _MEMORY.get() if _MEMORY.get().run == run.id else _Memory(run.id)
    text = st.query_params.get(PARAMETER)
    if text is None:
        text = "" if went_back() else memory.text
    try:
        changes = from_text(text)
        trouble = problem(run.spec.model, changes)
    except SpecError as error:
        changes, trouble = Changes(), str(error)
    if trouble:
        st.warning(lessons.text("inside.no_change", why=words.escaped(trouble)), icon=":material/link_off:")
        changes = Changes()
    _write(_Memory(run.id, to_text(changes), memory.past))
    return changes


def too_many() -> bool:
    """Whether the last change was not taken, because an address cannot hold so many; said once."""
    return _TOO_MANY.take()


def change(run_id: str, changes: Changes) -> None:
    """Take other changes; for a callback."""
    memory = _of(run_id)
    text = to_text(changes)
    if len(text) > MOST_LETTERS:
        _TOO_MANY.set(True)
    elif text != memory.text:
        _write(_Memory(run_id, text, (*memory.past, memory.text)[-_MOST_STEPS:]))


def changed_copy(run: RunSnapshot, epoch: int, weights: Weights, changes: Changes) -> Weights | None:
    """The weights with all changes made; None while a worker makes them, of which a sentence tells.

    Args:
        run: the run.
        epoch: whose weights these are.
        weights: as they were learned, by name.
        changes: to make.
    """
    model = run.spec.model
    if not (changes.prune or changes.bits) or model.parameters <= _MOST_HERE:
        return changed(model, weights, changes) if changes else weights
    if playing():
        st.caption(lessons.text("inside.no_film"))
        return None
    opened, text = engine(), to_text(changes)
    asked_for = (model_to_dict(model), pack(weights), text)
    return asked(
        "changed by hand",
        f"changed {run.id} {epoch} {text}",
        lambda: unpack(opened.looks.ask(answering.changed, *asked_for)),
        lessons.text("inside.changing"),
    )


def can_undo(run_id: str) -> bool:
    """Whether there is a step to take back."""
    return bool(_of(run_id).past)


def undo(run_id: str) -> None:
    """Take the last step back; for a callback."""
    memory = _of(run_id)
    if memory.past:
        _write(_Memory(run_id, memory.past[-1], memory.past[:-1]))


def put_back(run_id: str) -> None:
    """Take all changes back, as one step; for a callback."""
    change(run_id, Changes())


def _of(run_id: str) -> _Memory:
    memory = _MEMORY.get()
    return memory if memory.run == run_id else _Memory(run_id)


def _write(memory: _Memory) -> None:
    _MEMORY.set(memory)
    if not memory.text:
        st.query_params.pop(PARAMETER, None)
    elif st.query_params.get(PARAMETER) != memory.text:
        st.query_params[PARAMETER] = memory.text
