"""Watching the inside of a training, layer by layer, at the end of an epoch; the training's own numbers stay the same.

The step of the epoch's last batch is measured by the weights before and after it, and by the gradient that it begins
with, computed once more. Losses and outputs come from a pass of fixed samples, with dropout off, in which nothing is
learned and no random number is drawn.

All this goes without a graph: the graphs of a training would need 10% more time for each step, watched or not, if they
told gradients, and building one of the pass takes longer than most trainings have time for.

An epoch is left out where watching it would bring watching above its share of the time (`InsideWatch.affords`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lib import events
from lib.concepts.signals import dead_units, length, spread, update_ratio
from lib.data.parts import Part
from lib.data.preparing import Prepared
from lib.specs.run import RunSpec
from lib.worker.gradients import loss_gradients
from lib.worker.weights import spec_name

MOST_SHARE = 0.08
"""Of the time of a training, what watching takes at most. It is told as a tenth: telling and storing what was seen, and
the batch that goes alone for it, are not measured."""
ALWAYS_SECONDS = 0.2
"""Watching may take so long in any training: nobody waits for it, and a training of a second has an inside to show."""
FIRST_SECONDS = 0.2
"""What watching an epoch is taken to need in a run that goes on, before one was watched there."""
MOST_EPOCHS, MOST_ROWS = 60, 600
"""So many epochs of a run are watched, and so many rows of layers are told of them in all: a row is 0.3 kB."""
FEWEST_SAMPLES, MOST_SAMPLES, TRAINING_TIMES = 128, 400, 16
"""Looked at are as many samples as the training part has, divided by the last number, within the other two: a pass
forward costs about a third of learning, so that both samples together cost a twentieth of an epoch."""
MOST_VALUES = 20_000_000
"""Outputs of all layers for all samples of one pass, at most: 80 MB."""

Values = NDArray[np.float32]
Score = Callable[[Part, Values], float]


def watched_every(run: RunSpec, told_every: int) -> int:
    """Every how many epochs of a run are watched: some of those that are told.

    Args:
        run: what is trained.
        told_every: every how many epochs are told.
    """
    most = max(1, min(MOST_EPOCHS, MOST_ROWS // max(1, len(run.model.learners))))
    return told_every * math.ceil(run.training.epochs / told_every / most)


@dataclass(frozen=True, slots=True)
class Samples:
    """What is passed through the network after each watched epoch: the same samples each time.

    Attributes:
        learned: of the training part.
        looked_at: of the validation part; of the training part again where that has fewer.
        part: which of the two these are, "validation" or "training".
    """

    learned: Part
    looked_at: Part
    part: str

    @property
    def together(self) -> Any:
        """All of them, each once: those of the training part first."""
        if self.looked_at is self.learned:
            return self.learned.x
        return np.concatenate([self.learned.x, self.looked_at.x])


def fixed_samples(run: RunSpec, data: Prepared) -> Samples:
    """Choose them, evenly spread over their parts."""
    values = sum(math.prod(shape) for shape in run.model.shapes())
    most = min(MOST_SAMPLES, max(MOST_VALUES // (2 * values), 1))
    wanted = min(max(len(data.train) // TRAINING_TIMES, FEWEST_SAMPLES), most)
    learned = _spread_over(data.train, wanted)
    if len(data.validation) >= len(learned):
        return Samples(learned, _spread_over(data.validation, len(learned)), "validation")
    return Samples(learned, learned, "training")


def _spread_over(part: Part, count: int) -> Part:
    return part.at(np.linspace(0, len(part) - 1, min(count, len(part))).astype(np.intp))


class InsideWatch:
    """Measures a training at the end of its watched epochs.

    Args:
        run: what is trained.
        data: with its parts.
        model: compiled; it is looked at, and nothing of it is changed.
        score: the loss of a part, given the outputs for it.

    Attributes:
        seconds: that watching has taken so far.
        expected: seconds that watching the next epoch is taken to need: what the last one needed.
    """

    def __init__(self, run: RunSpec, data: Prepared, model: keras.Model, score: Score) -> None:
        self._model, self._score, self._scaling = model, score, data.scaling
        self._samples = fixed_samples(run, data)
        self._layers = learned_by(model)
        self._tapped: keras.Model | None = None
        self._before: list[Values] = []
        self._updates: dict[str, float | None] = {}
        self._gradients: dict[str, float] = {}
        self._before_this_epoch = 0.0
        self.seconds = 0.0
        self.expected = FIRST_SECONDS

    def has_begun(self, seconds: float, goes_on: bool) -> None:
        """Take from the first call of a training how long watching will take.

        Args:
            seconds: of that call. In a new training it is one batch without a graph, as watching is, and the slowest
                of them: TensorFlow meets each operation for the first time.
            goes_on: whether this is a training that was cut, whose first batch goes through a graph.
        """
        self.expected = max(seconds, FIRST_SECONDS) if goes_on else seconds

    def affords(self, training_seconds: float) -> bool:
        """Whether watching stays within its share of the time, or what it may always take, with this epoch as well.

        Args:
            training_seconds: that training and validating have taken so far.
        """
        watching = self.seconds + self.expected
        return watching <= max(MOST_SHARE * (training_seconds + watching), ALWAYS_SECONDS)

    def before_step(self, x: NDArray[Any], y: NDArray[Any], sample_weights: NDArray[Any] | None = None) -> None:
        """Measure the gradient and remember the weights: the last batch of a watched epoch comes next.

        Args:
            x, y, sample_weights: that batch.
        """
        start = time.perf_counter()
        found = loss_gradients(self._model, x, y, sample_weights)
        self._gradients = {layer: length([found[n] for n in places]) for layer, places in self._layers.items()}
        self._before = self._weights()
        self.seconds += time.perf_counter() - start

    def after_step(self) -> None:
        """Measure how far that step has moved the weights."""
        start = time.perf_counter()
        before, after = self._before, self._weights()
        for layer, places in self._layers.items():
            self._updates[layer] = update_ratio([before[n] for n in places], [after[n] for n in places])
        self._before = []
        self.seconds += time.perf_counter() - start

    def measured(self, epoch: int, training_seconds: float) -> events.Inside:
        """What there is to tell of an epoch that has just ended.

        Args:
            epoch: from 1.
            training_seconds: that training and validating have taken so far.
        """
        start = time.perf_counter()
        samples, weights, count = self._samples, self._weights(), len(self._samples.learned)
        *outputs, answers = self._outputs()
        loss = self._score(samples.learned, answers[:count])
        rows = [
            self._row(layer, [weights[n] for n in places], values[-len(samples.looked_at) :])
            for (layer, places), values in zip(self._layers.items(), outputs, strict=True)
        ]
        self._updates, self._gradients = {}, {}
        self.seconds += time.perf_counter() - start
        self.expected, self._before_this_epoch = self.seconds - self._before_this_epoch, self.seconds
        share = self.seconds / max(training_seconds + self.seconds, 1e-9)
        return events.Inside(epoch, _finite(loss), count, samples.part, round(share, 4), rows)

    def _row(self, layer: str, weights: list[Values], outputs: Values) -> dict[str, Any]:
        spreads = {
            "weights": spread(np.concatenate([each.reshape(-1) for each in weights])),
            "outputs": spread(outputs),
        }
        return {
            "name": layer,
            "gradient": _finite(self._gradients.get(layer)),
            "update": _finite(self._updates.get(layer)),
            "dead": dead_units(outputs),
            "units": outputs.shape[-1],
            **{name: None if each is None else asdict(each) for name, each in spreads.items()},
        }

    def _weights(self) -> list[Values]:
        """Copies of all arrays that learn, in the order of the model's `trainable_weights`."""
        return [np.array(keras.ops.convert_to_numpy(each)) for each in self._model.trainable_weights]

    def _outputs(self) -> list[Values]:
        """What each layer that learns gives for the fixed samples in one pass, and behind them the network's answers.

        Those of the training part come first, and those that are looked at last; they may be the same.
        """
        if self._tapped is None:
            tapped = [self._model.get_layer(name).output for name in self._layers]
            self._tapped = keras.Model(self._model.inputs[0], [*tapped, self._model.outputs[0]])
        found = self._tapped(self._scaling.apply(self._samples.together), training=False)
        return [np.asarray(keras.ops.convert_to_numpy(values), np.float32) for values in keras.tree.flatten(found)]


def learned_by(model: keras.Model) -> dict[str, list[int]]:
    """The layers that learn, by their names in a spec, each with the places of its arrays in `trainable_weights`."""
    owners = {id(each): spec_name(layer.name) for layer in model.layers for each in layer.trainable_weights}
    places: dict[str, list[int]] = {}
    for place, each in enumerate(model.trainable_weights):
        places.setdefault(owners[id(each)], []).append(place)
    return places


def _finite(value: float | None) -> float | None:
    """Six digits of a number; None for none, and for what is no number any more."""
    return float(f"{value:.6g}") if value is not None and math.isfinite(value) else None
