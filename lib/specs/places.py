"""Where a new layer can stand in a stack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from lib.specs.data import DataSpec
from lib.specs.fields import SpecError
from lib.specs.layers.known import LAYERS, Dense, Embedding, Layer, Recurrent, Shape
from lib.specs.layers.sliding import Conv
from lib.specs.model import MAX_LAYERS, ModelSpec, misplaced
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec


@dataclass(frozen=True, slots=True)
class NewLayer:
    """A layer to put in.

    Attributes:
        place: its index among the layers.
    """

    layer: Layer
    place: int


def kinds_for(run: RunSpec) -> tuple[str, ...]:
    """The kinds of layers that can stand somewhere in a run's stack, in the order of `LAYERS`."""
    return tuple(kind for kind in LAYERS if new_layer(run, kind) is not None)


def new_layer(run: RunSpec, kind: str) -> NewLayer | None:
    """A new layer of a kind, at the last place where the stack works with it; None where there is no such place.

    The Dense layer that answers stays the last one. A recurrent layer that can only stand before another one gives all
    its states; a convolution too large for the maps gets padding. In a stack that is broken already, the new layer must
    not break it any earlier.

    Args:
        run: any run, also one that cannot be trained as it is.
        kind: name in `LAYERS`.
    """
    return _new_layer(run.data, run.model, kind)


@lru_cache(maxsize=1024)
def _new_layer(data: DataSpec, model: ModelSpec, kind: str) -> NewLayer | None:
    if len(model.layers) >= MAX_LAYERS or (LAYERS[kind] is Embedding and data.kind != "text"):
        return None
    outputs = RunSpec(data, model, TrainSpec()).outputs
    broken_at = next((at for at, row in enumerate(model.trace) if row.error), None)
    ends = model.trace[-1].output_shape if model.layers else None
    answers = ends in outputs and isinstance(model.layers[-1], Dense)
    places = reversed(range(len(model.layers) + 1 - answers))
    tries = [(NewLayer(layer, place), _with_new(model, layer, place)) for layer, place in product(_forms(kind), places)]
    works = [(new, shapes) for new, shapes in tries if new.place + len(shapes) == len(model.layers) + 1]
    answering = [new for new, shapes in works if shapes[-1] in outputs]
    no_worse = [
        new for new, shapes in tries if broken_at is not None and shapes and new.place + len(shapes) > broken_at
    ]
    return next(iter([*answering, *(new for new, _ in works), *no_worse]), None)


def _with_new(model: ModelSpec, layer: Layer, place: int) -> list[Shape]:
    """Shapes that come out of a new layer and of those behind it, up to the one that cannot take its input."""
    shape = model.trace[place - 1].output_shape if place else model.input_shape
    shapes: list[Shape] = []
    before = list(model.layers[:place])
    for each in (layer, *model.layers[place:]):
        if shape is None or misplaced(each, model.input_shape, before):
            break
        try:
            shape = each.output_shape(shape)
        except SpecError:
            break
        shapes.append(shape)
        before.append(each)
    return shapes


def _forms(kind: str) -> Iterator[Layer]:
    """A new layer of a kind as it comes, then as it also fits between others."""
    made = LAYERS[kind]
    yield made()
    if issubclass(made, Recurrent):
        yield made(return_sequences=True)
    elif issubclass(made, Conv):
        yield made(padding="same")
