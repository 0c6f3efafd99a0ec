"""The rules: each looks at a run's epochs so far, and says what it found, or None.

A published threshold is named with its source. "Our own" ones were chosen by measuring: every recipe of
`lib.specs.recipes`, at its full length and cut short, stays silent after each of its epochs, while the broken runs of
`tests/engine/diagnosis` are found.

What was watched inside a training is judged in `lib.engine.diagnosis.inside_rules`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from lib.engine.diagnosis.inside_rules import (
    dead_relus,
    exploding_gradients,
    large_steps,
    small_steps,
    vanishing_gradients,
)
from lib.engine.diagnosis.so_far import Evidence, SoFar
from lib.engine.runs.snapshot import EpochPoint
from lib.specs.layers.base import Family
from lib.specs.training import OPTIMIZERS

Rule = Callable[[SoFar], Evidence | None]

DIVERGED_TIMES, FROM_START_TIMES = 2.0, 10.0
SMALL_FEATURES = ("x", "y", "sin_x", "sin_y")
SWING, SWING_SHARE, SWING_EPOCHS, SWING_WINDOW = 0.03, 0.2, 5, 30
TOO_SLOW_FALL, TOO_SLOW_PLAN = 0.1, 0.25
NOT_LEARNING_EPOCHS, NOT_LEARNING_SAMPLES = 3, 6_000
STUCK, TIMES_CHANCE = 0.98, 2.5
SETTLED_EPOCHS, SETTLED = 3, 0.01
GL, GL_EPOCHS, GL_LARGE = 5.0, 4, 50.0
LOSS_THAT_MATTERS, RISE_THAT_MATTERS = 0.15, 0.05
UNSCALED = 10.0
IMBALANCED = 0.2
FEW_TO_VALIDATE, FEW_A_CLASS = 10, 10
BASELINES = {
    "mnist": (0.806, "class_means"),
    "fashion_mnist": (0.695, "class_means"),
    "cifar10": (0.272, "class_means"),
    "movies": (0.7729, "counted_words"),
}
"""Share of the bundled test samples that something simpler answers right. Images: the class whose mean image is nearest
(`lib.data.averages`); sentences: TF-IDF and logistic regression, README, "What the recipes reach"."""


def diverged(run: SoFar) -> Evidence | None:
    """The loss is no number any more, or above twice that of a network that knows nothing and above where it began.

    Knowing nothing costs ln K with K classes, and the variance where a number is predicted. That twice as much is too
    much is our own threshold. A network that is given large numbers, or gives any number, begins far above it: there
    the loss must be ten times as high as it began, or have risen twice in a row. It begins with a single batch, which
    may cost a third of the others. A training that has been there stays diverged until its loss is below what knowing
    nothing costs.
    """
    if run.not_a_number:
        return {"rate": run.now.learning_rate if run.epochs else run.spec.training.learning_rate}
    chance = run.chance_loss
    if chance is None:
        return None
    # Whoever has flown off and is still no better than chance has not come back.
    since = run.epochs[-run.at_one_rate :] if run.now.loss >= STUCK * chance else run.epochs[-1:]
    worst = max(since, key=lambda point: point.loss)
    too_much, start = DIVERGED_TIMES * chance, run.first_loss
    if start is not None:
        start = min(start, too_much) if _begins_near_chance(run) else FROM_START_TIMES * start
    if start is None or worst.loss <= start:
        worst, rising = run.now, [point.loss for point in run.epochs[-3:]]
        if len(rising) < 3 or not rising[0] < rising[1] < rising[2]:
            return None
    if worst.loss <= too_much:
        return None
    return {"loss": worst.loss, "at_epoch": worst.epoch, "chance_loss": chance, "rate": run.now.learning_rate}


def _begins_near_chance(run: SoFar) -> bool:
    """Whether a fresh network costs about as much as knowing nothing: small numbers go in, probabilities come out.

    The curve's first point does not say so for certain: in a long run it is a mean over many batches.
    """
    data = run.spec.data
    small = all(name in SMALL_FEATURES for name in data.features.split("-")) if data.kind == "points" else True
    probabilities = getattr(run.spec.model.layers[-1], "activation", "") in ("softmax", "sigmoid")
    return small and probabilities and not _is_unscaled(run)


def rate_too_high(run: SoFar) -> Evidence | None:
    """The accuracy falls by 0.03 or more in at least a fifth of the epochs, or steps are as large as the weights.

    The second is `lib.engine.diagnosis.inside_rules.large_steps`, the first:

    Of the training or of the validation part, within the newest 30 epochs. A fall counts where it is also more than two
    standard errors of an accuracy on so many samples, `2 sqrt(p (1 - p) / n)`. Where a number is predicted, the share
    of its variance that the network explains takes the accuracy's place. Our own thresholds: the recipes at their full
    length have no fall of more than 0.014.
    """
    return _swings(run) or large_steps(run)


def _swings(run: SoFar) -> Evidence | None:
    points = run.epochs[-min(run.at_one_rate, SWING_WINDOW) :]
    if len(points) < SWING_EPOCHS or run.chance_loss is None:
        return None
    if abs(run.now.loss - run.chance_loss) < (1 - STUCK) * run.chance_loss:
        return None  # it guesses, and guesses swing at any rate
    for part, samples in (("validation", run.validation_samples), ("training", run.training_samples)):
        scores = _scores(run, points, part)
        falls = [
            before - after
            for before, after in pairwise(scores)
            if before - after >= max(SWING, _two_errors(before, samples, run.classes))
        ]
        if len(falls) >= 2 and len(falls) >= SWING_SHARE * (len(points) - 1):
            largest, rate = max(falls), run.now.learning_rate
            return {"part": part, "falls": len(falls), "epochs": len(points), "fall_share": largest, "rate": rate}
    return None


def _scores(run: SoFar, points: tuple[EpochPoint, ...], part: str) -> list[float]:
    """Accuracies of a part, or the share of the variance that is explained; nothing where there are none."""
    validated = part == "validation"
    if run.classes:
        shares = [point.val_accuracy if validated else point.accuracy for point in points]
        return [share for share in shares if share is not None]
    variance = run.chance_loss
    losses = [point.val_loss if validated else point.loss for point in points]
    return [1 - loss / variance for loss in losses if loss is not None] if variance else []


def _two_errors(share: float, samples: int, classes: int) -> float:
    """Two standard errors of an accuracy; 0 where a number is predicted."""
    if not classes or not samples:
        return 0.0
    share = min(max(share, 1 / samples), 1 - 1 / samples)
    return 2 * math.sqrt(share * (1 - share) / samples)


def rate_too_low(run: SoFar) -> Evidence | None:
    """The loss hardly moves, and the learning rate is below Keras' default for the optimizer, or steps are tiny.

    Tiny by `lib.engine.diagnosis.inside_rules.small_steps`.

    Our own thresholds: the loss is less than a tenth below that of the first epoch with this rate, still above half of
    what knowing nothing costs, and at the pace of the last three epochs all the epochs that the run is to have would
    lower it by less than a quarter.
    """
    points, chance = run.epochs[-run.at_one_rate :], run.chance_loss
    usual = OPTIMIZERS[run.spec.training.optimizer].learning_rate
    tiny = small_steps(run)
    if len(points) < 4 or chance is None or (run.now.learning_rate >= usual and tiny is None):
        return None
    first, then, now = points[0], points[-4], points[-1]
    pace = (then.loss - now.loss) / (now.epoch - then.epoch)
    fallen = 1 - now.loss / first.loss if first.loss else 1.0
    if now.loss < chance / 2 or fallen >= TOO_SLOW_FALL or pace * run.planned >= TOO_SLOW_PLAN * first.loss:
        return None
    return {
        "first_epoch": first.epoch, "first_loss": first.loss, "loss": now.loss, "rate": now.learning_rate,
        "usual_rate": usual, **(tiny or {}),
    }  # fmt: skip


def not_learning(run: SoFar) -> Evidence | None:
    """After three epochs the network is hardly better than guessing, and its loss does not fall.

    Hardly better: the loss is stuck at what knowing nothing costs (at least 98% of ln K, or of the variance); or, with
    five classes or more, fewer answers are right than 2.5 times chance, which is 25% of ten classes. The loss does not
    fall: by less than 1% an epoch over the last two. Our own thresholds. An epoch of few samples teaches little:
    6,000 must have gone through as well. TensorFlow Playground's circle takes 5,000 before its loss leaves ln 2.
    """
    chance = run.chance_loss
    if len(run.epochs) < NOT_LEARNING_EPOCHS or chance is None:
        return None
    now, before = run.now, run.epochs[-3]
    if now.epoch * run.training_samples < NOT_LEARNING_SAMPLES or _falls(before, now):
        return None
    evidence = {"loss": now.loss, "chance_loss": chance}
    if run.classes:
        best = max(share for share in (now.accuracy, now.val_accuracy, 0.0) if share is not None)
        evidence |= {"accuracy": best, "chance_share": 1 / run.classes}
        if run.classes * best < TIMES_CHANCE <= run.classes / 2:
            return evidence
    return evidence if now.loss >= STUCK * chance else None


def _falls(before: EpochPoint, now: EpochPoint) -> bool:
    """Whether the loss falls by 1% an epoch or more."""
    return before.loss - now.loss >= SETTLED * before.loss * (now.epoch - before.epoch)


def overfitting(run: SoFar) -> Evidence | None:
    """The validation loss has turned upwards while the training loss goes on falling.

    Prechelt's generalisation loss is `GL = 100 (loss / lowest so far - 1)` of the validation loss (Early Stopping - But
    When?, in: Neural Networks: Tricks of the Trade, 1998). Here it must be above 5 in each of the last four epochs, or
    above 50 in the newest, with a training loss below that of the best epoch. UMLAUT (see `unscaled_input`) warns at
    the first epoch at which the one loss rises and the other does not.

    Our own: nothing is wrong where the loss stays small. It must be at least 15% of what knowing nothing costs, and
    have risen by 5% of that: the recipe for the spiral has a GL of 850 after 1,000 epochs, with 99% of the answers
    right. A training loss as high as that of knowing nothing is no overfitting either.
    """
    best, chance, now = run.best, run.chance_loss, run.now
    if best is None or best.val_loss is None or now.val_loss is None or chance is None:
        return None
    matters = now.val_loss >= LOSS_THAT_MATTERS * chance and now.val_loss - best.val_loss >= RISE_THAT_MATTERS * chance
    if not matters or not now.loss < min(best.loss, STUCK * chance):
        return None
    lately = [point.val_loss for point in run.epochs[-GL_EPOCHS:] if point.val_loss is not None]
    losses = [generalisation_loss(loss, best.val_loss) for loss in lately]
    if (len(losses) < GL_EPOCHS or min(losses) <= GL) and losses[-1] <= GL_LARGE:
        return None
    return {
        "best_epoch": best.epoch, "best_val_loss": best.val_loss, "val_loss": now.val_loss,
        "best_training_loss": best.loss, "training_loss": now.loss, "gl": losses[-1],
    }  # fmt: skip


def generalisation_loss(loss: float, lowest: float) -> float:
    """Prechelt's GL: by how many percent the validation loss is above its lowest value.

    >>> round(generalisation_loss(0.58, 0.41), 1)
    41.5
    """
    return 100 * (loss / lowest - 1) if lowest > 0 else math.inf


def underfitting(run: SoFar) -> Evidence | None:
    """The network answers fewer samples right than something simpler, the training samples too, and learns no more.

    The simpler method is LayerLab's own baseline on the same data, see `BASELINES`; other data have none. That both
    accuracies must be below it by two standard errors, and that the loss falls by less than 1% an epoch over the last
    three, are our own thresholds.
    """
    baseline, method = BASELINES.get(run.spec.data.dataset, (0.0, ""))
    if not method or run.at_one_rate <= SETTLED_EPOCHS or _falls(run.epochs[-1 - SETTLED_EPOCHS], run.now):
        return None
    if run.chance_loss is None or run.now.loss >= STUCK * run.chance_loss:
        return None
    reached = [(run.now.accuracy, run.training_samples), (run.now.val_accuracy, run.validation_samples)]
    known = [(share, samples) for share, samples in reached if share is not None and samples]
    if not known or any(share + _two_errors(share, samples, run.classes) >= baseline for share, samples in known):
        return None
    return {"accuracy": known[0][0], "baseline_accuracy": baseline, "method": method}


def unscaled_input(run: SoFar) -> Evidence | None:
    """The samples go in as they are stored, with large numbers, and no layer normalises them first.

    UMLAUT (Schoop, Huang, Hartmann: Debugging Deep Learning Programs using Program Structure and Model Behavior, CHI
    2021; `check_input_normalization` in its code) warns of inputs outside -1 to 1. Standardised columns go beyond that,
    so that here a magnitude above 10 counts: our own threshold, between what scaled samples reach and pixels of 255.
    """
    if not _is_unscaled(run):
        return None
    start = {"start_loss": run.first_loss} if run.first_loss is not None else {}
    chance = {"chance_loss": run.chance_loss} if run.chance_loss is not None else {}
    return {"largest": run.facts.largest, **start, **chance}


def _is_unscaled(run: SoFar) -> bool:
    if run.spec.data.scaling != "raw" or run.facts.largest <= UNSCALED:
        return False
    computing = (each for each in run.spec.model.layers if not each.only_training)
    first = next((layer for layer in computing if layer.family is not Family.RESHAPING), None)
    return first is None or first.family is not Family.NORMALIZATION


def imbalanced(run: SoFar) -> Evidence | None:
    """A class has far fewer samples than its share would be.

    Google's Machine Learning Crash Course ("Imbalanced datasets") calls two classes more than mildly imbalanced where
    the smaller one has less than 20% of the samples. With K classes that is 0.4 of the equal share 1/K: our own
    extension.
    """
    counts = run.facts.counts
    if len(counts) < 2:
        return None
    least, most, samples = min(counts), max(counts), sum(counts)
    if least >= 2 * IMBALANCED / len(counts) * samples:
        return None
    names = run.spec.data.class_names
    return {
        "smallest": names[counts.index(least)], "smallest_samples": least, "largest_class": names[counts.index(most)],
        "largest_samples": most, "samples": samples, "largest_share": most / samples,
    }  # fmt: skip


def too_few_samples(run: SoFar) -> Evidence | None:
    """There are too few samples to tell how good the network is, or to learn from.

    Our own thresholds: fewer than ten to validate on, so that a single one is more than 10% of the accuracy; or fewer
    than ten a class to train with (ten in all where a number is predicted).
    """
    training, validation = run.training_samples, run.validation_samples
    enough = FEW_A_CLASS * max(run.classes, 1)
    if training >= enough and not 0 < validation < FEW_TO_VALIDATE:
        return None
    return {"training_samples": training, "validation_samples": validation, "enough_samples": enough}


RULES: dict[str, Rule] = {
    "diverged": diverged,
    "rate_too_high": rate_too_high,
    "rate_too_low": rate_too_low,
    "exploding_gradients": exploding_gradients,
    "vanishing_gradients": vanishing_gradients,
    "dead_relus": dead_relus,
    "not_learning": not_learning,
    "overfitting": overfitting,
    "underfitting": underfitting,
    "unscaled_input": unscaled_input,
    "imbalanced": imbalanced,
    "too_few_samples": too_few_samples,
}
"""All rules by the names of their hints, those first that say most."""
