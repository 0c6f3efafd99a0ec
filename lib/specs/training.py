"""How a model is trained."""

from __future__ import annotations

from dataclasses import dataclass

from lib.specs.fields import Choice, Number, Switch, check_fields, ruled

OPTIMIZERS = ("adam", "sgd", "rmsprop", "adagrad", "adamw")
LOSSES = (
    "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error",
)  # fmt: skip
# Keras' own default rate of each optimizer (keras.optimizers, 3.15).
DEFAULT_RATES = {"adam": 0.001, "sgd": 0.01, "rmsprop": 0.001, "adagrad": 0.001, "adamw": 0.001}


@dataclass(frozen=True, slots=True)
class TrainSpec:
    """Optimizer, loss and length of a training.

    Attributes:
        momentum, nesterov: used by sgd (momentum by rmsprop too).
        weight_decay: used by adamw.
        validation_split: share of the training part held back to validate on.
        seed: of the first weights, the shuffling and the dropout.
    """

    optimizer: str = ruled("adam", Choice(OPTIMIZERS))
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
