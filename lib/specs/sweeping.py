"""What a sweep varies: which settings, each with its range or its values, also as text for an address."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lib.specs import one_change
from lib.specs.fields import Choice, Number, Rule, SpecError, Subset, Switch
from lib.specs.one_change import read_value, settings, value_of
from lib.specs.run import RunSpec
from lib.specs.with_layers import switches

MOST_VARIED = 4
MOST_VALUES = 8
"""Of one setting in a grid."""
MANY_STEPS = 100
"""A number above 0 with more steps is varied by factors: from 0.001 to 0.1 half of all draws are below 0.01."""
_OTHER_VALIDATION = ("samples", "noise", "validation_split", "spoiled")
"""With another value of these the validation part is another one, and its figures could not be compared."""
_IN_THE_LOSS = ("l1", "l2")
"""The loss on the validation part holds these penalties, so it does not tell which of them is better."""
_BETWEEN, _ASIDE = ";", ":"


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is varied between two others.

    Attributes:
        change: its id, see `lib.specs.one_change.changes`.
        low, high: both may be taken.
        count: how many values a grid takes.
    """

    change: str
    low: float
    high: float
    count: int = 3


@dataclass(frozen=True, slots=True)
class Several:
    """A setting that takes one of a few values.

    Attributes:
        change: its id.
        values: at least two.
    """

    change: str
    values: tuple[Any, ...]


Varied = Range | Several


def can_vary(run: RunSpec) -> tuple[str, ...]:
    """Ids of the settings that a sweep may vary."""
    without = {*_OTHER_VALIDATION, *(_IN_THE_LOSS if run.regression else ())}
    if run.model.layers:
        without.add(f"{run.model.trace[-1].name}.units")  # as many as there are answers, or it cannot be trained
    return (*(change for change in settings(run) if change not in without), *switches(run))


def rule_of(run: RunSpec, change: str) -> Rule | None:
    """What values a setting that is varied may take.

    Raises:
        SpecError: the run has no such setting.
    """
    return Switch() if change in switches(run) else one_change.rule_of(run, change)


def by_factors(rule: Number, low: float) -> bool:
    """Whether a number is varied by factors instead of steps.

    >>> by_factors(Number(1e-6, 10.0, 0.0001), 0.001), by_factors(Number(0.0, 0.9, 0.05), 0.1)
    (True, False)
    """
    return low > 0 and (rule.high - rule.low) / rule.step > MANY_STEPS


def problem(run: RunSpec, varied: Sequence[Varied]) -> str:
    """Why these settings of a run cannot be varied so, in one sentence that says what to do, or ""."""
    if not 1 <= len(varied) <= MOST_VARIED:
        return f"A sweep varies 1 to {MOST_VARIED} settings, not {len(varied)}: choose them above"
    names = [each.change for each in varied]
    if len(set(names)) < len(names):
        return "Each setting can be varied once: leave out the second one of the same name"
    for each in varied:
        if each.change not in can_vary(run):
            return f"{each.change!r:.60} is no setting of this network that a sweep can vary: choose another one"
        why = _of_one(rule_of(run, each.change), each)
        if why:
            return why
    return ""


def suits(run: RunSpec, varied: Varied) -> bool:
    """Whether a setting of this network can have such values, though they may be too few."""
    rule = rule_of(run, varied.change)
    if rule is None or isinstance(varied, Range) != isinstance(rule, Number):
        return False
    try:
        for value in (varied.low, varied.high) if isinstance(varied, Range) else varied.values:
            rule.check(varied.change, value)
    except SpecError:
        return False
    return True


def _of_one(rule: Rule | None, varied: Varied) -> str:
    name = varied.change
    if isinstance(varied, Range) != isinstance(rule, Number) or rule is None:
        return f"{name} has {'a range' if isinstance(rule, Number) else 'values to choose from'}: say it so"
    try:
        for value in (varied.low, varied.high) if isinstance(varied, Range) else varied.values:
            rule.check(name, value)
        if isinstance(varied, Range):
            Number(2, MOST_VALUES).check(f"the count of values of {name}", varied.count)
    except SpecError as error:
        return str(error)
    if isinstance(varied, Range) and not varied.low < varied.high:
        return f"The range of {name} is empty: from {varied.low:g} to {varied.high:g} there is nothing to try. Widen it"
    if isinstance(varied, Several) and len(set(varied.values)) < 2:
        return f"{name} has only one value to try: choose another one, too"
    return ""


def values_of(run: RunSpec, varied: Varied) -> tuple[Any, ...]:
    """The values that a grid takes of a setting, each once: evenly spread, by steps or by factors.

    >>> from lib.specs.recipes import RECIPES
    >>> values_of(RECIPES["mlp"].run, Range("learning_rate", 0.0001, 0.01, 3))
    (0.0001, 0.001, 0.01)
    """
    if isinstance(varied, Several):
        return tuple(dict.fromkeys(varied.values))
    rule = number(run, varied)
    places = [place / (varied.count - 1) for place in range(varied.count)]
    return tuple(dict.fromkeys(at(rule, varied, place) for place in places))


