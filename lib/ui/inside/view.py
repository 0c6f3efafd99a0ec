"""One image on its way through a trained network: the answer, all outputs, and where each number comes from."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.data.loading import load
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError
from lib.figures.base.images import enlarged
from lib.ui.inside.epoch_choice import STEP_SECONDS, epoch_choice, playing
from lib.ui.inside.first_weights import first_weights
from lib.ui.inside.input_choice import Input, input_choice
from lib.ui.inside.network_view import network_view
from lib.ui.inside.why import why_view
from lib.ui.kit import lessons, words
from lib.ui.kit.clock import repeated
from lib.ui.results.run_answers import scaling
from lib.ui.session.engine import engine, find_run

NEW_EPOCH_SECONDS = 2.0
"""So often a run under way is looked at for a new epoch."""

Values = NDArray[np.float32]


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
        chosen = _input(run)
    with right:
        if playing() != plays:
            st.rerun()  # the timer of this fragment begins or ends
        epoch = epoch_choice([0, *engine().epochs_kept(run.id)])
        weights = _weights(run, epoch)
        if chosen is None or weights is None:
            return
        spec = run.spec
        try:
            sample = scaling(spec.data, spec.training.validation_split).apply(chosen.pixels)
        except DataError as error:
            st.warning(words.escaped(str(error)), icon=":material/visibility_off:")
            return
        outputs = forward(spec.model, weights, sample)
        shares = _shares(run, outputs[-1])
        _answer(run, chosen, shares)
    if chosen.steps is not None:
        _steps(run, chosen, int(shares.argmax()))
    network_view(run, weights, sample, outputs)
    why_view(run, epoch, weights, chosen.pixels, sample, int(shares.argmax()))


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


def _shares(run: RunSnapshot, output: Values) -> Values:
    """A probability for each class, also where one unit answers for two."""
    return np.array([1 - output[0], output[0]], np.float32) if run.spec.binary else output


def _answer(run: RunSnapshot, chosen: Input, shares: Values) -> None:
    names = run.spec.data.class_names
    said = int(shares.argmax())
    picture, words_ = st.columns([1, 2], vertical_alignment="center")
    with picture:
        st.image(_shown(chosen.pixels), width=112, output_format="PNG", alt=chosen.name)
    with words_, st.container(key="inside_prediction"):
        truth = None if chosen.label is None else chosen.label == said
        mark = "" if truth is None else ":green[✓] " if truth else ":red[✗] "
        st.markdown(f"## {mark}{words.escaped(names[said])} &nbsp; {words.percent(float(shares[said]))}")
        second = int(np.argsort(-shares)[1])
        then = f"then {words.escaped(names[second])} {words.percent(float(shares[second]))}"
        is_ = "" if chosen.label is None else f"it is **{words.escaped(names[chosen.label])}** · "
        st.caption(f"{words.escaped(chosen.name)} · {is_}{then}")


def _shown(pixels: NDArray[np.uint8]) -> Any:
    """An image of about 112 pixels, each of its own pixels a square."""
    return np.squeeze(enlarged(pixels, max(1, round(112 / pixels.shape[0]))))


def _steps(run: RunSnapshot, chosen: Input, said: int) -> None:
    """Show how a drawn digit becomes one of MNIST's, beside a training image of the class that the network says."""
    steps = chosen.steps
    if steps is None:
        return
    train = load(run.spec.data.dataset, run.spec.data.size).train
    example = train.x[int((train.y == said).argmax())]
    shown = [steps.drawn, steps.cropped, steps.scaled, steps.centred, example[..., 0]]
    names = ["as drawn", "cropped", "longest side 20", "centred", f"MNIST's {run.spec.data.class_names[said]}"]
    with st.container(key="inside_steps", horizontal=True):
        for pixels, name in zip(shown, names, strict=True):
            with st.container(width="content"):
                st.image(_shown(pixels[..., None]), width=96, caption=name, output_format="PNG", alt=f"digit {name}")
