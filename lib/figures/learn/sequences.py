"""A sentence on its way into a network, and the recurrent cell that reads it, as data for the page's components."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.cell_walk import CellWalk
from lib.concepts.recurrent import GruSteps, LstmSteps
from lib.data.text import PADDING_ID, PADDING_WORD, UNKNOWN_ID, End, Vocabulary, pad
from lib.figures.base.colours import DIVERGING

Values = NDArray[np.float32]

MOST_SHOWN = 16
"""Numbers of a vector, and units of a cell, that are drawn."""
GATES = {
    "SimpleRNN": ("hidden state",),
    "GRU": ("update gate", "reset gate", "candidate"),
    "LSTM": ("input gate", "forget gate", "candidate", "output gate"),
}
"""Names of the parts of a cell's weights, in Keras' order."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A sentence as a row of ids.

    Attributes:
        tokens: all words of the sentence.
        ids: the row, `(length,)`.
        places: which token stands at each step, counted from 1; 0 is padding.
    """

    tokens: tuple[str, ...]
    ids: NDArray[np.int32]
    places: NDArray[np.int32]

    @property
    def words(self) -> tuple[str, ...]:
        """What stands at each step."""
        return tuple(self.tokens[place - 1] if place else PADDING_WORD for place in self.places)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Words that are in the row, but not in the vocabulary; each once."""
        return tuple(
            dict.fromkeys(word for word, number in zip(self.words, self.ids, strict=True) if number == UNKNOWN_ID)
        )


def make_row(tokens: Sequence[str], vocabulary: Vocabulary, length: int, padding: End, truncating: End) -> Row:
    """Look up and pad, or cut, a sentence.

    Args:
        tokens: its words, at least one.
        vocabulary: gives the ids.
        length: ids the row is to have.
        padding, truncating: at which end.

    >>> row = make_row(["a", "fine", "film"], Vocabulary(("a", "film")), 5, "pre", "pre")
    >>> row.ids.tolist(), row.words
    ([0, 0, 2, 1, 3], ('[PAD]', '[PAD]', 'a', 'fine', 'film'))
    """
    ids = pad([vocabulary.encode(tokens)], length, padding, truncating)[0]
    places = pad([range(1, len(tokens) + 1)], length, padding, truncating)[0]
    return Row(tuple(tokens), ids, places)


def prefixes(row: Row, vocabulary: Vocabulary, padding: End, truncating: End) -> NDArray[np.int32]:
    """The sentence as it grows: row n holds the first n words. Words that the padded row cuts off are left out.

    Returns:
        `(words in the row, length)`.

    >>> vocabulary = Vocabulary(("a", "film"))
    >>> prefixes(make_row(["a", "film"], vocabulary, 3, "pre", "pre"), vocabulary, "pre", "pre").tolist()
    [[0, 0, 2], [0, 2, 3]]
    """
    ids = vocabulary.encode(word for word, place in zip(row.words, row.places, strict=True) if place)
    return pad([ids[:end] for end in range(1, len(ids) + 1)], len(row.ids), padding, truncating)


def tokens_data(row: Row, vectors: Values) -> dict[str, Any]:
    """The row's words over their ids over their vectors, for the component.

    Args:
        row: the sentence.
        vectors: embedding of each id, `(length, numbers)`.
    """
    in_row = [int(place) for place in row.places if place]
    return {
        "before": list(row.tokens[: in_row[0] - 1]),
        "after": list(row.tokens[in_row[-1] :]),
        "steps": [
            {"word": word, "id": int(number), "kind": _kind(int(number))}
            for word, number in zip(row.words, row.ids, strict=True)
        ],
        "vectors": packed(vectors[:, :MOST_SHOWN]),
        "numbers": vectors.shape[1],
        "range": float(np.abs(vectors).max()) or 1.0,
        "diverging": [colour for _, colour in DIVERGING],
        "label": describe_tokens(row),
    }


def describe_tokens(row: Row) -> str:
    """The row in a sentence, for those who do not see it."""
    padded = int((row.ids == PADDING_ID).sum())
    cut = len(row.tokens) - (len(row.ids) - padded)
    return (
        f"a row of {len(row.ids)} ids: {len(row.tokens)} words, {len(row.unknown)} of them unknown, "
        f"{cut} cut off, {padded} steps of padding"
    )


