"""The test part of an experiment: closed until its owner opens it, and each look is counted."""

from __future__ import annotations

import streamlit as st

from lib.concepts.measures import MEASURES
from lib.concepts.same_samples import both_answered
from lib.engine.errors import EngineError
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentSnapshot, Member
from lib.errors import DataError, SetUpError
from lib.ui.experiments.verdict_words import noise, same_samples
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.results.run_answers import ClassAnswers, read
from lib.ui.session import visitor
from lib.ui.session.engine import engine

_LOOKED = Key("test_part_of", "")
"""The experiment whose test part this visit has opened; a later visit opens it anew, and that is counted."""
_TROUBLE = Key("test_part_trouble", "")


def closed_part(experiment: ExperimentSnapshot) -> None:
    """Offer to open the test part of an experiment that is over; nothing before that, and nothing to others."""
    if experiment.status in UNFINISHED or experiment.changing or not experiment.pairs():
        return
    if experiment.owner != visitor.owner():
        return
    if experiment.plan.a.data.kind == "points":
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
            _tested(experiment)


def _open(experiment_id: str) -> None:
    try:
        engine().experiments.open_test(experiment_id, visitor.owner())
        _LOOKED.set(experiment_id)
    except (EngineError, SetUpError) as error:
        _TROUBLE.set(str(error))


def _tested(experiment: ExperimentSnapshot) -> None:
    """Every pair's figures on the test part, and how exact such figures can be."""
    measure = MEASURES["loss" if experiment.plan.a.regression else "accuracy"]
    rows = [
        [f"{a.seed}", measure.value(_figure(a)), measure.value(_figure(b)),
         measure.differences([_figure(b) - _figure(a)])[0] + measure.unit]
        for a, b in experiment.pairs() if _is_tested(a) and _is_tested(b)
    ]  # fmt: skip
    if not rows:
        return
    st.markdown(words.table(["seed", f"A: test {measure.title}", f"B: test {measure.title}", "B minus A"], rows))
    first = experiment.pairs()[0][0]
    if measure.share and first.run is not None and first.run.evaluation is not None:
        accuracy, samples = _figure(first), first.run.evaluation.samples
        st.markdown(noise(accuracy, samples))
    if len(rows) == 1 and measure.share:
        _same_samples(*experiment.pairs()[0])


def _is_tested(member: Member) -> bool:
    return member.run is not None and member.run.evaluation is not None


def _figure(member: Member) -> float:
    """The test accuracy, or the loss where a number is predicted."""
    assert member.run is not None
    assert member.run.evaluation is not None
    evaluation = member.run.evaluation
    return evaluation.loss if evaluation.accuracy is None else evaluation.accuracy


def _same_samples(a: Member, b: Member) -> None:
    """McNemar's table of the only pair."""
    assert a.run is not None
    assert b.run is not None
    try:
        first, second = read(a.run), read(b.run)
    except DataError as error:
        st.info(words.escaped(str(error)))
        return
    if not isinstance(first, ClassAnswers) or not isinstance(second, ClassAnswers):
        return
    st.markdown(same_samples(both_answered(first.right, second.right)))
