"""What the diagnosis says of each hint, and what the buttons of the changes say."""

import dataclasses
import math

import pytest
from helpers.drawn_runs import drawn, with_inside

from lib.engine.diagnosis.cures import CURES, CURES_FOR, cures
from lib.engine.diagnosis.facts import Facts, facts_of
from lib.engine.diagnosis.hints import Hint, hints
from lib.engine.diagnosis.rules import RULES
from lib.specs.data import DataSpec
from lib.specs.layers.known import Dense, Dropout, Flatten
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
from lib.ui.build.diagnosis import evidence, label

DIGITS, CIRCLE, WINE = (RECIPES[name].run for name in ("mlp", "points_circle", "wine_dense"))
PLANE = RunSpec(
    DataSpec(dataset="points", points_kind="regression_plane"),
    ModelSpec((2,), (Dense(units=1, activation="linear"),)),
    TrainSpec(loss="mean_squared_error", batch_size=10),
)
LN10 = math.log(10)


def changed(spec, data=None, **training):
    data = dataclasses.replace(spec.data, **(data or {}))
    return dataclasses.replace(spec, data=data, training=dataclasses.replace(spec.training, **training))


def lost(run):
    return dataclasses.replace(run, batch_curve=dataclasses.replace(run.batch_curve, loss=(2.3, math.nan)), epoch=3)


