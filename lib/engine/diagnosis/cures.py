"""Cures: one exact change of a run's description each, so that the run with it can be compared with the run without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lib.engine.diagnosis.hints import Hint
from lib.engine.diagnosis.rules import FEW_TO_VALIDATE
from lib.specs.adapting import USUAL_SCALING
from lib.specs.fields import SpecError
from lib.specs.layers.known import (
    BatchNormalization,
    Dense,
    Dropout,
    Layer,
    RandomFlip,
    RandomRotation,
    RandomTranslation,
)
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import OPTIMIZERS

Cure = Callable[[RunSpec, Hint], RunSpec | None]

DROPOUT = 0.5
MOST_UNITS, FIRST_UNITS, TIMES_WIDER = 512, 64, 4
MOST_POINTS = 2_000
VARIED: dict[str, tuple[Layer, ...]] = {
    "mnist": (RandomTranslation(), RandomRotation()),
    "fashion_mnist": (RandomFlip(),),
    "cifar10": (RandomFlip(),),
}
"""Layers that make variants, by the datasets on which they were tried, with three seeds each.

Means on the test part without and with them, 40 epochs: 500 digits, Simple CNN, loss 0.27 and 0.23, accuracy 92.2% and
93.6%; 500 digits, MLP, 0.52 and 0.37, 87.0% and 89.7%; 500 clothes, MLP, 0.82 and 0.77, 78.7% and 78.4%; 25 epochs:
1,000 photographs, their recipe, 1.72 and 1.60, 40.7% and 43.3%. The loss is lower in each of these pairs. Simple CNN on
500 clothes does not overfit and gains nothing (0.61 and 0.63, 78.8% and 78.6%). Clothes that are moved and turned are
right less often (73.2%). Of a person's own images nobody knows which changes leave their labels true.
"""


def cures(spec: RunSpec, hint: Hint) -> dict[str, RunSpec]:
    """What may cure a run, the most fitting first.

    Args:
        spec: the run's.
        hint: what is wrong with it.

    Returns:
        The run with one change each, by the name of the change; all of them can be trained as far as data, model and
        loss go together. Nothing where no setting is known to help.
    """
    there = {name: _tried(CURES[name], spec, hint) for name in CURES_FOR[hint.name]}
    return {name: cured for name, cured in there.items() if cured is not None}


def _tried(cure: Cure, spec: RunSpec, hint: Hint) -> RunSpec | None:
    """A cured run, if there is one: it is another one, keeps to all rules, and fits together."""
    try:
        cured = cure(spec, hint)
    except SpecError:
        return None
    return cured if cured is not None and cured != spec and not cured.mismatch else None


def lower_rate(spec: RunSpec, hint: Hint) -> RunSpec | None:
    """A tenth of the learning rate; where a run diverged, Keras' default for the optimizer if that is lower still."""
    rate = _rate(spec, hint) / 10
    usual = OPTIMIZERS[spec.training.optimizer].learning_rate
    return _with_rate(spec, min(rate, usual) if hint.name == "diverged" else rate)


def usual_rate(spec: RunSpec, hint: Hint) -> RunSpec | None:
    """Keras' default for the optimizer, where the rate is above it."""
    usual = OPTIMIZERS[spec.training.optimizer].learning_rate
    return _with_rate(spec, usual) if _rate(spec, hint) > usual else None


def higher_rate(spec: RunSpec, hint: Hint) -> RunSpec | None:
    """Ten times the learning rate, or Keras' default for the optimizer if that is higher still."""
    return _with_rate(spec, max(_rate(spec, hint) * 10, OPTIMIZERS[spec.training.optimizer].learning_rate))


def _rate(spec: RunSpec, hint: Hint) -> float:
    """The rate in force when the hint was found: a person may have changed it in mid-training."""
    return float(hint.evidence.get("rate", spec.training.learning_rate))


def _with_rate(spec: RunSpec, rate: float) -> RunSpec:
    return replace(spec, training=replace(spec.training, learning_rate=float(f"{rate:.6g}")))


