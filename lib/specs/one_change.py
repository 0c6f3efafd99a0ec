"""A single change of a run: what may be changed, to what, and the run that comes of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from lib.specs.adapting import adapted
from lib.specs.data import DataSpec
from lib.specs.fields import Rule, SpecError, rules
from lib.specs.layers.known import LAYERS, Layer
from lib.specs.model import MAX_LAYERS, ModelSpec
from lib.specs.places import new_layer
from lib.specs.run import RunSpec
from lib.specs.training import OPTIMIZERS, TELLS_ONLY, TrainSpec

ADD, REMOVE = "add", "remove"
_NO_CHANGE = ("seed", *TELLS_ONLY)
"""Each pair of an experiment has its own seed; what only changes what is told is nothing to compare."""
_OF_KIND = {
    "images": ("samples", "scaling", "spoiled"),
    "table": ("samples", "scaling"),
    "text": ("samples", "vocabulary", "length", "padding", "truncating"),
    "points": ("noise", "features"),
}


def changes(run: RunSpec) -> tuple[str, ...]:
    """Ids of what can be changed: `learning_rate`, `conv2d.filters`, `add.Dropout`, `remove.flatten`."""
    return (*settings(run), *_additions(run), *(f"{REMOVE}.{name}" for name in removals(run)))


def settings(run: RunSpec) -> tuple[str, ...]:
    """Ids of the changes that give a setting another value; no layer is added or removed for it."""
    return (*_training_names(run), *_OF_KIND[run.data.kind], *_layer_options(run))


def _training_names(run: RunSpec) -> Iterator[str]:
    of_optimizers = {name for optimizer in OPTIMIZERS.values() for name in optimizer.options}
    taken = OPTIMIZERS[run.training.optimizer].options
    for name in rules(TrainSpec):
        if name not in _NO_CHANGE and (name in taken or name not in of_optimizers):
            yield name


def _layer_options(run: RunSpec) -> Iterator[str]:
    for row in run.model.trace:
        for name in rules(row.layer):
            yield f"{row.name}.{name}"


def _additions(run: RunSpec) -> Iterator[str]:
    if len(run.model.layers) < MAX_LAYERS:
        for kind in LAYERS:
            new = new_layer(run, kind)
            if new is not None and not _with_layer(run, new.place, new.layer).mismatch:
                yield f"{ADD}.{kind}"


def removals(run: RunSpec) -> tuple[str, ...]:
    """Names of the layers without one of which the run can still be trained."""
    return tuple(row.name for place, row in enumerate(run.model.trace) if not _without(run, place).mismatch)


def rule_of(run: RunSpec, change: str) -> Rule | None:
    """What values a change may take; None where it needs none: adding and removing.

    Raises:
        SpecError: there is no such change of this run.
    """
    part, _, name = change.partition(".")
    # Where layers can be added or removed takes milliseconds to find out, and is not asked for nothing.
    if change not in (changes(run) if part in (ADD, REMOVE) else settings(run)):
        raise SpecError(f"{change!r:.60} is no change of this run")
    if part in (ADD, REMOVE):
        return None
    if name:
        return rules(_layer(run, part))[name]
    return rules(TrainSpec).get(change) or rules(DataSpec)[change]


def value_of(run: RunSpec, change: str) -> Any:
    """What the changed thing is now; None where a layer is added or removed."""
    part, _, name = change.partition(".")
    if part in (ADD, REMOVE):
        return None
    if name:
        return getattr(_layer(run, part), name)
    return getattr(run.training if change in rules(TrainSpec) else run.data, change)


def applied(run: RunSpec, change: str, value: Any = None) -> RunSpec:
    """The run with a change.

    Args:
        run: any run.
        change: one of `changes(run)`.
        value: a new one, where `rule_of` gives a rule.

    Raises:
        SpecError: there is no such change, or the value breaks its rule. The stack may be broken by it: then
            `RunSpec.problem` says so.
    """
    rule = rule_of(run, change)
    part, _, name = change.partition(".")
    if part == ADD:
        new = new_layer(run, name)
        assert new is not None  # it is one of the changes
        return _with_layer(run, new.place, new.layer)
    if part == REMOVE:
        return _without(run, _place(run, name))
    assert rule is not None
    value = rule.check(change, value)
    if name:
        place = _place(run, part)
        layers = list(run.model.layers)
        layers[place] = dataclasses.replace(layers[place], **{name: value})
        return _with_layers(run, layers)
    if change in rules(TrainSpec):
        return dataclasses.replace(run, training=dataclasses.replace(run.training, **{change: value}))
    return adapted(run, dataclasses.replace(run.data, **{change: value}))


def read_value(rule: Rule, text: str) -> Any:
    """The value that a text of an address stands for; the rule itself is applied by `applied`.

    >>> from lib.specs.fields import Number, Switch
    >>> read_value(Number(0, 1, 0.1), "0.5"), read_value(Switch(), "true"), read_value(Number(0, 9), "many")
    (0.5, True, 'many')
    """
    if text in ("true", "false"):
        return text == "true"
    if not hasattr(rule, "low"):
        return text
    try:
        number = float(text[:40])
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _place(run: RunSpec, name: str) -> int:
    return next(place for place, row in enumerate(run.model.trace) if row.name == name)


def _layer(run: RunSpec, name: str) -> Layer:
    return run.model.layers[_place(run, name)]


def _with_layer(run: RunSpec, place: int, layer: Layer) -> RunSpec:
    return _with_layers(run, [*run.model.layers[:place], layer, *run.model.layers[place:]])


def _without(run: RunSpec, place: int) -> RunSpec:
    return _with_layers(run, [*run.model.layers[:place], *run.model.layers[place + 1 :]])


def _with_layers(run: RunSpec, layers: list[Layer]) -> RunSpec:
    return dataclasses.replace(run, model=ModelSpec(run.model.input_shape, tuple(layers)))
