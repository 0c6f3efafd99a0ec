"""A sweep as parallel coordinates: an axis for each setting, one for what was reached, and a line for each run.

Inselberg 1985: The plane with parallel coordinates. They are lines of our own: plotly's `parcoords` is drawn by WebGL,
with texts that do not follow the page's theme and no label at a pointed-at line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lib.concepts.measures import MEASURES, Measure
from lib.figures.base.colours import BLUE, FITTING, GREY, VERMILLION, mixed, plain_layout, room, with_alpha
from lib.figures.base.names import literal
from lib.figures.experiments.swept import Axis, SweptRun, best_of, complete

_HEIGHT = 400
_BEYOND = 0.35
"""Room beside the first and the last axis, where one is 1."""


def parallel_lines(axes: Sequence[Axis], runs: Sequence[SweptRun], measure: str) -> dict[str, Any]:
    """Every run that was trained to its end as a line through its values to its figure; the best one stands out.

    The bluer and thicker a line, the better the run. A run that was stopped early is a dotted line without an end,
    because figures of different epochs cannot be compared.

    Args:
        axes: at least one.
        runs: with a value for each axis.
        measure: a name of `lib.concepts.measures.MEASURES`.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly.

    Raises:
        ValueError: there is no such measure, or a run has not as many values as there are axes.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    if any(len(run.values) != len(axes) for run in runs):
        raise ValueError(f"each run needs {len(axes)} values, one for each axis")
    rule = MEASURES[measure]
    told = complete(runs)
    ends = (min(figure for figure, _ in told), max(figure for figure, _ in told)) if told else (0.0, 1.0)
    return {"data": list(_lines(axes, runs, rule, ends)), "layout": _layout(axes, rule, ends if told else None)}


def _lines(
    axes: Sequence[Axis], runs: Sequence[SweptRun], measure: Measure, ends: tuple[float, float]
) -> Iterator[dict[str, Any]]:
    best = best_of(runs, measure)
    for run in runs:
        if run.figure is None and run.stopped_at is not None:
            yield _line(axes, run, None, {"color": with_alpha(GREY, 0.7), "width": 1.5, "dash": "dot"}, measure)
    upwards = sorted(complete(runs), key=lambda each: each[0], reverse=not measure.higher_is_better)
    for figure, run in upwards:
        at = _on_last(figure, ends)
        good = (at if measure.higher_is_better else 1 - at) ** 2
        if run is not best:
            yield _line(axes, run, at, {"color": mixed("#AEB6BD", BLUE, good), "width": 1.5 + good}, measure)
    if best is not None and best.figure is not None:
        yield _line(axes, best, _on_last(best.figure, ends), {"color": VERMILLION, "width": 4}, measure)


def _on_last(figure: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return 0.5 if low == high else round((figure - low) / (high - low), 6)


def _line(
    axes: Sequence[Axis], run: SweptRun, at: float | None, line: dict[str, Any], measure: Measure
) -> dict[str, Any]:
    places = [axis.place(value) for axis, value in zip(axes, run.values, strict=True)]
    reached = "stopped early" if run.figure is None else f"{measure.title} {measure.value(run.figure)}"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(places) + (at is not None))),
        "y": places if at is None else [*places, at],
        "line": line,
        "marker": {"color": line["color"], "size": 7},
        "hovertemplate": f"{literal(run.label)}<br>{reached}<extra></extra>",
    }


def _layout(axes: Sequence[Axis], measure: Measure, ends: tuple[float, float] | None) -> dict[str, Any]:
    names = [*(axis.name for axis in axes), f"validation {measure.title}"]
    marks = [mark for place, axis in enumerate(axes) for mark in _marks(place, axis)]
    if ends is not None:
        low, high = ends
        shown = [(0.5, low)] if low == high else [(0, low), (1, high)]
        marks += [_mark(len(axes), y, measure.value(value), "right") for y, value in shown]
    bare = {"showgrid": False, "zeroline": False, "fixedrange": True}
    return plain_layout(
        _HEIGHT,
        margin=room(t=16),
        hovermode="closest",
        uirevision="parallel",
        xaxis={
            **bare,
            "range": [-_BEYOND, len(axes) + _BEYOND],
            "tickvals": list(range(len(names))),
            "ticktext": [literal(name).replace(".", ".<br>").replace(" ", "<br>") for name in names],
            **FITTING,
        },
        yaxis={**bare, "range": [-0.1, 1.1], "visible": False},
        shapes=[
            {"type": "line", "x0": place, "x1": place, "y0": 0, "y1": 1, "line": {"color": GREY, "width": 1.5},
             "layer": "below"}
            for place in range(len(names))
        ],
        annotations=marks,
    )  # fmt: skip


def _marks(place: int, axis: Axis) -> Iterator[dict[str, Any]]:
    values = axis.choices or (axis.low, axis.high)
    for value in values:
        yield _mark(place, axis.place(value), value if isinstance(value, str) else f"{value:g}")


def _mark(place: int, y: float, text: str, anchor: str = "left") -> dict[str, Any]:
    """A value above, below or beside an axis."""
    return {"x": place, "y": y, "text": literal(text), "xanchor": anchor if 0 < y < 1 else "center", "showarrow": False,
            "xshift": 0 if y in (0, 1) else 6 if anchor == "left" else -6,
            "font": {"size": 12}, "yshift": 9 if y > 0.5 else -9 if y < 0.5 else 0}  # fmt: skip


def describe_parallel(axes: Sequence[Axis], runs: Sequence[SweptRun], measure: str) -> str:
    """The alt text: how many runs, what was varied, the best and the worst of them.

    >>> rate = Axis("learning_rate", 0.001, 0.1, log=True)
    >>> runs = [SweptRun("learning_rate 0.01", (0.01,), 0.9), SweptRun("learning_rate 0.1", (0.1,), 0.5)]
    >>> describe_parallel([rate], runs, "accuracy")
    '2 runs over learning_rate. Best validation accuracy 90.00% with learning_rate 0.01, worst 50.00%.'
    """
    rule, told = MEASURES[measure], complete(runs)
    over = f"over {', '.join(axis.name for axis in axes)}"
    early = sum(run.figure is None and run.stopped_at is not None for run in runs)
    tail = f" {early} stopped early." if early else ""
    best = best_of(runs, rule)
    if best is None or best.figure is None:
        return f"No run {over} was trained to its end yet.{tail}"
    count = f"{len(told)} run{'s' if len(told) > 1 else ''}"
    worst = (min if rule.higher_is_better else max)(figure for figure, _ in told)
    return (
        f"{count} {over}. Best validation {rule.title} {rule.value(best.figure)} with {best.label},"
        f" worst {rule.value(worst)}.{tail}"
    )
