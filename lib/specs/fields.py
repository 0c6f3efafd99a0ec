"""Bounds of a spec's fields, written once: validation, the codec and the sliders read the same table."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class SpecError(ValueError):
    """A field breaks a rule; the text names the field, the rule and the value received."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole (`step` is an int) or real number between `low` and `high`, both allowed."""

    low: float
    high: float
    step: float = 1
    unit: str = ""

    def check(self, name: str, value: object) -> int | float:
        """Return the value as an int or a float.

        Raises:
            SpecError: not a number, not finite, not whole where it must be, or out of bounds.
        """
        whole = isinstance(self.step, int)
        kind = "a whole number" if whole else "a number"
        rule = f"{name} must be {kind} from {self.low:g} to {self.high:g}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SpecError(f"{rule}, not {value!r:.60}")
        if not self.low <= value <= self.high or not math.isfinite(value) or (whole and value != int(value)):
            raise SpecError(f"{rule}, not {value!r:.60}")
        return int(value) if whole else float(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few names.

    Attributes:
        names: those that a person chooses from.
        pattern: what other names must look like in full, as a regular expression; "" allows no others.
    """

    names: tuple[str, ...]
    pattern: str = ""

    def check(self, name: str, value: object) -> str:
        """Return the name.

        Raises:
            SpecError: the value is none of the names.
        """
        if isinstance(value, str) and (value in self.names or (self.pattern and re.fullmatch(self.pattern, value))):
            return value
        raise SpecError(f"{name} must be one of {', '.join(self.names)}, not {value!r:.60}")


@dataclass(frozen=True, slots=True)
class Subset:
    """One or more of a few names, written `one-another`."""

    names: tuple[str, ...]

    def check(self, name: str, value: object) -> str:
        """Return the names in their own order.

        Raises:
            SpecError: no name, or one that is not among the names.
        """
        chosen = value.split("-") if isinstance(value, str) else []
        if not chosen or not set(chosen) <= set(self.names):
            known = ", ".join(self.names)
            raise SpecError(f"{name} must be some of {known}, joined by -, not {value!r:.60}")
        return "-".join(each for each in self.names if each in chosen)


@dataclass(frozen=True, slots=True)
class Switch:
    """True or False."""

    def check(self, name: str, value: object) -> bool:
        """Return the bool.

        Raises:
            SpecError: the value is no bool.
        """
        if not isinstance(value, bool):
            raise SpecError(f"{name} must be true or false, not {value!r:.60}")
        return value


Rule = Number | Choice | Subset | Switch


def ruled(default: Any, rule: Rule) -> Any:
    """A dataclass field with its rule attached."""
    return dataclasses.field(default=default, metadata={"rule": rule})


def rules(spec_type: Any) -> dict[str, Rule]:
    """Rule of each field of a spec class (or of an instance), in the order of the fields."""
    return {f.name: f.metadata["rule"] for f in dataclasses.fields(spec_type) if "rule" in f.metadata}


def check_fields(spec: Any, owner: str = "") -> None:
    """Hold every ruled field of a frozen dataclass to its rule; whole floats become ints, ints become floats.

    Args:
        spec: messages name its fields.
        owner: stands before a field's name in messages, where that name alone would not tell which is meant.

    Raises:
        SpecError: the first field that breaks its rule.
    """
    for name, rule in rules(spec).items():
        object.__setattr__(spec, name, rule.check(f"{owner}.{name}" if owner else name, getattr(spec, name)))


def changed(spec: Any) -> dict[str, Any]:
    """Fields that differ from their defaults."""
    return {name: getattr(spec, name) for name in rules(spec) if getattr(spec, name) != default_of(type(spec), name)}


def default_of(spec_type: type[Any], name: str) -> Any:
    """Default of one field."""
    return next(f.default for f in dataclasses.fields(spec_type) if f.name == name)


def build(spec_type: type[Any], values: Mapping[str, object]) -> Any:
    """Make a spec from plain values.

    Raises:
        SpecError: an unknown key, or a value that breaks its rule.
    """
    unknown = sorted(set(values) - set(rules(spec_type)))
    if unknown:
        known = ", ".join(rules(spec_type)) or "none"
        raise SpecError(f"{spec_type.__name__} has no option {unknown[0]!r:.60}; it has: {known}")
    return spec_type(**values)
