"""Why this answer: what speaks for a class and what against it, beside the same map with the first weights."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.contribution import contribution, maps_before_last
from lib.concepts.forward import forward
from lib.concepts.occlusion import cover_of, starts
from lib.concepts.receptive import Field, receptive_field
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.inside.why import WhyMap, why_data
from lib.specs.run import RunSpec
from lib.ui.inside.epoch_choice import playing
from lib.ui.inside.first_weights import first_weights
from lib.ui.inside.shares import class_asked, shares_of
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.component import component, whole
from lib.ui.results.run_answers import scaling
from lib.ui.session.asked import asked
from lib.ui.session.engine import engine

_METHODS = {"contribution": "exact contribution", "occlusion": "occlusion"}
_FILLS = {"black": "black", "mean": "the image's mean", "blur": "a blur"}
_PATCHES = {4: "4 pixels", 6: "6 pixels", 8: "8 pixels", 12: "12 pixels"}
_STEP = 2
"""Pixels from one covered place to the next."""
_ALONE = -1
"""The answer of whoever compares with no other class."""

Values = NDArray[np.float32]
Weights = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked about an answer.

    Attributes:
        spec: of the run.
        pixels: the image as it is seen, uint8.
        sample: the image as it goes into the first layer.
        label: the class that is asked about.
        other: a class to compare with, or None.
    """

    spec: RunSpec
    pixels: NDArray[np.uint8]
    sample: Values
    label: int
    other: int | None


def why_view(
    run: RunSnapshot,
    epoch: int,
    weights: Weights,
    pixels: NDArray[np.uint8],
    sample: Values,
    said: int,
    by_hand: bool = False,
) -> None:
    """Show what speaks for a class, or for one class rather than another.

    Args:
        run: the run.
        epoch: whose weights these are.
        weights: by name.
        pixels: the image as it is seen, uint8.
        sample: the image as it goes into the first layer.
        said: the class that the network says.
        by_hand: whether the weights were changed by hand.
    """
    lessons.show("inside.why")
    exact = maps_before_last(run.spec.model) is not None
    # A worker is asked only by those who have chosen so.
    methods = _METHODS if exact else {"none": "no map yet", "occlusion": _METHODS["occlusion"]}
    method = Choice("why_method", methods, next(iter(methods)), parameter="method").segments(
        "Method", label_visibility="collapsed"
    )
    if not exact:
        st.caption(lessons.text("inside.no_exact"))
    if method == "none":
        return
    if method == "occlusion" and playing():
        st.caption(lessons.text("inside.no_film"))
        return
    question = Question(run.spec, pixels, sample, *_classes(run.spec, said))
    explain, fields = _contribution(question) if method == "contribution" else _occlusion(question)
    maps = [explain(f"after epoch {epoch}{', changed by hand' if by_hand else ''}", weights)]
    before = first_weights(run) if epoch or by_hand else None
    if before is not None:
        maps.append(explain("with the first weights", before))
    shown = [one for one in maps if one is not None]
    if shown:
        with st.container(key="why"):
            component("why")(key="inside_why", data=whole(why_data(pixels, shown, fields)))
    lessons.show(f"inside.{method}")


def _classes(spec: RunSpec, said: int) -> tuple[int, int | None]:
    """Let a person choose the class that is asked about, and one to compare with."""
    left, right = st.columns(2)
    with left:
        label = class_asked(spec, said)
    with right:
        against = {_ALONE: "no other class: its own score", **dict(enumerate(spec.data.class_names))}
        other = Choice("why_minus", against, _ALONE, parameter="minus").listed("and not")
    return label, None if other in (_ALONE, label) else other


Explain = Callable[[str, Weights], WhyMap | None]
"""Takes a title and weights, gives a map; None while a worker computes it."""


def _contribution(question: Question) -> tuple[Explain, tuple[Field, Field]]:
    model = question.spec.model
    place = maps_before_last(model) or 0
    layers, shapes = model.layers[:place], (model.input_shape, *model.shapes())[:place]

    def explain(title: str, weights: Weights) -> WhyMap:
        maps = (question.sample, *forward(model, weights, question.sample))[place]
        # One unit that answers for two classes has a score for the second; for the first it counts the other way.
        sign = -1 if question.spec.binary and question.label == 0 else 1
        unit, other = (0, None) if question.spec.binary else (question.label, question.other)
        found = contribution(model, weights, maps, unit, other)
        total = f"sum {sign * found.sum:.4g} + bias {sign * found.bias:.4g} = {sign * found.score:.4g}"
        return WhyMap(title, sign * found.places, total)

    return explain, (receptive_field(layers, shapes, 0), receptive_field(layers, shapes, 1))


def _occlusion(question: Question) -> tuple[Explain, tuple[Field, Field]]:
    spec, sample = question.spec, question.sample
    left, right = st.columns(2)
    with left:
        patch = Choice("why_patch", _PATCHES, 4, parameter="patch").segments("Cover squares of")
    with right:
        fill = Choice("why_fill", _FILLS, "black", parameter="fill").segments("with")
    cover = scaling(spec.data, spec.training.validation_split).apply(cover_of(question.pixels, fill))
    patch = min(patch, *sample.shape[:2])
    step = max(_STEP, round(max(sample.shape[:2]) / 14))
    opened = engine()

    def explain(title: str, weights: Weights) -> WhyMap | None:
        parts = [sample, cover, *weights.values()]
        digest = hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()
        answers = asked(
            f"occlusion {digest} {spec.model!r} {patch} {step}",
            lambda: opened.looks.occlusion(spec.model, weights, sample, cover, patch, step),
            lessons.text("inside.covering", places=len(_starts(sample, patch, step))),
        )
        if answers is None:
            return None
        usual = _probability(question, forward(spec.model, weights, sample)[-1])
        drops = np.asarray(usual - _probability(question, answers), np.float32)
        lowest = float(usual - drops.max())
        return WhyMap(title, drops, f"probability {float(usual):.4g}; with the worst place covered {lowest:.4g}")

    return explain, (Field(patch, step, 0), Field(patch, step, 0))


def _starts(sample: Values, patch: int, step: int) -> list[tuple[int, int]]:
    down, across = (starts(side, patch, step) for side in sample.shape[:2])
    return [(top, left) for top in down for left in across]


def _probability(question: Question, outputs: Values) -> Values:
    """Of the class that is asked about, less that of the class to compare with; for each place there is."""
    shares = shares_of(question.spec, outputs)
    asked_of = shares[..., question.label]
    return asked_of if question.other is None else asked_of - shares[..., question.other]
