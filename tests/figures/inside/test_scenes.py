"""What the explorer is sent of a trained network: with it alone, every number is Keras' own."""

import base64
import functools
import math

import keras
import numpy as np
import pytest
from helpers.keras_twins import keras_outputs, keras_twin, random_weights

from lib.concepts.activations import ACTIVATION_FUNCTIONS
from lib.concepts.cell_walk import walk_layer
from lib.concepts.forward import forward, mask_before
from lib.figures.inside.scenes import flattened_shape, layer_scene, shown_units
from lib.specs.layers.known import (
    AveragePooling2D,
    BatchNormalization,
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    LayerNormalization,
    MaxPooling1D,
    MaxPooling2D,
    ParallelConv2D,
    Recurrent,
)
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.worker.build import build_model
from lib.worker.weights import set_weights

PLACES = 300
MODELS = {
    **{name: recipe.run.model for name, recipe in RECIPES.items() if recipe.run.data.kind != "text"},
    "strides and padding": ModelSpec((17, 14, 3), (
        Conv2D(filters=5, kernel_size=4, strides=3, padding="same", activation="elu"), BatchNormalization(),
        Conv2D(filters=4, padding="same", dilation_rate=2, use_bias=False, activation="tanh"),
        MaxPooling2D(pool_size=3, strides=2, padding="same"), Flatten(), BatchNormalization(),
        Dense(units=7, use_bias=False), LayerNormalization(), Dense(units=4, activation="softmax"),
    )),
    "branches and means": ModelSpec((12, 12, 2), (
        ParallelConv2D(filters=3), Dropout(), AveragePooling2D(pool_size=3, strides=2, padding="same"),
        LayerNormalization(), Dense(units=6, activation="sigmoid"), Conv2D(filters=3, activation="softmax"),
        GlobalAveragePooling2D(), Dense(units=1, activation="sigmoid"),
    )),
}  # fmt: skip


@functools.cache
def followed(name):
    """A model's weights, its input, and each layer's output as Keras and as we compute it."""
    model = MODELS[name]
    weights = random_weights(model)
    image = np.random.default_rng(2).random(model.input_shape, dtype=np.float32)
    built = build_model(model, 0)
    set_weights(built, weights)
    inner = keras.Model(built.inputs, [built.get_layer(each).output for each in model.layer_names()])
    keras_says = [np.asarray(values)[0] for values in inner([image[None]], training=False)]
    return weights, image, keras_says, forward(model, weights, image)


def places():
    """So many random (model, layer, unit, position), always the same, from each layer of each model in turn."""
    random = np.random.default_rng(7)
    layers = [(name, place) for name, model in MODELS.items() for place in range(len(model.layers))]
    for number in range(PLACES):
        name, place = layers[number % len(layers)]
        shape = MODELS[name].shapes()[place]
        position = tuple(int(random.integers(axis)) for axis in shape)
        yield name, place, position


def scene_data(name, place, unit):
    """What goes to the browser, its arrays unpacked again."""
    weights, image, _, outputs = followed(name)
    model = MODELS[name]
    layer, own_name, inputs = model.layers[place], model.layer_names()[place], (image, *outputs)[place]
    own = {word: weights[f"{own_name}/{word}"] for word in layer.weight_shapes(inputs.shape)}
    return unpacked(layer_scene(layer, own, inputs, outputs[place], unit).data())


def unpacked(data):
    if isinstance(data, dict) and set(data) == {"shape", "data"}:
        return np.frombuffer(base64.b64decode(data["data"]), "<f4").reshape(data["shape"])
    return {name: unpacked(value) for name, value in data.items()} if isinstance(data, dict) else data


def number(scene, position):
    """The number at a position, computed as the explorer writes it out, and the one that the scene says it is."""
    if scene["count"] is None:
        row, column = (0, 0) if len(position) == 1 else position[:2]
    else:
        index = position[0] - scene["first"]
        row, column = divmod(index, scene["output"].shape[1])
    says = scene["output"][row, column, 0]
    match scene["operation"]:
        case "flatten":
            return scene["input"].reshape(-1)[index], says
        case "copy":
            return scene["input"][row, column, 0], says
        case "normalise":
            mean, variance, gamma, beta = (
                scene["factors"][word][row, column] for word in ("mean", "variance", "gamma", "beta")
            )
            value = scene["input"][row, column, 0]
            return gamma * (value - mean) / math.sqrt(variance + scene["factors"]["epsilon"]) + beta, says
        case "weighted":
            return weighted(scene, index), says
    return windowed(scene, row, column, says), says


