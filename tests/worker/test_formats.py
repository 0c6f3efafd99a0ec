"""Files for other programs compute what the numpy forward pass computes; what is missing is named in a sentence."""

import dataclasses
import warnings

import numpy as np
import pytest

from lib.arrays import pack
from lib.concepts.forward import forward
from lib.data.preparing import prepare
from lib.export import formats
from lib.export.formats import FORMATS, Format
from lib.specs.codec import to_dict
from lib.specs.layers.known import LAYERS
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.worker import tasks
from lib.worker.build import build_model
from lib.worker.weights import get_weights


@pytest.mark.slow
@pytest.mark.parametrize("recipe", ["simple_cnn", "two_kernels", "text_average", "text_transformer", "wine_dense"])
def test_a_litert_file_takes_samples_as_they_are_and_says_what_the_network_says(recipe):
    import tensorflow as tf

    run = RECIPES[recipe].run
    if recipe == "simple_cnn":  # what works in training only must not work in a file for other programs
        varied = (*(kind() for kind in LAYERS.values() if kind.makes_variants), *run.model.layers)
        run = dataclasses.replace(run, model=ModelSpec(run.model.input_shape, varied))
    weights = get_weights(build_model(run.model, seed=5))
    data = prepare(run.data, run.training.validation_split)
    sample = data.test.x[:1]
    file = tasks.export_model(to_dict(run), pack(weights), "litert")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow announces that its interpreter will move
        interpreter = tf.lite.Interpreter(model_content=file)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], sample.astype(np.float32))
    interpreter.invoke()
    said = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0]
    expected = forward(run.model, weights, data.scaling.apply(sample[0]))[-1]
    np.testing.assert_allclose(said, expected, atol=1e-4)


def test_packages_that_are_missing_are_named_without_importing_any(monkeypatch):
    assert FORMATS["keras"].missing() == ()
    kind = Format("X", ".x", ("json", "no_such_package_of_anybody"))
    assert kind.missing() == ("no_such_package_of_anybody",)
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    assert FORMATS["onnx"].missing() == ("onnx", "tf2onnx")
