"""How a model is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lib.specs.fields import Choice, Number, Switch, check_fields, ruled, rules


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


SCHEDULES: dict[str, tuple[str, ...]] = {
    "constant": (),
    "step_decay": ("decay_rate", "decay_epochs"),
    "exponential_decay": ("decay_rate", "decay_epochs"),
    "cosine_decay": ("alpha",),
    "reduce_on_plateau": ("plateau_factor", "plateau_patience", "monitor"),
}
"""The ways of the learning rate through the epochs, and the settings of `TrainSpec` that each takes."""
SMOOTHED = {"categorical_crossentropy": "CategoricalCrossentropy", "binary_crossentropy": "BinaryCrossentropy"}
"""Losses that Keras smooths labels for, and their classes in `keras.losses`."""
FROM_LOGITS = {
    "categorical_crossentropy": "CategoricalCrossentropy",
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
}
"""Losses that may take scores instead of probabilities, and their classes in `keras.losses`."""
CLIPPINGS = ("off", "clipnorm", "global_clipnorm")
"""How gradients are held back: not at all, each array by itself, or all of them together; Keras' names."""
CLASS_WEIGHTS = ("off", "balanced")
INITIALIZERS = {
    "glorot_uniform": "GlorotUniform", "glorot_normal": "GlorotNormal", "he_uniform": "HeUniform",
    "he_normal": "HeNormal", "lecun_uniform": "LecunUniform", "lecun_normal": "LecunNormal",
    "random_normal": "RandomNormal", "zeros": "Zeros",
}  # fmt: skip
"""Where the weights of kernels begin, by the names that Keras takes, and their classes in `keras.initializers`."""
MONITORS = ("val_loss", "val_accuracy", "loss")
"""What can be watched after each epoch, by the names in Keras' history."""
WATCH_INSIDE = ("auto", "on", "off")
"""Whether the inside of a training is watched; "auto" leaves large runs out, see `RunSpec.watched_inside`."""
TELLS_ONLY = ("watch_inside",)
"""Settings that change what is told of a training, and none of its numbers."""


@dataclass(frozen=True, slots=True)
class TrainSpec:
    """Optimizer, loss and length of a training.

    Attributes:
        momentum, nesterov, weight_decay: used by the optimizers whose `options` name them.
        validation_split: share of the training part held back to validate on; not used where the data have folds.
        seed: of the first weights, the shuffling and the dropout.
        schedule: what becomes of `learning_rate` from epoch to epoch, see `lib.specs.schedules`; the settings behind it
            are used by the schedules that `SCHEDULES` names them for.
        decay_rate, decay_epochs: the rate is multiplied by the one in each of the other many epochs.
        alpha: share of the rate that is left at the end.
        plateau_factor, plateau_patience: the rate is multiplied by the one after the other many epochs without a better
            `monitor`: `factor` and `patience` of `keras.callbacks.ReduceLROnPlateau`.
        early_stopping, patience, restore_best_weights: `keras.callbacks.EarlyStopping`, which watches `monitor` too.
        clipping, clip_norm: gradients longer than the one are shortened to it, by the way that the other names.
        label_smoothing: share of each label that is spread evenly over the classes; used by the losses of `SMOOTHED`.
        class_weight: "balanced" weighs a sample by samples / (classes * samples of its class), as scikit-learn does;
            used where there are classes.
        l1, l2: `kernel_regularizer` of every layer with a kernel: what the sum of its weights' sizes, and that of
            their squares, is multiplied by before it is added to the loss.
        kernel_initializer: draws the first weights of all kernels; other arrays begin as Keras has it.
        from_logits: the loss takes what the last layer gives for scores, and makes probabilities of them by a softmax
            of its own; used by the losses of `FROM_LOGITS`.
        watch_inside: whether gradients, steps, units and spreads are measured, layer by layer, at the end of epochs.
            The training's own numbers are the same with and without, bit for bit.
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
    schedule: str = ruled("constant", Choice(tuple(SCHEDULES)))
    decay_rate: float = ruled(0.5, Number(0.01, 1.0, 0.01))
    decay_epochs: int = ruled(5, Number(1, 1_000))
    alpha: float = ruled(0.0, Number(0.0, 1.0, 0.01))
    plateau_factor: float = ruled(0.1, Number(0.01, 0.99, 0.01))
    plateau_patience: int = ruled(3, Number(1, 1_000))
    monitor: str = ruled("val_loss", Choice(MONITORS))
    early_stopping: bool = ruled(False, Switch())
    patience: int = ruled(5, Number(1, 1_000))
    restore_best_weights: bool = ruled(True, Switch())
    clipping: str = ruled("off", Choice(CLIPPINGS))
    clip_norm: float = ruled(1.0, Number(0.01, 100.0, 0.01))
    label_smoothing: float = ruled(0.0, Number(0.0, 0.5, 0.05))
    class_weight: str = ruled("off", Choice(CLASS_WEIGHTS))
    l1: float = ruled(0.0, Number(0.0, 1.0, 0.0001))
    l2: float = ruled(0.0, Number(0.0, 1.0, 0.0001))
    kernel_initializer: str = ruled("glorot_uniform", Choice(tuple(INITIALIZERS)))
    from_logits: bool = ruled(False, Switch())
    watch_inside: str = ruled("auto", Choice(WATCH_INSIDE))

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def one_hot(self) -> bool:
        """Whether the labels of several classes go in as one-hot rows; the sparse loss takes integers."""
        return self.loss != "sparse_categorical_crossentropy"

    @property
    def smooths(self) -> bool:
        """Whether labels are smoothed."""
        return self.label_smoothing > 0 and self.loss in SMOOTHED

    @property
    def takes_logits(self) -> bool:
        """Whether the loss takes scores."""
        return self.from_logits and self.loss in FROM_LOGITS

    @property
    def watches(self) -> bool:
        """Whether something depends on `monitor`, so that each epoch has to be measured."""
        return self.early_stopping or self.schedule == "reduce_on_plateau"


def in_use(training: TrainSpec) -> dict[str, object]:
    """The settings that play a part in a training, by name: those behind a choice only where it takes them.

    >>> list(in_use(TrainSpec(clipping="clipnorm")))[:2], in_use(TrainSpec(clipping="clipnorm"))["clip_norm"]
    (['optimizer', 'learning_rate'], 1.0)
    """
    behind = {
        **{name: name in OPTIMIZERS[training.optimizer].options for name in ("momentum", "nesterov", "weight_decay")},
        **{name: name in SCHEDULES[training.schedule] for names in SCHEDULES.values() for name in names},
        **dict.fromkeys(("patience", "restore_best_weights"), training.early_stopping),
        "monitor": training.watches,
        "clip_norm": training.clipping != "off",
        "label_smoothing": training.smooths,
        "class_weight": training.class_weight != "off",
        "l1": training.l1 > 0,
        "l2": training.l2 > 0,
        "kernel_initializer": training.kernel_initializer != "glorot_uniform",
        "from_logits": training.takes_logits,
        **dict.fromkeys(TELLS_ONLY, False),
    }
    return {name: getattr(training, name) for name in rules(training) if behind.get(name, True)}