def sentence_cell(row: Row, walk: CellWalk, chances: Values) -> dict[str, Any]:
    """What the component needs of a cell that reads a sentence, with the network's answer after each word.

    Args:
        row: the sentence.
        walk: what the cell did with it.
        chances: the answer after each word of the row, 0 to 1.
    """
    by_step = np.full(len(row.ids), np.nan, np.float32)
    by_step[row.places > 0] = chances
    data = cell_data(walk, row.words, row.places > 0, describe_walk(row, chances))
    return {**data, "chances": packed(by_step)}


def cell_data(
    walk: CellWalk,
    words: Sequence[str],
    present: NDArray[np.bool_],
    label: str,
    *,
    unit: int | None = None,
    named_from: int = 0,
    parameter: str = "unit",
    noun: str = "word",
) -> dict[str, Any]:
    """All that the component needs to write out any step of any unit shown.

    Args:
        walk: what the cell did.
        words: what stands at each step, in the order in which the cell reads.
        present: `(steps,)`, False where nothing stands.
        label: the walk in words.
        unit: of the cell, the one that is asked for; it is among those that are shown. None for the liveliest.
        named_from: what its first unit is called.
        parameter: name of the unit in the address.
        noun: what a step is, "word" or "input".
    """
    units = walk.steps.hidden.shape[1]
    gates = GATES[walk.layer.kind]
    shown = min(units, MOST_SHOWN)
    first = min((unit or 0) // MOST_SHOWN * MOST_SHOWN, units - shown)
    here = slice(first, first + shown)
    return {
        "kind": walk.layer.kind,
        "gateNames": list(gates),
        "words": list(words),
        "present": present.tolist(),
        "read": walk.mask.tolist(),
        "units": units,
        "first": first,
        "namedFrom": named_from,
        "start": unit,
        "unitParameter": parameter,
        "noun": noun,
        "inputs": packed(walk.inputs),
        "kernel": packed(_by_gate(walk.kernel, len(gates))[..., here]),
        "recurrent": packed(_by_gate(walk.recurrent_kernel, len(gates))[..., here]),
        "bias": packed(_by_gate(np.atleast_2d(walk.bias), len(gates))[..., here]),
        "gates": packed(np.stack([values[:, here] for values in gate_values(walk)], axis=1)),
        "hidden": packed(walk.steps.hidden),
        "cell": packed(walk.steps.cell[:, here]) if isinstance(walk.steps, LstmSteps) else None,
        "chances": None,
        "diverging": [colour for _, colour in DIVERGING],
        "label": label,
    }


def gate_values(walk: CellWalk) -> list[Values]:
    """What came out of each of the cell's sums, in the order of `GATES`; each `(steps, units)`."""
    steps = walk.steps
    if isinstance(steps, LstmSteps):
        return [steps.input_gate, steps.forget_gate, steps.candidate, steps.output_gate]
    if isinstance(steps, GruSteps):
        return [steps.update_gate, steps.reset_gate, steps.candidate]
    return [steps.hidden]


def describe_walk(row: Row, chances: Values) -> str:
    """The answer word by word, for those who do not see it."""
    read = [word for word, place in zip(row.words, row.places, strict=True) if place]
    said = ", ".join(f"{word} {chance:.2f}" for word, chance in zip(read, chances, strict=True))
    return f"probability of praise after each word: {said}"


def _kind(number: int) -> str:
    return {PADDING_ID: "padding", UNKNOWN_ID: "unknown"}.get(number, "known")


def _by_gate(weights: Values, gates: int) -> Values:
    """`(rows, gates * units)` as `(rows, gates, units)`."""
    return weights.reshape(len(weights), gates, -1)


def packed(values: Values) -> dict[str, Any]:
    """Shape, and little-endian float32 as base64: no digit is lost, and it is shorter than JSON."""
    return {"shape": list(values.shape), "data": base64.b64encode(values.astype("<f4").tobytes()).decode()}
