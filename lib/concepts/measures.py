"""What runs are compared by: which way is better, and how its values and its differences are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

_MOST_DECIMALS = 8
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a run.

    Attributes:
        title: what a person calls it, in mid-sentence.
        higher_is_better: as for accuracy; of a loss the lower one is better.
        share: whether it is a share of 1. Then values are written in percent, differences in percentage points.
    """

    title: str
    higher_is_better: bool
    share: bool

    @property
    def unit(self) -> str:
        """What follows the number of a difference, with a space in front; "" for none.

        >>> MEASURES["accuracy"].unit
        ' percentage points'
        """
        return " percentage points" if self.share else ""

    def value(self, value: float) -> str:
        """A value.

        >>> MEASURES["accuracy"].value(0.9745), MEASURES["loss"].value(0.09)
        ('97.45%', '0.0900')
        """
        return f"{100 * value:.2f}%" if self.share else f"{value:.4f}"

    def differences(self, values: Iterable[float], signed: bool = True) -> tuple[str, ...]:
        """Differences of two values, all with the same decimals, without the unit.

        There are as many decimals as the smallest needs: a difference that is not 0 is not written as 0.

        Args:
            values: differences, not in percent.
            signed: write a plus before positive ones, and keep the minus of negative ones.

        >>> MEASURES["accuracy"].differences([0.0085, -0.001, 0.0])
        ('+0.85', '−0.10', '0.00')
        >>> MEASURES["loss"].differences([-0.0312, 0.00001], signed=False)
        ('0.03120', '0.00001')
        """
        shown = [100 * value if self.share else value for value in values]
        decimals = _decimals((abs(value) for value in shown), least=2 if self.share else 4)
        return tuple(_sign(value, decimals, signed) + f"{abs(value):.{decimals}f}" for value in shown)


def _decimals(sizes: Iterable[float], least: int) -> int:
    """As many as let each of these show a digit that is not 0; those too small for 8 decimals don't count."""
    return max((_needed(size, least) for size in sizes), default=least)


def _needed(size: float, least: int) -> int:
    shown = (count for count in range(least, _MOST_DECIMALS + 1) if float(f"{size:.{count}f}"))
    return next(shown, least)


def _sign(value: float, decimals: int, signed: bool) -> str:
    if not signed or not float(f"{value:.{decimals}f}"):
        return ""
    return "+" if value > 0 else _MINUS


MEASURES = MappingProxyType(
    {
        "accuracy": Measure("accuracy", higher_is_better=True, share=True),
        "loss": Measure("loss", higher_is_better=False, share=False),
    }
)
"""The measures by the names under which a run has them."""
