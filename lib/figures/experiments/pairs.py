"""Pairs of runs with the same seed as connected dots, and beside them their differences with the mean's interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from lib.concepts.comparing import Comparison
from lib.concepts.measures import MEASURES, Measure
from lib.figures.base.colours import ARM_A, ARM_B, FAINT, FITTING, GREY, plain_layout, room, with_alpha

_HEIGHT = 340
_LEFT, _RIGHT = [0.0, 0.55], [0.73, 1.0]
"""Of the picture's width, what the pairs take and what the differences take."""
_SINGLE, _MEAN = 0.0, 0.5
"""Where the differences and their mean stand, on an axis without numbers."""


def paired_dots(
    a: Sequence[float], b: Sequence[float], seeds: Sequence[int], comparison: Comparison | None, measure: str
) -> dict[str, Any]:
    """A on the left, B on the right, a line for each pair in the colour of the better one; grey for a tie.

    Beside them: B - A of each pair, their mean as a diamond, and its 95% interval as a bar.

    Args:
        a: A's values, finite.
        b: B's values, in the same order.
        seeds: of the pairs.
        comparison: of these pairs; None leaves the second part out, as there is none of fewer than 3.
        measure: a name of `lib.concepts.measures.MEASURES`.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly.

    Raises:
        ValueError: there is no such measure, or there are not as many A as B and seeds, or differences.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    counts = [len(a), len(b), len(seeds)] + ([comparison.pairs] if comparison else [])
    if len(set(counts)) > 1:
        raise ValueError(f"values, seeds and differences must be equally many, not {counts}")
    rule = MEASURES[measure]
    traces = [
        *_lines(a, b, rule),
        _dots("A", 0, a, seeds, measure),
        _dots("B", 1, b, seeds, measure),
        *(_differences(comparison, seeds, rule) if comparison else ()),
    ]
    return {"data": traces, "layout": _layout(comparison, rule)}


def _lines(a: Sequence[float], b: Sequence[float], measure: Measure) -> Iterator[dict[str, Any]]:
    for first, second in zip(a, b, strict=True):
        colour = GREY if first == second else ARM_B if (second > first) == measure.higher_is_better else ARM_A
        yield {
            "type": "scatter",
            "mode": "lines",
            "x": [0, 1],
            "y": [first, second],
            "line": {"color": with_alpha(colour, 0.8), "width": 2},
            "hoverinfo": "skip",
        }


def _dots(arm: str, place: int, values: Sequence[float], seeds: Sequence[int], measure: str) -> dict[str, Any]:
    number = "%{y:.2%}" if MEASURES[measure].share else "%{y:.4f}"
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [place] * len(values),
        "y": list(values),
        "customdata": list(seeds),
        "marker": {"color": (ARM_A, ARM_B)[place], "size": 11, "symbol": ("circle", "diamond")[place]},
        "hovertemplate": f"{arm}, seed %{{customdata}}<br>{MEASURES[measure].title} {number}<extra></extra>",
    }


def _differences(comparison: Comparison, seeds: Sequence[int], measure: Measure) -> Iterator[dict[str, Any]]:
    scale = 100 if measure.share else 1
    texts = measure.differences(comparison.differences)
    mean, low, high = measure.differences([comparison.mean, comparison.low, comparison.high])
    yield {
        "type": "scatter",
        "mode": "markers",
        "xaxis": "x2",
        "yaxis": "y2",
        "x": np.linspace(_SINGLE - 0.12, _SINGLE + 0.12, comparison.pairs).round(4).tolist(),
        "y": [scale * difference for difference in comparison.differences],
        "customdata": [list(pair) for pair in zip(seeds, texts, strict=True)],
        "marker": {"color": with_alpha(GREY, 0.75), "size": 8},
        "hovertemplate": f"seed %{{customdata[0]}}<br>B − A %{{customdata[1]}}{measure.unit}<extra></extra>",
    }
    yield {
        "type": "scatter",
        "mode": "markers",
        "xaxis": "x2",
        "yaxis": "y2",
        "x": [_MEAN],
        "y": [scale * comparison.mean],
        "marker": {"color": GREY, "size": 13, "symbol": "diamond"},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [scale * max(comparison.high - comparison.mean, 0)],
            "arrayminus": [scale * max(comparison.mean - comparison.low, 0)],
            "color": GREY,
            "thickness": 3,
            "width": 7,
        },
        "hovertemplate": f"mean {mean}<br>95% interval {low} to {high}{measure.unit}<extra></extra>",
    }


def _layout(comparison: Comparison | None, measure: Measure) -> dict[str, Any]:
    axis = {"gridcolor": FAINT, "zeroline": False, "fixedrange": True, **FITTING}
    better = "higher" if measure.higher_is_better else "lower"
    ends = {"tickvals": [0, 1], "ticktext": ["A", "B"], "range": [-0.3, 1.3], "showgrid": False}
    layout = plain_layout(
        _HEIGHT,
        margin=room(r=12, t=24),
        hovermode="closest",
        xaxis={**axis, **ends, "domain": _LEFT if comparison else [0, 1]},
        yaxis={
            **axis,
            "title": {"text": f"{measure.title} ({better} is better)"},
            "tickformat": ".1%" if measure.share else "",
            "nticks": 6,
            # Where all are equal plotly would go on to 200%.
            **({"autorangeoptions": {"clipmin": -0.02, "clipmax": 1.02}} if measure.share else {}),
        },
    )
    return layout | _second_part(comparison, measure, axis) if comparison else layout


def _second_part(comparison: Comparison, measure: Measure, axis: dict[str, Any]) -> dict[str, Any]:
    scale = 100 if measure.share else 1
    drawn = (0.0, comparison.low, comparison.high, *comparison.differences)
    low, high = scale * min(drawn), scale * max(drawn)
    spare = 0.12 * (high - low) or 1.0
    above, below = ("B", "A") if measure.higher_is_better else ("A", "B")
    return {
        "xaxis2": {**axis, "domain": _RIGHT, "anchor": "y2", "range": [-0.3, 0.8], "showgrid": False,
                   "tickvals": [_SINGLE, _MEAN], "ticktext": ["each", "mean"]},
        "yaxis2": {**axis, "anchor": "x2", "range": [low - spare, high + spare], "nticks": 6, "zeroline": True,
                   "zerolinecolor": GREY, "zerolinewidth": 2, "title": {"text": f"B − A{measure.unit and ', points'}"}},
        "annotations": [_edge(f"{above} better", 1, "bottom"), _edge(f"{below} better", 0, "bottom")],
    }  # fmt: skip


def _edge(text: str, y: int, anchor: str) -> dict[str, Any]:
    """Words at the upper or the lower edge of the differences."""
    return {"text": text, "xref": "x2 domain", "yref": "y2 domain", "x": 0.5, "y": y, "xanchor": "center",
            "yanchor": anchor, "showarrow": False, "font": {"size": 12}}  # fmt: skip


def describe_pairs(a: Sequence[float], b: Sequence[float], comparison: Comparison | None, measure: str) -> str:
    """The alt text: how far each arm's values go, who was better how often, and the mean difference.

    >>> describe_pairs([0.5], [0.75], None, "accuracy")
    '1 pair of runs. Accuracy of A 50.00%, of B 75.00%.'
    """
    rule = MEASURES[measure]
    if not a:
        return "No pair of runs yet."
    count = f"{len(a)} pair{'s' if len(a) > 1 else ''} of runs."
    text = f"{count} {rule.title.capitalize()} of A {_range(a, rule)}, of B {_range(b, rule)}."
    if comparison is None:
        return text
    ties = f", equal in {comparison.ties}" if comparison.ties else ""
    mean, low, high = rule.differences([comparison.mean, comparison.low, comparison.high])
    return (
        f"{text} A is better in {comparison.wins_a}, B in {comparison.wins_b}{ties}."
        f" Mean of B − A {mean}{rule.unit}, 95% interval {low} to {high}."
    )


def _range(values: Sequence[float], measure: Measure) -> str:
    lowest, highest = measure.value(min(values)), measure.value(max(values))
    return lowest if lowest == highest else f"{lowest} to {highest}"