def softmax(spec: RunSpec, _: Hint) -> RunSpec | None:
    """Probabilities from the last layer, where the loss is a crossentropy and it gives other numbers."""
    last = spec.model.layers[-1]
    probabilities = getattr(last, "activation", "") in ("softmax", "sigmoid")
    if "crossentropy" not in spec.training.loss or probabilities or not isinstance(last, Dense):
        return None
    return _with_layers(spec, *spec.model.layers[:-1], replace(last, activation="softmax"))


def relu(spec: RunSpec, _: Hint) -> RunSpec | None:
    """ReLU in place of sigmoid in all Dense layers before the last: its slope is 1, not 0.25 or less."""
    layers, last = spec.model.layers, _last_dense(spec)
    return _with_layers(spec, *map(_without_sigmoid, layers[:last]), *layers[last:])


def _without_sigmoid(layer: Layer) -> Layer:
    sigmoid = isinstance(layer, Dense) and layer.activation == "sigmoid"
    return replace(layer, **_options(activation="relu")) if sigmoid else layer


def leaky_relu(spec: RunSpec, _: Hint) -> RunSpec | None:
    """Leaky ReLU in place of ReLU: below 0 its slope is small, not 0, so that no unit stays dead."""
    layers = (
        replace(layer, **_options(activation="leaky_relu")) if getattr(layer, "activation", "") == "relu" else layer
        for layer in spec.model.layers
    )
    return _with_layers(spec, *layers)


def batch_normalization(spec: RunSpec, _: Hint) -> RunSpec | None:
    """BatchNormalization behind each Dense layer but the last, where none of them has one yet."""
    layers, last = spec.model.layers, _last_dense(spec)
    if any(isinstance(layer, BatchNormalization) for layer in layers):
        return None
    pairs = ((layer, BatchNormalization()) if isinstance(layer, Dense) else (layer,) for layer in layers[:last])
    return _with_layers(spec, *(layer for pair in pairs for layer in pair), *layers[last:])


def clip_gradients(spec: RunSpec, _: Hint) -> RunSpec | None:
    """All gradients together shortened to a length of 1, where they are not clipped yet."""
    if spec.training.clipping != "off":
        return None
    return replace(spec, training=replace(spec.training, clipping="global_clipnorm", clip_norm=1.0))


def fewer_epochs(spec: RunSpec, hint: Hint) -> RunSpec | None:
    """As many epochs as it took to the lowest validation loss."""
    best = int(hint.evidence.get("best_epoch", spec.training.epochs))
    return replace(spec, training=replace(spec.training, epochs=best)) if best < spec.training.epochs else None


def stop_early(spec: RunSpec, _: Hint) -> RunSpec | None:
    """Early stopping on the validation loss, with the best weights taken at the end."""
    if spec.training.early_stopping:
        return None
    watched = {"early_stopping": True, "monitor": "val_loss", "restore_best_weights": True}
    return replace(spec, training=replace(spec.training, **_options(**watched)))


def balanced(spec: RunSpec, _: Hint) -> RunSpec | None:
    """Samples of rare classes weigh more."""
    return None if spec.regression else replace(spec, training=replace(spec.training, class_weight="balanced"))


def dropout(spec: RunSpec, _: Hint) -> RunSpec | None:
    """Dropout of one half before the last Dense layer, where there is none yet and a layer that learns is before it."""
    layers, last = spec.model.layers, _last_dense(spec)
    learns_before = any(row.parameters.trainable for row in spec.model.trace[:last])
    if not learns_before or any(isinstance(layer, Dropout) for layer in layers[max(last - 1, 0) : last]):
        return None
    return _with_layers(spec, *layers[:last], Dropout(rate=DROPOUT), *layers[last:])


def vary_images(spec: RunSpec, _: Hint) -> RunSpec | None:
    """Variants of images in training, where there are none yet and it is known which of them help; see `VARIED`."""
    front = VARIED.get(spec.data.dataset, ())
    if not front or any(layer.makes_variants for layer in spec.model.layers):
        return None
    return _with_layers(spec, *front, *spec.model.layers)


def less_dropout(spec: RunSpec, _: Hint) -> RunSpec | None:
    """Half of the dropout, where a layer drops more than half of its inputs."""
    changed = (
        replace(layer, rate=layer.rate / 2) if isinstance(layer, Dropout) and layer.rate > DROPOUT else layer
        for layer in spec.model.layers
    )  # fmt: skip
    return _with_layers(spec, *changed)


