"""Points in the plane, of the kinds that TensorFlow Playground offers and a few more.

The kinds follow Playground's `dataset.ts` (Smilkov et al. 2017, arXiv:1708.03788): each has its points in about -6 to
6, and without noise the classes in equal numbers. The same seed with more noise disturbs the same draw more: points
move further, or (circle, XOR, plane) more of them get another class.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.parts import Part, split_validation
from lib.errors import DataError
from lib.specs.datasets import POINT_KINDS

Floats = NDArray[np.float64]
Random = np.random.Generator
RADIUS = 5.0  # of circle and spiral
MAX_NOISE = 0.5
MAX_SAMPLES = 5_000
SPIRAL_TURNS = 1.75  # of each of the two arms


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points to train with and points to test with.

    Attributes:
        kind: a key of `POINT_KINDS`.
        train, test: x and y of each point, float32 `(samples, 2)`; class (uint8) or target (float32, -1 to 1) of each,
            `(samples,)`.
        classes: number of classes; 0 where a number is to be predicted.
    """

    kind: str
    train: Part
    test: Part
    classes: int


def make_points(kind: str, samples: int, noise: float, seed: int, test_share: float = 0.5) -> Points:
    """Draw points; the same arguments give the same points.

    Args:
        kind: a key of `POINT_KINDS`.
        samples: how many, training and test points together.
        noise: 0 (clean) to 0.5 (hardly any pattern left).
        seed: the same seed draws the same points.
        test_share: share of the points to test with, 0 to below 1, with the classes in the same balance.

    Raises:
        DataError: no such kind, or a number outside its range.
    """
    if kind not in DRAWN_BY:
        raise DataError(f"There are no points of kind {kind!r:.60}. Choose one of {', '.join(DRAWN_BY)}.")
    if not 2 <= samples <= MAX_SAMPLES:
        raise DataError(f"The number of points must be 2 to {MAX_SAMPLES:,}, but is {samples:,}.")
    if not 0 <= noise <= MAX_NOISE:
        raise DataError(f"The noise must be 0 to {MAX_NOISE}, but is {noise}.")
    random = np.random.default_rng(seed)
    classes = POINT_KINDS[kind]
    x, y = DRAWN_BY[kind](samples, noise, random)
    order = random.permutation(samples)
    everything = Part(x[order].astype(np.float32), y[order].astype(np.uint8 if classes else np.float32))
    return Points(kind, *split_validation(everything, test_share, seed), classes)


def _circle(samples: int, noise: float, random: Random) -> tuple[Floats, NDArray[Any]]:
    """A disc inside a ring; noise moves each point for the moment in which its class is decided."""
    inner = np.arange(samples) % 2 == 0
    distance = np.where(inner, random.uniform(0, 0.5, samples), random.uniform(0.7, 1, samples)) * RADIUS
    x = _at(distance, random.uniform(0, 2 * np.pi, samples))
    seen = x + random.uniform(-RADIUS, RADIUS, x.shape) * noise
    return x, np.hypot(*seen.T) < 0.5 * RADIUS


