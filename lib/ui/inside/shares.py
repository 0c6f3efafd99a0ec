"""What a network's last layer says of each class, and which class a person asks about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.concepts.metrics import class_shares
from lib.specs.run import RunSpec
from lib.ui.kit.choice import Choice

_ANSWER = -1
"""The answer of whoever chooses no class: the one that the network says."""

Values = NDArray[np.float32]


def shares_of(spec: RunSpec, outputs: Values) -> Values:
    """A probability for each class, also where one unit answers for two; where a number is predicted, that number.

    Args:
        spec: says what is predicted.
        outputs: of the last layer, `(..., units)`.

    Returns:
        `(..., classes)`, or `(..., 1)`.
    """
    return class_shares(outputs, spec.binary)


def class_asked(spec: RunSpec, said: int) -> int:
    """Let a person choose the class that is asked about.

    Args:
        spec: says which classes there are.
        said: the class that the network says.
    """
    names = dict(enumerate(spec.data.class_names))
    chosen = Choice("why_class", {_ANSWER: f"the answer: {names[said]}", **names}, _ANSWER, parameter="why").listed(
        "Why"
    )
    return said if chosen == _ANSWER else chosen
