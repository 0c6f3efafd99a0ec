"""What the runs of a sweep have reached, over one of the settings that it varies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lib.concepts.measures import MEASURES, Measure
from lib.figures.base.colours import BLUE, FAINT, FITTING, GREY, VERMILLION, plain_layout, room, with_alpha
from lib.figures.base.names import literal, literals
from lib.figures.experiments.swept import Axis, SweptRun, Value, best_of, complete

_HEIGHT = 280


def by_setting(axes: Sequence[Axis], place: int, runs: Sequence[SweptRun], measure: str) -> dict[str, Any]:
    """A dot for each run that was trained to its end; the best one is a diamond, one stopped early a grey cross.

    The other settings are not the same in all runs: what looks like the work of this one may be that of another.

    Args:
        axes: what is varied.
        place: of the setting in question among them.
        runs: with a value for each axis.
        measure: a name of `lib.concepts.measures.MEASURES`.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly.

    Raises:
        ValueError: there is no such measure.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    rule, axis = MEASURES[measure], axes[place]
    best = best_of(runs, rule)
    others = [(figure, run) for figure, run in complete(runs) if run is not best]
    early = [(run.stopped_at, run) for run in runs if run.figure is None and run.stopped_at is not None]
    winner = [(best.figure, best)] if best is not None and best.figure is not None else []
    traces = [
        *_dots(early, place, {"color": with_alpha(GREY, 0.8), "size": 8, "symbol": "x"}, rule, "stopped early at "),
        *_dots(others, place, {"color": with_alpha(BLUE, 0.8), "size": 9}, rule),
        *_dots(winner, place, {"color": VERMILLION, "size": 13, "symbol": "diamond"}, rule, "best: "),
    ]
    return {"data": traces, "layout": _layout(axis, rule)}


def _dots(
    told: Sequence[tuple[float, SweptRun]], place: int, marker: dict[str, Any], measure: Measure, before: str = ""
) -> Iterator[dict[str, Any]]:
    if told:
        number = "%{y:.2%}" if measure.share else "%{y:.4f}"
        yield {
            "type": "scatter",
            "mode": "markers",
            "x": [_shown(run.values[place]) for _, run in told],
            "y": [figure for figure, _ in told],
            "customdata": [literal(run.label) for _, run in told],
            "marker": marker,
            "hovertemplate": f"%{{customdata}}<br>{before}{measure.title} {number}<extra></extra>",
        }  # fmt: skip


def _shown(value: Value) -> Value:
    return literal(value) if isinstance(value, str) else value


def _layout(axis: Axis, measure: Measure) -> dict[str, Any]:
    common = {"gridcolor": FAINT, "zeroline": False, **FITTING, "fixedrange": True}
    x: dict[str, Any] = {"title": {"text": literal(axis.name)}, "nticks": 6}
    if axis.choices:
        x |= {"type": "category", "categoryorder": "array", "categoryarray": literals(axis.choices)}
    elif axis.log:
        ticks = axis.ticks() or [axis.low, axis.high]
        x |= {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}
    return plain_layout(
        _HEIGHT,
        margin=room(r=12),
        hovermode="closest",
        uirevision="by_setting",
        xaxis={**common, **x},
        yaxis={**common, "title": {"text": f"validation {measure.title}"}, "nticks": 6,
               "tickformat": ".1%" if measure.share else ""},
    )  # fmt: skip


def describe_by_setting(axes: Sequence[Axis], place: int, runs: Sequence[SweptRun], measure: str) -> str:
    """The alt text: of each choice, or of the lower and the upper half of a range, the best figure and how many runs.

    >>> axis = Axis("optimizer", choices=("adam", "sgd"))
    >>> runs = [SweptRun("", ("adam",), 0.9), SweptRun("", ("adam",), 0.7), SweptRun("", ("sgd",), 0.8)]
    >>> describe_by_setting([axis], 0, runs, "accuracy")
    'Validation accuracy over optimizer. adam: 2 runs, best 90.00%. sgd: 1 run, best 80.00%.'
    """
    axis, rule = axes[place], MEASURES[measure]
    groups: dict[str, list[float]] = {name: [] for name in axis.choices or ("lower half", "upper half")}
    for figure, run in complete(runs):
        value = run.values[place]
        name = str(value) if axis.choices else ("upper half" if axis.place(value) >= 0.5 else "lower half")
        groups[name].append(figure)
    best = max if rule.higher_is_better else min
    parts = [
        f"{name}: {len(told)} run{'s' if len(told) > 1 else ''}, best {rule.value(best(told))}."
        for name, told in groups.items() if told
    ]  # fmt: skip
    return f"Validation {rule.title} over {axis.name}. " + (" ".join(parts) or "No run was trained to its end yet.")
