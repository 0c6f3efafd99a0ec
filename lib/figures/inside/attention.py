"""Attention of a trained network: who looks at whom, and what a block makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.concepts.attention import AS_TRAINED, AttentionSteps, Variant
from lib.figures.base.colours import DIVERGING, IN_CHARTS, plain_layout
from lib.figures.base.names import literals

Values = NDArray[np.float32]

_MOST_LETTERS = 14
_CELL = 22
_LOWEST, _HIGHEST = 180, 640
MOST_NAMED = 14
"""So many columns bear their words at most, or these would overlap on a phone; more bear the words' places."""


_STILL = {"fixedrange": True, "showgrid": False, "zeroline": False}
_FIVES = {"tick0": 0, "dtick": 5}


def attention_matrix(
    steps: AttentionSteps, head: int, words: Sequence[str], places: Sequence[int], variant: Variant = AS_TRAINED
) -> go.Figure:
    """The weights of one head: a row for each word that looks, a column for each one it looks at.

    Args:
        steps: what attention did.
        head: from 0.
        words: what stands at each step.
        places: the steps that are shown: those of real words.
        variant: with which attention was computed.

    Returns:
        A figure whose cells tell their sum: query times key, the root of key_dim, and the share.
    """
    chosen = np.ix_(list(places), list(places))
    weights = steps.weights[head][chosen]
    told = np.stack([steps.products[head][chosen], steps.scores[head][chosen]], axis=-1)
    names = _names(words, places)
    cells = go.Heatmap(
        z=weights,
        zmin=0,
        zmax=float(weights.max()) or 1.0,
        colorscale=IN_CHARTS,
        colorbar={"title": {"text": "weight"}, "thickness": 12},
        customdata=told,
        text=[[f"{asks} looks at {answers}" for answers in names] for asks in names],
        hovertemplate=_sum(steps, variant),
    )
    height = min(max(_CELL * len(places) + 110, _LOWEST), _HIGHEST)
    named = len(names) <= MOST_NAMED
    columns = {"tickvals": list(range(len(names))), "ticktext": names, "tickangle": -60} if named else _FIVES
    return go.Figure(
        cells,
        plain_layout(
            height,
            margin={"l": 4, "r": 4, "t": 4, "b": 4},
            xaxis={**_STILL, **columns, "title": {"text": "is looked at" if named else "is looked at, by its place"}},
            yaxis=_rows(names),
        ),
    )


def _sum(steps: AttentionSteps, variant: Variant) -> str:
    """What a cell tells: how its weight comes about."""
    if variant.uniform:
        return "<b>%{text}</b><br>evenly over the words: %{z:.4f}<extra></extra>"
    root = math.sqrt(steps.query.shape[-1])
    warmth = "" if variant.temperature == 1 else f" and by the temperature {variant.temperature:g}"
    return (
        "<b>%{text}</b><br>query times key: %{customdata[0]:.3f}"
        f"<br>divided by {root:.3f}{warmth}: %{{customdata[1]:.3f}}"
        "<br>softmax of the row: %{z:.4f}<extra></extra>"
    )


def describe_attention(steps: AttentionSteps, head: int, words: Sequence[str], places: Sequence[int]) -> str:
    """The alt text: for each word the one that it looks at most."""
    weights = steps.weights[head]
    told = []
    for place in places:
        most = max(places, key=lambda each: weights[place, each])
        told.append(f"{words[place]} looks most at {words[most]} ({weights[place, most]:.0%})")
    return f"Attention of head {head}: {', '.join(told)}."


def step_vectors(values: Values, words: Sequence[str], places: Sequence[int]) -> go.Figure:
    """A vector for each word: a row of coloured cells, blue below 0 and red above.

    Args:
        values: `(steps, numbers)`.
        words: what stands at each step.
        places: the steps that are shown.
    """
    shown = values[list(places)]
    limit = float(np.abs(shown).max()) or 1.0
    names = _names(words, places)
    cells = go.Heatmap(
        z=shown,
        zmin=-limit,
        zmax=limit,
        colorscale=DIVERGING,
        colorbar={"thickness": 12},
        text=[[name] * shown.shape[1] for name in names],
        hovertemplate="%{text}, number %{x}: %{z:.4f}<extra></extra>",
    )
    height = min(max(_CELL * len(places) + 60, _LOWEST), _HIGHEST)
    return go.Figure(
        cells,
        plain_layout(
            height,
            margin={"l": 4, "r": 4, "t": 4, "b": 4},
            xaxis={**_STILL, "title": {"text": "number"}},
            yaxis=_rows(names),
        ),
    )


def describe_vectors(values: Values, places: Sequence[int]) -> str:
    """The alt text of `step_vectors`."""
    shown = values[list(places)]
    return (
        f"{len(places)} rows of {shown.shape[1]} numbers, one row a step, from {shown.min():.3f} to {shown.max():.3f}."
    )


def _rows(names: list[str]) -> dict[str, Any]:
    """A row for each word, the first on top; each with its place where the columns are told by places."""
    shown = names if len(names) <= MOST_NAMED else [f"{name} {place}" for place, name in enumerate(names)]
    return {**_STILL, "tickvals": list(range(len(names))), "ticktext": shown, "autorange": "reversed"}


def _names(words: Sequence[str], places: Sequence[int]) -> list[str]:
    """What stands at the axes; a long word is cut."""
    short = (words[place] for place in places)
    return literals(word if len(word) <= _MOST_LETTERS else f"{word[: _MOST_LETTERS - 1]}…" for word in short)
