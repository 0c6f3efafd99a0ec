"""Softmax step by step: from scores of any size to probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxSteps:
    """What each step makes of the logits; all of the shape `(classes,)` except `total`.

    Attributes:
        logits: the scores.
        scaled: divided by the temperature.
        shifted: minus their largest, so that the largest is 0 and `exp` cannot overflow.
        exponentials: e to the power of each, above 0 and at most 1.
        total: sum of the exponentials.
        probabilities: each exponential as a part of the total.
    """

    logits: Values
    scaled: Values
    shifted: Values
    exponentials: Values
    total: float
    probabilities: Values


def softmax_steps(logits: Values, temperature: float = 1.0) -> SoftmaxSteps:
    """Scores to probabilities that add up to 1, one step at a time.

    `p[i] = exp(logits[i]/T - m) / sum over j of exp(logits[j]/T - m)`, where m is the largest of `logits/T`

    Taking m off changes nothing: it divides every exponential by the same `exp(m)`. A temperature T below 1 makes the
    largest probability larger, above 1 it makes all more alike (Hinton, Vinyals, Dean 2015: Distilling the knowledge
    in a neural network, equation 1).

    Args:
        logits: `(classes,)`.
        temperature: T, above 0; 1 is the softmax that layers use.

    Raises:
        ValueError: the temperature is not above 0, there are no logits, or one is not a number.

    >>> softmax_steps(np.array([2, 0], np.float32), temperature=2).probabilities.round(3)
    array([0.731, 0.269], dtype=float32)
    """
    if not temperature > 0:
        raise ValueError(f"the temperature must be above 0, not {temperature}")
    if not len(logits) or not np.isfinite(logits).all():
        raise ValueError(f"softmax needs finite logits, at least one, not {logits}")
    scaled = (logits / temperature).astype(np.float32)
    shifted = scaled - scaled.max()
    exponentials: Values = np.exp(shifted)
    total = exponentials.sum()
    return SoftmaxSteps(logits, scaled, shifted, exponentials, float(total), exponentials / total)
