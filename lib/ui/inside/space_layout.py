"""Where samples lie in the plane: asked of a worker piece by piece, by PCA or by t-SNE."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.pca import Components
from lib.engine.errors import EngineError
from lib.figures.inside.space import Range, ranges_of
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.session.asked import Step, answers, in_steps, so_far
from lib.ui.session.engine import engine

PIECES = 4
"""Of t-SNE; after 1,000 steps together little moves any more."""
_WANTED: Key[tuple[str, int]] = Key("tsne_wanted", ("", 0))
"""What a person has asked t-SNE for, and after how many questions it is to stop."""

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked about.

    Attributes:
        run_id: the run.
        epoch: whose weights are meant.
        newest: the last epoch there is, whose axes serve for all.
        layer: a name, or `INPUT`.
        numbers: of the test samples.
    """

    run_id: str
    epoch: int
    newest: int
    layer: str
    numbers: NDArray[np.intp]

    @property
    def words(self) -> str:
        """What is the same for all epochs."""
        return f"{self.run_id} {self.layer} {len(self.numbers)}"


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Samples in the plane.

    Attributes:
        places: `(samples, 2)`.
        answers: what the network says of each, `(samples, outputs)`.
        ranges: of both axes.
        axes: what stands at them.
    """

    places: Values
    answers: Values
    ranges: tuple[Range, Range]
    axes: tuple[str, str]


def by_pca(asked: Asked, ahead: int | None = None) -> Layout | None:
    """The samples along the two directions in which the newest epoch's outputs differ most.

    Args:
        asked: what is asked about.
        ahead: an epoch to ask about as soon as all is there, so that the time machine need not wait for it.

    Returns:
        None while an answer is missing; what is shown says so.
    """
    fit = Step(
        lessons.text("inside.fitting"), f"space {asked.words} {asked.newest}",
        partial(engine().looks.places, asked.run_id, asked.newest, asked.layer, asked.numbers),
    )  # fmt: skip
    steps = [fit, *(_placed(asked, fit, epoch) for epoch in (0, asked.epoch))]
    results = in_steps(steps, "space")
    if len(results) < len(steps):
        return None
    if ahead is not None:
        with suppress(EngineError):
            so_far([_placed(asked, fit, ahead)], "space ahead")
    known, first, present = results
    names = [
        f"{words.ordinal(place)} component, {100 * share:.0f}% of the variance"
        for place, share in enumerate(known["shares"].tolist(), 1)
    ]
    ranges = ranges_of(known["places"], first["places"])
    return Layout(present["places"], present["answers"], ranges, (names[0], names[1]))


def _placed(asked: Asked, fit: Step, epoch: int) -> Step:
    """The question where an epoch's outputs lie along the newest one's directions."""
    if epoch == asked.newest:
        return fit
    opened, there = engine(), answers()

    def place() -> dict[str, Values]:
        known = there.known(fit.question)
        axes = Components(known["mean"], known["axes"], known["shares"])
        return opened.looks.places(asked.run_id, epoch, asked.layer, asked.numbers, axes)

    return Step(lessons.text("inside.placing", epoch=epoch), f"{fit.question} at {epoch}", place)


def by_tsne(asked: Asked) -> Layout | None:
    """The samples as t-SNE lays them out, as far as it has come; a person begins it, and may stop it.

    Returns:
        None where nothing is laid out yet; what is shown says so.
    """
    about = f"tsne {asked.words} {asked.epoch}"
    wanted_about, wanted = _WANTED.get()
    steps = _tsne_steps(asked, about)
    if wanted_about != about:
        st.caption(lessons.text("inside.tsne_begin", samples=f"{len(asked.numbers):,}"))
        st.button(
            "Start t-SNE", key="tsne_begin", icon=":material/bubble_chart:", on_click=_WANTED.set,
            args=((about, len(steps)),),
        )  # fmt: skip
        return None
    results = in_steps(steps[:wanted], "tsne")
    _stop_or_go_on(about, len(results), wanted, len(steps))
    if len(results) < 2:
        return None
    places = results[-1]
    return Layout(places, results[0]["answers"], ranges_of(places), ("", ""))


def _stop_or_go_on(about: str, done: int, wanted: int, all_: int) -> None:
    """Show a button that stops, or one that goes on; neither where all is done."""
    if done < wanted:
        st.button(
            "Stop", key="tsne_stop", icon=":material/stop:", on_click=_WANTED.set, args=((about, done),)
        )  # fmt: skip
    elif done < all_:
        st.button(
            "Go on", key="tsne_on", icon=":material/play_arrow:", on_click=_WANTED.set, args=((about, all_),)
        )  # fmt: skip


def _tsne_steps(asked: Asked, about: str) -> list[Step]:
    """The layer's outputs, then the pieces: each goes on where the last one stopped."""
    looks, there = engine().looks, answers()
    outputs = Step(
        lessons.text("inside.outputs"), f"{about} outputs",
        partial(looks.parts, asked.run_id, asked.epoch, asked.layer, asked.numbers),
    )  # fmt: skip
    steps = [outputs]
    for piece in range(1, PIECES + 1):
        before = steps[-1] if piece > 1 else None

        def improve(before: Step | None = before) -> Values:
            places = None if before is None else there.known(before.question)
            return looks.tsne(there.known(outputs.question)["parts"], places)

        steps.append(Step(lessons.text("inside.laying_out"), f"{about} piece {piece}", improve))
    return steps
