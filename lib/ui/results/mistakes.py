"""Its mistakes: the worst and the narrowest answers, whether its confidence can be believed, and silence in doubt."""

from __future__ import annotations

import streamlit as st

from lib.concepts.calibration import Abstention, abstention, reliability
from lib.figures.results.calibration import describe_doubt, describe_reliability, doubt_curve, reliability_diagram
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.fragment import fragment
from lib.ui.kit.question_note import ask
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.results.one_answer import open_answer
from lib.ui.results.run_answers import ClassAnswers, Positions
from lib.ui.results.samples import samples

IMAGES_SHOWN = 5
TEXTS_SHOWN = 3
"""Sentences and rows are larger than pictures."""
_BINS, _LEAST_IN_A_BIN = 10, 20
_DOUBT = WholeNumber("doubt", 80)
"""In percent."""


@fragment
@unusable.told()
def mistakes_view(answers: ClassAnswers, with_samples: bool) -> None:
    """Show the mistakes, and what the network's confidence is worth.

    Args:
        answers: as they are without a threshold of two classes.
        with_samples: whether samples may be shown.
    """
    kind = answers.run.spec.data.kind
    with st.container(key="mistakes"):
        lessons.show("results.mistakes", kind=words.samples(kind))
        if with_samples:
            _rows(answers)
        if not answers.are_probabilities:
            st.caption(lessons.text("results.no_probabilities"))
            return
        left, right = st.columns(2, gap="large")
        with left:
            _reliability(answers)
        with right:
            _doubt(answers)


def _rows(answers: ClassAnswers) -> None:
    """Show a few samples of both kinds; who chooses one sees how its answer came about."""
    kind = answers.run.spec.data.kind
    rows = {"confident_mistakes": answers.wrong(), "narrowly_right": answers.narrowly_right()}
    for name, numbers in rows.items():
        passage = name if len(numbers) else f"no_{name}"
        lessons.show(f"results.{passage}", kind=words.samples(kind))
        if len(numbers):
            _row(answers, numbers[: IMAGES_SHOWN if kind == "images" else TEXTS_SHOWN], name)


def _row(answers: ClassAnswers, numbers: Positions, key: str) -> None:
    chosen = samples(answers, numbers.tolist(), key)
    if chosen is not None:
        open_answer(chosen)


def _reliability(answers: ClassAnswers) -> None:
    """Show how often the network is right where it is so sure."""
    sure, right = answers.confidence, answers.right
    found = reliability(sure, right, bins=max(1, min(_BINS, len(right) // _LEAST_IN_A_BIN)))
    lessons.show("results.calibration")
    st.plotly_chart(
        reliability_diagram(found), key="reliability", alt=describe_reliability(found),
        config={"displayModeBar": False},
    )  # fmt: skip
    with st.container(key="calibration_error"):
        kind = answers.run.spec.data.kind
        lessons.show(
            "results.calibration_error", error=words.percent(found.error), chance=words.percent(found.error_by_chance),
            sure=words.percent(sure.mean()), right=words.percent(right.mean()), samples=f"{len(right):,}",
            kind=words.samples(kind), sample=words.sample(kind),
        )  # fmt: skip
        ask(*(("sure_and_wrong",) if kind == "images" else ()))


@fragment
@unusable.told()
def _doubt(answers: ClassAnswers) -> None:
    """Let a person choose how sure the network must be to answer; show what that gives."""
    found = abstention(answers.confidence, answers.right)
    lessons.show("results.doubt")
    shown = _DOUBT.shown(0, 100)
    least = _DOUBT.written(
        st.slider("Say “I don't know” below", 0, 100, shown, 1, format="%d%%", key=_DOUBT.key)
    )  # fmt: skip
    answered, right = found.at(least / 100)
    _figures(answers, found, answered, right)
    st.plotly_chart(
        doubt_curve(found, answered, right), key="doubt_curve", alt=describe_doubt(found, answered, right),
        config={"displayModeBar": False},
    )  # fmt: skip


def _figures(answers: ClassAnswers, found: Abstention, answered: int, right: int) -> None:
    kind = words.samples(answers.run.spec.data.kind)
    with st.container(horizontal=True, key="doubt_figures"):
        st.metric("It answers", words.percent(answered / found.samples), width="content")
        st.metric("of these are right", words.percent(right / answered) if answered else "–", width="content")
    told = {"answered": f"{answered:,}", "samples": f"{found.samples:,}", "kind": kind, "right": f"{right:,}"}
    st.caption(lessons.text("results.answered" if answered else "results.none_answered", **told))
