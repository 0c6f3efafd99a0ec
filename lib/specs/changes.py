"""What a person changes by hand in a copy of a network's weights, as a short text for an address and a run's start.

`prune:30;bits:4;set:dense/kernel:3-7:0.5;off:conv2d:2-5`. Nothing in it is evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lib.specs.fields import Number, SpecError, check_fields, ruled

MOST_LETTERS = 800
LARGEST = 1_000.0
"""Of the numbers that a weight may be set to, in either direction."""
BITS = (0, 2, 16)
"""Not rounded; the fewest and the most bits of a rounded weight."""
_OFF = re.compile(r"off:([a-z0-9_]{1,60}):(\d{1,5}(?:-\d{1,5})*)")
_SET = re.compile(r"set:([a-z0-9_]{1,60}/[a-z_]{1,40}):(\d{1,6}(?:-\d{1,6}){0,3}):(-?\d{1,4}(?:\.\d{1,6})?)")
_NUMBER = re.compile(r"(prune|bits):(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of a network's weights; they are made in the order of the fields.

    Attributes:
        prune: percent of all kernels' weights, the smallest by magnitude, that become 0.
        bits: bits of a kernel's weight after rounding; 0 leaves them as they are.
        weights: array, place in it, and the new number of single weights.
        off: layer and unit (or filter) of those that are switched off.
    """

    prune: int = ruled(0, Number(0, 100, 1, "%"))
    bits: int = ruled(0, Number(BITS[0], BITS[2]))
    weights: tuple[tuple[str, tuple[int, ...], float], ...] = field(default=())
    off: tuple[tuple[str, int], ...] = field(default=())

    def __post_init__(self) -> None:
        check_fields(self)
        if 0 < self.bits < BITS[1]:
            raise SpecError(f"bits must be 0, or from {BITS[1]} to {BITS[2]}, not {self.bits}")

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.prune or self.bits or self.weights or self.off)

    def with_weight(self, name: str, place: tuple[int, ...], value: float) -> Changes:
        """These and one more weight, or the same weight set anew.

        >>> to_text(Changes().with_weight("dense/bias", (2,), 0.5).with_weight("dense/bias", (2,), 1))
        'set:dense/bias:2:1'
        """
        others = tuple(each for each in self.weights if each[:2] != (name, place))
        return Changes(self.prune, self.bits, (*others, (name, place, float(value))), self.off)

    def with_off(self, layer: str, units: tuple[int, ...]) -> Changes:
        """These with just those units of a layer switched off, and other layers as they are."""
        others = tuple(each for each in self.off if each[0] != layer)
        return Changes(self.prune, self.bits, self.weights, (*others, *((layer, unit) for unit in units)))

    def off_in(self, layer: str) -> tuple[int, ...]:
        """Units of a layer that are switched off."""
        return tuple(unit for name, unit in self.off if name == layer)


def to_text(changes: Changes) -> str:
    """The changes as text; "" where there are none.

    >>> to_text(Changes(prune=30, off=(("conv2d", 2), ("conv2d", 5))))
    'prune:30;off:conv2d:2-5'
    """
    numbers = [f"{name}:{value}" for name, value in (("prune", changes.prune), ("bits", changes.bits)) if value]
    weights = [
        f"set:{name}:{'-'.join(map(str, place))}:{f'{value:.6f}'.rstrip('0').rstrip('.')}"
        for name, place, value in changes.weights
    ]
    layers = dict.fromkeys(layer for layer, _ in changes.off)
    off = [f"off:{layer}:{'-'.join(map(str, changes.off_in(layer)))}" for layer in layers]
    return ";".join([*numbers, *weights, *off])


def from_text(text: str) -> Changes:
    """Read `to_text` again.

    Raises:
        SpecError: text that says no change, or more than 800 letters.
    """
    if len(text) > MOST_LETTERS:
        raise SpecError(f"the text of changes by hand may have at most {MOST_LETTERS} letters, not {len(text)}")
    numbers: dict[str, int] = {}
    weights: dict[tuple[str, tuple[int, ...]], float] = {}
    off: dict[tuple[str, int], None] = {}
    for part in text.split(";") if text else []:
        if match := _NUMBER.fullmatch(part):
            numbers[match[1]] = int(match[2])
        elif match := _SET.fullmatch(part):
            value = float(match[3])
            if abs(value) > LARGEST:
                raise SpecError(f"a weight may be set to a number from {-LARGEST:g} to {LARGEST:g}, not {value:g}")
            weights[match[1], tuple(map(int, match[2].split("-")))] = value
        elif match := _OFF.fullmatch(part):
            off |= {(match[1], int(unit)): None for unit in match[2].split("-")}
        else:
            raise SpecError(f"{part!r:.60} is no change of weights; there are prune, bits, set and off")
    singles = tuple((name, place, value) for (name, place), value in weights.items())
    return Changes(**numbers, weights=singles, off=tuple(off))


def describe_changes(changes: Changes) -> str:
    """The changes in words.

    >>> describe_changes(Changes(30, 4, (("dense/bias", (1,), 2.0),), (("conv2d", 2), ("conv2d", 5))))
    'the smallest 30% of the weights are 0, weights have 4 bits, dense/bias[1] is 2, conv2d 2, 5 switched off'
    """
    parts = [f"the smallest {changes.prune}% of the weights are 0"] if changes.prune else []
    parts += [f"weights have {changes.bits} bits"] if changes.bits else []
    parts += [f"{name}[{', '.join(map(str, place))}] is {value:g}" for name, place, value in changes.weights]
    for layer in dict.fromkeys(name for name, _ in changes.off):
        parts.append(f"{layer} {', '.join(map(str, changes.off_in(layer)))} switched off")
    return ", ".join(parts)
