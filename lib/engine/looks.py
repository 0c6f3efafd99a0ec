"""What a worker is asked about a model or a run: the answer is waited for."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.arrays import pack, unpack
from lib.concepts.pca import Components
from lib.concepts.strongest import Strongest
from lib.data.own.dataset import OwnData, to_plain
from lib.data.scaling import Scaling
from lib.engine.errors import EngineError
from lib.engine.runs.book import RunBook
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.runs.store import spread
from lib.engine.work.cluster import ClusterError, WorkerEndedError
from lib.engine.work.dispatcher import Dispatcher
from lib.errors import DataError
from lib.specs.codec import model_to_dict, to_dict
from lib.specs.model import ModelSpec
from lib.worker import tasks

MOST_REPORTED, REPORTED_BYTES = 12, 24_000_000
"""Epochs that a report goes through, and their weights together."""
NOTHING_TRAINED = "Nothing of this run was trained yet: there is no model to download"
NO_WEIGHTS = "The weights of this run are no longer kept"
NO_EPOCH = "The weights of epoch {epoch} are no longer kept: choose another epoch"
_REPORTED = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")


class Looks:
    """Questions to workers. All methods may be called from any thread; each waits for its answer.

    Args:
        book: what is stored of runs.
        dispatcher: has the workers.
        snapshot: a run by its id, or `UnknownRun`.
    """

    def __init__(self, book: RunBook, dispatcher: Dispatcher, snapshot: Callable[[str], RunSnapshot]) -> None:
        self._book = book
        self._dispatcher = dispatcher
        self._snapshot = snapshot
        self._summary = functools.lru_cache(maxsize=256)(self._ask_summary)

    def summary(self, model: ModelSpec) -> str:
        """`model.summary()` as Keras prints it; the first call may wait for a worker.

        Raises:
            EngineError: the stack breaks, or no worker answers.
        """
        if model.problem:
            raise EngineError(model.problem)
        return self._summary(model)

    def _ask_summary(self, model: ModelSpec) -> str:
        return str(self.ask(tasks.summary, model_to_dict(model)))

    def first_weights(self, run_id: str) -> dict[str, NDArray[Any]]:
        """Weights by name before the first batch.

        Those that came from a file or from another run are stored with the run; else a worker draws them anew from its
        seed, and may be waited for.

        Raises:
            EngineError: no worker answers, or the weights are no longer kept.
        """
        packed = self._packed(run_id, 0)
        return unpack(packed or self.ask(tasks.first_weights, to_dict(self._snapshot(run_id).spec)))

    def occlusion(
        self, model: ModelSpec, weights: dict[str, NDArray[Any]], sample: NDArray[Any], cover: NDArray[Any],
        patch: int, step: int,
    ) -> NDArray[np.float32]:  # fmt: skip
        """A model's answers with each place of a picture covered in turn; a worker computes them.

        Args:
            model: a stack that works.
            weights: arrays by name.
            sample: the picture, scaled as in training.
            cover: what is seen in the patch instead.
            patch: side of the square that is covered, in pixels.
            step: pixels from one place to the next.

        Returns:
            `(rows, columns, outputs)`.

        Raises:
            EngineError: no worker answers.
        """
        asked = (model_to_dict(model), pack(weights), sample, cover, patch, step)
        return np.asarray(self.ask(tasks.occlusion, *asked), np.float32)

    def mean_gradient(
        self, model: ModelSpec, weights: dict[str, NDArray[Any]], sample: NDArray[Any], direction: NDArray[Any],
        copies: int = 1, noise: float = 0.0,
    ) -> NDArray[np.float32]:  # fmt: skip
        """How fast a score of a model grows with each number of a sample; a worker computes it.

        Args:
            model: a stack that works.
            weights: arrays by name.
            sample: what goes into the first layer, scaled as in training.
            direction: one number for each output; the score is `sum(outputs * direction)`.
            copies: of how many noisy copies of the sample the mean is taken.
            noise: see `lib.concepts.slopes.noisy_copies`.

        Returns:
            Of the sample's shape.

        Raises:
            EngineError: no worker answers, or its backend gives no gradients.
        """
        asked = (model_to_dict(model), pack(weights), sample, direction, copies, noise)
        return np.asarray(self.ask(tasks.mean_gradient, *asked), np.float32)

    def robustness(
        self, run_id: str, scaling: Scaling, images: NDArray[np.uint8], numbers: NDArray[np.intp], kinds: Sequence[str]
    ) -> NDArray[np.float32]:
        """The answers of a run's newest weights to images that are made worse step by step; a worker computes them.

        Args:
            run_id: of a run on images.
            scaling: the run's.
            images: raw, 0 to 255, `(samples, height, width, channels)`.
            numbers: one for each image, which decides its noise: its position in the test part.
            kinds: names in `lib.data.corruptions.CORRUPTIONS`.

        Returns:
            `(kinds, strengths, samples, classes)`; the first strength is 0.

        Raises:
            EngineError: the run's weights are no longer kept, or no worker answers.
        """
        now = self._snapshot(run_id)
        packed = self._book.store.weights(now.id, None)
        if packed is None:
            raise EngineError(NO_WEIGHTS)
        asked = (model_to_dict(now.spec.model), packed, (scaling.scale, scaling.offset), images, numbers, list(kinds))
        return np.asarray(self.ask(tasks.robustness, *asked), np.float32)

    def strongest(self, run_id: str, epoch: int, layer: str, span: tuple[int, int]) -> Strongest:
        """The test samples that excite each filter of a layer most; a worker looks for them.

        Args:
            run_id: the run.
            epoch: whose weights are meant; 0 for those that the run began with.
            layer: its name.
            span: the first test sample, and the one behind the last.

        Raises:
            EngineError: the epoch's weights or the samples are no longer here, or no worker answers.
        """
        return Strongest(**self._about_many("strongest", run_id, epoch, layer=layer, span=span))

    def ranges(
        self, run_id: str, epoch: int, layers: Sequence[str], span: tuple[int, int]
    ) -> dict[str, NDArray[np.float32]]:
        """The lowest and the highest output of each unit over validation samples, `(2, units)` by layer.

        The test samples are taken where a run has no validation samples. Arguments and errors as for `strongest`.
        """
        found: dict[str, NDArray[np.float32]] = self._about_many(
            "ranges", run_id, epoch, layers=list(layers), span=span
        )
        return found

    def confusion(self, run_id: str, epoch: int, span: tuple[int, int]) -> NDArray[np.int64]:
        """How often each class of some test samples was taken for each, with the weights of an epoch.

        Rows are true classes. Arguments and errors as for `strongest`.
        """
        return np.asarray(self._about_many("confusion", run_id, epoch, span=span), np.int64)

    def held_back(self, run_id: str, epoch: int, span: tuple[int, int]) -> NDArray[np.float32]:
        """What a network says of some samples of its validation part, `(samples, classes)`, with an epoch's weights.

        Arguments and errors as for `strongest`.
        """
        return np.asarray(self._about_many("held_back", run_id, epoch, span=span), np.float32)

    def places(
        self, run_id: str, epoch: int, layer: str, numbers: NDArray[np.intp], known: Components | None = None
    ) -> dict[str, NDArray[np.float32]]:
        """Where test samples lie in the plane that a layer's outputs differ along most; see `lib.worker.many.places`.

        Args:
            run_id: the run.
            epoch: whose weights are meant; 0 for those that the run began with.
            layer: its name, or `lib.specs.model.INPUT`.
            numbers: of the test samples.
            known: components to use; found anew where they are None.

        Raises:
            EngineError: the epoch's weights or the samples are no longer here, an output is not finite, or no worker
                answers.
        """
        axes = {} if known is None else {"mean": known.mean, "axes": known.axes}
        found: dict[str, NDArray[np.float32]] = self._about_many(
            "places", run_id, epoch, layer=layer, numbers=numbers, **axes
        )
        return found

    def parts(
        self, run_id: str, epoch: int, layer: str, numbers: NDArray[np.intp]
    ) -> dict[str, NDArray[np.float32]]:  # fmt: skip
        """What `tsne` takes; see `lib.worker.many.parts`. Arguments and errors as for `places`."""
        found: dict[str, NDArray[np.float32]] = self._about_many("parts", run_id, epoch, layer=layer, numbers=numbers)
        return found

    def tsne(self, parts: NDArray[np.float32], places: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """Places in the plane after another piece of t-SNE; see `lib.worker.tsne.improved`.

        Raises:
            EngineError: the worker has no scikit-learn, or no worker answers.
        """
        return np.asarray(self.ask(tasks.tsne, parts, places), np.float32)

    def near_duplicates(self, data: OwnData, samples: int, validation_split: float) -> dict[str, NDArray[np.intp]]:
        """Samples of a person's own that stand nearly alike in two parts of a run; a worker looks for them.

        Args:
            data: the person's own.
            samples: how many the run uses; 0 for all.
            validation_split: share of them that is held back.

        Returns:
            Positions of pairs; see `lib.data.near_duplicates.near_duplicates`.

        Raises:
            EngineError: no worker answers.
        """
        found: dict[str, NDArray[np.intp]] = self.ask(tasks.near_duplicates, to_plain(data), samples, validation_split)
        return found

    def _about_many(self, question: str, run_id: str, epoch: int, **told: Any) -> Any:
        spec, packed = to_dict(self._snapshot(run_id).spec), self._packed(run_id, epoch)
        return self.ask(tasks.about_many, question, spec, packed, told, self._own_samples(run_id))

    def _packed(self, run_id: str, epoch: int) -> bytes | None:
        """The weights of an epoch; None for first ones that are to be drawn from the run's seed.

        Raises:
            EngineError: they are no longer kept.
        """
        now = self._snapshot(run_id)
        if epoch == 0 and not now.brought and now.spec.start is None:
            return None
        packed = self._book.store.weights(now.id, epoch)
        if packed is None:
            raise EngineError(NO_EPOCH.format(epoch=epoch))
        return packed

    def export_model(self, run_id: str, name: str) -> bytes:
        """A file of the trained model; it takes raw 0-255 pixels.

        Args:
            run_id: the run.
            name: one of `lib.export.formats.FORMATS`.

        Raises:
            EngineError: nothing is trained yet, the scaling is not known because a person's own data are gone, the
                format needs a package that the worker does not have, or no worker answers.
        """
        now = self._snapshot(run_id)
        packed = self._book.store.weights(now.id, None)
        if packed is None:
            raise EngineError(NOTHING_TRAINED)
        return bytes(self.ask(tasks.export_model, to_dict(now.spec), packed, name, self._own_samples(run_id)))

    def report(self, run_id: str, told: dict[str, Any], number: int) -> str:
        """One HTML file about a tested run, with a sample followed through the kept epochs.

        Args:
            run_id: the run.
            told: `title`, `texts` and `figures` as `assets/report/report.js` shows them.
            number: the sample's position in the test part; the first one where there are not so many.

        Raises:
            EngineError: it was not tested yet, its own data are gone, or no worker answers.
        """
        now, store = self._snapshot(run_id), self._book.store
        outputs = store.probabilities(run_id)
        if now.evaluation is None or outputs is None:
            raise EngineError("This run was not tested yet: there is nothing to report")
        followed = number if 0 <= number < now.evaluation.samples else 0
        points = [{name: _finite(getattr(point, name)) for name in _REPORTED} for point in now.epoch_points]
        weights = self._some_weights(run_id)
        told = {**told, "points": points}
        own = self._own_samples(run_id)
        return str(self.ask(tasks.report, to_dict(now.spec), told, weights, outputs, followed, own))

    def _some_weights(self, run_id: str) -> list[tuple[int, bytes]]:
        """Weights of at most 12 kept epochs, evenly spread; of fewer where they are large."""
        store = self._book.store
        epochs = store.epochs_kept(run_id)
        newest = store.weights(run_id, epochs[-1]) if epochs else None
        if newest is None:
            return []
        chosen = spread(epochs, max(2, min(MOST_REPORTED, REPORTED_BYTES // len(newest))))
        packed = [(epoch, store.weights(run_id, epoch)) for epoch in chosen]
        return [(epoch, weights) for epoch, weights in packed if weights is not None]

    def _own_samples(self, run_id: str) -> dict[str, Any] | None:
        try:
            return self._book.own_samples(run_id)
        except DataError as error:
            raise EngineError(str(error)) from None

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Have a function run on a worker.

        Raises:
            EngineError: no worker answers, or the function raises.
        """
        try:
            return self._dispatcher.look(function, *arguments)
        except TimeoutError:
            raise EngineError("No worker answered within a minute: try again") from None
        except (ClusterError, OSError) as error:
            raise EngineError(f"The training engine is not there: {error}") from None
        except WorkerEndedError as error:
            raise EngineError(str(error)) from None
        except ImportError as error:
            raise EngineError(f"The worker lacks a package for this: {error}"[:400]) from None
        except Exception as error:
            raise EngineError(f"Keras could not do this: {type(error).__name__}: {error}"[:400]) from None


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
