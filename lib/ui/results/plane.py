"""Pictures where there are no samples to list: points in the plane, and predicted numbers."""

from __future__ import annotations

import streamlit as st

from lib.concepts.metrics import mean_absolute_error
from lib.figures.results.answered_points import answered_points, describe_answered_points
from lib.figures.results.regression import describe_predicted_over_true, predicted_over_true
from lib.ui.kit import lessons
from lib.ui.results.run_answers import ClassAnswers, NumberAnswers, prepared


def points_view(answers: ClassAnswers) -> None:
    """Show where the test points lie, what they are, and which were mistaken."""
    places = prepared(answers.run).test_points
    if places is None:
        raise TypeError(f"{answers.run.spec.data.dataset} does not lie in a plane")
    lessons.show("results.points")
    with st.container(key="answered_points"):
        st.plotly_chart(
            answered_points(places, answers.true, answers.predicted, answers.names),
            key="points_answers",
            alt=describe_answered_points(answers.true, answers.predicted, answers.names),
            config={"displayModeBar": False},
        )  # fmt: skip


def regression_view(answers: NumberAnswers) -> None:
    """Show predicted numbers over true ones, and how far they are off."""
    lessons.show("results.regression")
    left, right = st.columns([2, 5], gap="large")
    with left:
        error = mean_absolute_error(answers.true, answers.predicted)
        st.metric("Mean absolute error", f"{error:.4f}")
        st.caption(
            lessons.text("results.absolute_error", low=f"{answers.true.min():.2f}", high=f"{answers.true.max():.2f}")
        )
    with right, st.container(key="regression"):
        st.plotly_chart(
            predicted_over_true(answers.true, answers.predicted), key="predicted_over_true",
            alt=describe_predicted_over_true(answers.true, answers.predicted), config={"displayModeBar": False},
        )  # fmt: skip
