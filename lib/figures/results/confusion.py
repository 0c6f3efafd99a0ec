"""The confusion matrix: what was taken for what.

The browser only paints: a table whose cells can be pointed at, clicked and reached with the arrow keys. Plotly's
pictures know no keyboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_NUMBERED = 20  # above so many classes the cells are too small for numbers
_RIGHT_SHADES, _WRONG_SHADES = (0.72, 1.0), (0.16, 0.6)


def confusion_matrix(counts: ArrayLike, class_names: Sequence[str], share: bool = False) -> dict[str, Any]:
    """True classes downwards, predicted ones to the right; right answers blue, mistakes vermillion.

    Args:
        counts: `(classes, classes)`, rows = true classes.
        class_names: one a class.
        share: write each row in percent of its samples instead of counts.

    Returns:
        `names`; the `counts`; of each cell a `shade`, how much of its colour it has (0 to 1); its `number` as a text,
        "" for none; and the `label`. Right answers and mistakes have each a scale of their own, so that few mistakes
        stay visible beside many hits.

    Raises:
        ValueError: counts are not square, or the names are more or fewer.
    """
    table = np.asarray(counts, np.int64)
    classes = len(class_names)
    if table.shape != (classes, classes):
        raise ValueError(f"counts must be {classes}x{classes} for {classes} class names, not {table.shape}")
    values = shares(table) if share else table.astype(np.float64)
    return {
        "names": list(class_names),
        "counts": table.tolist(),
        "shades": _shades(values, share),
        "numbers": _numbers(table, values, share),
        "label": describe_confusion(table, class_names),
    }


def shares(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each row as parts of its sum; 0 where a class has no samples."""
    whole = table.sum(axis=1, keepdims=True)
    return np.divide(table, whole, out=np.zeros(table.shape), where=whole > 0)


def _shades(values: NDArray[np.float64], share: bool) -> list[list[float]]:
    right = np.eye(len(values), dtype=bool)
    most_right = 1.0 if share else max(values.max(initial=0), 1)
    most_wrong = values[~right].max(initial=0) or 1
    shades = np.where(right, _within(_RIGHT_SHADES, values / most_right), _within(_WRONG_SHADES, values / most_wrong))
    shades[~right & (values == 0)] = 0
    rounded: list[list[float]] = shades.round(3).tolist()
    return rounded


def _within(ends: tuple[float, float], place: NDArray[np.float64]) -> NDArray[np.float64]:
    return ends[0] + (ends[1] - ends[0]) * place


def _numbers(table: NDArray[np.int64], values: NDArray[np.float64], share: bool) -> list[list[str]]:
    """What is written in each cell: nothing where there is no mistake, and nothing at all among very many classes."""
    written = (table > 0) | np.eye(len(table), dtype=bool)
    if len(table) > MOST_NUMBERED:
        written[:] = False
    return [
        [_number(value, share) if shown else "" for value, shown in zip(*row, strict=True)]
        for row in zip(values.tolist(), written.tolist(), strict=True)
    ]


def _number(value: float, share: bool) -> str:
    """A count, or whole percents without the sign.

    >>> _number(0.004, share=True), _number(0.964, share=True), _number(12.0, share=False)
    ('<1', '96', '12')
    """
    if not share:
        return f"{value:.0f}"
    return "<1" if 0 < value < 0.01 else f"{100 * value:.0f}"


def describe_confusion(counts: ArrayLike, class_names: Sequence[str]) -> str:
    """The picture in words: how many were right, and the most frequent mistake.

    >>> describe_confusion([[8, 2], [0, 10]], ["cat", "dog"])
    'Confusion matrix of 20 samples: 18 right (90.0%). Most frequent mistake: 2 times cat called dog.'
    """
    table = np.asarray(counts, np.int64)
    total, right = int(table.sum()), int(table.trace())
    if not total:
        return "Confusion matrix without samples."
    text = f"Confusion matrix of {total:,} samples: {right:,} right ({right / total:.1%})."
    wrong = table - np.diag(table.diagonal())
    if not wrong.any():
        return f"{text} No mistakes."
    true, predicted = divmod(int(wrong.argmax()), len(class_names))
    times, name = int(wrong.max()), class_names[true]
    plural = "time" if times == 1 else "times"
    return f"{text} Most frequent mistake: {times} {plural} {name} called {class_names[predicted]}."
