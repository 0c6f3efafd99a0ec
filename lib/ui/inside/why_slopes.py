"""Why this answer, by gradients of the score before softmax: at the last maps, and at the pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from lib.concepts.forward import forward
from lib.concepts.receptive import Field
from lib.concepts.slopes import from_layer, grad_cam, gradient_times_activation, last_maps, per_pixel, with_logits
from lib.figures.inside.why import WhyMap
from lib.specs.layers.known import Dense
from lib.specs.model import ModelSpec
from lib.ui.inside.why_question import Explained, Net, Question, Values, Weights, digest, fields_before
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.session.asked import asked
from lib.ui.session.engine import engine

COPIES = 50
"""Noisy copies that SmoothGrad's mean is taken of, as in its paper."""
_NOISES = {5: "5%", 10: "10%", 20: "20%"}
"""Its paper finds 10 to 20% of the image's range to work well."""
_PIXEL = Field(1, 1, 0)


def activation(question: Question) -> Explained:
    """Gradient times activation at the last maps: an approximation, of which a sentence tells."""
    st.caption(lessons.text("inside.approximation" if last_maps(question.spec.model) else "inside.at_pixels"))
    return _at_maps(question, gradient_times_activation, _share)


def cam(question: Question) -> Explained | None:
    """Grad-CAM at the last maps; None where there are no maps, of which a sentence tells."""
    if last_maps(question.spec.model) == 0:
        st.caption(lessons.text("inside.no_maps"))
        return None
    return _at_maps(question, grad_cam, _kept)


def slope(question: Question) -> Explained:
    """The gradient at each pixel."""
    return _at_pixels(question, 1, 0)


def smooth(question: Question) -> Explained:
    """The mean gradient of noisy copies at each pixel."""
    noise = Choice("why_noise", _NOISES, 10, parameter="noisy").segments("Noise, as a share of the image's range")
    return _at_pixels(question, COPIES, noise)


def has_logits(model: ModelSpec) -> bool:
    """Whether the answer comes from a Dense layer, whose sums are scores; else its outputs themselves are asked."""
    answering = [layer for layer in model.layers if not layer.only_training]
    return bool(answering) and isinstance(answering[-1], Dense)


def _share(places: Values, score: float) -> str:
    return f"sum {float(places.sum(dtype=np.float64)):.4g}, of a score of {score:.4g}"


def _kept(places: Values, score: float) -> str:
    return f"{np.count_nonzero(places)} of {places.size} places above 0; score {score:.4g}"


def _at_maps(
    question: Question, join: Callable[[Values, Values], Values], total: Callable[[Values, float], str]
) -> Explained:
    """A map of the numbers that go into the first layer behind the last maps, and of their gradient.

    Args:
        question: what is asked.
        join: makes the map of maps and gradient.
        total: says what all places come to, from the map and the score.
    """
    model = with_logits(question.spec.model)
    first = last_maps(model)

    def explain(net: Net) -> WhyMap | None:
        outputs = forward(model, net.weights, question.sample)
        maps = (question.sample, *outputs)[first]
        rest, own = from_layer(model, net.weights, first)
        found = _gradient(question, net.place, rest, own, maps)
        if found is None:
            return None
        places = join(maps, found)
        return WhyMap(net.title, places, total(places, float(outputs[-1] @ question.direction)))

    return explain, fields_before(model, first)


def _at_pixels(question: Question, copies: int, noise: int) -> Explained:
    """A map of the gradient at the image.

    Args:
        question: what is asked.
        copies: noisy copies of the image; 1 for the image itself.
        noise: in percent of the image's range.
    """
    model = with_logits(question.spec.model)

    def explain(net: Net) -> WhyMap | None:
        found = _gradient(question, net.place, model, net.weights, question.sample, copies, noise)
        if found is None:
            return None
        score = float(forward(model, net.weights, question.sample)[-1] @ question.direction)
        of = f"mean of {copies} gradients with {noise}% noise; " if copies > 1 else ""
        return WhyMap(net.title, per_pixel(found), f"{of}score {score:.4g}")

    return explain, (_PIXEL, _PIXEL)


def _gradient(
    question: Question, place: str, model: ModelSpec, weights: Weights, values: Values, copies: int = 1, noise: int = 0
) -> Values | None:
    """A gradient; None while a worker computes it or where it cannot be shown, of which a sentence tells."""
    opened, direction = engine(), question.direction
    about = digest(values, direction, *weights.values())
    found = asked(
        place,
        f"gradient {about} {model!r} {copies} {noise}",
        lambda: opened.looks.mean_gradient(model, weights, values, direction, copies, noise / 100),
        lessons.text("inside.sloping"),
    )
    if found is not None and not np.isfinite(found).all():
        st.warning(lessons.text("inside.not_finite"), icon=":material/all_inclusive:")
        return None
    return found
