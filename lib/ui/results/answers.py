"""All that a run's answers to the test part tell, whatever the samples are."""

from __future__ import annotations

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError
from lib.ui.kit import lessons, unusable
from lib.ui.kit.fragment import fragment
from lib.ui.results import run_answers
from lib.ui.results.binary import binary_view
from lib.ui.results.confusion import confusion_view
from lib.ui.results.mistakes import mistakes_view
from lib.ui.results.one_answer import drawer, one_answer
from lib.ui.results.plane import points_view, regression_view
from lib.ui.results.predictions import prediction_view
from lib.ui.results.robustness import robustness_view
from lib.ui.results.run_answers import ClassAnswers, NumberAnswers


@unusable.told()
def answers_view(run: RunSnapshot) -> None:
    """Show what can be shown. Without the samples their answers are still counted; without the labels nothing is."""
    try:
        found = run_answers.read(run)
    except DataError as error:
        _warn(str(error), lessons.text("results.no_labels"))
        return
    if found is None:
        return
    trouble = _trouble(run)
    if trouble:
        _warn(trouble, lessons.text("results.no_samples"))
    if isinstance(found, NumberAnswers):
        regression_view(found)
    else:
        _counted(found, not trouble)
    if not trouble:
        _single(found)
    if isinstance(found, ClassAnswers):
        mistakes_view(found, not trouble)
        if not trouble and run.spec.data.kind == "images":
            robustness_view(found)
    if not trouble:
        drawer(found)


def _warn(why: str, rest: str) -> None:
    st.warning(f"{why} {rest}", icon=":material/visibility_off:")


def _trouble(run: RunSnapshot) -> str:
    """Why the samples cannot be shown, or ""."""
    try:
        run_answers.test_part(run)
    except DataError as error:
        return str(error)
    return ""


@fragment
@unusable.told()
def _counted(found: ClassAnswers, samples_here: bool) -> None:
    """Show how often each class was taken for each other; of two classes, at the threshold that is chosen."""
    lists = samples_here and found.run.spec.data.kind != "points"
    if found.has_threshold:
        with st.container(key="binary"):
            found = binary_view(found)
            confusion_view(found, lists)
    else:
        confusion_view(found, lists)
    if found.run.spec.data.kind == "points":
        points_view(found)


@fragment
@unusable.told()
def _single(found: ClassAnswers | NumberAnswers) -> None:
    """Show the answers one by one."""
    if isinstance(found, ClassAnswers) and found.run.spec.data.kind != "points":
        prediction_view(found)
    one_answer(found)