def weighted(scene, index):
    units = scene["units"]
    values = scene["input"].reshape(-1)[units["places"][index]]
    assert np.array_equal(values, units["values"][index])
    assert np.allclose(values * units["weights"][index], units["products"][index])
    assert list(np.abs(units["products"][index])) == sorted(np.abs(units["products"][index]), reverse=True)
    total = units["products"][index].sum() + units["rest"][index] + units["bias"][index]
    if scene["softmax"]:
        largest, exponentials = scene["softmax"]
        return math.exp(total - largest) / exponentials
    return ACTIVATION_FUNCTIONS[scene["activation"]](np.array([total], np.float32))[0]


def windowed(scene, row, column, says):
    (top, bottom), (left, right) = scene["pads"]
    sums = scene["operation"] == "sum"
    around = ((top, bottom), (left, right), (0, 0))
    padded = np.pad(scene["input"], around, constant_values=0 if sums else np.nan)
    down, across = (
        slice(at * scene["stride"], at * scene["stride"] + scene["dilation"] * size, scene["dilation"])
        for at, size in zip((row, column), scene["window"], strict=True)
    )
    window = padded[down, across]
    if not sums:
        return np.nanmax(window) if scene["operation"] == "max" else np.nanmean(window)
    total = (window * scene["kernel"][..., 0]).sum() + scene["bias"][0]
    if scene["activation"] == "linear":
        return total
    assert math.isclose(total, scene["sums"][row, column, 0], rel_tol=1e-4, abs_tol=1e-5)
    # A softmax over the maps needs the other maps' sums: the explorer names how many there are.
    return (
        says if scene["activation"] == "softmax" else ACTIVATION_FUNCTIONS[scene["activation"]](np.float32([total]))[0]
    )


@pytest.mark.slow
def test_300_random_numbers_come_out_as_keras_has_them():
    for name, place, position in places():
        keras_says = followed(name)[2][place][position]
        computed, says = number(scene_data(name, place, position[-1]), position)
        scale = float(np.abs(followed(name)[2][place]).max())
        where = f"{name}, layer {place}, {position}"
        np.testing.assert_allclose([computed, says], keras_says, rtol=1e-4, atol=1e-5 * scale, err_msg=where)


def test_the_models_have_what_the_arithmetic_must_know():
    kinds = {layer.kind for model in MODELS.values() for layer in model.layers}
    assert kinds == {
        "Conv2D", "ParallelConv2D", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "Flatten", "Dense",
        "Dropout", "BatchNormalization", "LayerNormalization",
    }  # fmt: skip


def test_of_a_large_dense_layer_the_lines_around_a_unit_are_sent():
    model = ModelSpec((20_000,), (Dense(units=100, activation="softmax"),))
    weights = random_weights(model)
    values = np.random.default_rng(0).random(20_000, dtype=np.float32)
    output = forward(model, weights, values)[0]
    own = {word: weights[f"dense/{word}"] for word in ("kernel", "bias")}
    scene = layer_scene(model.layers[0], own, values, output, 70)
    assert shown_units(20_000, 100, 70) == (64, 96) == (scene.first, scene.first + scene.count)
    assert scene.start == 6
    data = unpacked(scene.data())
    assert math.isclose(weighted(data, 6), output[70], rel_tol=1e-4)


SENTENCE = np.array([0, 0, 5, 2, 7, 3], np.int32)
READERS = {
    "mean of words": (Embedding(input_dim=9, output_dim=4, mask_zero=True), GlobalAveragePooling1D(), Dense(units=2)),
    "largest of windows": (
        Embedding(input_dim=9, output_dim=4, mask_zero=True), Conv1D(filters=3, kernel_size=2, activation="tanh"),
        GlobalMaxPooling1D(), Dense(units=2, activation="softmax"),
    ),
    "all vectors": (Embedding(input_dim=9, output_dim=4), Flatten(), Dropout(), Dense(units=2, activation="sigmoid")),
    **{name: recipe.run.model.layers for name, recipe in RECIPES.items()
       if recipe.run.data.kind == "text" and not recipe.run.model.branched},
}  # fmt: skip


