"""The runs of a sweep as its pictures take them, and where their values stand on an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lib.concepts.measures import Measure

Value = float | str


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting that a sweep varies.

    Attributes:
        name: its id.
        low, high: of a number.
        log: whether the number is varied by factors.
        choices: what it may be instead of a number.
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    choices: tuple[str, ...] = ()

    def place(self, value: Value) -> float:
        """Where a value stands, 0 to 1.

        >>> Axis("learning_rate", 0.001, 0.1, log=True).place(0.01), Axis("", choices=("a", "b", "c")).place("b")
        (0.5, 0.5)
        """
        if self.choices:
            return self.choices.index(str(value)) / max(len(self.choices) - 1, 1)
        scale = math.log if self.log else float
        low, high, own = scale(self.low), scale(self.high), scale(float(value))
        return round((own - low) / (high - low), 6)

    def ticks(self) -> list[float]:
        """Round numbers within the range of an axis by factors: 1, 2 and 5 of each power of ten, or the powers alone.

        >>> Axis("batch_size", 8, 128, log=True).ticks(), Axis("l2", 1e-6, 0.1, log=True).ticks()
        ([10.0, 20.0, 50.0, 100.0], [1e-06, 1e-05, 0.0001, 0.001, 0.01, 0.1])
        """
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        digits = (1, 2, 5) if self.high <= 100 * self.low else (1,)
        places = (float(f"{digit}e{power}") for power in powers for digit in digits)
        return [place for place in places if self.low <= place <= self.high]


@dataclass(frozen=True, slots=True)
class SweptRun:
    """One run of a sweep.

    Attributes:
        label: what it has of each setting, in words.
        values: the same, in the order of the axes.
        figure: what it reached on the validation part after its last epoch; None where it was not trained to its end.
        stopped_at: where it stood when it was stopped early; None for all others.
    """

    label: str
    values: tuple[Value, ...]
    figure: float | None = None
    stopped_at: float | None = None


def complete(runs: Sequence[SweptRun]) -> list[tuple[float, SweptRun]]:
    """Runs that were trained to their end with a finite figure, and that figure."""
    return [(run.figure, run) for run in runs if run.figure is not None and math.isfinite(run.figure)]


def best_of(runs: Sequence[SweptRun], measure: Measure) -> SweptRun | None:
    """The run with the best figure; the first one of equals, None where none was trained to its end."""
    found = complete(runs)
    if not found:
        return None
    figure = (max if measure.higher_is_better else min)(figure for figure, _ in found)
    return next(run for own, run in found if own == figure)
