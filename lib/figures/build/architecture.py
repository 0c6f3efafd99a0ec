"""The stack of layers as a pile of slabs, from the image down to the answer.

One design for wide screens and phones: slabs and text keep their size in pixels around the middle of the page. A slab's
area is to scale with the maps' sides and its thickness with the logarithm of their number; vectors are rods.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from lib.figures.base.colours import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PINK,
    PURPLE,
    RED,
    SKY,
    VERMILLION,
    plain_layout,
    with_alpha,
)
from lib.figures.base.names import literals
from lib.figures.base.slabs import Slab, rod, slab
from lib.specs.layers.known import Family, ParallelConv2D, Shape, TransformerBlock
from lib.specs.model import LayerTrace, ModelSpec

FAMILY_COLOURS = {
    Family.CORE: ORANGE,
    Family.CONVOLUTION: BLUE,
    Family.POOLING: GREEN,
    Family.EMBEDDING: SKY,
    Family.RECURRENT: VERMILLION,
    Family.ATTENTION: PURPLE,
    Family.NORMALIZATION: SKY,
    Family.REGULARIZATION: PINK,
    Family.RESHAPING: GREY,
    Family.AUGMENTATION: PINK,
}
# Pixels from the middle: the pile's axis on the left, the text's edge on the right.
PILE, TEXT = -112, -44
GAP, LEAST_ROW = 12, 38
# Of a layer with two branches: how far each stands from the axis, and the height of the lines that fork and meet.
ASIDE, FORK = 30, 12
# Of a block with residual connections: how far the line that goes past a part stands from the axis.
PAST = 40


@dataclass(frozen=True, slots=True)
class _Row:
    """One layer as it is drawn: its slab, two lines of text, what hovering says, and whether it is broken."""

    body: Slab
    title: str
    detail: str
    hover: str
    broken: bool = False
    branches: tuple[Slab, ...] = ()
    passed: tuple[Slab, ...] = ()

    @property
    def height(self) -> float:
        if self.passed:
            return sum(part.height + 2 * FORK for part in self.passed) + GAP
        return max(self.body.height, LEAST_ROW) + GAP + (2 * FORK if self.branches else 0)

    def shapes(self, middle: float) -> list[dict[str, Any]]:
        """The slab, or two branches with the ways into them and out of them, or parts that lines go past."""
        if self.passed:
            return self._passed_shapes(middle)
        if not self.branches:
            return [{"xanchor": 0.5, "yanchor": middle, **part} for part in self.body.shifted(PILE)]
        made = _fork(middle, self.height / 2 - GAP / 2)
        for side, branch in zip((-ASIDE, ASIDE), self.branches, strict=True):
            made += [{"xanchor": 0.5, "yanchor": middle, **part} for part in branch.shifted(PILE + side)]
        return made

    def _passed_shapes(self, middle: float) -> list[dict[str, Any]]:
        """Each part with the line by which its input goes past it: a residual connection."""
        made, top = [], middle - self.height / 2 + GAP / 2
        for part in self.passed:
            half = part.height / 2 + FORK
            made.append(_way_past(top + half, half))
            made += [{"xanchor": 0.5, "yanchor": top + half, **shape} for shape in part.shifted(PILE)]
            top += 2 * half
        return made


def architecture(model: ModelSpec, class_names: Sequence[str] = ()) -> go.Figure:
    """Each layer with its name, output shape and weights; a layer that breaks the stack in red, with its reason.

    Args:
        model: any stack, also one that breaks.
        class_names: of the answer; hovering over the last layer names them.

    Returns:
        A figure whose height grows with the stack and whose picture is 320 pixels wide, in the middle.
    """
    rows = _rows(model, class_names)
    shapes: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    middles = []
    top = GAP / 2
    for row in rows:
        middle = top + row.height / 2
        middles.append(middle)
        shapes += row.shapes(middle)
        texts += _texts(row, middle)
        top += row.height
    return go.Figure(
        go.Scatter(
            x=[0.5] * len(rows),
            y=middles,
            mode="markers",
            marker={"opacity": 0, "size": 1},
            hovertext=[row.hover for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        ),
        _layout(top + GAP / 2, [_axis_line(middles), *shapes], texts),
    )


def _layout(height: float, shapes: list[dict[str, Any]], texts: list[dict[str, Any]]) -> dict[str, Any]:
    axis = {"visible": False, "fixedrange": True}
    return plain_layout(
        round(height),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        shapes=shapes,
        annotations=texts,
        hovermode="y",
        hoverdistance=-1,
        hoverlabel={"align": "left"},
        xaxis={**axis, "range": [0, 1]},
        yaxis={**axis, "range": [round(height), 0]},
    )


def _axis_line(middles: list[float]) -> dict[str, Any]:
    """The line behind the slabs, along which the numbers go."""
    return {
        "type": "line",
        "xsizemode": "pixel",
        "xanchor": 0.5,
        "x0": PILE,
        "x1": PILE,
        "y0": middles[0],
        "y1": middles[-1],
        "layer": "below",
        "line": {"color": with_alpha(GREY, 0.6), "width": 2, "dash": "dot"},
    }


def _fork(middle: float, half: float) -> list[dict[str, Any]]:
    """Two lines: from the axis above to each branch, and back to the axis below."""
    line = {"color": with_alpha(GREY, 0.6), "width": 2, "dash": "dot"}
    paths = [
        f"M {PILE},{half:g} L {PILE + side},{half - FORK:g} L {PILE + side},{FORK - half:g} L {PILE},{-half:g}"
        for side in (-ASIDE, ASIDE)
    ]
    place = {"xanchor": 0.5, "yanchor": middle, "xsizemode": "pixel", "ysizemode": "pixel", "layer": "below"}
    return [{"type": "path", "path": path, "line": line, **place} for path in paths]


def _way_past(middle: float, half: float) -> dict[str, Any]:
    """A line from the axis above a part, past it on the left, and back to the axis below."""
    path = f"M {PILE},{half:g} L {PILE - PAST},{half - FORK:g} L {PILE - PAST},{FORK - half:g} L {PILE},{-half:g}"
    line = {"color": with_alpha(GREY, 0.8), "width": 2, "dash": "dot"}
    place = {"xanchor": 0.5, "yanchor": middle, "xsizemode": "pixel", "ysizemode": "pixel", "layer": "below"}
    return {"type": "path", "path": path, "line": line, **place}


def _texts(row: _Row, middle: float) -> list[dict[str, Any]]:
    common = {"x": 0.5, "y": middle, "xshift": TEXT, "xanchor": "left", "align": "left", "showarrow": False}
    name = {"size": 13, "color": RED if row.broken else INK}
    title = {**common, "text": row.title, "yshift": 8, "font": name}
    detail = {**common, "text": row.detail, "yshift": -9, "font": {"size": 12, "color": INK}}
    return [title, detail]


def _rows(model: ModelSpec, class_names: Sequence[str]) -> list[_Row]:
    maps = [shape for shape in (model.input_shape, *(row.output_shape for row in model.trace)) if _is_maps(shape)]
    widest = max((shape[0] + shape[1] for shape in maps if shape), default=1)
    first = f"<b>input</b><br>{times(model.input_shape)}"
    rows = [_Row(_body(model.input_shape, GREY, widest), "<b>input</b>", times(model.input_shape), first)]
    for place, trace in enumerate(model.trace, start=1):
        last = place == len(model.trace)
        rows.append(_row(trace, widest, class_names if last else ()))
    return rows


def _row(trace: LayerTrace, widest: int, class_names: Sequence[str]) -> _Row:
    layer = trace.layer
    title = f"<b>{trace.name}</b>" + (f" {layer.brief}" if layer.brief else "")
    if trace.input_shape is None:
        body = _body((16,), GREY, widest, hollow=True)
        return _Row(body, title, "waits for the layers above", f"{title}<br>no input yet")
    if trace.output_shape is None:
        hover = f"{title}<br>gets {times(trace.input_shape)}<br>{_wrapped(trace.error)}"
        body = _body(trace.input_shape, RED, widest, hollow=True)
        return _Row(body, f"✕ {title}", f"cannot take {times(trace.input_shape)}", hover, broken=True)
    weights = trace.parameters.total
    detail = times(trace.output_shape) + (f" · {weights:,} weights" if weights else "")
    lines = [title, layer.summary, f"shape: {trace.shape_sum}", f"weights: {trace.parameters.sum}"]
    if trace.output_shape == (len(class_names),):
        lines.append(_wrapped(f"classes: {', '.join(class_names)}"))
    colour = FAMILY_COLOURS[layer.family]
    body = _body(trace.output_shape, colour, widest)
    branches: tuple[Slab, ...] = ()
    if isinstance(layer, ParallelConv2D):
        half = _body((*trace.output_shape[:2], layer.filters), colour, 2 * widest)
        body, branches = half, (half, half)
    passed: tuple[Slab, ...] = ()
    if isinstance(layer, TransformerBlock):
        features = trace.output_shape[-1]
        body = _body((features,), colour, widest)
        passed = (body, _body((layer.intermediate_dim,), FAMILY_COLOURS[Family.CORE], widest))
        lines[1:2] = [layer.summary, *_inside(layer, features)]
    return _Row(body, title, detail, "<br>".join(lines), branches=branches, passed=passed)


def _inside(layer: TransformerBlock, features: int) -> list[str]:
    """The parts of a block, in order, with the sums that take up what went past them."""
    parts = [f"{part.kind} {part.brief}".strip() for part in layer.parts(features).values()]
    return [", ".join([*parts[:2], "Add", parts[2]]), ", ".join([*parts[3:6], "Add", parts[6]])]


def _body(shape: Shape, colour: str, widest: int, hollow: bool = False) -> Slab:
    if _is_maps(shape):
        return slab(shape[0] / widest, shape[1] / widest, shape[2], colour, hollow)
    return rod(math.prod(shape), colour, hollow)


def _is_maps(shape: Shape | None) -> bool:
    return shape is not None and len(shape) == 3


def times(shape: Shape) -> str:
    """A shape as a person says it.

    >>> times((26, 26, 32)), times((1600,))
    ('26 × 26 × 32', '1,600')
    """
    return " × ".join(f"{size:,}" for size in shape)


def _wrapped(text: str) -> str:
    return "<br>".join(literals(textwrap.wrap(text, 44)))


def describe_architecture(model: ModelSpec) -> str:
    """The alt text: layers, shapes and weights in order, or where and why the stack breaks."""
    if not model.layers:
        return f"Architecture: input {times(model.input_shape)}, no layers yet."
    parts = [f"input {times(model.input_shape)}"]
    for row in model.trace:
        if row.output_shape is None:
            break
        parts.append(f"{row.name} {times(row.output_shape)}")
    text = f"Architecture of {len(model.layers)} layers with {model.parameters:,} weights: {', then '.join(parts)}."
    return f"{text} It breaks: {model.problem}" if model.problem else text
