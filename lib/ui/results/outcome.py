"""What a run reached, and what its recipe's source published."""

from __future__ import annotations

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.recipes import Recipe, matching
from lib.ui.kit import lessons, words
from lib.ui.kit.question_note import ask


def outcome(run: RunSnapshot) -> None:
    """Show the test loss, the accuracy where there are classes, and the published figure."""
    evaluation = run.evaluation
    if evaluation is None:
        return
    left, right = st.columns([4, 7], gap="large")
    with left, st.container(horizontal=True):
        if evaluation.accuracy is not None:
            with st.container(key="test_accuracy", width="content"):
                st.metric("Test accuracy", words.percent(evaluation.accuracy))
        with st.container(key="test_loss", width="content"):
            st.metric("Test loss", f"{evaluation.loss:.4f}")
        st.metric("Epochs trained", f"{run.epochs_trained:,}", width="content")
    with right:
        kind = words.samples(run.spec.data.kind)
        st.caption(lessons.text("results.test", samples=f"{evaluation.samples:,} test {kind}"))
        _published(run)


def questions(run: RunSnapshot) -> None:
    """Show the questions that a figure of the test raises; their answers speak of images."""
    if run.spec.data.kind != "images":
        return
    ask(*(("below_published",) if _source(run) else ()), "two_runs", "validation_or_test")


def _source(run: RunSnapshot) -> Recipe | None:
    """The recipe whose published figure a run may be held against, or None."""
    recipe = matching(run.spec)
    if recipe is None or recipe.published == "-" or recipe.run.data.dataset != run.spec.data.dataset:
        return None
    return recipe


def _published(run: RunSnapshot) -> None:
    recipe = _source(run)
    if recipe is None:
        return
    mine, full = run.spec.samples(), run.spec.dataset.full_train
    passage = "published_full" if mine < full else "published_equal"
    comparison = lessons.text(f"results.{passage}", full=f"{full:,}", mine=f"{mine:,}")
    figure = lessons.text("results.published", published=recipe.published, epochs=recipe.run.training.epochs)
    source = f"[{recipe.source}]({recipe.source_url})" if recipe.source_url else recipe.source
    st.markdown(f"{recipe.title}, {figure}. {comparison} :small[{source}]")
