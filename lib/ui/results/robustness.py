"""Robustness: what becomes of a network's answers when test images are made worse step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.calibration import wilson_interval
from lib.data.corruptions import CORRUPTIONS, amounts, corrupted
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.results.robustness import describe_robustness, robustness_curves, strip
from lib.specs.model import ModelSpec
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.fragment import fragment
from lib.ui.kit.noted import Noted, one_of
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.results.run_answers import ClassAnswers, Positions, scaling, test_part
from lib.ui.session.asked import Step, in_steps
from lib.ui.session.engine import engine

MOST_IMAGES, FEWEST_IMAGES = 500, 50
MOST_WORK = 4e11
"""Multiply-adds for one corruption at all its strengths: about 10 s on two cores. Large networks see fewer images."""
_STRENGTHS = 6
_COLUMNS = 3
_SAMPLE = WholeNumber("robust_sample", 0)
_MEASURED = "measured"

Shares = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class OneImage:
    """What a network says of one image.

    Attributes:
        shares: of each corruption, the probability of the true class at each strength.
        said: of each corruption, the class that it says at each strength.
    """

    shares: dict[str, Shares]
    said: dict[str, tuple[int, ...]]


@fragment
@unusable.told()
def robustness_view(found: ClassAnswers) -> None:
    """Show one image at all strengths and, once a person has asked for it, what the network says then.

    Args:
        found: answers of a run on images, which may be shown.
    """
    run = found.run
    with st.container(key="robustness"):
        lessons.show("results.robustness")
        # Of each run: who has measured one does not mean the next one, too.
        asked = Noted(f"robustness_{run.id}", "robustness", "", one_of("", _MEASURED))
        last = len(found.true) - 1
        number = _SAMPLE.field(f"Test image, 0 to {last:,}", 0, last, width=220)
        _strips(run, number)
        if not engine().epochs_kept(run.id):
            st.caption(lessons.text("results.no_weights"))
        elif asked.shown() != _MEASURED:
            st.caption(lessons.text("results.robust_measure", images=f"{len(_numbers(found)):,}"))
            st.button("Measure", key="measure_robustness", icon=":material/speed:", on_click=asked.set,
                      args=(_MEASURED,))  # fmt: skip
        else:
            _measured(found, number)


def _strips(run: RunSnapshot, number: int) -> None:
    """Show an image at each strength of each corruption."""
    image = test_part(run).x[number : number + 1]
    for kinds in _rows(list(CORRUPTIONS)):
        for column, kind in zip(st.columns(_COLUMNS), kinds, strict=True):
            corruption, steps = CORRUPTIONS[kind], amounts(kind, *image.shape[1:3])
            worse = np.concatenate([corrupted(image, kind, amount, [number]) for amount in steps])
            told = f"{', '.join(f'{amount:g}' for amount in steps)} {corruption.unit}"
            with column, st.container(key=f"robust_{kind}"):
                st.image(
                    strip(worse), caption=f"**{corruption.title}**: {told}", output_format="PNG",
                    alt=f"Test image {number}, {corruption.title}: {told}",
                )  # fmt: skip


def _rows(kinds: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(kinds), _COLUMNS):
        yield kinds[start : start + _COLUMNS]


@fragment
@unusable.told()
def _measured(found: ClassAnswers, number: int) -> None:
    """Show the curves, or how far their computing is, or why there are none."""
    steps = list(_steps(found, number))
    results = in_steps(steps, "robustness")
    if len(results) == len(steps):
        _curves(found, number, results[0], dict(zip(CORRUPTIONS, results[1:], strict=True)))


def _steps(found: ClassAnswers, number: int) -> Iterator[Step]:
    """What is asked, one after the other, so that between two questions somebody else's has its turn."""
    opened, run, part, numbers = engine(), found.run, test_part(found.run), _numbers(found)
    scale = scaling(run.spec.data, run.spec.training.validation_split)

    def probabilities(chosen: Positions, *kinds: str) -> NDArray[np.float32]:
        return opened.looks.robustness(run.id, scale, part.x[chosen], chosen, kinds)

    def one_image() -> OneImage:
        return _one_image(probabilities(np.array([number]), *CORRUPTIONS)[:, :, 0], int(found.true[number]))

    def accuracies(kind: str) -> Shares:
        said = probabilities(numbers, kind)[0].argmax(axis=-1)
        return tuple((said == found.true[numbers]).mean(axis=-1).tolist())

    about = f"robustness {run.id} {run.version}"  # a run that goes on has other weights
    yield Step("This image", f"{about} image {number}", one_image)
    for kind, corruption in CORRUPTIONS.items():
        yield Step(corruption.title, f"{about} {kind} {len(numbers)}", partial(accuracies, kind))


def _one_image(probabilities: NDArray[np.float32], label: int) -> OneImage:
    """What `(kinds, strengths, classes)` say of an image of this class."""
    shares = zip(CORRUPTIONS, probabilities[..., label].tolist(), strict=True)
    said = zip(CORRUPTIONS, probabilities.argmax(axis=-1).tolist(), strict=True)
    return OneImage({kind: tuple(row) for kind, row in shares}, {kind: tuple(row) for kind, row in said})


def _curves(found: ClassAnswers, number: int, image: OneImage, accuracy: dict[str, Shares]) -> None:
    data, names = found.run.spec.data, found.names
    steps = {kind: amounts(kind, *data.input_shape[:2]) for kind in CORRUPTIONS}
    said = {kind: [names[label] for label in labels] for kind, labels in image.said.items()}
    left, right = st.columns(2, gap="large")
    with left:
        _accuracy(found, accuracy, robustness_curves(accuracy, steps, "accuracy"))
    with right:
        truth = words.escaped(names[int(found.true[number])])
        lessons.show("results.robust_image", number=f"{number:,}", truth=truth)
        st.plotly_chart(
            robustness_curves(image.shares, steps, "probability", said), key="robustness_image",
            alt=describe_robustness(image.shares, "the probability of the true class"),
            config={"displayModeBar": False},
        )  # fmt: skip
        st.caption(lessons.text("results.robust_image_noise"))


def _accuracy(found: ClassAnswers, accuracy: dict[str, Shares], figure: dict[str, Any]) -> None:
    images = len(_numbers(found))
    low, high = wilson_interval(list(accuracy.values()), images)
    points = f"{100 * float((high - low).max()) / 2:.1f}"
    lessons.show("results.robust_accuracy", images=f"{images:,}")
    st.plotly_chart(
        figure, key="robustness_accuracy", alt=describe_robustness(accuracy, "accuracy"),
        config={"displayModeBar": False},
    )  # fmt: skip
    st.caption(lessons.text("results.robust_accuracy_noise", points=points))


def _numbers(found: ClassAnswers) -> Positions:
    """Positions of the test images that are looked at, evenly spread."""
    most = images_for(found.run.spec.model)
    return np.linspace(0, len(found.true) - 1, min(most, len(found.true))).astype(np.intp)


def images_for(model: ModelSpec) -> int:
    """How many images a network is given at each strength: 500, fewer where each one is much work.

    >>> from lib.specs.layers.known import Dense, Flatten
    >>> images_for(ModelSpec((28, 28, 1), (Flatten(), Dense(units=10))))
    500
    """
    work = max(model.multiply_adds(), 1) * _STRENGTHS
    return max(FEWEST_IMAGES, min(MOST_IMAGES, int(MOST_WORK / work)))
