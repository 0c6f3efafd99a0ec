"""Where the numbers of a TransformerBlock and of a PositionEmbedding come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.attention import BlockSteps
from lib.concepts.attention_walk import walk
from lib.figures.inside.attention import attention_matrix, describe_attention, describe_vectors, step_vectors
from lib.specs.layers.known import TransformerBlock
from lib.specs.run import RunSpec
from lib.ui.inside.otherwise import Otherwise, answers_then, otherwise
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice

_PARTS = {
    "attention": "attention, through the output projection",
    "attended": "what went in, and attention added",
    "normalized": "normalised",
    "inner": "first Dense layer, with ReLU",
    "outer": "second Dense layer",
    "summed": "the normalised ones, and this added",
    "output": "normalised again: what comes out",
}
_HEADS = {head: f"head {head}" for head in range(8)}

Values = NDArray[np.float32]


def looking(
    run: RunSpec,
    weights: Mapping[str, Values],
    passed: Sequence[Values],
    name: str,
    mask: NDArray[np.bool_] | None,
    words: tuple[str, ...],
) -> None:
    """Show who looks at whom in a block, what each of its parts makes of it, and what comes of doing it otherwise.

    Args:
        run: what was trained.
        weights: by name.
        passed: what goes into each layer of the network, and its answer.
        name: of the block.
        mask: of the block's steps, False for padding; None where the layer knows of none.
        words: what stands at each step; empty where no words do.
    """
    model = run.model
    layer = model.layers[model.layer_names().index(name)]
    assert isinstance(layer, TransformerBlock)
    lessons.show("inside.attention")
    other = otherwise(model, layer)
    walked = walk(model, weights, passed[0], other.variant, other.positions)
    if other != Otherwise():
        answers_then(run, passed[-1], walked.outputs[-1])
    steps = walked.blocks[name]
    names, places = _steps(words, mask, len(steps.inputs))
    heads = {head: _HEADS[head] for head in range(layer.num_heads)}
    head = Choice("inside_head", heads, 0, parameter="head").segments("Head")
    with st.container(key="inside_attention"):
        figure = attention_matrix(steps.attention, head, names, places, other.variant)
        alt = describe_attention(steps.attention, head, names, places)
        st.plotly_chart(figure, key="inside_matrix", alt=alt, config={"displayModeBar": False})
    lessons.show("inside.block_parts")
    part = Choice("inside_part", _PARTS, "attention", parameter="part").listed("Part of the block")
    _vectors(_of_part(steps, part), names, places, "inside_part_view")


def positions(inputs: Values, output: Values, mask: NDArray[np.bool_] | None, words: tuple[str, ...]) -> None:
    """Show the rows that a PositionEmbedding adds.

    Args:
        inputs, output: of the layer, `(steps, features)`.
        mask: of the steps, False for padding; None where the layer knows of none.
        words: what stands at each step; empty where no words do.
    """
    lessons.show("inside.positions")
    names, places = _steps(words, mask, len(inputs))
    _vectors(output - inputs, names, places, "inside_positions")


def _of_part(steps: BlockSteps, part: str) -> Values:
    values: Values = steps.attention.output if part == "attention" else getattr(steps, part)
    return values


def _vectors(values: Values, names: tuple[str, ...], places: list[int], key: str) -> None:
    figure = step_vectors(values, names, places)
    st.plotly_chart(figure, key=key, alt=describe_vectors(values, places), config={"displayModeBar": False})


def _steps(words: tuple[str, ...], mask: NDArray[np.bool_] | None, count: int) -> tuple[tuple[str, ...], list[int]]:
    """The names of all steps, and which of them are shown: no padding, unless there is nothing else."""
    names = words or tuple(f"position {step}" for step in range(count))
    real = [step for step, word in enumerate(names) if word and (mask is None or mask[step])]
    return names, real or list(range(count))
