"""Attention in numpy gives what Keras gives; what a page shows of it adds up."""

import functools

import keras
import numpy as np
import pytest
from helpers.keras_twins import drawn, random_weights
from helpers.strategies import working_attention_models
from hypothesis import strategies as st

from lib.concepts.attention import Variant, attention, block, cell_sum
from lib.concepts.forward import forward, weight_shapes
from lib.specs.layers.known import MultiHeadAttention, TransformerBlock
from lib.specs.training import TrainSpec
from lib.worker.build import build_model
from lib.worker.weights import get_weights, set_weights

PARTS = 2
BLOCKS = 160
PADDED = np.array([[3, 1, 4, 1, 5, 9], [0, 0, 0, 1, 5, 9], [3, 1, 4, 0, 0, 0], [3, 0, 4, 0, 0, 9]])
STEPS, FEATURES = 6, 5
LAYER = MultiHeadAttention(num_heads=3, key_dim=4)


@functools.cache
def random_models():
    """Models, each with the seed of its sentences."""
    return drawn(40, working_attention_models(), st.integers(0, 1000))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_shapes_parameters_and_outputs_of_random_transformers_equal_keras(part):
    for model, seed in random_models()[part::PARTS]:
        rng = np.random.default_rng(seed)
        rows = rng.integers(model.layers[0].input_dim, size=(3, *model.input_shape))
        rows *= rng.random(rows.shape) < 0.7
        rows[:, 2] = 1 % model.layers[0].input_dim  # a mean over nothing is no number, in Keras neither
        built, weights = build_model(model, training=TrainSpec(kernel_initializer="zeros")), random_weights(model)
        assert {name: values.shape for name, values in get_weights(built).items()} == weight_shapes(model)
        assert built.count_params() == model.parameters
        set_weights(built, weights)
        made = [built.get_layer(name).output for name in model.layer_names()]
        assert model.shapes() == tuple(each.shape[1:] for each in made)
        theirs = keras.tree.flatten(keras.Model(built.inputs[0], made)(rows, training=False))
        for row, answer in zip(rows, zip(*map(np.asarray, theirs), strict=True), strict=True):
            for mine, reference in zip(forward(model, weights, row), answer, strict=True):
                assert mine.dtype == np.float32
                scale = max(1.0, float(np.abs(reference).max()))
                np.testing.assert_allclose(
                    mine / scale, reference / scale, rtol=0, atol=1e-5, err_msg=str(model.layers)
                )


def test_among_the_random_transformers_are_some_with_masks_positions_and_several_blocks():
    """Which ones are drawn depends on what else is loaded, so that their number may not be told exactly."""
    models = [model for model, _ in random_models()]
    assert len(set(models)) > 20
    assert sum(model.masks_padding for model in models) > 4
    kinds = [[layer.kind for layer in model.layers] for model in models]
    assert sum("PositionEmbedding" in each for each in kinds) > 2
    assert sum(each.count("TransformerBlock") > 1 for each in kinds) > 1


def keras_block(layer, weights, rows, mask):
    """The same block of Keras' layers without a graph around it, and how many weights they have."""
    groups = {
        "attention_": keras.layers.MultiHeadAttention(layer.num_heads, layer.key_dim, kernel_initializer="zeros"),
        "attention_normalization_": keras.layers.LayerNormalization(),
        "inner_": keras.layers.Dense(layer.intermediate_dim, "relu", kernel_initializer="zeros"),
        "outer_": keras.layers.Dense(rows.shape[-1], kernel_initializer="zeros"),
        "": keras.layers.LayerNormalization(),
    }
    attention_, first, inner, outer, last = groups.values()
    attention_.build(rows.shape, rows.shape)
    for made in (first, inner, last):
        made.build(rows.shape)
    outer.build((*rows.shape[:-1], layer.intermediate_dim))
    left = list(weights.values())
    for made in groups.values():
        count = len(made.weights)
        made.set_weights(left[:count])
        left = left[count:]
    assert not left
    seen = first(rows + attention_(rows, rows, attention_mask=mask[:, None, :]))
    count = sum(made.count_params() for made in groups.values())
    return np.asarray(last(seen + outer(inner(seen)))), count


@pytest.mark.slow
def test_random_blocks_have_the_weights_and_outputs_of_keras_layers():
    rng = np.random.default_rng(0)
    for number in range(BLOCKS):
        heads, key_dim, inner = (int(rng.integers(1, most)) for most in (9, 8, 12))
        layer = TransformerBlock(num_heads=heads, key_dim=key_dim + 1, intermediate_dim=inner)
        shape = (int(rng.integers(1, 10)), int(rng.integers(1, 9)))
        weights = {name: rng.normal(size=axes).astype(np.float32) for name, axes in layer.weight_shapes(shape).items()}
        rows, mask = rng.normal(size=(2, *shape)).astype(np.float32), rng.random((2, shape[0])) < 0.7
        outputs, count = keras_block(layer, weights, rows, mask)
        assert count == layer.parameters(shape).total
        assert outputs.shape[1:] == layer.output_shape(shape)
        for row, real, output in zip(rows, mask, outputs, strict=True):
            np.testing.assert_allclose(block(row, weights, real).output, output, atol=1e-5, err_msg=f"{number} {layer}")


def drawn_weights(layer=LAYER, seed=0):
    rng = np.random.default_rng(seed)
    shapes = layer.weight_shapes((STEPS, FEATURES))
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def sequence(seed=1):
    return np.random.default_rng(seed).normal(size=(STEPS, FEATURES)).astype(np.float32)


@pytest.fixture(scope="module")
def oracle():
    layer = keras.layers.MultiHeadAttention(LAYER.num_heads, LAYER.key_dim)
    layer.build((None, STEPS, FEATURES), (None, STEPS, FEATURES))
    layer.set_weights(list(drawn_weights().values()))
    return layer


