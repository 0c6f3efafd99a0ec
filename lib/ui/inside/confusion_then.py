"""The confusion matrix as it was after the chosen epoch."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.results.confusion import confusion_matrix
from lib.ui.inside.epoch_choice import playing
from lib.ui.inside.many import test_steps
from lib.ui.inside.refusal import samples_told
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment
from lib.ui.session.asked import Step, in_steps, so_far
from lib.ui.session.engine import engine

_NUMBERS = {"counts": "counts", "shares": "share of each class"}


@fragment
@unusable.told()
@samples_told()
def confusion_then(run: RunSnapshot, epoch: int, epochs: Sequence[int]) -> None:
    """Show how often each class was taken for each with the weights of an epoch.

    Args:
        run: one with classes.
        epoch: the chosen one.
        epochs: all that can be chosen; while the time machine plays, the next one is asked for ahead.
    """
    lessons.show("inside.confusion")
    numbers = Choice("confusion_then_numbers", _NUMBERS, "counts", parameter="then_numbers").segments(
        "Numbers", label_visibility="collapsed"
    )
    steps = _steps(run, epoch)
    pieces = in_steps(steps, "confusion_then")
    if len(pieces) < len(steps):
        return
    later = [each for each in epochs if each > epoch]
    if playing() and later:
        with suppress(EngineError):
            so_far(_steps(run, later[0]), "confusion_ahead")
    counts = np.sum(pieces, axis=0)
    right, all_ = int(counts.trace()), int(counts.sum())
    told = {"right": f"{right:,}", "all": f"{all_:,}", "share": words.percent(right / max(all_, 1))}
    lessons.show("inside.confusion_said", epoch=epoch, kind=words.samples(run.spec.data.kind), **told)
    with st.container(key="confusion_then"):
        data = confusion_matrix(counts, run.spec.data.class_names, numbers == "shares")
        component("confusion")(key="confusion_then_matrix", data=whole(data | {"chosen": None}))


def _steps(run: RunSnapshot, epoch: int) -> list[Step]:
    opened = engine()
    return test_steps(
        run, lessons.text("inside.testing", epoch=epoch), f"confusion {run.id} {epoch}",
        lambda span: opened.looks.confusion(run.id, epoch, span),
    )  # fmt: skip
