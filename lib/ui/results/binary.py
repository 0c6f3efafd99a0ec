"""Two classes: a threshold decides between them, and the page shows what each threshold gives."""

from __future__ import annotations

import streamlit as st

from lib.concepts.metrics import Thresholds, per_class, sweep_thresholds
from lib.figures.results.roc import describe_precision_recall, describe_roc, precision_recall_curve, roc_curve
from lib.ui.kit import lessons, words
from lib.ui.results.run_answers import ClassAnswers


def binary_view(answers: ClassAnswers) -> ClassAnswers:
    """Let a person choose the threshold; show what it gives, and what all others would give.

    Returns:
        The answers at the chosen threshold.
    """
    negative, positive = map(words.escaped, answers.names)
    lessons.show("results.binary", negative=negative, positive=positive)
    threshold = st.slider(
        f"Call it {positive} above", 0.0, 1.0, 0.5, 0.01, key="threshold", bind="query-params", persist_state="session",
        help=lessons.text("results.threshold"),
    )  # fmt: skip
    chosen = answers.at(float(threshold))
    _figures(chosen)
    if len(set(answers.true.tolist())) < 2:
        st.caption(lessons.text("results.one_class", kind=words.samples(answers.run.spec.data.kind)))
    else:
        _curves(sweep_thresholds(answers.true, answers.probabilities[:, 1]), chosen)
    return chosen


def _figures(chosen: ClassAnswers) -> None:
    """Show the figures of the positive class alone: papers call these precision and recall."""
    rates, counts = per_class(chosen.counts), chosen.counts
    with st.container(horizontal=True, key="binary_figures"):
        st.metric("Accuracy", words.percent(counts.trace() / max(counts.sum(), 1)), width="content")
        st.metric("Precision", f"{rates.precision[1]:.3f}", width="content")
        st.metric("Recall", f"{rates.recall[1]:.3f}", width="content")
        st.metric("F1", f"{rates.f1[1]:.3f}", width="content")


def _curves(thresholds: Thresholds, chosen: ClassAnswers) -> None:
    rates, counts = per_class(chosen.counts), chosen.counts
    recall, precision = float(rates.recall[1]), float(rates.precision[1]) if counts[:, 1].any() else 1.0
    false_rate = float(counts[0, 1] / counts[0].sum())
    left, right = st.columns(2, gap="large")
    with left:
        st.plotly_chart(
            roc_curve(thresholds, false_rate, recall), key="roc", alt=describe_roc(thresholds, false_rate, recall),
            config={"displayModeBar": False},
        )  # fmt: skip
    with right:
        st.plotly_chart(
            precision_recall_curve(thresholds, recall, precision), key="precision_recall",
            alt=describe_precision_recall(thresholds, recall, precision), config={"displayModeBar": False},
        )  # fmt: skip
