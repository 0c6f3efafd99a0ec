"""A grid of test samples, each with all its probabilities, as one component."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from lib.data.loading import load
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.base.images import to_data_url
from lib.specs.datasets import find
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
    rows = tuple(
        {
            "number": int(number),
            **shown(answers.run, int(number)),
            "label": int(answers.true[number]),
            "predicted": int(answers.predicted[number]),
            "shares": [round(float(share), 5) for share in answers.probabilities[number]],
        }
        for number in numbers
    )
    # Tuples: in each list Streamlit looks for a data frame, and loads pandas for that (a second, 70 MB).
    data = {"samples": rows, "classes": answers.names}
    told = component("samples")(
        key=key, data=data, on_chosen_change=lambda: None, on_inside_change=lambda: None
    )  # fmt: skip
    if _is_sample(told.inside, answers):
        CHOSEN_RUN.set(answers.run.id)
        LOOKED_AT.set(told.inside)
        links.go("inside")
    return told.chosen if _is_sample(told.chosen, answers) else None


def _is_sample(number: object, answers: ClassAnswers) -> bool:
    """Whether what a browser has sent is a position in the test part."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(answers.true)


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
        return {"image": _picture(data.dataset, data.size, number)}
    names = data.features.split("-") if data.kind == "points" else data.facts.columns
    values = [[name, f"{value:g}"] for name, value in zip(names, sample.tolist(), strict=True)]
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


def _picture(dataset: str, size: str, number: int) -> str:
    # Pictures of own data are not remembered: they must be gone when the visit is over.
    draw = _drawn.__wrapped__ if find(dataset).own else _drawn
    return draw(dataset, size, number)


@lru_cache(maxsize=2_000)
def _drawn(dataset: str, size: str, number: int) -> str:
    return to_data_url(load(dataset, size).test.x[number], scale=2)
