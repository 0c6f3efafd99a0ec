"""A network with attention, as trained and with something done otherwise."""

import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.concepts.attention import Variant
from lib.concepts.attention_walk import has_attention, walk
from lib.concepts.forward import forward
from lib.specs.layers.known import (
    Dense,
    Dropout,
    Embedding,
    GlobalAveragePooling1D,
    PositionEmbedding,
    TransformerBlock,
)
from lib.specs.model import ModelSpec

BLOCK = TransformerBlock(num_heads=2, key_dim=3, intermediate_dim=7)
MODEL = ModelSpec(
    (7,),
    (
        Embedding(input_dim=20, output_dim=6, mask_zero=True), PositionEmbedding(), Dropout(), BLOCK, BLOCK,
        GlobalAveragePooling1D(), Dense(units=1, activation="sigmoid"),
    ),
)  # fmt: skip
WEIGHTS = random_weights(MODEL)
ROW = np.array([0, 0, 5, 3, 9, 12, 7])


def answer(row=ROW, variant=None, positions=True):
    return float(walk(MODEL, WEIGHTS, row, variant or Variant(), positions).outputs[-1][0])


def test_as_trained_it_is_the_forward_pass():
    walked = walk(MODEL, WEIGHTS, ROW)
    for mine, theirs in zip(walked.outputs, forward(MODEL, WEIGHTS, ROW), strict=True):
        assert np.array_equal(mine, theirs)
    assert list(walked.blocks) == ["transformer_block", "transformer_block_1"]
    assert np.array_equal(walked.blocks["transformer_block"].output, walked.outputs[3])
    assert walked.mask.tolist() == [False, False, True, True, True, True, True]


def test_shuffled_words_give_the_same_answer_only_without_positions():
    shuffled = np.array([0, 0, 7, 9, 5, 3, 12])
    assert answer(shuffled, positions=False) == pytest.approx(answer(positions=False), abs=1e-6)
    assert abs(answer(shuffled) - answer()) > 1e-4


@pytest.mark.parametrize(
    "variant", [Variant(causal=True), Variant(temperature=5), Variant(uniform=True), Variant(heads_off=(1,))]
)
def test_what_is_done_otherwise_reaches_the_answer_through_every_block(variant):
    assert abs(answer(variant=variant) - answer()) > 1e-5
    for steps in walk(MODEL, WEIGHTS, ROW, variant).blocks.values():
        weights = steps.attention.weights[:, 2:]
        assert not weights[..., :2].any()
        if variant.causal:
            assert not np.triu(weights[..., 2:], 1).any()
        if variant.uniform:
            np.testing.assert_allclose(weights[..., 2:], 0.2, atol=1e-6)


def test_in_a_causal_network_a_word_does_not_change_those_before_it():
    other = np.where(np.arange(7) == 6, 11, ROW)
    ours, theirs = (walk(MODEL, WEIGHTS, row, Variant(causal=True)).outputs[4] for row in (ROW, other))
    np.testing.assert_allclose(ours[2:6], theirs[2:6], atol=1e-5)
    assert np.abs(ours[6] - theirs[6]).max() > 1e-3


@pytest.mark.parametrize("row", [[0] * 6 + [4], [1] * 7])
def test_one_word_and_only_unknown_words_have_an_answer(row):
    assert 0 < answer(np.array(row)) < 1


def test_a_stack_that_breaks_has_no_attention():
    assert has_attention(MODEL)
    assert not has_attention(ModelSpec((7,), (BLOCK, Embedding())))
