"""Blocks and positions of a worker's model: those of the exported code, with masks, by name, saved, and resumed."""

import dataclasses

import keras
import numpy as np
import pytest
from helpers.keras_fit import worker_fit
from helpers.keras_twins import without_seeds

from lib.concepts.forward import forward, weight_shapes
from lib.data.scaling import Scaling
from lib.export.keras_code import model_lines
from lib.specs.data import DataSpec
from lib.specs.layers.known import (
    LSTM,
    BatchNormalization,
    Conv1D,
    Dense,
    Dropout,
    Embedding,
    GlobalAveragePooling1D,
    PositionEmbedding,
    TransformerBlock,
)
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.start import Start
from lib.specs.training import TrainSpec
from lib.worker.build import build_model, build_run, with_scaling
from lib.worker.weights import get_weights, set_weights, spec_name

# Keras warns wherever a mask ends.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning"),
]
LENGTH = 10
DATA = DataSpec("movies", samples=500, vocabulary=100, length=LENGTH)
WORDS = Embedding(input_dim=100, output_dim=6, mask_zero=True)
BLOCK = TransformerBlock(num_heads=2, key_dim=3, intermediate_dim=7, dropout=0.2)
ANSWER = (GlobalAveragePooling1D(), Dropout(rate=0.3), Dense(units=1, activation="sigmoid"))
TINY = (WORDS, PositionEmbedding(), BLOCK, *ANSWER)


def run_of(*layers, **training):
    options = {"loss": "binary_crossentropy", "batch_size": 64, "epochs": 2, "seed": 5, **training}
    return RunSpec(DATA, ModelSpec((LENGTH,), layers), TrainSpec(**options))


CASES = {
    "masked": run_of(*TINY),
    "without masks": run_of(WORDS.unmasked, PositionEmbedding(), BLOCK, *ANSWER),
    "other first weights, and a penalty": run_of(*TINY, kernel_initializer="he_normal", l2=0.01),
    "zeros": run_of(*TINY, kernel_initializer="zeros"),
    "two blocks and layers that take masks": run_of(
        WORDS, dataclasses.replace(BLOCK, dropout=0.0), BatchNormalization(),
        LSTM(units=6, return_sequences=True, bidirectional=True), BLOCK, LSTM(units=4, return_sequences=True),
        Conv1D(filters=4), PositionEmbedding(), *ANSWER,
    ),
}  # fmt: skip


def exported(run):
    """What the exported lines build in a session of its own."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(run.training.seed)
    names = {"keras": keras, "layers": keras.layers}
    exec("\n".join(model_lines(run)), names)
    return names["model"]


@pytest.mark.parametrize("case", CASES)
def test_the_exported_code_gives_the_same_first_weights_layers_and_answers(case):
    run = CASES[case]
    theirs, ours = exported(run), build_run(run)
    configs = [[without_seeds(layer.get_config()) for layer in each.layers] for each in (theirs, ours)]
    assert configs[0] == configs[1]
    assert theirs.count_params() == ours.count_params() == run.model.parameters
    for written, built in zip(theirs.get_weights(), ours.get_weights(), strict=True):
        assert np.array_equal(written, built)
    names = {layer.name for layer in theirs.layers}
    assert {name for name in run.model.layer_names() if "_block" not in name and "position" not in name} <= names
    rows = np.random.default_rng(0).integers(1, 100, (3, LENGTH)) * (np.arange(LENGTH) >= [[4], [0], [2]])
    assert np.array_equal(theirs(rows), ours(rows))
    weights = get_weights(ours)
    assert {name: values.shape for name, values in weights.items()} == weight_shapes(run.model)
    for row, answer in zip(rows, np.asarray(ours(rows)), strict=True):
        np.testing.assert_allclose(forward(run.model, weights, row)[-1], answer, atol=1e-5)


def test_each_projection_begins_with_weights_of_its_own():
    weights = get_weights(build_run(CASES["masked"]))
    kernels = [weights[f"transformer_block/attention_{name}_kernel"] for name in ("query", "key", "value")]
    assert not np.allclose(kernels[0], kernels[1])
    assert not np.allclose(kernels[1], kernels[2])
    again = get_weights(build_run(CASES["masked"]))
    assert all(np.array_equal(again[name], values) for name, values in weights.items())


def test_padding_changes_no_answer_wherever_it_stands():
    model, words = build_model(CASES["masked"].model, 3), [7, 8, 9, 7]
    rows = [[0] * 6 + words, words + [0] * 6, [0] * 3 + words + [0] * 3]
    answers = np.asarray(model(np.array(rows)))
    np.testing.assert_allclose(answers, np.broadcast_to(answers[0], answers.shape), atol=1e-6)
    other = np.asarray(model(np.array([[0] * 6 + [8, 7, 9, 7]])))
    assert abs(float(other[0, 0] - answers[0, 0])) > 1e-6


def test_weights_go_out_and_in_by_name_and_a_frozen_block_does_not_learn():
    source, target = build_model(CASES["masked"].model, 1), build_model(CASES["masked"].model, 2)
    set_weights(target, get_weights(source))
    rows = np.array([[0, 0, 1, 2, 3, 4, 5, 6, 7, 8]])
    assert np.array_equal(target(rows), source(rows))
    frozen = ("transformer_block", "position_embedding")
    run = dataclasses.replace(CASES["masked"], start=Start("0123456789abcdef", 3, frozen))
    built = build_run(run)
    learning = {spec_name(layer.name) for layer in built.layers if layer.trainable_weights}
    assert learning == {"embedding", "dense_2"}
    assert run.model.learners == ("embedding", "position_embedding", "transformer_block", "dense_2")
    assert "".join(model_lines(run)).count("trainable=False") == 8


def test_a_saved_model_opens_without_layerlab_and_answers_the_same(tmp_path):
    for number, case in enumerate(("masked", "without masks")):
        model = build_run(CASES[case])
        whole = with_scaling(model, Scaling((), ()), CASES[case].training)
        whole.save(tmp_path / f"{number}.keras")
        loaded = keras.saving.load_model(tmp_path / f"{number}.keras")
        rows = np.random.default_rng(0).integers(0, 100, (4, LENGTH))
        assert np.array_equal(loaded(rows), model(rows))
        assert {type(layer).__module__.split(".")[0] for layer in loaded.layers} == {"keras"}


def test_a_training_goes_on_from_an_epoch_exactly():
    run = dataclasses.replace(CASES["masked"], data=dataclasses.replace(DATA, samples=300))
    _, _, whole = worker_fit(run)
    assert [(each.epoch, each.batch) for each in whole] == [(2, 0), (3, 0)]
    _, _, rest = worker_fit(run, whole[0])
    for name, weights in whole[-1].weights.items():
        assert np.array_equal(rest[-1].weights[name], weights), name
    assert not np.array_equal(whole[-1].weights["transformer_block/gamma"], np.ones(6))
