"""Learning curves of two settings that were trained several times each: every run, their mean, and how far they spread.

They are redrawn while runs are followed, so they are plain dicts, not Figures.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from lib.concepts.measures import MEASURES, Measure
from lib.figures.base.colours import ARM_A, ARM_B, with_alpha
from lib.figures.base.epochs import over_epochs

Run = Sequence[float | None]
"""The value after each epoch; None where there is none."""
MOST_POINTS = 200
_MOST_MARKED = 30
FOLDS = "folds"
_ARMS = {"A": (ARM_A, "circle", "solid"), "B": (ARM_B, "diamond", "dash"), FOLDS: (ARM_A, "circle", "solid")}
_SPREAD, _SINGLE = 0.2, 0.7
"""How opaque the band and the single runs are."""


def learning_bands(a: Sequence[Run], b: Sequence[Run], seeds: Sequence[int], measure: str = "loss") -> dict[str, Any]:
    """Validation loss or accuracy over the epochs, A solid and B dashed.

    A thin line is one run, the thick one the mean of an arm's runs. The band goes from the lowest run to the highest:
    of so few runs a standard deviation would be a guess, and these two can be pointed at. Mean and band take in the
    epochs that all begun runs of the arm have reached; a mean of ever other runs would jump.

    Args:
        a: A's runs; one that has not begun is empty.
        b: B's runs.
        seeds: of the runs, in the order of both.
        measure: a name of `lib.concepts.measures.MEASURES`.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly, at most 200 points a line. `layout.uirevision` is constant, so
        that a zoom outlives the next redraw.

    Raises:
        ValueError: there is no such measure, or there are fewer seeds than runs.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    if len(seeds) < max(len(a), len(b)):
        raise ValueError(f"each run needs a seed: {len(seeds)} are too few for {len(a)} and {len(b)} runs")
    arms = {"A": _known(a), "B": _known(b)}
    traces = [
        *(trace for name, runs in arms.items() for trace in _band(name, runs)),
        *(
            trace
            for name, runs in arms.items()
            for trace in _each_run(name, runs, [f"{name}, seed {seed}" for seed in seeds], measure)
        ),
        *(trace for name, runs in arms.items() for trace in _mean(name, runs, measure)),
    ]
    return {"data": traces, "layout": _layout(MEASURES[measure], max(_last(arms["A"]), _last(arms["B"])))}


