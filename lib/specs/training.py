"""How a model is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lib.specs.fields import Choice, Number, Switch, check_fields, ruled


@dataclass(frozen=True, slots=True)
class Optimizer:
    """What is known of an optimizer.

    Attributes:
        keras_class: its class in `keras.optimizers`.
        learning_rate: Keras' own default (3.15).
        options: settings of `TrainSpec` that it takes, with Keras' own defaults.
    """

    keras_class: str
    learning_rate: float = 0.001
    options: Mapping[str, object] = field(default_factory=dict)


OPTIMIZERS = {
    "adam": Optimizer("Adam"),
    "sgd": Optimizer("SGD", 0.01, {"momentum": 0.0, "nesterov": False}),
    "rmsprop": Optimizer("RMSprop", options={"momentum": 0.0}),
    "adagrad": Optimizer("Adagrad"),
    "adamw": Optimizer("AdamW", options={"weight_decay": 0.004}),
    "lion": Optimizer("Lion"),
}
"""The optimizers by the names that Keras takes in `compile`."""
LOSSES = (
    "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrainSpec:
    """Optimizer, loss and length of a training.

    Attributes:
        momentum, nesterov, weight_decay: used by the optimizers whose `options` name them.
        validation_split: share of the training part held back to validate on.
        seed: of the first weights, the shuffling and the dropout.
    """

    optimizer: str = ruled("adam", Choice(tuple(OPTIMIZERS)))
    learning_rate: float = ruled(0.001, Number(1e-6, 10.0, 0.0001))
    momentum: float = ruled(0.0, Number(0.0, 0.99, 0.05))
    nesterov: bool = ruled(False, Switch())
    weight_decay: float = ruled(0.004, Number(0.0, 0.5, 0.001))
    loss: str = ruled("categorical_crossentropy", Choice(LOSSES))
    epochs: int = ruled(10, Number(1, 5_000))
    batch_size: int = ruled(128, Number(1, 1_024))
    validation_split: float = ruled(0.1, Number(0.0, 0.5, 0.05))
    seed: int = ruled(1, Number(0, 2**31 - 1))

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def one_hot(self) -> bool:
        """Whether the labels of several classes go in as one-hot rows; the sparse loss takes integers."""
        return self.loss != "sparse_categorical_crossentropy"
