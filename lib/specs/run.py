"""A whole run: data, model and training together, and whether it may be submitted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from lib.settings import Settings
from lib.specs.data import DataSpec
from lib.specs.datasets import Dataset
from lib.specs.layers.known import Dense, Dropout, Embedding, Shape
from lib.specs.model import ModelSpec
from lib.specs.start import Start
from lib.specs.training import TrainSpec

FEW_SAMPLES = 2_000
SMALL_WORK = 1_250_000
"""Every installation lets a run go through so many samples (samples times epochs): 5,000 epochs of 250 points."""
WATCHED_WORK = 1e13
"""The inside of a run of at most so many multiply-adds is watched unless somebody says otherwise: some minutes on two
cores, 19 times the Simple CNN on all bundled digits."""
COMPILED_STEPS = 8_000
"""Shorter trainings are over before it has paid to compile them."""
COMPILED_PARAMETERS = 10_000
"""With more the arithmetic counts, and compiling gains less."""


@dataclass(frozen=True)
class RunSpec:
    """One training, described. Equal specs with equal seeds give equal curves on one machine.

    Attributes:
        start: where its first weights come from; None where its seed draws them.
    """

    data: DataSpec
    model: ModelSpec
    training: TrainSpec
    start: Start | None = None

    @property
    def from_seed(self) -> RunSpec:
        """The same training with first weights from its seed, and no layer frozen."""
        return self if self.start is None else replace(self, start=None)

    @property
    def frozen(self) -> tuple[str, ...]:
        """Names of the layers whose weights stay as they are."""
        return () if self.start is None else self.start.frozen

    @property
    def dataset(self) -> Dataset:
        """Facts about the chosen dataset."""
        return self.data.facts

    def problem(self, limits: Settings) -> str:
        """Why this run cannot be submitted, in one sentence that says what to do, or ""."""
        return (
            self.mismatch
            or self._frozen_problem()
            or self._monitor_problem()
            or self._spoiling_problem()
            or self._beyond(limits)
        )

    @property
    def mismatch(self) -> str:
        """Why data, model and loss do not go together, in one sentence that says what to do, or ""."""
        title, model, expected = self.dataset.title, self.model, self.data.input_shape
        if model.input_shape != expected:
            return f"The model takes {model.input_shape}, but {title} has samples of {expected}"
        if model.problem:
            return model.problem
        if self._ids_problem():
            return self._ids_problem()
        output, classes = model.shapes()[-1], len(self.data.class_names)
        if self.regression:
            return self._regression_problem(output)
        if self.binary:
            return self._binary_problem(output)
        if output != (classes,):
            return self._not_last() or (
                f"The last layer gives {output}, but {title} has {classes} classes:"
                f" end with a Dense layer of {classes} units on a vector"
            )
        if self.training.loss == "binary_crossentropy":
            return f"binary_crossentropy is for one unit and two classes; with {classes} units use another crossentropy"
        return ""

    @property
    def outputs(self) -> tuple[Shape, ...]:
        """What the last layer may give: a number a class, one sigmoid unit for two of them, or the predicted number."""
        classes = len(self.data.class_names)
        return ((1,),) if not classes else ((1,), (2,)) if classes == 2 else ((classes,),)

    def _not_last(self) -> str:
        """That the Dense layer which answers has others behind it, in a sentence, or ""."""
        rows, known = self.model.trace, ("softmax", "sigmoid") if self.data.class_names else ("linear", "tanh")
        for place in reversed(range(len(rows) - 1)):
            layer = rows[place].layer
            if isinstance(layer, Dense) and rows[place].output_shape in self.outputs and layer.activation in known:
                return (
                    f"Layer {place + 1}, {rows[place].name}, gives the answer, but is not the last layer:"
                    " move it down to the end, or remove what is below it"
                )
        return ""

    def _ids_problem(self) -> str:
        first = self.model.layers[0]
        if not isinstance(first, Embedding):
            return ""
        if self.data.kind != "text":
            return f"An Embedding looks up words, but {self.dataset.title} are numbers already: remove it"
        if first.input_dim < self.data.vocabulary:
            return (
                f"The Embedding has {first.input_dim:,} rows, but the vocabulary may have {self.data.vocabulary:,} ids:"
                " make input_dim as large as the vocabulary"
            )
        return ""

    @property
    def regression(self) -> bool:
        """Whether a number is to be predicted instead of a class."""
        return not self.data.class_names

    @property
    def binary(self) -> bool:
        """Whether one sigmoid unit answers for two classes: it gives the probability of the second."""
        return len(self.data.class_names) == 2 and bool(self.model.layers) and self.model.trace[-1].output_shape == (1,)

    @property
    def balances(self) -> bool:
        """Whether samples of rare classes weigh more."""
        return self.training.class_weight == "balanced" and not self.regression

    @property
    def watched_inside(self) -> bool:
        """Whether the inside of the training is watched."""
        choice = self.training.watch_inside
        return choice == "on" or (choice == "auto" and self.work() <= WATCHED_WORK)

    @property
    def compiles(self) -> bool:
        """Whether its steps become one program of XLA: a long training of a small stack of Dense layers.

        It depends on the description alone, so that a training that goes on computes the same numbers.
        """
        small = self.model.parameters <= COMPILED_PARAMETERS
        dense = all(isinstance(layer, Dense | Dropout) for layer in self.model.layers)
        return small and dense and self.training.epochs * self.batches() >= COMPILED_STEPS

    def _regression_problem(self, output: Shape) -> str:
        if output != (1,):
            return self._not_last() or (
                f"The last layer gives {output}, but one number is to be predicted: end with a Dense layer of 1 unit"
            )
        if self.training.loss != "mean_squared_error":
            return f"{self.training.loss} is for classes; a number is predicted with mean_squared_error"
        return ""

    def _binary_problem(self, output: Shape) -> str:
        if self.training.loss not in ("binary_crossentropy", "mean_squared_error"):
            return f"One unit for two classes needs the loss binary_crossentropy, not {self.training.loss}"
        activation = getattr(self.model.layers[-1], "activation", "") or "none"
        if activation != "sigmoid":
            return self._not_last() or (
                f"One unit for two classes must give a probability: its activation must be sigmoid, not {activation}"
            )
        return ""

    def _frozen_problem(self) -> str:
        learners = self.model.learners
        unknown = next((name for name in self.frozen if name not in learners), None)
        if unknown is not None:
            return f"There is no layer {unknown} with weights that could be frozen; there are: {', '.join(learners)}"
        if self.frozen and set(self.frozen) == set(learners):
            return "All layers with weights are frozen, so nothing could be learned: leave one of them free"
        return ""

    def _monitor_problem(self) -> str:
        monitor = self.training.monitor
        if not self.training.watches:
            return ""
        if self.regression and monitor == "val_accuracy":
            return "There is no accuracy where a number is predicted: let val_loss or loss be the monitor"
        if monitor.startswith("val_") and not self.validation_samples():
            return (
                f"{monitor} cannot be watched, because no samples are held back to validate on: set validation_split"
                " above 0, or let loss be the monitor"
            )
        return ""

    def _spoiling_problem(self) -> str:
        if self.data.spoiling and self.data.folds:
            return (
                f"Images that are spoiled on purpose ({self.data.spoiled}) are not cut into folds: set folds to 0, or"
                " spoiled to none"
            )
        if self.data.spoiling in ("leaked", "sorted") and not self.validation_samples():
            return (
                f"Images can be {self.data.spoiling} only where samples are held back to validate on: set"
                " validation_split above 0, or spoiled to none"
            )
        return ""

    def _beyond(self, limits: Settings) -> str:
        if self.model.parameters > limits.max_parameters:
            return (
                f"The model has {self.model.parameters:,} parameters; this installation trains at most"
                f" {limits.max_parameters:,}: use fewer filters or units, or pool before Flatten"
            )
        memory = self.model.memory_mb(self.training.batch_size)
        if memory > limits.max_memory_mb:
            return (
                f"A batch of {self.training.batch_size} would need about {memory:,.0f} MB of memory; a worker here has"
                f" {limits.max_memory_mb:,} MB for it: use a smaller batch or fewer filters"
            )
        most = self.most_epochs(limits)
        if self.training.epochs > most:
            return f"{self.training.epochs} epochs are more than the {most:,} that this run may have here"
        return ""

    def most_epochs(self, limits: Settings) -> int:
        """Epochs that a run on so many samples may have: many more of them when there are few samples."""
        samples = max(self.training_samples(), 1)
        return max(limits.max_epochs, SMALL_WORK // samples) if samples <= FEW_SAMPLES else limits.max_epochs

    def hint(self) -> str:
        """Something that works but will hardly learn, or ""."""
        last = self.model.layers[-1] if self.model.layers else None
        if self.data.kind == "text" and last is not None and not isinstance(self.model.layers[0], Embedding):
            return "Token ids are names, not amounts: begin with an Embedding, or 2,000 counts as twice 1,000"
        activation = getattr(last, "activation", "")
        if self.training.takes_logits:
            return self._logits_hint(activation)
        if "crossentropy" in self.training.loss and activation not in ("softmax", "sigmoid"):
            return (
                self._not_last()
                or "Crossentropy expects probabilities: give the last Dense layer the activation softmax"
            )
        return ""

    def _logits_hint(self, activation: str) -> str:
        if activation not in ("softmax", "sigmoid"):
            return ""
        return (
            f"from_logits is on, so the loss makes probabilities by itself, but {activation} has made some already:"
            " give the last Dense layer the activation linear, or switch from_logits off"
        )

    def samples(self) -> int:
        """Samples of the training part that the run uses, validation included."""
        have = self.data.available
        return min(self.data.samples, have) if self.data.samples else have

    def training_samples(self) -> int:
        """Samples that one epoch goes through, after the validation part is held back."""
        samples = self.samples()
        held_back = _of_fold(samples, self.data) if self.data.folds else round(samples * self.training.validation_split)
        return samples - held_back

    def batches(self) -> int:
        """Batches of an epoch, the last and smaller one included."""
        return math.ceil(self.training_samples() / self.training.batch_size)

    def validation_samples(self) -> int:
        """Samples that each epoch is validated on: held back from the training part, or the test points."""
        if self.data.validates_on_test:
            return round(self.data.points * self.data.test_share / 100)
        return self.samples() - self.training_samples()

    def work(self) -> float:
        """Multiply-adds of the whole training: backward costs about twice forward."""
        return 3.0 * self.model.multiply_adds() * self.training_samples() * self.training.epochs


def _of_fold(samples: int, data: DataSpec) -> int:
    """Samples of the fold that is held back: the first folds have one more where it does not come out even."""
    return samples // data.folds + (data.fold <= samples % data.folds)
