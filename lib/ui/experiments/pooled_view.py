"""What all networks of a k-fold validation say together: the pooled confusion matrix, and suspicious labels."""

from __future__ import annotations

import streamlit as st

from lib.concepts.metrics import mean_absolute_error
from lib.engine.experiments.snapshot import ExperimentSnapshot
from lib.errors import DataError
from lib.figures.results.confusion import confusion_matrix
from lib.figures.results.regression import describe_predicted_over_true, predicted_over_true
from lib.ui.experiments.pooled import Pooled, answerable, pooled
from lib.ui.experiments.suspects_view import suspects_view
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment
from lib.ui.results.confusion import class_figures
from lib.ui.session import own_visit

OF_VIEW = ("pooled", "suspects")
"""What is written into the address here, and in the list of suspects."""
_NUMBERS = {"counts": "counts", "shares": "share of each class"}


@fragment
@unusable.told()
def pooled_view(experiment: ExperimentSnapshot) -> None:
    """Show what they say of the samples that they have not learned from; of own data to their owner only.

    Args:
        experiment: a k-fold validation that is over.
    """
    with st.container(key="pooled"):
        lessons.show("folds.pooled")
        if own_visit.closed(experiment.plan.base.data.dataset):
            st.info(lessons.text("own_data.closed"), icon=":material/visibility_off:")
            return
        kept = sum(map(answerable, experiment.members))
        if not kept:
            st.caption(lessons.text("folds.no_weights"))
            return
        if kept < len(experiment.members):
            st.caption(lessons.text("folds.not_all", kept=kept, folds=len(experiment.members)))
        try:
            found = pooled(experiment)
        except DataError as error:
            st.warning(words.escaped(str(error)), icon=":material/visibility_off:")
            return
        if found is None:
            return
        if found.run.training.early_stopping and found.run.training.restore_best_weights:
            st.caption(lessons.text("folds.best_weights"))
        if found.run.regression:
            _numbers(found)
            return
        _confusion(found)
        suspects_view(found)


def _numbers(found: Pooled) -> None:
    """Show predicted over true numbers."""
    error = mean_absolute_error(found.labels, found.outputs[:, 0])
    lessons.show("folds.pooled_numbers", samples=f"{len(found.numbers):,}", error=f"{error:.4f}")
    st.plotly_chart(
        predicted_over_true(found.labels, found.outputs[:, 0]), key="pooled_numbers",
        alt=describe_predicted_over_true(found.labels, found.outputs[:, 0]), config={"displayModeBar": False},
    )  # fmt: skip


def _confusion(found: Pooled) -> None:
    """Show how often each class was taken for each."""
    counts = found.counts()
    hits, all_ = int(counts.trace()), int(counts.sum())
    lessons.show(
        "folds.pooled_said", right=f"{hits:,}", all=f"{all_:,}", share=words.percent(hits / max(all_, 1)),
        kind=words.samples(found.run.data.kind),
    )  # fmt: skip
    left, right = st.columns([6, 5], gap="large")
    with left, st.container(key="pooled_confusion"):
        numbers = Choice("pooled_numbers_as", _NUMBERS, "counts", "pooled").segments(
            "Numbers", label_visibility="collapsed"
        )
        picture = confusion_matrix(counts, found.names, numbers == "shares")
        component("confusion")(key="pooled_matrix", data=whole(picture | {"chosen": None}))
    with right:
        class_figures(counts, found.names, "training")
