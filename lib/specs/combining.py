"""The runs of a sweep: every combination of a grid, or combinations that are drawn at random."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, product
from typing import Any

from lib.specs.fields import SpecError, rules
from lib.specs.one_change import applied, value_of
from lib.specs.run import RunSpec
from lib.specs.sweeping import Several, Varied, at, by_factors, number, values_of
from lib.specs.training import TrainSpec, in_use
from lib.specs.with_layers import completed, layer_of, without_layers

Values = Mapping[str, Any]
"""One value for each setting that is varied, by its id."""
_TRIES_EACH = 50
"""Draws for each combination that is wanted, before it is taken that there are no more."""
_LOOKED_AT_EACH, _LOOKED_AT = 3, 40
"""Of different draws so many are looked at, because that takes half a millisecond each."""


@dataclass(frozen=True, slots=True)
class Combinations:
    """The runs of a sweep.

    Attributes:
        specs: what is trained, in order; no two are the same training.
        left_out: how many combinations cannot be trained.
        why: what is wrong with the first of those, in a sentence, or "".
    """

    specs: tuple[RunSpec, ...]
    left_out: int = 0
    why: str = ""


def combined(run: RunSpec, values: Values) -> RunSpec:
    """The run with all of these values.

    Raises:
        SpecError: they cannot be combined. A stack that they break is told by `RunSpec.mismatch`.
    """
    of_training = {name: value for name, value in values.items() if name in rules(TrainSpec)}
    # All at once: what an optimizer does not take has no effect, and is no reason to refuse the combination.
    run = replace(run, training=replace(run.training, **of_training))
    for change, value in values.items():
        if change not in of_training and not layer_of(change):
            run = applied(run, change, value)
    # Layers go last: those that stay have the names that they have in the base until then.
    lacking = [layer_of(change) for change, there in values.items() if layer_of(change) and not there]
    return without_layers(run, lacking) if lacking else run


def taken(base: RunSpec, run: RunSpec, varied: Sequence[Varied]) -> dict[str, Any]:
    """The values that a run of a sweep has of what is varied; of a layer that it lacks those of the base."""
    names = [layer_of(each.change) for each in varied if layer_of(each.change)]
    whole, lacking = completed(base, run, names) if names else (run, frozenset())
    return {
        each.change: layer_of(each.change) not in lacking if layer_of(each.change) else value_of(whole, each.change)
        for each in varied
    }


def grid_size(run: RunSpec, varied: Sequence[Varied]) -> int:
    """Combinations of a grid, usable or not."""
    return math.prod(len(values_of(run, each)) for each in varied)


def most_different(run: RunSpec, varied: Sequence[Varied]) -> int | None:
    """Different combinations that can be drawn at most; None where a number with decimals is varied."""
    sizes = []
    for each in varied:
        if isinstance(each, Several):
            sizes.append(len(set(each.values)))
        elif isinstance(number(run, each).step, int):
            sizes.append(int(each.high) - int(each.low) + 1)
        else:
            return None
    return math.prod(sizes)


@lru_cache(maxsize=64)
def grid(run: RunSpec, varied: tuple[Varied, ...]) -> Combinations:
    """Every combination; the last setting changes fastest. Only for sizes that a sweep may have."""
    names = [each.change for each in varied]
    rows = product(*(values_of(run, each) for each in varied))
    return _usable(run, (dict(zip(names, row, strict=True)) for row in rows), None)


@lru_cache(maxsize=64)
def drawn(run: RunSpec, varied: tuple[Varied, ...], count: int, seed: int) -> Combinations:
    """Combinations drawn at random; fewer than `count` where there are not so many different ones.

    The first ones are the same for every count.
    """
    draws = islice(_draws(run, varied, seed), _TRIES_EACH * count)
    return _usable(run, draws, count)


def _draws(run: RunSpec, varied: Sequence[Varied], seed: int) -> Iterator[Values]:
    chance = random.Random(seed)
    while True:
        yield {each.change: _one(run, each, chance) for each in varied}


def _one(run: RunSpec, varied: Varied, chance: random.Random) -> Any:
    if isinstance(varied, Several):
        return chance.choice(varied.values)
    rule = number(run, varied)
    if isinstance(rule.step, int) and not by_factors(rule, varied.low):
        return chance.randint(int(varied.low), int(varied.high))
    return at(rule, varied, chance.random())


def _usable(run: RunSpec, rows: Iterable[Values], count: int | None) -> Combinations:
    """The first `count` that can be trained, all of them without a count; equal trainings are one."""
    found: dict[object, RunSpec] = {}
    refused: dict[object, str] = {}
    seen: set[object] = set()
    for values in rows:
        if count is not None and (len(found) >= count or len(seen) >= _LOOKED_AT_EACH * count + _LOOKED_AT):
            break
        row = tuple(values.items())
        if row in seen:
            continue
        seen.add(row)
        try:
            spec = combined(run, values)
            why = spec.mismatch
        except SpecError as error:
            refused[row] = str(error)
            continue
        if why:
            refused[row] = why
        else:
            found.setdefault(what_is_trained(spec), spec)
    return Combinations(tuple(found.values()), len(refused), next(iter(refused.values()), ""))


def what_is_trained(spec: RunSpec) -> object:
    """Equal for two runs of which one would repeat the other: what a run does not use plays no part."""
    return spec.data, spec.model, tuple(in_use(spec.training).items())