def fold_bands(runs: Sequence[Run], measure: str = "loss") -> dict[str, Any]:
    """Validation loss or accuracy over the epochs, each fold thin, their mean thick.

    As in `learning_bands` the band goes from the lowest fold to the highest.

    Args:
        runs: of each fold; one that has not begun is empty.
        measure: a name of `lib.concepts.measures.MEASURES`.

    Returns:
        See `learning_bands`.

    Raises:
        ValueError: there is no such measure.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
    known = _known(runs)
    names = [f"fold {number}" for number in range(1, len(runs) + 1)]
    traces = [*_band(FOLDS, known), *_each_run(FOLDS, known, names, measure), *_mean(FOLDS, known, measure)]
    return {"data": traces, "layout": _layout(MEASURES[measure], _last(known))}


Known = list[dict[int, float]]
"""Of each run, the finite values by their epoch, from 1."""


def _known(runs: Sequence[Run]) -> Known:
    return [
        {epoch: float(value) for epoch, value in enumerate(run, 1) if value is not None and math.isfinite(value)}
        for run in runs
    ]


def _begun(runs: Known) -> Known:
    return [run for run in runs if run]


def _last(runs: Known) -> int:
    return max((max(run) for run in _begun(runs)), default=1)


def _shared(runs: Known) -> list[int]:
    """The epochs of which every begun run has a value."""
    begun = _begun(runs)
    return sorted(set.intersection(*(set(run) for run in begun))) if begun else []


def _thinned(epochs: Sequence[int]) -> list[int]:
    """At most 200 of them, evenly picked; first and last always stay."""
    places = np.unique(np.linspace(0, len(epochs) - 1, min(len(epochs), MOST_POINTS)).astype(np.intp))
    return [epochs[place] for place in places]


def _band(arm: str, runs: Known) -> Iterator[dict[str, Any]]:
    epochs, begun = _thinned(_shared(runs)), _begun(runs)
    if len(begun) < 2 or not epochs:
        return
    lowest = [min(run[epoch] for run in begun) for epoch in epochs]
    highest = [max(run[epoch] for run in begun) for epoch in epochs]
    yield {
        "type": "scatter",
        "mode": "lines",
        "x": [*epochs, *reversed(epochs)],
        "y": [*highest, *reversed(lowest)],
        "fill": "toself",
        "fillcolor": with_alpha(_ARMS[arm][0], _SPREAD),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": arm,
    }


def _each_run(arm: str, runs: Known, names: Sequence[str], measure: str) -> Iterator[dict[str, Any]]:
    colour, _, dash = _ARMS[arm]
    for run, name in zip(runs, names, strict=False):
        epochs = _thinned(sorted(run))
        if epochs:
            yield {
                "type": "scatter",
                "mode": "lines" if len(run) > 1 else "markers",
                "x": epochs,
                "y": [run[epoch] for epoch in epochs],
                "line": {"color": with_alpha(colour, _SINGLE), "width": 1, "dash": dash},
                "marker": {"color": with_alpha(colour, _SINGLE), "size": 5},
                "hovertemplate": f"{name}<br>{_hover(measure)}",
                "showlegend": False,
                "legendgroup": arm,
            }


def _mean(arm: str, runs: Known, measure: str) -> Iterator[dict[str, Any]]:
    colour, symbol, dash = _ARMS[arm]
    epochs, begun = _thinned(_shared(runs)), _begun(runs)
    if not begun:
        return
    count = len(begun)
    yield {
        "type": "scatter",
        "mode": "lines+markers" if len(epochs) <= _MOST_MARKED else "lines",
        "name": _named(arm, count),
        "x": epochs,
        "y": [math.fsum(run[epoch] for run in begun) / count for epoch in epochs],
        "line": {"color": colour, "width": 3, "dash": dash},
        "marker": {"color": colour, "size": 7, "symbol": symbol},
        "hovertemplate": f"{'' if arm == FOLDS else f'{arm}, '}mean<br>{_hover(measure)}",
        "legendgroup": arm,
    }


def _named(arm: str, count: int, mean: bool = True) -> str:
    """So many runs, or their mean.

    >>> _named("A", 3), _named("B", 1), _named(FOLDS, 5), _named(FOLDS, 5, mean=False), _named(FOLDS, 1)
    ('A, mean of 3 runs', 'B, 1 run', 'mean of 5 folds', '5 folds', '1 fold')
    """
    one, before = ("fold", "") if arm == FOLDS else ("run", f"{arm}, ")
    if count == 1:
        return f"{before}1 {one}"
    return f"{before}mean of {count} {one}s" if mean else f"{before}{count} {one}s"


def _hover(measure: str) -> str:
    number = "%{y:.2%}" if MEASURES[measure].share else "%{y:.4f}"
    return f"epoch %{{x}}<br>{MEASURES[measure].title} {number}<extra></extra>"


def _layout(measure: Measure, epochs: int) -> dict[str, Any]:
    x = {"range": [0.8, max(epochs, 2) + 0.2], "dtick": max(1, -(-epochs // 10))}
    y = {"tickformat": ".0%" if measure.share else "", "rangemode": "normal"}
    return over_epochs(f"Validation {measure.title}", 340, "bands", x, y)


def describe_learning_bands(a: Sequence[Run], b: Sequence[Run], measure: str = "loss") -> str:
    """The alt text: of each arm how many runs there are, where their mean began and stands, and how far they spread.

    >>> describe_learning_bands([[0.5, 0.25]], [[]], "accuracy")
    'Validation accuracy. A, 1 run: from 50.00% to 25.00% after 2 epochs. B: no epoch yet.'
    """
    known = {"A": _known(a), "B": _known(b)}
    title = MEASURES[measure].title
    return f"Validation {title}. " + " ".join(_standing(arm, runs, MEASURES[measure]) for arm, runs in known.items())


def describe_fold_bands(runs: Sequence[Run], measure: str = "loss") -> str:
    """The alt text: how many folds there are, where their mean began and stands, and how far they spread.

    >>> describe_fold_bands([[0.5, 0.3], [0.7, 0.4]], "accuracy")
    'Validation accuracy, 2 folds: mean from 60.00% to 35.00% after 2 epochs, there between 30.00% and 40.00%.'
    """
    return f"Validation {MEASURES[measure].title}, {_standing(FOLDS, _known(runs), MEASURES[measure])}"


def _standing(arm: str, runs: Known, measure: Measure) -> str:
    begun, epochs = _begun(runs), _shared(runs)
    if not epochs:
        return "no epoch yet." if arm == FOLDS else f"{arm}: no epoch yet."
    ends = [[run[epoch] for run in begun] for epoch in (epochs[0], epochs[-1])]
    first, last = (measure.value(math.fsum(values) / len(begun)) for values in ends)
    after = f"{epochs[-1]} epoch{'s' if epochs[-1] > 1 else ''}"
    if len(begun) == 1:
        return f"{_named(arm, 1)}: from {first} to {last} after {after}."
    spread = f"between {measure.value(min(ends[1]))} and {measure.value(max(ends[1]))}"
    return f"{_named(arm, len(begun), mean=False)}: mean from {first} to {last} after {after}, there {spread}."
