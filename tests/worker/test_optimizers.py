"""The table of optimizers says what Keras does, and every one of them is built as the exported code builds it."""

import dataclasses

import keras
import pytest

from lib.export.keras_code import optimizer_code
from lib.specs.training import OPTIMIZERS, TrainSpec
from lib.worker.build import build_optimizer

# Rules that a training keeps to, whatever Keras would take.
OTHER = {"learning_rate": 0.25, "momentum": 0.5, "nesterov": True, "weight_decay": 0.125}


def settings(optimizer):
    """A learning rate and options other than Keras' own."""
    return TrainSpec(**{"optimizer": optimizer, **OTHER})


def without_names(optimizer):
    """Everything about an optimizer but the name of its object."""
    return {option: value for option, value in optimizer.get_config().items() if option != "name"}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_class_rate_and_options_are_keras_own(name):
    theirs, ours = keras.optimizers.get(name), OPTIMIZERS[name]
    assert type(theirs).__name__ == ours.keras_class
    config = theirs.get_config()
    assert config["learning_rate"] == pytest.approx(ours.learning_rate)
    assert {option: config[option] for option in ours.options} == dict(ours.options)
    assert set(ours.options) <= {field.name for field in dataclasses.fields(TrainSpec)}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("changed", [False, True])
def test_the_exported_optimizer_is_the_one_that_trains(name, changed):
    training = settings(name) if changed else TrainSpec(optimizer=name, learning_rate=OPTIMIZERS[name].learning_rate)
    exported = keras.optimizers.get(eval(optimizer_code(training)))
    built = build_optimizer(training)
    assert type(exported) is type(built)
    assert without_names(exported) == without_names(built)
    assert changed == optimizer_code(training).startswith("keras.optimizers.")
