"""What the test part says of the pairs of a comparison, once it is open."""

from __future__ import annotations

import streamlit as st

from lib.concepts.measures import MEASURES
from lib.concepts.same_samples import both_answered
from lib.engine.experiments.snapshot import ExperimentSnapshot, Member
from lib.errors import DataError
from lib.ui.experiments.outcome import measure_name
from lib.ui.experiments.verdict_words import noise, same_samples
from lib.ui.kit import words
from lib.ui.results.run_answers import ClassAnswers, read


def tested_pairs(experiment: ExperimentSnapshot) -> None:
    """Draw every pair's figures on the test part, and how exact such figures can be."""
    measure = MEASURES[measure_name(experiment.plan)]
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
