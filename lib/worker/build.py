"""Specs -> Keras models."""

from __future__ import annotations

import random
from typing import Any

import keras
from keras import layers as keras_layers

from lib.data.loading import Scaling
from lib.specs.codec import plain
from lib.specs.layers import Conv2D, Dense, Dropout, Layer
from lib.specs.model import ModelSpec
from lib.specs.training import TrainSpec
from lib.worker.device import on_gpu


def build_layer(layer: Layer, name: str, numbers: random.Random) -> keras.Layer:
    """The Keras layer of a spec; option names are Keras' own, so they pass straight through.

    Args:
        numbers: gives the seeds of first weights and dropout.
    """
    options: dict[str, Any] = plain(layer)
    if isinstance(layer, Conv2D | Dense):
        options["kernel_initializer"] = keras.initializers.GlorotUniform(seed=_next_seed(numbers))
    elif isinstance(layer, Dropout):
        options["seed"] = _next_seed(numbers)
    made: keras.Layer = getattr(keras_layers, layer.kind)(name=name, **options)
    return made


def _next_seed(numbers: random.Random) -> int:
    """The seed that Keras itself would draw here after `keras.utils.set_random_seed`.

    Keras draws it from Python's global generator, which other threads of a worker use too: two equal runs then began
    with different weights now and then. A generator of our own gives Keras' numbers without that race.
    """
    return numbers.randint(1, int(1e9))


def build_model(spec: ModelSpec, seed: int = 0) -> keras.Sequential:
    """An unfitted model; its first weights are those of the exported code with the same seed.

    Raises:
        SpecError: the stack breaks.
    """
    spec.shapes()
    numbers = random.Random(seed)
    named = zip(spec.layers, spec.layer_names(), strict=True)
    layers = [build_layer(layer, name, numbers) for layer, name in named]
    return keras.Sequential([keras.Input(spec.input_shape), *layers], name="sequential")


def build_optimizer(training: TrainSpec) -> keras.optimizers.Optimizer:
    """The optimizer with its rate and, where it has them, its momentum, Nesterov step and weight decay."""
    options: dict[str, Any] = {"learning_rate": training.learning_rate}
    if training.optimizer in ("sgd", "rmsprop"):
        options["momentum"] = training.momentum
    if training.optimizer == "sgd":
        options["nesterov"] = training.nesterov
    if training.optimizer == "adamw":
        options["weight_decay"] = training.weight_decay
    return keras.optimizers.get({"class_name": training.optimizer, "config": options})


def compile_model(model: keras.Model, training: TrainSpec) -> None:
    """Give the model its optimizer, loss and the accuracy metric.

    XLA is off on TensorFlow's CPU, where it made small convolutions 3.5 times slower (docs/DECISIONS.md).
    """
    jit: bool | str = False if keras.backend.backend() == "tensorflow" and not on_gpu() else "auto"
    model.compile(build_optimizer(training), training.loss, metrics=["accuracy"], jit_compile=jit)


def with_scaling(model: keras.Sequential, scaling: Scaling, training: TrainSpec) -> keras.Sequential:
    """The same layers behind a Rescaling layer, so that raw 0-255 pixels can go in."""
    first = keras_layers.Rescaling(list(scaling.scale), list(scaling.offset), name="rescaling")
    whole = keras.Sequential([keras.Input(model.input_shape[1:]), first, *model.layers])
    compile_model(whole, training)
    whole.optimizer.build(whole.trainable_variables)  # or loading the file warns about missing variables
    return whole
