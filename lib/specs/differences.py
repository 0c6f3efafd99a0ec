"""What differs between runs, setting by setting, under the names that an address uses.

A setting that a run does not use, such as the momentum of Adam or the noise of digits, is None there, and so is one
that changes no number of the training.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lib.specs.codec import layers_to_text, plain
from lib.specs.run import RunSpec
from lib.specs.training import OPTIMIZERS, TELLS_ONLY

Value = str | int | float | None
Change = tuple[str, Value, Value]
"""A setting's name, its value before, and after."""

LAYERS = "layers"
START = "start"
"""Where the first weights come from: another run and its epoch; None where the seed draws them."""
FROZEN = "frozen"
"""Layers whose weights stay as they are; None where all learn."""
_OF_KIND = {
    **dict.fromkeys(("vocabulary", "length", "padding", "truncating", "neutral"), ("text",)),
    **dict.fromkeys(("points_kind", "points", "noise", "test_share", "points_seed", "features"), ("points",)),
    "scaling": ("images", "table"),
    "spoiled": ("images",),
}
"""Settings of the data that mean something for some kinds of them only."""
_OPTIONS = frozenset(name for optimizer in OPTIMIZERS.values() for name in optimizer.options)


def flat(spec: RunSpec) -> dict[str, Value]:
    """All settings of a run in one table: data, layers as the address writes them, training, first weights.

    >>> from lib.specs.recipes import RECIPES
    >>> settings = flat(RECIPES["mlp"].run)
    >>> settings["dataset"], settings["optimizer"], settings["momentum"], settings["noise"]
    ('mnist', 'adam', None, None)
    """
    data, training = plain(spec.data), plain(spec.training)
    unused = {name for name, kinds in _OF_KIND.items() if spec.data.kind not in kinds}
    unused |= {*TELLS_ONLY} | _OPTIONS - set(OPTIMIZERS[spec.training.optimizer].options)
    unused |= {"validation_split"} if spec.data.folds else {"folds", "fold"}
    settings = {**data, LAYERS: layers_to_text(spec.model), **training, **_start(spec)}
    return {name: None if name in unused else value for name, value in settings.items()}


def _start(spec: RunSpec) -> dict[str, Value]:
    start = spec.start
    if start is None:
        return {START: None, FROZEN: None}
    by_hand = f", {start.by_hand}" if start.by_hand else ""
    return {START: f"{start.run}, epoch {start.epoch}{by_hand}", FROZEN: ", ".join(start.frozen) or None}


_flat = lru_cache(maxsize=2_000)(flat)
"""A table of a thousand runs is drawn anew after every click. Nobody changes what comes out of this one."""


def differences(specs: Sequence[RunSpec]) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
    """The settings that are not the same in all runs.

    Returns:
        Their names, and for each run its value of each.

    >>> import dataclasses
    >>> from lib.specs.recipes import RECIPES
    >>> run = RECIPES["mlp"].run
    >>> slower = dataclasses.replace(run, training=dataclasses.replace(run.training, learning_rate=0.0001))
    >>> differences([run, slower])
    (('learning_rate',), ((0.001,), (0.0001,)))
    """
    tables = [_flat(spec) for spec in specs]
    names = tuple(name for name in tables[0] if len({table[name] for table in tables}) > 1) if tables else ()
    return names, tuple(tuple(table[name] for name in names) for table in tables)


def difference(before: RunSpec, after: RunSpec) -> list[Change]:
    """Name and both values of each setting that is not the same in two runs.

    Where both have the same kinds of layers in the same order, each option of a layer is a setting of its own.

    >>> import dataclasses
    >>> from lib.specs.one_change import applied
    >>> from lib.specs.recipes import RECIPES
    >>> run = RECIPES["mlp"].run
    >>> difference(run, applied(run, "dense.units", 8))
    [('dense.units', 128, 8)]
    """
    names, (old, new) = differences([before, after])
    changes = list(zip(names, old, new, strict=True))
    if [row.name for row in before.model.trace] != [row.name for row in after.model.trace]:
        return changes
    place = names.index(LAYERS) if LAYERS in names else 0
    options = [
        (f"{row.name}.{name}", value, getattr(other, name))
        for row, other in zip(before.model.trace, after.model.layers, strict=True)
        for name, value in plain(row.layer).items()
        if getattr(other, name) != value
    ]
    return [*changes[:place], *options, *changes[place + (LAYERS in names) :]]


def in_words(changes: Sequence[Change]) -> list[str]:
    """What `difference` has found, each as a phrase.

    >>> in_words([("learning_rate", 0.001, 0.01), ("frozen", None, "dense")])
    ['learning_rate 0.001 → 0.01', 'frozen none → dense']
    """
    return [f"{name} {shown(old)} → {shown(new)}" for name, old, new in map(in_short, changes)]


def in_short(change: Change) -> Change:
    """A change without the layers that both networks begin and end with; None where nothing is left of one.

    >>> in_short((LAYERS, "Flatten;Dense(units=64);Dense(units=10)", "Flatten;Dense;Dropout;Dense(units=10)"))
    ('layers', 'Dense(units=64)', 'Dense;Dropout')
    >>> in_short((LAYERS, "Flatten;Dense", "Flatten;Dropout;Dense"))
    ('layers', None, 'Dropout')
    """
    name, before, after = change
    if name != LAYERS:
        return change
    old, new = str(before or "").split(";"), str(after or "").split(";")
    for end in (0, -1):
        while old and new and old[end] == new[end]:
            old.pop(end)
            new.pop(end)
    return name, ";".join(old) or None, ";".join(new) or None


def shown(value: Value) -> str:
    """A value as a person reads it.

    >>> shown(None), shown(True), shown(0.001)
    ('none', 'true', '0.001')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None else str(value)
