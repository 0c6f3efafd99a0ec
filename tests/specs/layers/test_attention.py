import pytest

from lib.specs.codec import from_json, from_query, to_json, to_query
from lib.specs.data import DataSpec
from lib.specs.fields import SpecError
from lib.specs.layers.known import (
    GRU,
    LSTM,
    BatchNormalization,
    Conv1D,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    LayerNormalization,
    MultiHeadAttention,
    PositionEmbedding,
    TransformerBlock,
)
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

SMALL = TransformerBlock(num_heads=2, key_dim=3, intermediate_dim=7)
WORDS = Embedding(input_dim=20, output_dim=6, mask_zero=True)


def test_parameters_are_written_out_part_by_part():
    assert MultiHeadAttention(num_heads=2, key_dim=3).parameters((5, 6)).sum == "3*(6 + 1)*2*3 + (2*3 + 1)*6 = 168"
    assert SMALL.parameters((5, 6)).sum == (
        "MultiHeadAttention 168 + LayerNormalization 12 + Dense 49 + Dense 48 + LayerNormalization 12 = 289"
    )
    assert PositionEmbedding().parameters((5, 6)).sum == "5*6 = 30"


def test_the_steps_of_a_block_do_not_change_its_weights_but_its_work_grows_with_their_square():
    assert SMALL.parameters((5, 6)) == SMALL.parameters((50, 6))
    attention = MultiHeadAttention(num_heads=2, key_dim=3)
    assert attention.multiply_adds((5, 6)) == 5 * 4 * 6 * 6 + 2 * (2 * 5 * 5 * 3)
    dense, normal, drop, add = 5 * 2 * 6 * 7, 2 * 5 * 6, 2 * 5 * 6, 2 * 5 * 6
    assert SMALL.multiply_adds((5, 6)) == attention.multiply_adds((5, 6)) + dense + normal + drop + add


def test_memory_counts_what_a_block_makes_inside():
    """The weights of each pair of steps are most of it: about 4 times as much for twice the steps."""
    without, short, long = (
        ModelSpec((steps,), (WORDS, *layers)).memory_mb(64)
        for steps, layers in ((200, ()), (200, (SMALL,)), (400, (SMALL,)))
    )
    values = 200 * (4 * 6 + 7 + 8 * 6) + 2 * 2 * 200 * 200
    weights = SMALL.parameters((200, 6)).total
    assert short - without == pytest.approx(4 * (3 * 64 * values + 4 * weights) / 1e6)
    assert 3 < long / short < 4


@pytest.mark.parametrize(
    ("shape", "layers", "problem"),
    [
        ((28, 28, 1), (TransformerBlock(),), "TransformerBlock needs a sequence of (steps, features), but gets maps"),
        ((28, 28, 1), (PositionEmbedding(),), "use a layer for images, such as Conv2D"),
        ((9,), (TransformerBlock(),), "gets the vector (9,): begin with an Embedding if these are token ids"),
        ((9,), (WORDS, Flatten(), TransformerBlock()), "move it above layer 2, flatten, which makes a vector"),
        ((9,), (WORDS, GRU(), PositionEmbedding()), "switch on return_sequences in layer 2, gru"),
    ],
)
def test_a_block_without_steps_is_explained(shape, layers, problem):
    assert problem in ModelSpec(shape, layers).problem


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"num_heads": 0}, r"TransformerBlock.num_heads must be a whole number from 1 to 8, not 0"),
        ({"num_heads": 99}, r"from 1 to 8, not 99"),
        ({"num_heads": 1e30}, r"not 1e\+30"),
        ({"key_dim": 1}, r"key_dim must be a whole number from 2 to 64, not 1"),
        ({"intermediate_dim": 0.5}, r"intermediate_dim must be a whole number from 1 to 512, not 0.5"),
        ({"dropout": 1.0}, r"dropout must be a number from 0 to 0.95, not 1.0"),
    ],
)
def test_a_bad_option_of_a_block_is_refused_with_its_name_rule_and_value(options, words):
    with pytest.raises(SpecError, match=words):
        TransformerBlock(**options)


def test_the_layers_behind_a_block_have_the_names_that_a_script_gives_them():
    layers = (WORDS, PositionEmbedding(), SMALL, Dense(), SMALL, LayerNormalization(), Dense())
    assert ModelSpec((9,), layers).layer_names() == (
        "embedding", "position_embedding", "transformer_block", "dense_2", "transformer_block_1",
        "layer_normalization_4", "dense_5",
    )  # fmt: skip


def test_a_model_knows_which_of_its_layers_are_told_the_mask():
    layers = (WORDS, PositionEmbedding(), SMALL, LSTM(return_sequences=True), BatchNormalization(), SMALL, Conv1D())
    model = ModelSpec((9,), (*layers, GlobalAveragePooling1D()))
    assert model.masked == (False, True, True, True, True, True, True, False)
    assert model.tells_masks
    assert not ModelSpec((9,), (WORDS, LSTM(return_sequences=True), GRU())).tells_masks
    assert not ModelSpec((9,), (WORDS.unmasked, SMALL)).tells_masks


def test_a_run_with_a_block_comes_back_from_json_and_from_an_address():
    model = ModelSpec((20,), (WORDS, PositionEmbedding(), SMALL, GlobalAveragePooling1D(), Dense(units=1)))
    run = RunSpec(DataSpec("movies", vocabulary=100, length=20), model, TrainSpec(loss="binary_crossentropy"))
    assert from_json(to_json(run)) == run
    assert from_query(to_query(run)) == run
    assert "TransformerBlock(key_dim=3,intermediate_dim=7)" in to_query(run)["layers"]
