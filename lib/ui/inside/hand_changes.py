"""What a person has changed by hand in a copy of a run's weights: it stands in the address; the run stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lib.concepts.by_hand import problem
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.changes import MOST_LETTERS, Changes, from_text, to_text
from lib.specs.fields import SpecError
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import went_back
from lib.ui.kit.key import Key

PARAMETER = "hands"


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
    asked = st.query_params.get(PARAMETER)
    if asked is None:
        asked = "" if went_back() else memory.text
    try:
        changes = from_text(asked)
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
