"""One sample on its way through a trained network: the answer, all outputs, and where each number comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.data.loading import load
from lib.data.normalising import Normalised
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError
from lib.specs.changes import Changes, to_text
from lib.ui.inside import hand_changes
from lib.ui.inside.answer import answer, thumbnail
from lib.ui.inside.epoch_choice import STEP_SECONDS, epoch_choice, playing
from lib.ui.inside.first_weights import first_weights
from lib.ui.inside.given import Input, pixels_of
from lib.ui.inside.going_on import going_on
from lib.ui.inside.hands_accuracy import hands_accuracy
from lib.ui.inside.hands_in import answer_as_learned, hands_in, notice
from lib.ui.inside.input_choice import input_choice
from lib.ui.inside.more import more_view
from lib.ui.inside.network_view import network_view
from lib.ui.inside.parameters import KNOWN
from lib.ui.inside.plane_view import plane_view
from lib.ui.inside.shares import shares_of
from lib.ui.inside.why import why_view
from lib.ui.inside.why_columns import why_columns
from lib.ui.inside.why_words import why_words
from lib.ui.kit import lessons, not_used, words
from lib.ui.kit.clock import repeated
from lib.ui.kit.fragment import fragment
from lib.ui.results.run_answers import scaling
from lib.ui.session.engine import engine, find_run

NEW_EPOCH_SECONDS = 2.0
"""So often a run under way is looked at for a new epoch."""

Values = NDArray[np.float32]
Weights = dict[str, NDArray[Any]]


def inside_view(run: RunSnapshot) -> None:
    """Show the page below the choice of the run.

    Args:
        run: one that can be looked into.
    """
    plays = playing()

    def view() -> None:
        with not_used.told("inside", KNOWN, run.id, elsewhere=("epoch",)):
            _view(run, plays)

    repeated(view, STEP_SECONDS if plays else None)
    if run.active:
        fragment(_follow, run_every=NEW_EPOCH_SECONDS)(run.id, len(engine().epochs_kept(run.id)))


def _follow(run_id: str, known: int) -> None:
    """Draw the page again when a run under way has a new epoch, or has ended."""
    run = find_run(run_id)
    if run is None or not run.active or len(engine().epochs_kept(run_id)) != known:
        st.rerun()


@dataclass(frozen=True, slots=True, eq=False)
class _Answered:
    """What a network has made of a sample.

    Attributes:
        epoch: the chosen one.
        changes: made by hand in a copy of its weights.
        weights: with these changes, by name.
        sample: as it went into the first layer.
        outputs: of each layer.
    """

    epoch: int
    changes: Changes
    weights: dict[str, NDArray[Any]]
    sample: Values
    outputs: list[Values]


def _view(run: RunSnapshot, plays: bool) -> None:
    if find_run(run.id) is None:
        st.rerun()  # deleted meanwhile: the choice of the run says so
    points = run.spec.data.kind == "points"
    epochs = sorted({0, *engine().epochs_kept(run.id)})
    # `lib/ui/app/style.css` holds the places: what is done to a network stands beside the answer, on a phone below it.
    with st.container(key="bench_points" if points else "bench"):
        with st.container(key="bench_input"):
            given = _input(run)
        with st.container(key="bench_answer"):
            if playing() != plays:
                st.rerun()  # the timer of this fragment begins or ends
            epoch = epoch_choice(epochs)
            learned = _weights(run, epoch)
            found = None if given is None or learned is None else _answered(run, epoch, learned, given)
        if given is not None and found is not None:
            if points:
                with st.container(key="bench_plane"):
                    plane_view(run, found.weights, given)
            with st.container(key="bench_hands"):
                hands_in(run, found.changes, found.weights, found.outputs)
                going_on(run, found.epoch, found.weights, found.changes)
    if given is not None and found is not None:
        _explained(run, given, found)
    if learned is not None:
        more_view(run, epoch, epochs, learned)


def _answered(run: RunSnapshot, epoch: int, learned: Weights, given: Input) -> _Answered | None:
    """Show the answer; None where there is none yet, of which a sentence tells."""
    sample = _scaled(run, given)
    if sample is None:
        return None
    changes = hand_changes.present(run)
    weights = hand_changes.changed_copy(run, epoch, learned, changes)
    if weights is None:
        notice(run, changes)
        return None
    outputs = forward(run.spec.model, weights, sample)
    if not all(np.isfinite(values).all() for values in outputs):
        st.warning(lessons.text("inside.not_finite"), icon=":material/all_inclusive:")
        notice(run, changes)
        return None
    answer(run, given, outputs[-1])
    if changes:
        notice(run, changes, answer_as_learned(run, epoch, learned, sample))
        hands_accuracy(run, epoch, changes, learned, weights)
    return _Answered(epoch, changes, weights, sample, outputs)


def _explained(run: RunSnapshot, given: Input, found: _Answered) -> None:
    """Show the whole network, and why it answers so."""
    weights, sample, outputs = found.weights, found.sample, found.outputs
    said = int(shares_of(run.spec, outputs[-1]).argmax())
    if given.steps is not None:
        _steps(run, given.steps, said)
    network_view(run, weights, given, sample, outputs)
    if run.spec.data.kind == "images":
        pixels, by_hand = pixels_of(given), bool(found.changes)
        why_view(run, found.epoch, weights, pixels, sample, said, by_hand=by_hand)
    elif run.spec.data.kind == "table":
        why_columns(run, weights, sample, outputs[-1])
    elif given.row is not None:
        why_words(run, f"{found.epoch} {to_text(found.changes)}".strip(), weights, given.row, outputs[-1])


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
        return first_weights(run)
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
