"""Whether a layer is there, as a setting that a sweep varies: `with.dropout` is true or false."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from lib.specs.layers.known import Layer
from lib.specs.model import ModelSpec
from lib.specs.one_change import removals
from lib.specs.run import RunSpec

_WITH = "with."


@lru_cache(maxsize=64)
def switches(run: RunSpec) -> tuple[str, ...]:
    """Ids of these settings of a run: one for each layer without which it can still be trained.

    >>> from lib.specs.recipes import RECIPES
    >>> switches(RECIPES["mlp"].run)
    ('with.dense', 'with.dense_1')
    """
    return tuple(f"{_WITH}{name}" for name in removals(run))


def layer_of(change: str) -> str:
    """The name of the layer that such a setting is about; "" for any other setting.

    >>> layer_of("with.dropout"), layer_of("dropout.rate")
    ('dropout', '')
    """
    return change.removeprefix(_WITH) if change.startswith(_WITH) else ""


def without_layers(run: RunSpec, names: Collection[str]) -> RunSpec:
    """The run without the layers of these names."""
    rows = zip(run.model.trace, run.model.layers, strict=True)
    return _with(run, [layer for row, layer in rows if row.name not in names])


def completed(base: RunSpec, run: RunSpec, names: Sequence[str]) -> tuple[RunSpec, frozenset[str]]:
    """A run that may lack some layers of its base, with these layers as they are in the base.

    Args:
        base: with all layers.
        run: with other settings, and without some of its layers.
        names: of the layers that it may lack.

    Returns:
        The run with as many layers as the base has, so that they have the names that they have there, and the names of
        those that it lacks. Where two layers of one kind stand side by side, the one is taken to be there that is more
        like the base's.
    """
    best: tuple[int, RunSpec, frozenset[str]] | None = None
    for lacking in _subsets(names, len(base.model.layers) - len(run.model.layers)):
        whole = _filled(base, run, lacking)
        if [each.kind for each in whole.model.layers] != [each.kind for each in base.model.layers]:
            continue
        unlike = sum(one != other for one, other in zip(whole.model.layers, base.model.layers, strict=True))
        if best is None or unlike < best[0]:
            best = unlike, whole, lacking
    if best is None:
        raise ValueError("this run is not made of that base by leaving out layers")
    return best[1], best[2]


def _subsets(names: Sequence[str], size: int) -> Iterator[frozenset[str]]:
    yield from map(frozenset, combinations(names, size)) if size >= 0 else ()


def _filled(base: RunSpec, run: RunSpec, lacking: Collection[str]) -> RunSpec:
    own = iter(run.model.layers)
    rows = zip(base.model.trace, base.model.layers, strict=True)
    return _with(run, [layer if row.name in lacking else next(own) for row, layer in rows])


def _with(run: RunSpec, layers: list[Layer]) -> RunSpec:
    return replace(run, model=ModelSpec(run.model.input_shape, tuple(layers)))
