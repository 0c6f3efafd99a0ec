"""A sentence and what a TransformerBlock does with it, as data for the page's component."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.attention import Variant
from lib.concepts.attention_walk import AttentionWalk
from lib.data.text import PADDING_ID, UNKNOWN_ID
from lib.figures.base.colours import DIVERGING
from lib.figures.learn.sequences import Row, packed
from lib.specs.layers.known import Dense, Dropout, GlobalAveragePooling1D
from lib.specs.model import ModelSpec

Values = NDArray[np.float32]
Weights = Mapping[str, Values]

MOST_SHOWN = 40
"""Words of a sentence that get a row and a column."""
PADDING_SHOWN = 3
"""Steps of padding that get a column where padding is masked: they are all alike."""
_PROJECTIONS = ("query", "key", "value")


@dataclass(frozen=True, slots=True)
class Shown:
    """Which steps of a row of ids the matrix has.

    Attributes:
        asking: get a row: the sentence's words.
        columns: get a column: the words, and padding where it is to be seen.
    """

    asking: tuple[int, ...]
    columns: tuple[int, ...]


def shown_steps(row: Row, masked: bool, padding: bool) -> Shown:
    """Choose the steps.

    Args:
        row: the sentence.
        masked: whether the network masks padding; where it does not, padding takes part.
        padding: whether a person wants to see masked padding.

    >>> row = Row(("a", "film"), np.array([0, 0, 5, 6]), np.array([0, 0, 1, 2]))
    >>> shown_steps(row, True, False).columns, shown_steps(row, False, False).columns
    ((2, 3), (0, 1, 2, 3))
    """
    asking = [step for step, place in enumerate(row.places.tolist()) if place][:MOST_SHOWN]
    empty = [step for step, place in enumerate(row.places.tolist()) if not place]
    nearest = sorted(empty, key=lambda step: min(abs(step - asking[0]), abs(step - asking[-1])))
    wanted = PADDING_SHOWN if masked and padding else 0 if masked else MOST_SHOWN - len(asking)
    return Shown(tuple(asking), tuple(sorted([*asking, *nearest[:wanted]])))


def attention_data(
    model: ModelSpec, weights: Weights, walk: AttentionWalk, block: str, head: int, variant: Variant, row: Row,
    shown: Shown, label: str, classes: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """All that the component needs to write out any cell of a head's matrix, and what follows from it.

    Args:
        model: the network.
        weights: its arrays by name.
        walk: what it did with the row.
        block: the TransformerBlock that is shown.
        head: from 0.
        variant: with which the walk was made.
        row: the sentence.
        shown: its steps that are shown.
        label: the matrix in words.
        classes: names of the two answers; the second is the one whose probability the network gives.
    """
    steps, looked = walk.blocks[block], walk.blocks[block].attention
    columns, asking = list(shown.columns), list(shown.asking)
    own = {word.removeprefix(f"{block}/"): values for word, values in weights.items() if word.startswith(f"{block}/")}
    key_dim = looked.query.shape[-1]
    dense, counted = logit_layer(model, block), _counted(walk, len(row.ids))
    hidden = np.setdiff1d(np.flatnonzero(counted), asking)
    return {
        "sentence": list(row.tokens),
        "columns": [_column(row, step) for step in columns],
        "rows": [columns.index(step) for step in asking],
        "allowed": ["".join("01"[bool(looked.allowed[asks, step])] for step in columns) for asks in asking],
        "masked": walk.mask is not None,
        "causal": variant.causal,
        "uniform": variant.uniform,
        "temperature": variant.temperature,
        "off": head in variant.heads_off,
        "head": head,
        "root": math.sqrt(key_dim),
        "query": packed(looked.query[columns, head]),
        "key": packed(looked.key[columns, head]),
        "value": packed(looked.value[columns, head]),
        "inputs": packed(steps.inputs[columns]),
        "joined": packed(looked.joined[columns]),
        "outputs": packed(steps.output[columns]),
        **_unseen(walk, block, head, variant, shown),
        "projection": packed(np.stack([own[f"attention_{name}_kernel"][:, head] for name in _PROJECTIONS])),
        "projectionBias": packed(np.stack([own[f"attention_{name}_bias"][head] for name in _PROJECTIONS])),
        "outputKernel": packed(own["attention_output_kernel"].reshape(looked.joined.shape[1], -1)),
        "outputBias": packed(own["attention_output_bias"]),
        "firstGamma": packed(own["attention_normalization_gamma"]),
        "firstBeta": packed(own["attention_normalization_beta"]),
        "innerKernel": packed(own["inner_kernel"]),
        "innerBias": packed(own["inner_bias"]),
        "outerKernel": packed(own["outer_kernel"]),
        "outerBias": packed(own["outer_bias"]),
        "secondGamma": packed(own["gamma"]),
        "secondBeta": packed(own["beta"]),
        "counted": int(counted.sum()),
        "restPooled": packed(steps.output[hidden].sum(axis=0)),
        "tail": None if dense is None else _tail(weights, dense, classes),
        "label": label,
    }  # fmt: skip


def places_data(table: Values, label: str) -> dict[str, Any]:
    """The rows that tell the words their places, for the component.

    Args:
        table: `(places, numbers)`.
        label: the rows in words.
    """
    furthest = float(np.abs(table).max()) or 1.0
    return {
        "values": packed(table),
        "names": [f"word {place}" for place in range(len(table))],
        "range": [-furthest, furthest],
        "diverging": [colour for _, colour in DIVERGING],
        "label": label,
    }


def logit_layer(model: ModelSpec, block: str) -> str | None:
    """The name of the Dense layer that answers, where nothing but the mean over the words is between a block and it.

    Args:
        model: the network.
        block: the TransformerBlock that is shown.

    Returns:
        None where something else follows, whose sums the page does not write out.
    """
    names = model.layer_names()
    behind = names.index(block) + 1
    rest = [
        (name, layer)
        for name, layer in zip(names[behind:], model.layers[behind:], strict=True)
        if not isinstance(layer, Dropout)
    ]
    if len(rest) != 2 or not isinstance(rest[0][1], GlobalAveragePooling1D):
        return None
    name, last = rest[1]
    return name if isinstance(last, Dense) and last.units == 1 and last.activation == "sigmoid" else None


def _unseen(walk: AttentionWalk, block: str, head: int, variant: Variant, shown: Shown) -> dict[str, Any]:
    """What the rows' sums get from steps that have no column, and each row's largest score."""
    looked, asking = walk.blocks[block].attention, list(shown.asking)
    allowed = looked.allowed[asking]
    scores = np.zeros_like(looked.scores[head][asking]) if variant.uniform else looked.scores[head][asking]
    largest = np.where(allowed, scores, -np.inf).max(axis=1)
    powers = np.where(allowed, np.exp(scores - largest[:, None]), 0)
    powers[:, list(shown.columns)] = 0
    weights = looked.weights[head][asking].copy()
    weights[:, list(shown.columns)] = 0
    return {
        "largest": packed(largest),
        "restTotal": packed(powers.sum(axis=1)),
        "restMixed": packed(weights @ looked.value[:, head]),
        "hidden": int((powers > 0).any(axis=0).sum()),
    }


def _tail(weights: Weights, dense: str, classes: Sequence[str]) -> dict[str, Any]:
    return {
        "kernel": packed(weights[f"{dense}/kernel"]), "bias": packed(weights[f"{dense}/bias"]), "yes": classes[1],
    }  # fmt: skip


def _counted(walk: AttentionWalk, length: int) -> NDArray[np.bool_]:
    """The steps that a mean over the words counts."""
    return np.ones(length, np.bool_) if walk.mask is None else walk.mask


def _column(row: Row, step: int) -> dict[str, Any]:
    kind = {PADDING_ID: "padding", UNKNOWN_ID: "unknown"}.get(int(row.ids[step]), "known")
    return {"word": row.words[step], "kind": kind, "step": step}