@lru_cache(maxsize=256)
def number(run: RunSpec, varied: Range) -> Number:
    """The rule of a number that is varied.

    Raises:
        SpecError: it is no number.
    """
    rule = rule_of(run, varied.change)
    if not isinstance(rule, Number):
        raise SpecError(f"{varied.change} is no number, so it has no range")
    return rule


def at(rule: Number, varied: Range, place: float) -> float:
    """The value at a place between both ends, 0 to 1."""
    low, high = varied.low, varied.high
    exact = low * (high / low) ** place if by_factors(rule, low) else low + (high - low) * place
    return rounded(rule, varied, exact)


def place_of(run: RunSpec, varied: Range, value: float) -> float:
    """Where a value stands between both ends, 0 to 1; `at` gives the value of a place."""
    scale = math.log if by_factors(number(run, varied), varied.low) else float
    low, high = scale(varied.low), scale(varied.high)
    return (scale(value) - low) / (high - low)


def rounded(rule: Number, varied: Range, value: float) -> float:
    """A value as it is trained with: a whole number, or three digits; never outside of the range.

    >>> rounded(Number(0.0, 1.0, 0.0001), Range("l2", 0.0001, 0.1), 0.0123456)
    0.0123
    """
    near = float(round(value)) if isinstance(rule.step, int) else float(f"{value:.3g}")
    return rule.check(varied.change, min(max(near, varied.low), varied.high))


def to_text(varied: Sequence[Varied]) -> str:
    """What is varied, as an address holds it.

    >>> to_text([Range("learning_rate", 0.001, 0.1, 4), Several("optimizer", ("adam", "sgd"))])
    'learning_rate:0.001:0.1:4;optimizer:adam:sgd'
    """
    return _BETWEEN.join(
        _ASIDE.join([each.change, *map(as_text, (each.low, each.high, each.count))])
        if isinstance(each, Range)
        else _ASIDE.join([each.change, *map(as_text, each.values)])
        for each in varied
    )


def as_text(value: object) -> str:
    """A value as an address holds it.

    >>> as_text(True), as_text(0.001), as_text("adam")
    ('true', '0.001', 'adam')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def from_text(run: RunSpec, text: str) -> tuple[Varied, ...]:
    """Read `to_text` again.

    Raises:
        SpecError: no settings of this run, or not such that a sweep can vary them.
    """
    parts = [part.split(_ASIDE) for part in text.split(_BETWEEN)[: MOST_VARIED + 1]]
    varied = tuple(_read(run, change, texts) for change, *texts in parts)
    why = problem(run, varied)
    if why:
        raise SpecError(why)
    return varied


def _read(run: RunSpec, change: str, texts: Sequence[str]) -> Varied:
    if change not in can_vary(run):
        raise SpecError(f"{change!r:.60} is no setting of this network that a sweep can vary")
    rule = rule_of(run, change)
    assert rule is not None  # only adding and removing have none
    values = [read_value(rule, text) for text in texts[: MOST_VALUES + 1]]
    if not isinstance(rule, Number):
        return Several(change, tuple(values))
    if len(values) not in (2, 3) or not all(isinstance(value, int | float) for value in values):
        raise SpecError(f"{change} needs a range, such as {change}:{rule.low:g}:{rule.high:g}")
    return Range(change, *values)


def to_plain(varied: Sequence[Varied]) -> list[dict[str, Any]]:
    """What is varied as plain data."""
    return [
        {"change": each.change, "low": each.low, "high": each.high, "count": each.count}
        if isinstance(each, Range)
        else {"change": each.change, "values": list(each.values)}
        for each in varied
    ]


def from_plain(plain: Sequence[Mapping[str, Any]]) -> tuple[Varied, ...]:
    """Read `to_plain` again.

    Raises:
        KeyError, TypeError, ValueError: it was something else.
    """
    return tuple(
        Several(str(each["change"]), tuple(each["values"]))
        if "values" in each
        else Range(str(each["change"]), float(each["low"]), float(each["high"]), int(each["count"]))
        for each in plain
    )


def suggested(run: RunSpec, change: str) -> Varied:
    """What to try of a setting: around its present value, by factors up to ten times as much and as little."""
    rule = rule_of(run, change)
    if isinstance(rule, Switch):
        return Several(change, (False, True))
    now = value_of(run, change)
    if isinstance(rule, Number):
        low, high = _around(rule, now)
        return Range(change, rule.check(change, low), rule.check(change, high))
    assert isinstance(rule, Choice | Subset)
    others = tuple(name for name in rule.names if name != now)
    return Several(change, (now, *others[:1]))


def _around(rule: Number, now: float) -> tuple[float, float]:
    whole = isinstance(rule.step, int)
    if by_factors(rule, now):
        times = 4 if whole else 10
        low, high = max(now / times, rule.low), min(now * times, rule.high)
    else:
        low, high = rule.low, min(max(2 * now, rule.low + 10 * rule.step), rule.high)
    return (math.ceil(low), math.floor(high)) if whole else (float(f"{low:.3g}"), float(f"{high:.3g}"))
