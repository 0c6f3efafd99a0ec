"""A whole run: data, model and training together, and whether it may be submitted."""

from __future__ import annotations

from dataclasses import dataclass

from lib.data.registry import DATASETS, Dataset
from lib.settings import Settings
from lib.specs.model import ModelSpec
from lib.specs.training import DataSpec, TrainSpec


@dataclass(frozen=True)
class RunSpec:
    """One training, described. Equal specs with equal seeds give equal curves on one machine."""

    data: DataSpec
    model: ModelSpec
    training: TrainSpec

    @property
    def dataset(self) -> Dataset:
        """Facts about the chosen dataset."""
        return DATASETS[self.data.dataset]

    def problem(self, limits: Settings) -> str:
        """Why this run cannot be submitted, in one sentence that says what to do, or ""."""
        return self._mismatch() or self._beyond(limits)

    def _mismatch(self) -> str:
        dataset, model = self.dataset, self.model
        if model.input_shape != dataset.input_shape:
            return f"The model takes {model.input_shape}, but {dataset.title} has images of {dataset.input_shape}"
        if model.problem:
            return model.problem
        output, classes = model.shapes()[-1], len(dataset.class_names)
        if output != (classes,):
            return (
                f"The last layer gives {output}, but {dataset.title} has {classes} classes:"
                f" end with a Dense layer of {classes} units on a vector"
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
        if self.training.epochs > limits.max_epochs:
            return f"{self.training.epochs} epochs are more than the {limits.max_epochs} that one run may have here"
        return ""

    def hint(self) -> str:
        """Something that works but will hardly learn, or ""."""
        last = self.model.layers[-1] if self.model.layers else None
        activation = getattr(last, "activation", "")
        if "crossentropy" in self.training.loss and activation not in ("softmax", "sigmoid"):
            return "Crossentropy expects probabilities: give the last Dense layer the activation softmax"
        return ""

    def samples(self) -> int:
        """Samples of the training part that the run uses, validation included."""
        have = self.dataset.full_train if self.data.size == "full" else self.dataset.bundled_train
        return min(self.data.samples, have) if self.data.samples else have

    def training_samples(self) -> int:
        """Samples that one epoch goes through, after the validation part is held back."""
        return self.samples() - round(self.samples() * self.training.validation_split)

    def work(self) -> float:
        """Multiply-adds of the whole training: backward costs about twice forward."""
        return 3.0 * self.model.multiply_adds() * self.training_samples() * self.training.epochs
