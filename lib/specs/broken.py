"""Experiments that break a network or its data on purpose: two runs that differ in one thing, and one goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib.specs.data import DataSpec
from lib.specs.layers.known import BatchNormalization, Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D
from lib.specs.model import ModelSpec
from lib.specs.one_change import applied
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

_DIGITS = DataSpec(samples=2_000)
_TRAINING = TrainSpec(epochs=4, batch_size=32, validation_split=0.5)
"""Half of the digits are held back: each validation accuracy is then measured on a thousand of them."""
_ANSWER = Dense(units=10, activation="softmax")
_TOWER = 6
"""Hidden layers of the tower of sigmoids."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Two runs of which one is broken.

    Attributes:
        name: an id that stays: what the page says of the two is found by it.
        a: what B is compared with.
        b: the same with one change.
    """

    name: str
    a: RunSpec
    b: RunSpec


def _run(*layers: Layer, **training: object) -> RunSpec:
    """A small network of dense layers on two thousand digits."""
    return _network(Flatten(), *layers, **training)


def _network(*layers: Layer, **training: object) -> RunSpec:
    """A small network on two thousand digits."""
    model = ModelSpec(_DIGITS.input_shape, (*layers, _ANSWER))
    return RunSpec(_DIGITS, model, replace(_TRAINING, **training))  # type: ignore[arg-type]


def _broken(name: str, a: RunSpec, change: str, value: object) -> Broken:
    return Broken(name, a, applied(a, change, value))


_SIGMOID = Dense(units=32, activation="sigmoid")
_NORMALISED = (_SIGMOID, BatchNormalization(momentum=0.9))
"""Its averages forget faster than usual, for there are few batches before they are used to validate."""
_PLAIN = _run(Dense(units=32))
_CONVOLUTIONAL = _network(
    Conv2D(filters=8), MaxPooling2D(), Conv2D(filters=16), MaxPooling2D(), Flatten(), learning_rate=0.003
)
_BY_HEART = _run(Dense(units=128), epochs=25, learning_rate=0.005)
_LONG = _run(Dense(units=64), epochs=12, learning_rate=0.003, validation_split=0.2)
_SPARSE = _run(Dense(units=32), optimizer="sgd", learning_rate=0.1, loss="sparse_categorical_crossentropy")
_LAST_TENTH = _run(Dense(units=32), validation_split=0.1)
_ALL = (
    _broken("rate_10", _PLAIN, "learning_rate", 10.0),
    _broken("zero_weights", _PLAIN, "kernel_initializer", "zeros"),
    _broken("ten_images", _run(Dense(units=32), epochs=20, learning_rate=0.01), "samples", 20),
    Broken("sigmoid_tower", _run(*(_SIGMOID,) * _TOWER), _run(*_NORMALISED * _TOWER)),
    _broken("raw_pixels", _run(Dense(units=32), optimizer="sgd", learning_rate=0.1), "scaling", "raw"),
    _broken("dropout_95", _run(Dense(units=32), Dropout(rate=0.2)), "dropout.rate", 0.95),
    _broken("shuffled_pixels_dense", _PLAIN, "spoiled", "shuffled_pixels"),
    _broken("shuffled_pixels_cnn", _CONVOLUTIONAL, "spoiled", "shuffled_pixels"),
    _broken("shuffled_labels", _BY_HEART, "spoiled", "shuffled_labels"),
    _broken("leaked", _LONG, "spoiled", "leaked"),
    _broken("softmax_twice", _SPARSE, "from_logits", True),
    _broken("left_out", _PLAIN, "spoiled", "left_out"),
    _broken("last_tenth", _LAST_TENTH, "spoiled", "sorted"),
)
BROKEN: dict[str, Broken] = {broken.name: broken for broken in _ALL}
"""The experiments by name, in the order in which they are shown."""


def matching(a: RunSpec, b: RunSpec) -> Broken | None:
    """The experiment that two runs belong to, whatever their seeds; None where they belong to none."""

    def same(one: RunSpec, other: RunSpec) -> bool:
        return replace(one, training=replace(one.training, seed=other.training.seed)) == other

    return next((each for each in _ALL if same(a, each.a) and same(b, each.b)), None)
