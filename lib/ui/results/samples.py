"""A grid of test samples, each with all its probabilities, as one component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data import preparing
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.base.images import to_data_url
from lib.specs.data import DataSpec
from lib.ui.kit import links
from lib.ui.kit.component import component
from lib.ui.results.run_answers import ClassAnswers, prepared, test_part
from lib.ui.session.state import CHOSEN_RUN, LOOKED_AT

MOST_LETTERS = 600
MOST_COLUMNS = 14


def samples(answers: ClassAnswers, numbers: Sequence[int], key: str) -> int | None:
    """Show test samples with their answers.

    Args:
        answers: a run's answers.
        numbers: positions in the test part, in the order to show.
        key: the component's key.

    Returns:
        The position of the sample that was chosen just now, or None. Who wants to look inside with a sample leaves for
        that page.

    Raises:
        DataError: the samples are not here any more.
    """
    rows = [
        card(answers.run, int(number), int(answers.true[number]), answers.probabilities[number],
             int(answers.predicted[number]))
        for number in numbers
    ]  # fmt: skip
    chosen, inside = cards(rows, answers.names, key)
    if inside is not None and inside < len(answers.true):
        CHOSEN_RUN.set(answers.run.id)
        LOOKED_AT.set(inside)
        links.go("inside")
    return chosen if chosen is not None and chosen < len(answers.true) else None


def card(
    run: RunSnapshot, number: int, label: int, shares: NDArray[np.float32], predicted: int | None = None
) -> dict[str, Any]:
    """One sample with its answer, for `cards`.

    Args:
        run: the run.
        number: the sample's position in the test part.
        label: its class.
        shares: a probability for each class.
        predicted: the class that the network says; None for the likeliest.

    Raises:
        DataError: the sample is not here any more.
    """
    said = int(shares.argmax()) if predicted is None else predicted
    rounded = [round(float(share), 5) for share in shares]
    return {"number": number, **shown(run, number), "label": label, "predicted": said, "shares": rounded}


def cards(
    rows: Sequence[Mapping[str, Any]], classes: Sequence[str], key: str, truth: str = "true", *, still: bool = False
) -> tuple[int | None, int | None]:
    """Show samples with their answers.

    Args:
        rows: see `card`.
        classes: their names.
        key: the component's key.
        truth: what the class in the data is called.
        still: whether nothing happens to a sample that is chosen.

    Returns:
        The number of the sample that was chosen just now, and of the one that is to be looked at inside; None each
        where there is none. A browser may send anything: a caller makes sure that there is such a sample.
    """
    # Tuples: in each list Streamlit looks for a data frame, and loads pandas for that (a second, 70 MB).
    data = {"samples": tuple(rows), "classes": tuple(classes), "truth": truth, "still": still}
    told = component("samples")(
        key=key, data=data, on_chosen_change=lambda: None, on_inside_change=lambda: None
    )  # fmt: skip
    return _number(told.chosen), _number(told.inside)


def _number(told: object) -> int | None:
    """What a browser has sent, if it may be a position."""
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def shown(run: RunSnapshot, number: int) -> dict[str, Any]:
    """What the component shows of a sample: its image, its text, or its values with their names.

    Raises:
        DataError: the samples are not here any more.
    """
    data = run.spec.data
    if data.kind == "text":
        return {"text": shortened(sentence(run, number))}
    # Asked each time: whoever may not see these data must not see a remembered picture either.
    sample = test_part(run).x[number]
    if data.kind == "images":
        return {"image": _picture(data, number)}
    return in_columns(data, sample)


def in_columns(data: DataSpec, sample: NDArray[Any]) -> dict[str, Any]:
    """What the component shows of a row of a table, or of a point: its values with their names."""
    values = [[name, f"{value:g}"] for name, value in zip(data.number_names, sample.tolist(), strict=True)]
    more = len(values) - MOST_COLUMNS
    return {"values": values[:MOST_COLUMNS] + ([[f"and {more} more", ""]] if more > 0 else [])}


def sentence(run: RunSnapshot, number: int) -> str:
    """A test sentence as it was written.

    Raises:
        DataError: the sentences cannot be read.
    """
    reading = prepared(run).reading
    if reading is None:
        raise TypeError(f"{run.spec.data.dataset} has no sentences")
    return reading.test_text(number)


def shortened(text: str) -> str:
    """The beginning of a long text.

    >>> shortened("word " * 200)[-8:]
    'word ...'
    """
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS].rsplit(' ', 1)[0]} ..."


def _picture(data: DataSpec, number: int) -> str:
    # Pictures of own data are not remembered: they must be gone when the visit is over.
    draw = _drawn.__wrapped__ if data.facts.own else _drawn
    # One picture for all runs that see it alike, whatever else they do with the data.
    return draw(DataSpec(dataset=data.dataset, size=data.size, spoiled=data.spoiled), number)


@lru_cache(maxsize=2_000)
def _drawn(data: DataSpec, number: int) -> str:
    return to_data_url(preparing.part_to_test(data).x[number], scale=2)