def wider(spec: RunSpec, _: Hint) -> RunSpec | None:
    """Four times the units in the narrowest Dense layer before the last; 64 ReLU units where there is none."""
    layers, last = list(spec.model.layers), _last_dense(spec)
    hidden = [(layer.units, place) for place, layer in enumerate(layers[:last]) if isinstance(layer, Dense)]
    if not hidden:
        return _with_layers(spec, *layers[:last], Dense(units=FIRST_UNITS), *layers[last:])
    units, place = min(hidden)
    if units >= MOST_UNITS:
        return None
    layers[place] = replace(layers[place], **_options(units=min(units * TIMES_WIDER, MOST_UNITS)))
    return _with_layers(spec, *layers)


def _options(**options: Any) -> dict[str, Any]:
    return options


def more_samples(spec: RunSpec, _: Hint) -> RunSpec | None:
    """All training samples that there are; of points, which are made, four times as many."""
    data = spec.data
    if data.kind == "points":
        return replace(spec, data=replace(data, points=min(4 * data.points, MOST_POINTS)))
    return replace(spec, data=replace(data, samples=0)) if 0 < data.samples < data.available else None


def more_validation(spec: RunSpec, _: Hint) -> RunSpec | None:
    """A validation part of ten samples or more, where that leaves at least as many to train with."""
    held = 0 if spec.data.folds else round(spec.samples() * spec.training.validation_split)
    if spec.data.kind == "points" or not 0 < held < FEW_TO_VALIDATE or spec.samples() < 2 * FEW_TO_VALIDATE:
        return None
    twentieths = -(-20 * FEW_TO_VALIDATE // spec.samples())
    return replace(spec, training=replace(spec.training, validation_split=round(twentieths * 0.05, 2)))


def scaling(spec: RunSpec, _: Hint) -> RunSpec | None:
    """The scaling that is usual for such data."""
    return replace(spec, data=replace(spec.data, scaling=USUAL_SCALING[spec.data.kind]))


def _last_dense(spec: RunSpec) -> int:
    """Place of the last Dense layer; behind the last layer where there is none."""
    places = [place for place, layer in enumerate(spec.model.layers) if isinstance(layer, Dense)]
    return places[-1] if places else len(spec.model.layers)


def _with_layers(spec: RunSpec, *layers: Layer) -> RunSpec | None:
    """The run with other layers, if its first weights do not come from another run, whom they would not fit."""
    return replace(spec, model=ModelSpec(spec.model.input_shape, layers)) if spec.start is None else None


CURES: dict[str, Cure] = {
    "lower_rate": lower_rate,
    "usual_rate": usual_rate,
    "higher_rate": higher_rate,
    "softmax": softmax,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "batch_normalization": batch_normalization,
    "clip_gradients": clip_gradients,
    "fewer_epochs": fewer_epochs,
    "stop_early": stop_early,
    "balanced": balanced,
    "dropout": dropout,
    "vary_images": vary_images,
    "less_dropout": less_dropout,
    "wider": wider,
    "more_samples": more_samples,
    "more_validation": more_validation,
    "scaling": scaling,
}
"""All changes by their names."""
CURES_FOR = {
    "diverged": ("softmax", "lower_rate"),
    "rate_too_high": ("lower_rate",),
    "rate_too_low": ("higher_rate",),
    "exploding_gradients": ("clip_gradients", "lower_rate"),
    "vanishing_gradients": ("relu", "batch_normalization"),
    "dead_relus": ("leaky_relu", "lower_rate"),
    "not_learning": ("softmax", "relu", "usual_rate", "less_dropout", "wider"),
    "overfitting": ("fewer_epochs", "stop_early", "dropout", "vary_images", "more_samples"),
    "underfitting": ("less_dropout", "wider"),
    "unscaled_input": ("scaling",),
    "imbalanced": ("balanced",),
    "too_few_samples": ("more_samples", "more_validation"),
}
"""The changes that may help against each hint, the most fitting first."""
