"""Slabs and rods in parallel projection, as plotly shapes with sizes in pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lib.figures.base.colours import CLEAR, mixed

Point = tuple[float, float]  # pixels from the middle, right and up

Faces = tuple[tuple[tuple[Point, ...], str], ...]  # corners and fill

WIDEST = 112  # pixels of the largest slab and the longest rod
FLAT = 0.34  # height of the top face, as a share of its width
LONGEST = 4096  # a rod of this many numbers or more has the full length


@dataclass(frozen=True, slots=True)
class Slab:
    """A body drawn around the middle.

    Attributes:
        faces: polygons from back to front, each with its fill.
        seams: open lines over them.
        colour: of the outline.
        hollow: only a dashed outline.
        height: of the whole, in pixels.
    """

    faces: Faces
    seams: tuple[tuple[Point, ...], ...]
    colour: str
    hollow: bool
    height: float

    def shifted(self, right: float) -> list[dict[str, Any]]:
        """Plotly shapes, moved to the right by so many pixels; the caller sets the anchors."""
        line = {"color": self.colour, "width": 1.5 if self.hollow else 0.6, "dash": "dot" if self.hollow else "solid"}
        shapes = []
        for corners, fill in self.faces:
            inside = CLEAR if self.hollow else fill
            shapes.append(_shape(_path(corners, right) + " Z", {"line": line, "fillcolor": inside}))
        if self.seams and not self.hollow:
            path = " ".join(_path(seam, right) for seam in self.seams)
            shapes.append(_shape(path, {"line": {"color": "rgba(255,255,255,0.38)", "width": 1}}))
        return shapes


def _shape(path: str, look: dict[str, Any]) -> dict[str, Any]:
    return {"type": "path", "path": path, "xsizemode": "pixel", "ysizemode": "pixel", **look}


def _path(points: Iterable[Point], right: float) -> str:
    return "M " + " L ".join(f"{x + right:.1f},{y:.1f}" for x, y in points)


def _faces(top: tuple[Point, Point, Point, Point], thick: float, colour: str) -> Faces:
    """Left, right and top face of a body whose top has the corners back, right, front, left."""
    _, right, front, left = top

    def down(point: Point) -> Point:
        return point[0], point[1] - thick

    return (
        ((left, front, down(front), down(left)), mixed(colour, "#000000", 0.12)),
        ((front, right, down(right), down(front)), mixed(colour, "#000000", 0.32)),
        (top, mixed(colour, "#FFFFFF", 0.32)),
    )


def slab(height: float, width: float, maps: int, colour: str, hollow: bool = False) -> Slab:
    """Maps lying on top of each other.

    Args:
        height, width: of a map, as shares of the largest map's height plus width; drawn to scale.
        maps: their number; the thickness grows with its logarithm, and seams show some of the sheets.
        colour: of its kind.
        hollow: only a dashed outline, for a layer that does not work.
    """
    v, u = max(height * WIDEST, 5), max(width * WIDEST, 5)
    thick = 3 + 3.1 * math.log2(maps)
    tall = (u + v) * FLAT + thick
    # Corner (a, b) of the top, a along the width and b along the height of a map, seen from a corner above.
    back, right, front, left = (
        (a - b - (u - v) / 2, tall / 2 - (a + b) * FLAT) for a, b in ((0, 0), (u, 0), (u, v), (0, v))
    )
    sheets = min(maps, int(thick // 3))
    seams = tuple(tuple((x, y - thick * i / sheets) for x, y in (left, front, right)) for i in range(1, sheets))
    return Slab(_faces((back, right, front, left), thick, colour), seams, colour, hollow, tall)


def rod(numbers: int, colour: str, hollow: bool = False) -> Slab:
    """A vector: its length grows with the logarithm of its numbers; up to 16 of them are drawn one by one.

    Args:
        numbers: how many.
        colour: of its kind.
        hollow: only a dashed outline.
    """
    length = 18 + (WIDEST - 18) * min(math.log2(numbers) / math.log2(LONGEST), 1)
    thick, deep, lean = 9.0, 5.0, 5.0
    x, y = length / 2, (thick + deep) / 2
    top = ((-x + lean, y), (x + lean, y), (x, y - deep), (-x, y - deep))
    seams: tuple[tuple[Point, ...], ...] = ()
    if 1 < numbers <= 16:
        cuts = [-x + length * i / numbers for i in range(1, numbers)]
        seams = tuple(((cut + lean, y), (cut, y - deep), (cut, y - deep - thick)) for cut in cuts)
    return Slab(_faces(top, thick, colour), seams, colour, hollow, thick + deep)