def _xor(samples: int, noise: float, random: Random) -> tuple[Floats, NDArray[Any]]:
    """Class 1 where x and y have the same sign; no point lies within 0.3 of an axis."""
    quarter = np.arange(samples) % 4
    signs = np.stack([np.where(quarter % 2, 1, -1), np.where(quarter // 2, 1, -1)], axis=1)
    x = signs * random.uniform(0.3, RADIUS + 0.3, signs.shape)
    seen = x + random.uniform(-RADIUS, RADIUS, x.shape) * noise
    return x, seen[:, 0] * seen[:, 1] >= 0


def _gaussians(samples: int, noise: float, random: Random) -> tuple[Floats, NDArray[Any]]:
    """Two round clouds around (2, 2) and (-2, -2); their variance goes from 0.5 to 4."""
    y = np.arange(samples) % 2
    centre = np.where(y, 2.0, -2.0)[:, None]
    return centre + random.normal(size=(samples, 2)) * np.sqrt(0.5 + 7 * noise), y


def _spiral(samples: int, noise: float, random: Random) -> tuple[Floats, NDArray[Any]]:
    """Two arms, half a turn apart; noise shakes each point by up to 1."""
    y = np.arange(samples) % 2
    along = (np.arange(samples) // 2) / max(1, (samples + 1) // 2)  # 0 at the middle, 1 at the end of the arm
    x = _at(RADIUS * along, 2 * np.pi * SPIRAL_TURNS * along + np.pi * (1 - y))
    return x + random.uniform(-1, 1, x.shape) * noise, y


def _moons(samples: int, noise: float, random: Random) -> tuple[Floats, NDArray[Any]]:
    """Two half circles that reach into each other."""
    y = np.arange(samples) % 2
    upper = _at(np.ones(samples), random.uniform(-np.pi / 2, np.pi / 2, samples))
    x = np.where(y[:, None], [1.0, 0.5] - upper, upper)
    return (x - [0.5, 0.25]) * 3 + random.normal(size=(samples, 2)) * 2 * noise, y


def _three_classes(samples: int, noise: float, random: Random) -> tuple[Floats, NDArray[Any]]:
    """Three round clouds around the corners of a triangle."""
    y = np.arange(samples) % 3
    return _at(np.full(samples, 3.0), 2 * np.pi * y / 3) + random.normal(size=(samples, 2)) * (0.7 + 1.5 * noise), y


def _regression_plane(samples: int, noise: float, random: Random) -> tuple[Floats, NDArray[Any]]:
    """A number that grows from -1 at one corner to 1 at the opposite one."""
    x = random.uniform(-RADIUS, RADIUS, (samples, 2))
    seen = x + random.uniform(-RADIUS, RADIUS, x.shape) * noise
    return x, np.clip(seen.sum(axis=1) / (2 * RADIUS), -1, 1)


def _at(distance: Floats, angle: Floats) -> Floats:
    """Points at a distance from the origin; the angle goes clockwise from the top."""
    return np.stack([distance * np.sin(angle), distance * np.cos(angle)], axis=1)


DRAWN_BY: dict[str, Callable[[int, float, Random], tuple[Floats, NDArray[Any]]]] = {
    "circle": _circle,
    "xor": _xor,
    "gaussians": _gaussians,
    "spiral": _spiral,
    "moons": _moons,
    "three_classes": _three_classes,
    "regression_plane": _regression_plane,
}
"""How points of each of `POINT_KINDS` are drawn."""

FEATURES: dict[str, Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]] = {
    "x": lambda x, y: x,
    "y": lambda x, y: y,
    "x_squared": lambda x, y: x * x,
    "y_squared": lambda x, y: y * y,
    "x_times_y": lambda x, y: x * y,
    "sin_x": lambda x, y: np.sin(x),
    "sin_y": lambda x, y: np.sin(y),
}


def features(points: NDArray[np.float32], names: Sequence[str]) -> NDArray[np.float32]:
    """The inputs that the network gets for each point.

    Args:
        points: float32, `(samples, 2)`.
        names: keys of `FEATURES`, in the order of the network's inputs.

    Returns:
        float32, `(samples, len(names))`.

    Raises:
        DataError: no name, an unknown name, or one that is there twice.

    >>> features(np.array([[2.0, -3.0]], np.float32), ["x", "y_squared", "x_times_y"]).tolist()
    [[2.0, 9.0, -6.0]]
    """
    unknown = [name for name in names if name not in FEATURES]
    if unknown:
        raise DataError(f"There is no feature {unknown[0]!r:.60}. Choose from {', '.join(FEATURES)}.")
    if not names or len(set(names)) < len(names):
        raise DataError(f"A network needs at least one feature, each only once, but was given {list(names)}.")
    return np.stack([FEATURES[name](points[:, 0], points[:, 1]) for name in names], axis=1)