@pytest.mark.parametrize("causal", [False, True])
def test_attention_and_its_weights_are_those_of_keras_with_both_masks(oracle, causal):
    for ids in PADDED:
        mask, x = ids != 0, sequence()
        ours = attention(x, drawn_weights(), mask, Variant(causal=causal))
        told = {"attention_mask": mask[None, None], "use_causal_mask": causal}
        np.testing.assert_allclose(ours.output, np.asarray(oracle(x[None], x[None], **told))[0], atol=1e-4)
        _, weights = oracle(x[None], x[None], return_attention_scores=True, **told)
        # Where a step may look nowhere, Keras' scores are 0 here; its outputs are a plain mean all the same.
        looks = ours.allowed.any(axis=1)
        np.testing.assert_allclose(ours.weights[:, looks], np.asarray(weights)[0][:, looks], atol=1e-5)


def test_the_temperature_is_that_of_softmax(oracle):
    """Queries over T are the same as scores over T, which Keras can be told by the weights of its queries."""
    weights, x = drawn_weights(), sequence()
    cooler = {name: values / 4 if name.startswith("query") else values for name, values in weights.items()}
    hot = attention(x, weights, variant=Variant(temperature=4))
    np.testing.assert_allclose(hot.weights, attention(x, cooler).weights, atol=1e-5)
    assert hot.weights.max() < attention(x, weights).weights.max()


def test_a_head_that_is_off_adds_nothing_and_the_others_stay():
    weights, x = drawn_weights(), sequence()
    whole, without = attention(x, weights), attention(x, weights, variant=Variant(heads_off=(1,)))
    share = np.einsum("td,df->tf", whole.mixed[:, 1], weights["output_kernel"][1])
    np.testing.assert_allclose(without.output, whole.output - share, atol=1e-4)
    assert not without.mixed[:, 1].any()
    assert np.array_equal(without.weights, whole.weights)


def test_uniform_attention_is_the_mean_of_the_words_that_may_be_looked_at():
    mask = PADDED[1] != 0
    steps = attention(sequence(), drawn_weights(), mask, Variant(uniform=True))
    mean = steps.value[mask].mean(axis=0)
    np.testing.assert_allclose(steps.mixed, np.broadcast_to(mean, steps.mixed.shape), atol=1e-5)
    assert np.allclose(steps.weights[..., mask], 1 / 3)
    assert not steps.weights[..., ~mask].any()


def test_without_positions_shuffled_words_give_the_same_vectors_in_another_order():
    weights, x = drawn_weights(TransformerBlock(num_heads=3, key_dim=4)), sequence()
    order = np.random.default_rng(2).permutation(STEPS)
    np.testing.assert_allclose(block(x[order], weights).output, block(x, weights).output[order], atol=1e-5)


def test_the_arithmetic_of_a_hundred_random_cells_adds_up():
    rng = np.random.default_rng(5)
    for number in range(100):
        ids = PADDED[number % len(PADDED)]
        variant = Variant(causal=bool(number % 2), temperature=float(rng.choice([0.5, 1, 3])), uniform=number % 5 == 0)
        weights, x = drawn_weights(seed=number), sequence(number)
        steps = attention(x, weights, ids != 0, variant)
        head, asks = int(rng.integers(LAYER.num_heads)), int(rng.integers(STEPS))
        cells = [cell_sum(steps, head, asks, answers, variant) for answers in range(STEPS)]
        answers = int(rng.integers(STEPS))
        cell = cells[answers]
        query = x[asks] @ weights["query_kernel"][:, head] + weights["query_bias"][head]
        key = x[answers] @ weights["key_kernel"][:, head] + weights["key_bias"][head]
        np.testing.assert_allclose(cell.terms, query * key, atol=1e-3)
        assert cell.product == pytest.approx(float(cell.terms.sum()), abs=1e-3)
        assert cell.score == pytest.approx(cell.product / cell.root / cell.temperature, abs=1e-3)
        assert cell.root == 2
        assert cell.weight == pytest.approx(cell.power / cell.total, abs=1e-5)
        assert cell.total == pytest.approx(sum(each.power for each in cells), rel=1e-5)
        assert sum(each.weight for each in cells) == pytest.approx(1, abs=1e-5)
        if cell.allowed and not variant.uniform:
            assert cell.power == pytest.approx(np.exp(cell.score - cell.largest), rel=1e-4, abs=1e-6)
        given = sum(each.given for each in cells)
        np.testing.assert_allclose(given, steps.mixed[asks, head], atol=1e-4)
        output = steps.joined[asks] @ weights["output_kernel"].reshape(-1, FEATURES) + weights["output_bias"]
        np.testing.assert_allclose(output, steps.output[asks], atol=1e-4)


def test_a_block_normalises_each_sum_and_keeps_what_went_in():
    weights, x = drawn_weights(TransformerBlock(num_heads=3, key_dim=4)), sequence()
    steps = block(x, weights)
    np.testing.assert_allclose(steps.attended - steps.inputs, steps.attention.output, atol=1e-5)
    np.testing.assert_allclose(steps.summed - steps.normalized, steps.outer, atol=1e-5)
    for summed, normalized, part in (
        (steps.attended, steps.normalized, "attention_normalization_"), (steps.summed, steps.output, ""),
    ):  # fmt: skip
        plain = (normalized - weights[f"{part}beta"]) / weights[f"{part}gamma"]
        spread = summed.var(axis=1)
        np.testing.assert_allclose(plain.mean(axis=1), 0, atol=1e-4)
        np.testing.assert_allclose(plain.var(axis=1), spread / (spread + 0.001), atol=1e-3)
