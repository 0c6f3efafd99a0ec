"""What becomes of a run: its owner has it kept, or deletes it for good."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError, SetUpError
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.session import draft, visitor
from lib.ui.session.engine import engine
from lib.ui.session.state import CHOSEN_RUN

_KEEP = Key("keep_run", False)
_TROUBLE, _DELETED = Key("keeping_trouble", ""), Key("run_deleted", "")


@unusable.told()
def keeping(run: RunSnapshot, leave: Callable[[], None] | None = None) -> None:
    """Let the owner of a run keep or delete it. Nobody else sees this.

    Args:
        run: the run.
        leave: takes a deleted run out of the page's address; without it the whole address goes.
    """
    if run.owner != visitor.owner():
        return
    retention = engine().retention
    kept, usage = retention.is_kept(run.id), retention.usage(run.owner)
    pin(_KEEP.name, kept)
    with st.container(horizontal=True, key="keeping", vertical_alignment="center"):
        st.toggle("Keep this run", kept, key=_KEEP.name, on_change=_keep, args=(run.id,),
                  help=lessons.text("results.keep"))  # fmt: skip
        with st.popover("Delete this run", icon=":material/delete:", disabled=run.changing):
            _confirm(run, leave)
        used, most = words.megabytes(usage.all_mb), words.megabytes(usage.most_mb)
        st.caption(lessons.text("results.usage", used=used, most=most))
    trouble = _TROUBLE.take()
    if trouble:
        st.error(words.escaped(trouble), icon=":material/error:")


def deleted() -> None:
    """Say that a run has just been deleted, once."""
    title = _DELETED.take()
    if title:
        text = lessons.text("results.deleted_now", title=words.escaped(title))
        st.success(text, icon=":material/delete:")
        st.toast(text, icon=":material/delete:")  # for whoever looks at the foot of the page, where the button was


def _confirm(run: RunSnapshot, leave: Callable[[], None] | None) -> None:
    """Name what would be lost, and ask."""
    epochs = len(engine().epochs_kept(run.id))
    weights = "1 epoch" if epochs == 1 else f"{epochs:,} epochs"
    answers = "" if run.evaluation is None else f", its answers to {run.evaluation.samples:,} test samples"
    lessons.show("results.delete", title=words.escaped(run.title), weights=weights,
                 answers=answers)  # fmt: skip
    st.button("Delete for good", key="delete_run", type="primary", icon=":material/delete_forever:",
              on_click=_delete, args=(run, leave))  # fmt: skip


def _keep(run_id: str) -> None:
    try:
        engine().retention.keep(run_id, visitor.owner(), _KEEP.get())
    except (DataError, SetUpError) as error:
        _TROUBLE.set(str(error))


def _delete(run: RunSnapshot, leave: Callable[[], None] | None) -> None:
    try:
        engine().retention.delete(run.id, visitor.owner())
    except (DataError, SetUpError) as error:
        _TROUBLE.set(str(error))
        return
    CHOSEN_RUN.drop()
    if draft.attached_run() == run.id:
        draft.attach("")
    (leave or st.query_params.clear)()
    _DELETED.set(run.title)
