"""Random specs for property tests: most stacks work, some break."""

from __future__ import annotations

from hypothesis import strategies as st

from lib.specs.data import DataSpec
from lib.specs.fields import Choice, Number, Subset, rules
from lib.specs.layers.known import (
    LAYERS,
    Conv1D,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    PositionEmbedding,
    TransformerBlock,
)
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

SMALL = {
    "filters": 9, "units": 24, "kernel_size": 5, "input_dim": 30, "output_dim": 9, "dilation_rate": 4, "num_heads": 4,
    "key_dim": 5, "intermediate_dim": 9,
}  # fmt: skip


def kinds_for(start):
    """Layers that can follow these and are one Keras layer each."""

    def fits(layer):
        return len(layer.keras_kinds) == 1 and not ModelSpec(start.input_shape, (*start.layers, layer)).problem

    return tuple(kind for kind, layer in LAYERS.items() if fits(layer()))


IMAGE_KINDS = kinds_for(ModelSpec((20, 20, 3), ()))
SEQUENCE_KINDS = kinds_for(ModelSpec((20,), (Embedding(),)))


def value_of(name, rule):
    if isinstance(rule, Number):
        high = SMALL.get(name, rule.high)
        if isinstance(rule.step, int):
            return st.integers(int(rule.low), int(high))
        return st.floats(rule.low, high)
    if isinstance(rule, Subset):
        return st.sets(st.sampled_from(rule.names), min_size=1).map("-".join)
    return st.sampled_from(rule.names) if isinstance(rule, Choice) else st.booleans()


@st.composite
def specs(draw, kind):
    values = {name: draw(value_of(name, rule)) for name, rule in rules(kind).items()}
    if kind in (Conv1D, Conv2D) and values["strides"] > 1:
        values["dilation_rate"] = 1
    if kind is DataSpec:
        values["folds"] = 0 if values["folds"] == 1 else values["folds"]
        values["fold"] = min(values["fold"], max(values["folds"], 1))
    return kind(**values)


def layers(kinds=tuple(LAYERS)):
    return st.sampled_from([LAYERS[kind] for kind in kinds]).flatmap(specs)


def _working(draw, model, kinds, most):
    """The model with random layers behind its own; a layer that would break the stack is left out."""
    for layer in draw(st.lists(layers(kinds), min_size=1, max_size=most)):
        longer = ModelSpec(model.input_shape, (*model.layers, layer))
        if not longer.problem:
            model = longer
    return model


@st.composite
def working_models(draw, channels=(1, 3), most=5):
    """Stacks on images that work, with at least one layer."""
    side = draw(st.integers(5, 14))
    shape = (side, draw(st.integers(5, 14)), draw(st.sampled_from(channels)))
    model = _working(draw, ModelSpec(shape, ()), IMAGE_KINDS, most)
    return model if model.layers else ModelSpec(shape, (Flatten(), Dense(units=3)))


@st.composite
def working_sequence_models(draw, most=4):
    """Stacks on token ids that work: an Embedding and random layers behind it."""
    start = ModelSpec((draw(st.integers(3, 12)),), (draw(specs(Embedding)),))
    return _working(draw, start, SEQUENCE_KINDS, most)


@st.composite
def working_attention_models(draw, most=2):
    """Stacks on token ids that work, with a TransformerBlock in them, and often with positions or another block."""
    start = ModelSpec((draw(st.integers(3, 9)),), (draw(specs(Embedding)),))
    positions = (PositionEmbedding(),) if draw(st.booleans()) else ()
    blocks = draw(st.lists(specs(TransformerBlock), min_size=1, max_size=2))
    return _working(draw, ModelSpec(start.input_shape, (*start.layers, *positions, *blocks)), SEQUENCE_KINDS, most)


@st.composite
def runs(draw):
    """Any run that can be written down, also with a stack that breaks."""
    data = draw(specs(DataSpec))
    stack = tuple(draw(st.lists(layers(), max_size=6)))
    return RunSpec(data, ModelSpec(data.input_shape, stack), draw(specs(TrainSpec)))


def broken_values():
    """What a hostile URL or file might hold in a field."""
    return st.one_of(st.none(), st.text(max_size=30), st.floats(), st.integers(), st.lists(st.integers(), max_size=2))
