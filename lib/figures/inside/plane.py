"""The plane as a trained network divides it, with the one point that a person asks about."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.plane import HIGH, LOW
from lib.figures.build.boundary import network_picture
from lib.specs.run import RunSpec


def plane(run: RunSpec, weights: dict[str, NDArray[Any]], place: tuple[float, float]) -> dict[str, Any]:
    """What the component is fed: plain JSON.

    Args:
        run: one for points.
        weights: arrays by name.
        place: where the point lies, x and y; beyond the picture it stands at the edge.
    """
    picture = network_picture(run, weights)
    wanted = ("colours", "classes", "range", "train", "test", "side", "output")
    return {
        **{name: picture[name] for name in wanted},
        "place": [round(float(np.clip(along, LOW, HIGH)), 4) for along in place],
        "said": f"the plane as the network divides it, {picture['summary']} The chosen point lies at"
        f" ({place[0]:.2f}, {place[1]:.2f})",
    }