SWINGS = [0.7, 0.5, 0.7, 0.5, 0.7, 0.5, 0.7, 0.5]
VARIANCE = facts_of(PLANE.data).spread
SAID = {
    "diverged": (
        drawn(changed(DIGITS, learning_rate=10.0), [2_447_008.9], first=2.299),
        "The training loss reached **2,447,009** in epoch 1. A network that knows nothing has 2.3.",
    ),
    "diverged: no number": (
        lost(drawn(changed(DIGITS, learning_rate=10.0), [2.0, 2.0], first=2.3)),
        "In epoch 3 the loss stopped being a number: weights or sums became too large. The"
        " learning rate was 10.",
    ),
    "rate_too_high": (
        drawn(CIRCLE, [0.5] * 8, [0.7] * 8, [0.5] * 8, SWINGS),
        "The test accuracy fell by 0.03 or more **4 times** in the last 8 epochs, once by 20.00%.",
    ),
    "rate_too_high: a number": (
        drawn(PLANE, [VARIANCE * (1 - share) for share in SWINGS]),
        "The network explained a share of the variance in the training part. This share fell by 0.03 or more"
        " **4 times** in the last 8 epochs, once by 20.00%.",
    ),
    "rate_too_low": (
        drawn(changed(DIGITS, learning_rate=1e-6), [2.387, 2.385, 2.383, 2.381, 2.378, 2.376], epochs=10),
        "The training loss was 2.39 in epoch 1 and is **2.38** in epoch 6, with a learning rate of 1e-06.",
    ),
    "rate_too_high: large steps": (
        with_inside(drawn(DIGITS, [2.0, 1.5, 1.2]), update=(0.2, 0.3, 0.01)),
        "The last step of epoch 3 changed the weights of dense\\_1 by **0.3** of their own length, with a learning rate"
        " of 0.001. About 0.001 is good.",
    ),
    "rate_too_low: small steps": (
        with_inside(drawn(DIGITS, [2.387, 2.385, 2.383, 2.381, 2.378, 2.376], epochs=10), update=(1e-6, 3e-5, 2e-6)),
        "The training loss was 2.39 in epoch 1 and is **2.38** in epoch 6, with a learning rate of 0.001. A step"
        " changes no layer's weights by more than **3e-05** of their own length (dense\\_1). About 0.001 is good.",
    ),
    "exploding_gradients": (
        with_inside(drawn(DIGITS, [2.0, 1.5, 1.2]), gradient=(150.0, 3.0, 1.0)),
        "In epoch 3 the gradient of dense was **150** long. More than 115 is too much. That is fifty times"
        " the loss of a network that knows nothing.",
    ),
    "vanishing_gradients": (
        with_inside(drawn(DIGITS, [2.3, 2.3, 2.3]), gradient=(0.0005, 0.1, 1.2)),
        "In epoch 3 the gradient of dense, the first layer that learns, was **0.0005** long. That of"
        " dense\\_2 was **1.2** long.",
    ),
    "dead_relus": (
        with_inside(drawn(DIGITS, [2.3, 2.3, 2.3]), dead=(1, 7, 0)),
        "In epoch 3 **7 of 10** units of dense\\_1 gave 0 for all of 128 validation samples.",
    ),
    "not_learning": (
        drawn(DIGITS, [LN10] * 6, [0.1] * 6, [LN10] * 6, [0.11] * 6),
        "After 6 epochs **11.00%** of the answers are right, where guessing gets 10.00%. The loss is 2.3. A network"
        " that knows nothing has 2.3.",
    ),
    "not_learning: a number": (
        drawn(changed(PLANE, {"points": 2_000}), [VARIANCE] * 9),
        f"After 9 epochs the loss is **{VARIANCE:.3g}**. Always saying the mean gives",
    ),
    "underfitting": (
        drawn(DIGITS, [1.0] * 6, [0.45] * 6, [1.0] * 6, [0.4] * 6),
        "In epoch 6 the network answers **45.00%** of the training samples right, and the loss hardly falls any more."
        " Choosing the class whose mean image is nearest answers 80.60% of the test samples right.",
    ),
    "unscaled_input": (
        drawn(changed(DIGITS, {"scaling": "raw"}), [5.0, 2.0, 1.0], [0.5, 0.6, 0.7], first=106.3),
        "The numbers of the input reach **255**. In the first batches the loss was 106, where a network that knows"
        " nothing has 2.3.",
    ),
    "too_few_samples": (
        drawn(changed(DIGITS, {"samples": 90}), [2.0, 1.0, 0.5], [0.5, 0.6, 0.7]),
        "There are **9** samples to validate on. A single one is worth 11% of the accuracy.",
    ),
    "too_few_samples: to train": (
        drawn(changed(DIGITS, {"samples": 90}, validation_split=0.0), [2.0, 1.0, 0.5], [0.5, 0.6, 0.7]),
        "There are **90** samples to train with, fewer than 100, which are ten for each class.",
    ),
    "too_few_samples: a number": (
        drawn(changed(PLANE, {"points": 20, "test_share": 60}), [0.2, 0.1, 0.05]),
        "There are **8** samples to train with, fewer than 10.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_the_evidence_is_a_sentence_with_the_numbers_of_the_run(case):
    run, sentence = SAID[case]
    found = {hint.name: hint for hint in hints(run, facts_of(run.spec.data))}
    said = " ".join(evidence(run.spec, found[case.split(":")[0]]).split())
    assert said.startswith(sentence)


@pytest.mark.parametrize(("spec", "what"), [(DIGITS, "validation loss"), (CIRCLE, "loss on the test points")])
def test_overfitting_names_both_losses_then_and_now(spec, what):
    losses, validation = [0.9, 0.45, 0.4, 0.3, 0.2, 0.1], [0.5, 0.41, 0.62, 0.63, 0.64, 0.65]
    (hint,) = hints(drawn(spec, losses, val_loss=validation), Facts())
    said = " ".join(evidence(spec, hint).split())
    assert said == (
        f"The {what} was 0.41 in epoch 2 and is **0.65** in epoch 6, 59% higher."
        " The training loss still falls: 0.45 then, 0.1 now."
    )


def test_names_of_classes_are_escaped():
    names = {"smallest": "*cat*", "largest_class": "<b>dog", "smallest_samples": 5, "largest_samples": 95}
    hint = Hint("imbalanced", {**names, "samples": 100, "largest_share": 0.95}, 3)
    said = evidence(WINE, hint)
    assert r"\*cat\*" in said
    assert "<b>" not in said.replace(r"\<b", "")
    assert "right for 95.00% of them" in said


def test_every_rule_has_its_sentence():
    assert {case.split(":")[0] for case in SAID} | {"overfitting", "imbalanced"} == set(RULES)


LABELS = {
    "lower_rate": "Compare with learning rate 0.001",
    "usual_rate": "Compare with Keras' own learning rate, 0.001",
    "higher_rate": "Compare with learning rate 1",
    "softmax": "Compare with softmax at the end",
    "relu": "Compare with ReLU instead of sigmoid",
    "leaky_relu": "Compare with leaky ReLU instead of ReLU",
    "batch_normalization": "Compare with BatchNormalization between the Dense layers",
    "clip_gradients": "Compare with gradients of length 1 at most",
    "fewer_epochs": "Compare with 4 epochs",
    "stop_early": "Compare with early stopping",
    "balanced": "Compare with balanced class weights",
    "dropout": "Compare with Dropout before the last Dense layer",
    "vary_images": "Compare with RandomTranslation and RandomRotation in front",
    "less_dropout": "Compare with half the dropout",
    "wider": "Compare with more units: 32",
    "more_samples": "Compare with 8,000 training samples",
    "more_validation": "Compare with 20% held back for validation",
    "scaling": "Compare with scaled input (unit)",
}


@pytest.mark.parametrize("name", CURES)
def test_a_button_says_exactly_what_it_changes(name):
    layers = (Flatten(), Dense(units=8, activation="sigmoid"), Dropout(rate=0.8), Dense(units=8), Dense(units=10))
    layers = (*layers[:-1], Dense(units=10, activation="linear" if name == "softmax" else "softmax"))
    data = DataSpec(samples=60, scaling="raw")
    rate = 0.1 if name == "higher_rate" else 10.0
    spec = RunSpec(data, ModelSpec((28, 28, 1), layers), TrainSpec(learning_rate=rate))
    for_hint = next(hint for hint, names in CURES_FOR.items() if name in names)
    cured = cures(spec, Hint(for_hint, {"rate": rate, "best_epoch": 4}, 5))[name]
    assert label(name, spec, cured) == LABELS[name]


def test_points_are_counted_as_those_that_are_trained_with():
    cured = cures(CIRCLE, Hint("overfitting", {}, 5))["more_samples"]
    assert label("more_samples", CIRCLE, cured) == "Compare with 1,000 training samples"
