"""What the Gradient descent page tells its tasks: the settings, and where each path leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lib.figures.learn.descent import Descent
from lib.ui.learn.gradient_descent.controls import Settings

_DOWN = 1.8
"""So far from the middle line of the saddle a path is down in one of its valleys, which lie at 2."""


def facts(settings: Settings, found: Mapping[str, Descent], step: int) -> dict[str, Any]:
    """The facts by name.

    Args:
        settings: what is set.
        found: the descents, by optimizer.
        step: up to which they are shown.
    """
    down = _down_at(found)
    told: dict[str, Any] = {
        "surface": settings.surface, "optimizers": tuple(found), "rate": settings.learning_rate,
        "start_x": settings.start[0], "start_y": settings.start[1],
        "widest": max((float(np.abs(each.points[:, 1]).max()) for each in found.values()), default=0.0),
        "first_down": min(down, key=down.__getitem__, default=""),
        "down": tuple(name for name, at in down.items() if at <= step),
    }  # fmt: skip
    for name, descent in found.items():
        x, y = descent.points[-1].tolist()
        turns = int(np.count_nonzero(np.diff(np.sign(descent.points[:, 1]))))
        told |= {f"last_x_{name}": x, f"last_y_{name}": y, f"turns_{name}": turns}
        told[f"left_{name}"] = descent.left_at is not None
    return told


def _down_at(found: Mapping[str, Descent]) -> dict[str, int]:
    """The step at which each optimizer is first so far from the middle line, if it ever is."""
    far = {name: np.flatnonzero(np.abs(descent.points[:, 1]) > _DOWN) for name, descent in found.items()}
    return {name: int(places[0]) for name, places in far.items() if len(places)}
