"""Paths of descents over a loss surface: data for the map with its loss curves, and the surface in three dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.surfaces import REACH, SURFACES
from lib.figures.base.colours import BLUE, FAINT, GREEN, ORANGE, PINK, VERMILLION, plain_layout

OPTIMIZER_COLOURS = {
    "SGD": BLUE, "momentum": VERMILLION, "Nesterov": ORANGE, "RMSprop": GREEN, "Adam": PINK,
}  # fmt: skip
CELLS = 41
FAR = 40 * REACH  # what lies farther out is drawn here: in the same direction, and far beyond the edge of the picture


@dataclass(frozen=True, slots=True)
class Descent:
    """What is drawn of one optimizer.

    Attributes:
        points: `(steps + 1, 2)`; fewer if the numbers overflowed.
        losses: one a point, infinite where it overflowed.
    """

    points: NDArray[np.float64]
    losses: NDArray[np.float64]

    @property
    def left_at(self) -> int | None:
        """Step at which the path left the picture for good, or None."""
        inside = np.flatnonzero(np.abs(self.points).max(axis=1) <= REACH)
        back = int(inside[-1]) if len(inside) else -1
        return back + 1 if back < len(self.points) - 1 else None


def descent_map(surface: str, descents: Mapping[str, Descent], steps: int) -> dict[str, Any]:
    """What the browser draws the map and the loss curves from.

    Args:
        surface: a name in `SURFACES`.
        descents: by optimizer, a key of `OPTIMIZER_COLOURS`; may be none.
        steps: how many were to be taken.

    Returns:
        `grid`, the root of the loss from the bottom left corner row by row: its contours are as dense in the valley as
        at the edge, where the loss itself races up; `reach`, `steps`, `highest` (where the loss axis ends), and `paths`
        with what is drawn (of one that leaves the picture, up to its first point outside) and, as text, the true
        numbers of each step.
    """
    highest = _highest(surface, descents)
    return {
        "surface": surface,
        "grid": _grid(surface),
        "reach": REACH,
        "steps": steps,
        "highest": highest,
        "paths": [_path(name, descent, highest) for name, descent in descents.items()],
        "label": describe_descents(surface, descents),
    }


def _path(name: str, descent: Descent, highest: float) -> dict[str, Any]:
    end = len(descent.points) if descent.left_at is None else descent.left_at + 1
    return {
        "name": name,
        "colour": OPTIMIZER_COLOURS[name],
        "points": drawable(descent.points[:end]).round(3).tolist(),
        "losses": np.minimum(descent.losses, 50 * highest).round(4).tolist(),
        "words": [
            [f"{x:.3g}", f"{y:.3g}", f"{loss:.3g}"] for (x, y), loss in zip(descent.points, descent.losses, strict=True)
        ],
    }


def _highest(surface: str, descents: Mapping[str, Descent]) -> float:
    """Where the loss axis ends: a little above the start; what diverges leaves the picture there."""
    start = max((float(descent.losses[0]) for descent in descents.values()), default=0.0)
    edge = float(SURFACES[surface].losses(np.array([[REACH, REACH]]))[0])
    return 1.3 * (start or 0.1 * edge)


def drawable(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points at a distance that a browser can draw: those too far out are brought nearer, straight to the middle.

    >>> drawable(np.array([[3.0, 1.0], [1e200, -1e200]]))
    array([[   3.,    1.],
           [ 160., -160.]])
    """
    size = np.abs(points).max(axis=1, keepdims=True)
    return points * (FAR / np.maximum(size, FAR))


@lru_cache(maxsize=8)
def _grid(surface: str) -> list[float]:
    axis = np.linspace(-REACH, REACH, CELLS)
    return [round(float(root), 3) for root in np.sqrt(SURFACES[surface].loss(*np.meshgrid(axis, axis))).ravel()]


def descent_scene(surface: str, descents: Mapping[str, Descent]) -> dict[str, Any]:
    """The surface in 3-D with the whole paths on it, to turn round.

    Returns:
        `data` and `layout` for plotly. What lies outside of the box is left out.
    """
    highest = _highest(surface, descents)
    paths = [_high_path(name, descent, highest) for name, descent in descents.items()]
    axis = {"range": [-REACH, REACH], "showspikes": False, "gridcolor": FAINT, "zeroline": False}
    layout = plain_layout(
        620,
        dragmode="turntable",
        margin={"l": 0, "r": 0, "t": 34, "b": 8},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        scene={
            "xaxis": {**axis, "title": {"text": "weight x"}},
            "yaxis": {**axis, "title": {"text": "weight y"}},
            "zaxis": {**axis, "title": {"text": "loss"}, "range": [0, highest]},
            "aspectratio": {"x": 1, "y": 1, "z": 0.65},
            "camera": {"eye": {"x": -1.0, "y": -0.9, "z": 1.5}},
        },
    )
    return {"data": [_hills(surface), *paths], "layout": layout}


@lru_cache(maxsize=8)
def _hills(surface: str) -> dict[str, Any]:
    axis = np.linspace(-REACH, REACH, CELLS)
    z = SURFACES[surface].loss(*np.meshgrid(axis, axis)).astype(np.float32)
    return {
        "type": "surface", "x": axis, "y": axis, "z": z.round(3), "showscale": False, "opacity": 0.7,
        "hoverinfo": "skip", "surfacecolor": np.sqrt(z).round(3), "colorscale": [[0, "#E8ECEF"], [1, "#5E6B75"]],
        "contours": {"z": {"show": True, "width": 1, "color": "#7C8A94", "start": 0, "end": 60, "size": 1}},
        "lighting": {"ambient": 0.85, "diffuse": 0.3, "specular": 0.02},
    }  # fmt: skip


def _high_path(name: str, descent: Descent, highest: float) -> dict[str, Any]:
    """A path just above the surface; None where a point lies outside of the box."""
    colour = OPTIMIZER_COLOURS[name]
    inside = (np.abs(descent.points) <= REACH).all(axis=1) & (descent.losses <= highest)
    x, y, z = (
        [float(value) if shown else None for value, shown in zip(values.round(4), inside, strict=True)]
        for values in (descent.points[:, 0], descent.points[:, 1], descent.losses + 0.01 * highest)
    )
    return {
        "type": "scatter3d", "mode": "lines+markers", "name": name, "x": x, "y": y, "z": z,
        "hovertemplate": f"{name}, step %{{pointNumber}}<br>x %{{x:.4g}}, y %{{y:.4g}}<extra></extra>",
        "line": {"color": colour, "width": 5}, "marker": {"color": colour, "size": 2.4},
    }  # fmt: skip


def describe_descents(surface: str, descents: Mapping[str, Descent]) -> str:
    """The alt text: where each path began and what became of it."""
    named = f"Loss surface {surface.replace('_', ' ')}"
    if not descents:
        return f"{named}, without paths."
    parts = []
    for name, descent in descents.items():
        if descent.left_at is not None:
            parts.append(f"{name} leaves the picture at step {descent.left_at}")
        else:
            x, y = descent.points[-1]
            parts.append(f"{name} ends at ({x:.2f}, {y:.2f}) with loss {descent.losses[-1]:.3g}")
    x, y = next(iter(descents.values())).points[0]
    return f"{named} with descents from ({x:.2f}, {y:.2f}): {'; '.join(parts)}."
