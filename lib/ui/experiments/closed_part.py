"""The test part of an experiment: closed until its owner opens it, and each look is counted."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot
from lib.errors import SetUpError
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.session import visitor
from lib.ui.session.engine import engine

_LOOKED = Key("test_part_of", "")
"""The experiment whose test part this visit has opened; a later visit opens it anew, and that is counted."""
_TROUBLE = Key("test_part_trouble", "")


def closed_part(experiment: ExperimentSnapshot, show: Callable[[], None]) -> None:
    """Offer to open the test part of an experiment that is over; nothing before that, and nothing to others.

    Args:
        experiment: one of which something was tested.
        show: draws what the test part says, once it is open.
    """
    if experiment.status in UNFINISHED or experiment.changing:
        return
    if experiment.owner != visitor.owner():
        return
    if experiment.plan.base.data.validates_on_test:
        st.caption(lessons.text("experiments.test_is_validation"))
        return
    with st.container(border=True, key="test_part"):
        if not experiment.opened:
            lessons.show("experiments.test_closed")
        elif experiment.opened == 1:
            lessons.show("experiments.test_opened_once")
        else:
            lessons.show("experiments.test_opened_again", times=experiment.opened)
        looking = _LOOKED.get() == experiment.id and experiment.opened > 0
        if not looking:
            passage = "open_test_again" if experiment.opened else "open_test"
            st.button(lessons.text(f"experiments.{passage}"), key="open_test", icon=":material/lock_open:",
                      on_click=_open, args=(experiment.id,))  # fmt: skip
        trouble = _TROUBLE.take()
        if trouble:
            st.error(words.escaped(trouble))
        if looking:
            show()


def _open(experiment_id: str) -> None:
    try:
        engine().experiments.open_test(experiment_id, visitor.owner())
        _LOOKED.set(experiment_id)
    except (EngineError, SetUpError) as error:
        _TROUBLE.set(str(error))
