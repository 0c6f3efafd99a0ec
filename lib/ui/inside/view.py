"""One sample on its way through a trained network: the answer, all outputs, and where each number comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.data.loading import load
from lib.data.normalising import Normalised
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError
from lib.ui.inside.answer import answer, thumbnail
from lib.ui.inside.epoch_choice import STEP_SECONDS, epoch_choice, playing
from lib.ui.inside.first_weights import first_weights
from lib.ui.inside.given import Input, pixels_of
from lib.ui.inside.input_choice import input_choice
from lib.ui.inside.more import more_view
from lib.ui.inside.network_view import network_view
from lib.ui.inside.plane_view import plane_view
from lib.ui.inside.shares import shares_of
from lib.ui.inside.why import why_view
from lib.ui.inside.why_columns import why_columns
from lib.ui.inside.why_words import why_words
from lib.ui.kit import lessons, words
from lib.ui.kit.clock import repeated
from lib.ui.results.run_answers import scaling
from lib.ui.session.engine import engine, find_run

NEW_EPOCH_SECONDS = 2.0
"""So often a run under way is looked at for a new epoch."""

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

Values = NDArray[np.float32]
Weights = dict[str, NDArray[Any]]


def inside_view(run: RunSnapshot) -> None:
    """Show the page below the choice of the run.

    Args:
        run: one that can be looked into.
    """
    plays = playing()

    def view() -> None:
        _view(run, plays)

    repeated(view, STEP_SECONDS if plays else None)
    if run.active:
        st.fragment(_follow, run_every=NEW_EPOCH_SECONDS)(run.id, len(engine().epochs_kept(run.id)))


def _follow(run_id: str, known: int) -> None:
    """Draw the page again when a run under way has a new epoch, or has ended."""
    run = find_run(run_id)
    if run is None or not run.active or len(engine().epochs_kept(run_id)) != known:
        st.rerun()


def _view(run: RunSnapshot, plays: bool) -> None:
    if find_run(run.id) is None:
        st.rerun()  # deleted meanwhile: the choice of the run says so
    left, right = st.columns([5, 6], gap="large")
    with left:
        given = _input(run)
    # The plane is large: it stands beside what a person chooses, and the answer below that.
    answered = left if run.spec.data.kind == "points" else right
    with answered:
        if playing() != plays:
            st.rerun()  # the timer of this fragment begins or ends
        epochs = sorted({0, *engine().epochs_kept(run.id)})
        epoch = epoch_choice(epochs) if len(epochs) > 1 else epochs[0]  # weights from a file, and none since
        weights = _weights(run, epoch)
    if weights is None:
        return
    if given is not None:
        _follow_sample(run, epoch, weights, given, answered, right)
    more_view(run, epoch, epochs, weights)


def _follow_sample(
    run: RunSnapshot, epoch: int, weights: Weights, given: Input, answered: DeltaGenerator, right: DeltaGenerator
) -> None:
    """Show the answer to a sample, its way through the network, and why; the answer stands in `answered`."""
    with answered:
        sample = _scaled(run, given)
        if sample is None:
            return
        outputs = forward(run.spec.model, weights, sample)
        if not all(np.isfinite(values).all() for values in outputs):
            st.warning(lessons.text("inside.not_finite"), icon=":material/all_inclusive:")
            return
        answer(run, given, outputs[-1])
    if run.spec.data.kind == "points":
        with right:
            plane_view(run, weights, given)
    if given.steps is not None:
        _steps(run, given.steps, int(shares_of(run.spec, outputs[-1]).argmax()))
    network_view(run, weights, given, sample, outputs)
    if run.spec.data.kind == "images":
        why_view(run, epoch, weights, pixels_of(given), sample, int(shares_of(run.spec, outputs[-1]).argmax()))
    elif run.spec.data.kind == "table":
        why_columns(run, weights, sample, outputs[-1])
    elif given.row is not None:
        why_words(run, epoch, weights, given.row, outputs[-1])


def _scaled(run: RunSnapshot, given: Input) -> Values | None:
    """What goes into the first layer; None where the training samples are gone, of which a sentence tells."""
    try:
        return scaling(run.spec.data, run.spec.training.validation_split).apply(given.values)
    except DataError as error:
        st.warning(words.escaped(str(error)), icon=":material/visibility_off:")
        return None


def _weights(run: RunSnapshot, epoch: int) -> dict[str, NDArray[Any]] | None:
    """Weights after an epoch, 0 for the first ones; None where they are not there, of which a sentence tells."""
    if epoch == 0:
        return first_weights(run.id)
    weights = engine().weights(run.id, epoch)
    if weights is None:
        st.warning(lessons.text("inside.epoch_gone", epoch=epoch))
    return weights


def _input(run: RunSnapshot) -> Input | None:
    try:
        return input_choice(run)
    except DataError as error:
        st.warning(words.escaped(str(error)), icon=":material/visibility_off:")
        return None


def _steps(run: RunSnapshot, steps: Normalised, said: int) -> None:
    """Show how a drawn digit becomes one of MNIST's, beside a training image of the class that the network says."""
    train = load(run.spec.data.dataset, run.spec.data.size).train
    example = train.x[int((train.y == said).argmax())]
    shown = [steps.drawn, steps.cropped, steps.scaled, steps.centred, example[..., 0]]
    names = ["as drawn", "cropped", "longest side 20", "centred", f"MNIST's {run.spec.data.class_names[said]}"]
    with st.container(key="inside_steps", horizontal=True):
        for pixels, name in zip(shown, names, strict=True):
            with st.container(width="content"):
                st.image(thumbnail(pixels[..., None]), width=96, caption=name, output_format="PNG", alt=f"digit {name}")
