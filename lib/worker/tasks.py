"""The fixed functions that a worker runs: plain data in, plain data out.

This module may be imported anywhere (Dask sends functions by name); Keras is imported inside the functions, in workers.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib import events
from lib.arrays import pack, unpack
from lib.data.own import shelf
from lib.data.own.dataset import from_plain

OUTBOX: dict[str, deque[dict[str, Any]]] = {}
"""Newest checkpoints of each training in this process, until the engine has fetched them."""

CHECKPOINTS_WAITING = 8


TOPIC = "layerlab-events"
"""The Dask topic that carries the events of all runs, several in a message."""


def train(job: dict[str, Any]) -> dict[str, Any]:
    """Train a run in this worker.

    Args:
        job: `run_id`, `attempt` (counts the submissions of this run), `spec` (codec's plain data), `epochs`,
            `learning_rate`, `checkpoint` (one of `fetch`'s, or None), `paused` (halt before the first batch), `own` (a
            person's own data, see `lib.data.own.dataset.to_plain`, or None).

    Returns:
        `outcome` ("done", "stopped" or "failed") and `message`; unless it failed also `epochs` (how many are complete)
        and `evaluation` (None where the model was not trained at all), and `ending` (fields of
        `lib.worker.watching.Ending`, or None).
    """
    from distributed import get_worker

    from lib.worker.control import CONTROLS, Control
    from lib.worker.memory import Memory
    from lib.worker.telling import Telling

    key = f"{job['run_id']}/{job['attempt']}"
    worker, numbers, memory = get_worker(), itertools.count(1), Memory()
    telling = Telling(worker.loop, lambda told: worker.log_event(TOPIC, told))

    def report(event: events.FromWorker) -> None:
        number, now_mb = next(numbers), memory.now_mb()
        told = events.Told(event, job["run_id"], job["attempt"], number, worker.address, os.getpid(), now_mb)
        telling.tell(told.to_plain())

    report(events.Accepted())
    control = CONTROLS.setdefault(key, Control(job["epochs"], job["learning_rate"]))
    if job["paused"]:
        control.apply("pause")
    try:
        with _own_data(job["own"]):
            return _train(job, control, report)
    finally:
        telling.finish()
        CONTROLS.pop(key, None)


@contextmanager
def _own_data(plain: dict[str, Any] | None) -> Iterator[None]:
    """Have a person's own data in this process for as long as a task needs them."""
    hold = None if plain is None else shelf.put(from_plain(plain))
    try:
        yield
    finally:
        if hold is not None:
            hold.release()


def _train(job: dict[str, Any], control: Any, report: Callable[[events.FromWorker], None]) -> dict[str, Any]:
    from lib.specs.codec import from_dict
    from lib.worker.train import Checkpoint, NotANumberError, StoppedError, Training

    def keep(checkpoint: Checkpoint) -> None:
        place = {"epoch": checkpoint.epoch, "batch": checkpoint.batch, "sums": list(checkpoint.sums)}
        waiting = OUTBOX.setdefault(job["run_id"], deque(maxlen=CHECKPOINTS_WAITING))
        waiting.append({**place, "weights": pack(checkpoint.weights), "state": pack(checkpoint.state)})
        report(events.Checkpoint(checkpoint.epoch, checkpoint.batch))

    try:
        training = Training(from_dict(job["spec"]), control, report, keep, _checkpoint(job["checkpoint"]))
        try:
            training.fit()
            outcome, message = "done", ""
            report(events.Evaluating())
        except StoppedError:
            outcome, message = "stopped", ""
        except NotANumberError:
            outcome, message = "stopped", "nan"
        if outcome == "stopped":
            report(events.Halted(not_a_number=message == "nan"))
        trained = training.epoch > 1 or training.batch > 0 or training.checkpoint is not None
        evaluation = _plain_evaluation(training.evaluate()) if trained and message != "nan" else None
        training.give_back()
        ending = None if training.ending is None else dataclasses.asdict(training.ending)
        told = {"outcome": outcome, "message": message, "ending": ending}
        return {**told, "epochs": training.epoch - 1, "evaluation": evaluation}
    except MemoryError:
        return {"outcome": "failed", "message": "memory"}
    except Exception as error:
        if type(error).__name__ == "ResourceExhaustedError":
            return {"outcome": "failed", "message": "memory"}
        return {"outcome": "failed", "message": f"{type(error).__name__}: {error}"[:600]}


def _checkpoint(stored: dict[str, Any] | None) -> Any:
    from lib.worker.train import Checkpoint

    if stored is None:
        return None
    weights, state = unpack(stored["weights"]), unpack(stored["state"])
    return Checkpoint(stored["epoch"], stored["batch"], weights, state, tuple(stored["sums"]))


def _plain_evaluation(evaluation: dict[str, Any]) -> dict[str, Any]:
    return {**evaluation, "probabilities": pack({"probabilities": evaluation["probabilities"]})}


def command(key: str, word: str, value: float | None, epochs: int, learning_rate: float) -> None:
    """Pass a command to a training of this process; runs on the worker's event loop, so it must not block.

    Args:
        key: run id and attempt, `id/attempt`.
    """
    from lib.worker.control import CONTROLS, Control

    CONTROLS.setdefault(key, Control(epochs, learning_rate)).apply(word, value)


def abandon(keys: list[str]) -> None:
    """Stop trainings that the engine lost sight of, where they still run; on the worker's event loop.

    Args:
        keys: run id and attempt of each, `id/attempt`.
    """
    from lib.worker.control import CONTROLS

    for key in keys:
        if key in CONTROLS:
            CONTROLS[key].apply("stop")


def fetch(run_id: str) -> list[dict[str, Any]]:
    """Hand over the waiting checkpoints of a training; runs on the worker's event loop, beside the training."""
    return list(OUTBOX.pop(run_id, ()))


def summary(model: dict[str, Any]) -> str:
    """`model.summary()` of a model, as Keras prints it.

    Args:
        model: a model in the codec's plain data.
    """
    from lib.specs.codec import model_from_dict
    from lib.worker.build import build_model

    lines: list[str] = []
    build_model(model_from_dict(model)).summary(print_fn=lambda text, **_: lines.append(text), line_length=72)
    return "\n".join(lines)


def first_weights(spec: dict[str, Any]) -> bytes:
    """The weights that a run began with, drawn anew from its seed; not for runs that go on from another one.

    Args:
        spec: the run in the codec's plain data.

    Returns:
        Packed, by name.
    """
    from lib.specs.codec import from_dict
    from lib.worker.build import build_run
    from lib.worker.weights import get_weights

    return pack(get_weights(build_run(from_dict(spec))))


def occlusion(
    model: dict[str, Any], weights: bytes, sample: NDArray[Any], cover: NDArray[Any], patch: int, step: int
) -> NDArray[Any]:
    """A model's answers with each place of a picture covered in turn; see `lib.concepts.occlusion`.

    Args:
        model: the codec's plain data.
        weights: packed, by name.
        sample, cover: the picture and what covers it, scaled.
        patch, step: in pixels.
    """
    from lib.concepts import occlusion
    from lib.specs.codec import model_from_dict

    arrays = {name: values.astype("float32") for name, values in unpack(weights).items()}
    return occlusion.occlusion(model_from_dict(model), arrays, sample, cover, patch, step)


def mean_gradient(
    model: dict[str, Any], weights: bytes, sample: NDArray[Any], direction: NDArray[Any], copies: int, noise: float
) -> NDArray[np.float32]:
    """How fast a score grows with each number of a sample; see `lib.worker.gradients`.

    Args:
        model: the codec's plain data.
        weights: packed, by name.
        sample: what goes into the first layer.
        direction: one number for each output.
        copies, noise: of how many noisy copies the mean is taken, and how noisy they are.
    """
    from lib.specs.codec import model_from_dict
    from lib.worker import gradients

    return gradients.mean_gradient(model_from_dict(model), unpack(weights), sample, direction, copies, noise)


def robustness(
    model: dict[str, Any],
    weights: bytes,
    scaling: tuple[tuple[float, ...], tuple[float, ...]],
    images: NDArray[np.uint8],
    numbers: NDArray[np.intp],
    kinds: list[str],
) -> NDArray[np.float32]:
    """A model's answers to images that are made worse; see `lib.worker.robustness`.

    Args:
        model: the codec's plain data.
        weights: packed, by name.
        scaling: scale and offset of each channel.
        images: raw, 0 to 255.
        numbers: one for each image.
        kinds: names of corruptions.
    """
    from lib.data.scaling import Scaling
    from lib.specs.codec import model_from_dict
    from lib.worker import robustness

    spec = model_from_dict(model)
    return robustness.robustness(spec, unpack(weights), Scaling(*scaling), images, numbers, kinds)


def about_many(
    question: str, spec: dict[str, Any], weights: bytes | None, told: dict[str, Any], own: dict[str, Any] | None = None
) -> Any:
    """What a trained network makes of many samples; see `lib.worker.many`.

    Args:
        question: one of `lib.worker.many.QUESTIONS`.
        spec: the run in the codec's plain data.
        weights: of an epoch, packed, by name; None for those that the run began with.
        told: what the question takes beside the network.
        own: a person's own data, or None.
    """
    from lib.specs.codec import from_dict
    from lib.worker.many import QUESTIONS, Network

    with _own_data(own):
        network = Network(from_dict(spec), None if weights is None else unpack(weights))
        return QUESTIONS[question](network, **told)


def propose(
    space: list[dict[str, Any]], told: list[dict[str, Any]], maximize: bool, seed: int, count: int
) -> list[dict[str, Any]]:
    """Values that a sweep may try next; see `lib.worker.proposing`.

    Raises:
        ImportError: Optuna is not installed here.
    """
    from lib.worker.proposing import proposed

    return proposed(space, told, maximize, seed, count)


def near_duplicates(own: dict[str, Any], samples: int, validation_split: float) -> dict[str, NDArray[np.intp]]:
    """Samples that stand nearly alike in two parts of a run; see `lib.data.near_duplicates`.

    Args:
        own: a person's own data.
        samples: how many the run uses; 0 for all.
        validation_split: share of them that is held back.
    """
    from lib.data import near_duplicates

    return near_duplicates.near_duplicates(from_plain(own), samples, validation_split)


def tsne(parts: NDArray[np.float32], places: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Places in the plane after another piece of t-SNE; see `lib.worker.tsne`.

    Args:
        parts: what the samples are like.
        places: where they lie so far; None to begin.

    Raises:
        ImportError: scikit-learn is not installed here.
    """
    from lib.worker.tsne import improved

    return improved(parts, places)


def export_model(spec: dict[str, Any], weights: bytes, name: str, own: dict[str, Any] | None = None) -> bytes:
    """A file of a trained model that takes raw 0-255 pixels.

    Args:
        spec: the run in the codec's plain data.
        weights: packed, by name.
        name: one of `lib.export.formats.FORMATS`.
        own: a person's own data, or None.

    Raises:
        ImportError: the format needs a package that is not installed here.
    """
    with _own_data(own):
        return _export_model(spec, weights, name)


def _export_model(spec: dict[str, Any], weights: bytes, name: str) -> bytes:
    import tempfile
    from pathlib import Path

    from lib.data.preparing import prepare
    from lib.export.formats import FORMATS
    from lib.specs.codec import from_dict
    from lib.worker.build import build_model, with_scaling
    from lib.worker.weights import set_weights

    run = from_dict(spec)
    scaling = prepare(run.data, run.training.validation_split).scaling
    with tempfile.TemporaryDirectory() as folder:
        model = build_model(run.model, training=run.training, value_range=run.data.value_range)
        set_weights(model, unpack(weights))
        whole = with_scaling(model, scaling, run.training)
        path = Path(folder) / f"model{FORMATS[name].ending}"
        if name == "keras":
            whole.save(path)
        else:
            whole(np.zeros((1, *whole.input_shape[1:]), np.float32))  # Keras exports only what was called
            whole.export(str(path), format=name, verbose=False)
        return path.read_bytes()


def report(
    spec: dict[str, Any],
    told: dict[str, Any],
    weights: list[tuple[int, bytes]],
    outputs: bytes,
    number: int,
    own: dict[str, Any] | None = None,
) -> str:
    """The HTML file about a run.

    Args:
        spec: the run in the codec's plain data.
        told: what `lib.worker.report.content` takes as it is.
        weights: of some epochs in order, packed.
        outputs: of the test part, packed.
        number: the test sample that is followed through the epochs.
        own: a person's own data, or None.
    """
    from lib.export.report import report as written
    from lib.specs.codec import from_dict
    from lib.worker.report import content

    with _own_data(own):
        kept = [(epoch, unpack(packed)) for epoch, packed in weights]
        probabilities: Any = unpack(outputs)["probabilities"]
        return written(content(from_dict(spec), told, kept, probabilities, number))
