"""How good a changed copy is over the test part, beside the weights as they were learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.arrays import pack
from lib.engine.errors import EngineError
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.changes import Changes, to_text
from lib.specs.codec import model_to_dict
from lib.ui.inside.epoch_choice import playing
from lib.ui.inside.shares import shares_of
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.clock import again
from lib.ui.kit.fragment import fragment
from lib.ui.results.run_answers import scaling, test_part
from lib.ui.session.asked import answer
from lib.ui.session.engine import engine
from lib.worker import answering

FIRST_SAMPLES = 500
"""So many test samples are asked about at once; all of them after that."""
_POLL_SECONDS = 0.5

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Of some test samples.

    Attributes:
        samples: how many.
        learned, changed: accuracy, or the mean squared error where a number is predicted.
    """

    samples: int
    learned: float
    changed: float


@fragment
@unusable.told()
def hands_accuracy(run: RunSnapshot, epoch: int, changes: Changes, learned: Weights, changed: Weights) -> None:
    """Show both figures: at first over 500 samples, then over all.

    Args:
        run: the run.
        epoch: the chosen one.
        changes: at least one.
        learned: weights of that epoch.
        changed: the same with the changes.
    """
    if playing():
        st.caption(lessons.text("inside.no_film"))
        return
    found: Measured | None = None
    with st.container(key="hands_accuracy"):
        try:
            for count in _counts(run):
                step = _measured(run, epoch, changes, learned, changed, count)
                if step is None:
                    break
                found = step
        except EngineError as error:
            st.warning(words.escaped(str(error)))
            return
        _tell(run, found)
        if found is None or found.samples < len(test_part(run)):
            again("hands_again", _POLL_SECONDS)


def _counts(run: RunSnapshot) -> Iterator[int]:
    """How many samples are asked about, one question after the other."""
    every = len(test_part(run))
    if every > FIRST_SAMPLES:
        yield FIRST_SAMPLES
    yield every


def _measured(
    run: RunSnapshot, epoch: int, changes: Changes, learned: Weights, changed: Weights, count: int
) -> Measured | None:
    """Both figures over so many samples; None while a worker computes them.

    Raises:
        EngineError: they cannot be had now. They are asked for again some seconds later.
    """
    figures = []
    for text, weights in (("", learned), (to_text(changes), changed)):
        question = f"hands {run.id} {epoch} {count} {text}"
        future = answer(f"hands {'changed' if text else 'learned'}", question, partial(_figure, run, weights, count))
        if not future.done() or future.cancelled():
            return None
        figures.append(future.result())
    return Measured(count, *figures)


def _figure(run: RunSnapshot, weights: Weights, count: int) -> float:
    """Accuracy, or mean squared error, over so many test samples, evenly spread; a worker computes the answers."""
    every = test_part(run)
    part = every.at(np.linspace(0, len(every) - 1, count).astype(np.intp))
    scale = scaling(run.spec.data, run.spec.training.validation_split)
    asked = (model_to_dict(run.spec.model), pack(weights), (scale.scale, scale.offset), np.asarray(part.x))
    outputs = engine().looks.ask(answering.outputs, *asked)
    if run.spec.regression:
        return float(np.mean((outputs[:, 0] - part.y) ** 2))
    return float(np.mean(shares_of(run.spec, outputs).argmax(axis=-1) == part.y))


def _tell(run: RunSnapshot, found: Measured | None) -> None:
    noun = words.samples(run.spec.data.kind)
    if found is None:
        st.caption(lessons.text("inside.measuring", samples=noun))
        return
    told = {"count": f"{found.samples:,}", "samples": noun}
    if run.spec.regression:
        figures = {"learned": f"{found.learned:.4f}", "changed": f"{found.changed:.4f}"}
        st.markdown(lessons.text("inside.error_by_hand", **told, **figures))
        return
    figures = {"learned": words.percent(found.learned), "changed": words.percent(found.changed)}
    st.markdown(lessons.text("inside.accuracy_by_hand", **told, **figures))