def layers_read(layers):
    """Each layer of a network that reads the sentence: its arrays, input, output, what Keras gives, and its mask."""
    model = ModelSpec((len(SENTENCE),), layers)
    weights = random_weights(model)
    passed = [SENTENCE.astype(np.float32), *forward(model, weights, SENTENCE)]
    keras_says = [each[0] for each in keras_outputs(keras_twin(model, weights), [SENTENCE])]
    for place, (name, layer) in enumerate(zip(model.layer_names(), model.layers, strict=True)):
        own = {word: weights[f"{name}/{word}"] for word in layer.weight_shapes(passed[place].shape)}
        yield layer, own, passed[place], passed[place + 1], keras_says[place], mask_before(model, passed, place)


@pytest.mark.parametrize("name", READERS)
def test_numbers_behind_a_sentence_come_out_as_keras_has_them(name):
    shown = 0
    for layer, own, inputs, output, keras_says, mask in layers_read(READERS[name]):
        if isinstance(layer, Recurrent):
            walked = walk_layer(layer, own, inputs, mask)
            np.testing.assert_allclose(walked.steps.hidden[-1], keras_says, rtol=1e-4, atol=1e-5)
            shown += layer.units
        if isinstance(layer, Embedding | Recurrent) or keras_says.ndim == 2:
            continue  # those two have pictures of their own, and sequences a test
        for unit, said in enumerate(keras_says):
            scene = layer_scene(layer, own, inputs, output, unit, mask=mask)
            np.testing.assert_allclose(number(unpacked(scene.data()), (unit,)), [said] * 2, rtol=1e-4, atol=1e-5)
            shown += 1
    assert shown >= 5
    assert flattened_shape(ModelSpec((len(SENTENCE),), READERS[name]), 3) == (
        (6, 4, 1) if name == "all vectors" else ()
    )


ALONG = {
    "windows": (
        Embedding(input_dim=9, output_dim=4), Dropout(), Conv1D(filters=3, kernel_size=2, activation="tanh"),
        BatchNormalization(), MaxPooling1D(pool_size=3, strides=2, padding="same"), LayerNormalization(),
        Dense(units=5, activation="relu"), GlobalMaxPooling1D(), Dense(units=2),
    ),
    "padding and strides": (
        Embedding(input_dim=9, output_dim=3), Conv1D(filters=4, kernel_size=3, dilation_rate=2, padding="causal"),
        Conv1D(filters=2, kernel_size=4, strides=2, padding="same", use_bias=False, activation="elu"),
        MaxPooling1D(pool_size=2), GlobalMaxPooling1D(), Dense(units=2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ALONG)
def test_numbers_along_a_sequence_come_out_as_keras_has_them(name):
    seen = set()
    for layer, own, inputs, output, keras_says, _ in layers_read(ALONG[name]):
        if keras_says.ndim != 2 or isinstance(layer, Embedding):
            continue
        scene = unpacked(layer_scene(layer, own, inputs, output, 0, steps=("a", "b")).data())
        assert scene["steps"] == ["a", "b"]
        for step, feature in np.ndindex(*keras_says.shape):
            np.testing.assert_allclose(along(scene, step, feature), keras_says[step, feature], rtol=1e-4, atol=1e-5)
        seen.add(layer.kind)
    assert len(seen) == {"windows": 6, "padding and strides": 2}[name]


def along(scene, step, feature):
    """A number of a sequence as the explorer writes it out: of an image of one row, or with a row for each step."""
    if scene["operation"] in ("copy", "normalise"):
        return number(scene, (step, feature))[0]
    one = scene | {"output": scene["output"][..., feature : feature + 1]}
    if scene["operation"] == "max":
        one["input"] = scene["input"][..., feature : feature + 1]
    else:
        one |= {"kernel": scene["kernel"][..., feature : feature + 1], "bias": scene["bias"][feature : feature + 1]}
        one["sums"] = None if scene["sums"] is None else scene["sums"][..., feature : feature + 1]
    return number(one, (0, step))[0]


def test_an_embedding_has_a_picture_of_another_kind():
    with pytest.raises(NotImplementedError):
        layer_scene(Embedding(), {}, np.zeros(5, np.float32), np.zeros((5, 64), np.float32), 0)
