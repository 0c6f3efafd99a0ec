"""The inside of a training, below its curves: folded, and drawn only while a person has it open."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from lib.engine.runs.inside import InsidePoint, LayerInside
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.build.inside import (
    Lines,
    describe_layer_lines,
    describe_spread_map,
    layer_lines,
    spread_map,
)
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.opened import Opened

MANY_DEAD = 0.1
_SAMPLES = {"validation": "validation samples", "training": "training samples"}
_POINTS = {"validation": "test points", "training": "training points"}
"""What the units are looked at with; points are validated on their test points."""
_VALUES = {
    "gradient": lambda layer: layer.gradient,
    "update": lambda layer: layer.update,
    "dead": lambda layer: layer.dead / layer.units,
}
_PASSAGES = {"gradient": "watching.gradient", "update": "watching.update"}
_TITLES = {"weights": "Weights of {layer}", "outputs": "Outputs of {layer}"}


class _Watched:
    """A run's watched epochs. Equal ones have equal figures, so that all viewers share them."""

    __slots__ = ("_name", "epochs", "points")

    def __init__(self, run: RunSnapshot) -> None:
        self.points, self.epochs = run.inside, run.epochs
        self._name = (run.id, run.epochs, run.inside[0].epoch, len(run.inside), run.inside[-1])

    def __hash__(self) -> int:
        return hash(self._name[:4])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Watched) and self._name == other._name


def inside_view(run: RunSnapshot, key: str) -> None:
    """Show what is inside a training; a word where no epoch had time for it, nothing where nobody wanted to know.

    Args:
        run: under way or ended.
        key: the widgets' keys begin with it.
    """
    if not run.inside:
        if run.spec.watched_inside and run.epoch_points and not run.active:
            lessons.show("watching.no_time")
        return
    with Opened(f"{key}_inside", "watching").heading("Inside the training", ":material/vital_signs:") as folded:
        if folded.open:
            _open(run, key)


def _open(run: RunSnapshot, key: str) -> None:
    watched, newest = _Watched(run), run.inside[-1]
    part = (_POINTS if run.spec.data.kind == "points" else _SAMPLES)[newest.part]
    samples = f"{newest.samples:,}"
    lessons.show(
        "watching.what", share=f"{newest.share:.1%}", epochs=words.numbers([point.epoch for point in run.inside]),
        samples=samples, loss="no number any more" if newest.loss is None else f"{newest.loss:.4f}",
    )  # fmt: skip
    for column, name in zip(st.columns(2), ("gradient", "update"), strict=True):
        with column:
            _lines(watched, name, key)
            lessons.show(_PASSAGES[name])
    left, right = st.columns(2, vertical_alignment="center")
    with left:
        _lines(watched, "dead", key)
    with right:
        lessons.show("watching.dead", samples=samples, part=part)
        _many_dead(newest)
    layer = _layer_choice(newest, key)
    lessons.show("watching.spreads", samples=samples, part=part)
    for column, what in zip(st.columns(2), _TITLES, strict=True):
        with column:
            _spreads(watched, layer, what, key)


def _many_dead(newest: InsidePoint) -> None:
    """Say where more than a tenth of the units are dead."""
    layers = [layer for layer in newest.layers if layer.dead > MANY_DEAD * layer.units]
    if layers:
        named = ", ".join(f"{layer.name} ({layer.dead:,} of {layer.units:,})" for layer in layers)
        lessons.show("watching.dead_told", layers=named)


def _layer_choice(newest: InsidePoint, key: str) -> str:
    names = {layer.name: layer.name for layer in newest.layers}
    return Choice(f"{key}_inside_layer", names, next(iter(names)), "watched_layer").listed("Layer", width=260)


def _lines(watched: _Watched, name: str, key: str) -> None:
    lines = _by_layer(watched, name)
    if all(value is None for points in lines.values() for _, value in points):
        lessons.show("watching.not_measured")
        return
    st.plotly_chart(
        _line_figure(watched, name), key=f"{key}_inside_{name}", alt=describe_layer_lines(lines, name),
        config={"displayModeBar": False},
    )  # fmt: skip


def _spreads(watched: _Watched, layer: str, what: str, key: str) -> None:
    spreads, epochs = _spreads_of(watched, layer, what)
    title = _TITLES[what].format(layer=layer)
    if all(each is None for each in spreads):
        lessons.show("watching.no_numbers")
        return
    st.plotly_chart(
        _spread_figure(watched, layer, what), key=f"{key}_inside_{what}",
        alt=describe_spread_map(spreads, epochs, title), config={"displayModeBar": False},
    )  # fmt: skip


def _by_layer(watched: _Watched, name: str) -> Lines:
    lines: dict[str, list[tuple[int, float | None]]] = {}
    for point in watched.points:
        for layer in point.layers:
            lines.setdefault(layer.name, []).append((point.epoch, _VALUES[name](layer)))
    return lines


def _spreads_of(watched: _Watched, layer: str, what: str) -> tuple[list[Any], list[int]]:
    rows = [(_named(point, layer), point.epoch) for point in watched.points]
    return [getattr(row, what) for row, _ in rows], [epoch for _, epoch in rows]


def _named(point: InsidePoint, layer: str) -> LayerInside:
    rows: Mapping[str, LayerInside] = {row.name: row for row in point.layers}
    return rows[layer]


@lru_cache(maxsize=64)
def _line_figure(watched: _Watched, name: str) -> go.Figure:
    return go.Figure(layer_lines(_by_layer(watched, name), name, watched.epochs))


@lru_cache(maxsize=64)
def _spread_figure(watched: _Watched, layer: str, what: str) -> go.Figure:
    return go.Figure(spread_map(*_spreads_of(watched, layer, what), _TITLES[what].format(layer=layer)))
