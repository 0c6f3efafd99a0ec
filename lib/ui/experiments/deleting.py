"""The owner of an experiment deletes it, with or without its runs."""

from __future__ import annotations

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot
from lib.errors import SetUpError
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.session import visitor
from lib.ui.session.engine import engine
from lib.ui.session.state import CHOSEN_EXPERIMENT

_WITH_RUNS = Key("delete_members", False)
_TROUBLE, _DELETED = Key("deleting_trouble", ""), Key("experiment_deleted", "")


def deleting(experiment: ExperimentSnapshot) -> None:
    """Offer it to the owner of an experiment that is over. Nobody else sees this."""
    if experiment.owner != visitor.owner() or experiment.status in UNFINISHED:
        return
    with st.popover("Delete this experiment", icon=":material/delete:", disabled=experiment.changing):
        _confirm(experiment)
    trouble = _TROUBLE.take()
    if trouble:
        st.error(words.escaped(trouble), icon=":material/error:")


def _confirm(experiment: ExperimentSnapshot) -> None:
    """Say what would be lost, and ask."""
    lessons.show("experiments.delete")
    runs = sum(member.run is not None for member in experiment.members)
    st.toggle(lessons.text("experiments.delete_runs", runs=runs), key=_WITH_RUNS.name,
              help=lessons.text("experiments.help_delete_runs"))  # fmt: skip
    st.button("Delete for good", key="delete_experiment", type="primary", icon=":material/delete_forever:",
              on_click=_delete, args=(experiment.id,))  # fmt: skip


def _delete(experiment_id: str) -> None:
    try:
        runs = engine().delete_experiment(experiment_id, visitor.owner(), _WITH_RUNS.get())
    except (EngineError, SetUpError) as error:
        _TROUBLE.set(str(error))
        return
    CHOSEN_EXPERIMENT.drop()
    passage = "experiments.deleted_with_runs" if _WITH_RUNS.get() else "experiments.deleted"
    _DELETED.set(lessons.text(passage, runs=runs))


def deleted() -> None:
    """Say that an experiment has just been deleted, once."""
    text = _DELETED.take()
    if text:
        st.success(text, icon=":material/delete:")
        st.toast(text, icon=":material/delete:")  # for whoever looks at the foot of the page, where the button was
