"""The suspects as a file, for whoever looks into their own labels with other tools."""

from __future__ import annotations

from collections.abc import Sequence

from lib.concepts.suspects import Suspects
from lib.export.spreadsheet import csv_text
from lib.ui.experiments.pooled import Pooled

_HEAD = ("sample", "fold", "label", "said", "label_probability", "said_probability")


def suspects_csv(found: Pooled, listed: Suspects) -> str:
    """All suspects as CSV, the most suspicious first; text that a spreadsheet would run as a formula is disarmed.

    Args:
        found: answers of networks to samples that they have not learned from.
        listed: the suspects among them.

    Returns:
        A line for each: which training sample it is, from 0, and the fold in which it was answered; its label, what it
        is taken for, and both probabilities; then the sentence, or the values of a row, in full. Images are not in it.
    """
    rows = zip(listed.numbers.tolist(), listed.said.tolist(), strict=True)
    return csv_text([*_HEAD, *_names(found)], (_row(found, position, said) for position, said in rows))


def _names(found: Pooled) -> Sequence[str]:
    data = found.run.data
    if data.kind == "text":
        return ("text",)
    return () if data.kind == "images" else data.number_names


def _row(found: Pooled, position: int, said: int) -> list[object]:
    label, number, shares = int(found.labels[position]), int(found.numbers[position]), found.outputs[position]
    told = [number, int(found.folds[position]), found.names[label], found.names[said]]
    return [*told, *(round(float(shares[place]), 6) for place in (label, said)), *_shown(found, number)]


def _shown(found: Pooled, number: int) -> list[object]:
    if found.run.data.kind == "text":
        return [found.part.text(number)]
    if found.run.data.kind == "images":
        return []
    return [float(f"{value:g}") for value in found.part.sample(number).tolist()]
