"""Why this answer: what speaks for a class and what against it, beside the same map with the first weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.contribution import contribution, maps_before_last
from lib.concepts.forward import forward
from lib.concepts.occlusion import cover_of, starts
from lib.concepts.receptive import Field
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.inside.why import WhyMap, why_data
from lib.specs.run import RunSpec
from lib.ui.inside import why_slopes
from lib.ui.inside.epoch_choice import playing
from lib.ui.inside.first_weights import first_weights
from lib.ui.inside.shares import class_asked, shares_of
from lib.ui.inside.why_question import Explained, Net, Question, Values, Weights, digest, fields_before
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.component import component, whole
from lib.ui.results.run_answers import scaling
from lib.ui.session.asked import asked
from lib.ui.session.engine import engine

_EXACT = {"contribution": "exact contribution"}
_NOT_EXACT = {"none": "no map yet", "activation": "gradient × activation"}
_ANYWHERE = {
    "occlusion": "occlusion", "gradient": "input gradient", "smooth": "SmoothGrad", "cam": "Grad-CAM",
}  # fmt: skip
_SLOPES: dict[str, Callable[[Question], Explained | None]] = {
    "activation": why_slopes.activation, "gradient": why_slopes.slope, "smooth": why_slopes.smooth,
    "cam": why_slopes.cam,
}  # fmt: skip
_FILLS = {"black": "black", "mean": "the image's mean", "blur": "a blur"}
_PATCHES = {4: "4 pixels", 6: "6 pixels", 8: "8 pixels", 12: "12 pixels"}
_STEP = 2
"""Pixels from one covered place to the next."""
_ALONE = -1
"""The answer of whoever compares with no other class."""


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
    methods = (_EXACT if exact else _NOT_EXACT) | _ANYWHERE
    method = Choice("why_method", methods, next(iter(methods)), parameter="method").segments(
        "Method", label_visibility="collapsed"
    )
    if not exact:
        st.caption(lessons.text("inside.no_exact"))
    if method == "none":
        return
    if method != "contribution" and playing():
        st.caption(lessons.text("inside.no_film"))
        return
    question = Question(run.spec, pixels, sample, *_classes(run.spec, said))
    explained = _explained(method, question)
    if explained is None:
        return
    explain, fields = explained
    maps = [explain(Net("why", f"after epoch {epoch}{', changed by hand' if by_hand else ''}", weights))]
    before = first_weights(run) if epoch or by_hand else None
    if before is not None:
        maps.append(explain(Net("why first", "with the first weights", before)))
    shown = [one for one in maps if one is not None]
    if shown:
        with st.container(key="why"):
            component("why")(key="inside_why", data=whole(why_data(pixels, shown, fields)))
    lessons.show(f"inside.{method}", copies=why_slopes.COPIES)


def _classes(spec: RunSpec, said: int) -> tuple[int, int | None]:
    """Let a person choose the class that is asked about, and one to compare with."""
    left, right = st.columns(2)
    with left:
        label = class_asked(spec, said)
    with right:
        against = {_ALONE: "no other class: its own score", **dict(enumerate(spec.data.class_names))}
        other = Choice("why_minus", against, _ALONE, parameter="minus").listed("and not")
    return label, None if other in (_ALONE, label) else other


def _explained(method: str, question: Question) -> Explained | None:
    """How the maps of a method are had; None where it has none, of which a sentence tells."""
    if method == "contribution":
        return _contribution(question)
    if method == "occlusion":
        return _occlusion(question)
    if not why_slopes.has_logits(question.spec.model):
        st.caption(lessons.text("inside.no_logits"))
    return _SLOPES[method](question)


def _contribution(question: Question) -> Explained:
    model = question.spec.model
    place = maps_before_last(model) or 0
    unit, other, sign = question.units

    def explain(net: Net) -> WhyMap:
        maps = (question.sample, *forward(model, net.weights, question.sample))[place]
        found = contribution(model, net.weights, maps, unit, other)
        total = f"sum {sign * found.sum:.4g} + bias {sign * found.bias:.4g} = {sign * found.score:.4g}"
        return WhyMap(net.title, sign * found.places, total)

    return explain, fields_before(model, place)


def _occlusion(question: Question) -> Explained:
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

    def explain(net: Net) -> WhyMap | None:
        weights = net.weights
        answers = asked(
            net.place,
            f"occlusion {digest(sample, cover, *weights.values())} {spec.model!r} {patch} {step}",
            lambda: opened.looks.occlusion(spec.model, weights, sample, cover, patch, step),
            lessons.text("inside.covering", places=len(_starts(sample, patch, step))),
        )
        if answers is None:
            return None
        usual = _probability(question, forward(spec.model, weights, sample)[-1])
        drops = np.asarray(usual - _probability(question, answers), np.float32)
        lowest = float(usual - drops.max())
        return WhyMap(net.title, drops, f"probability {float(usual):.4g}; with the worst place covered {lowest:.4g}")

    return explain, (Field(patch, step, 0), Field(patch, step, 0))


def _starts(sample: Values, patch: int, step: int) -> list[tuple[int, int]]:
    down, across = (starts(side, patch, step) for side in sample.shape[:2])
    return [(top, left) for top in down for left in across]


def _probability(question: Question, outputs: Values) -> Values:
    """Of the class that is asked about, less that of the class to compare with; for each place there is."""
    shares = shares_of(question.spec, outputs)
    asked_of = shares[..., question.label]
    return asked_of if question.other is None else asked_of - shares[..., question.other]
