"""Models that this worker has trained: the next run with the same stack takes over their graphs, with fresh weights.

Building the graphs of a small model takes longer than many of its trainings. An experiment trains the same stack again
and again; so does a person who changes a rate.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import keras

from lib.specs.run import RunSpec
from lib.worker.build import build_run, compile_model
from lib.worker.steps import Steps
from lib.worker.weights import get_state, get_weights, set_state, set_weights

MOST = 3
"""Models that are kept; the one that waits longest goes first."""
MOST_PARAMETERS = 500_000
"""A larger model is not kept: its memory is worth more than the second that it saves."""


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A compiled model, and what trains it."""

    model: keras.Model
    steps: Steps


_waiting: dict[object, Ready] = {}
_lock = threading.Lock()


def take(run: RunSpec) -> Ready:
    """A compiled model with the run's first weights, which nobody else has meanwhile.

    A model that was trained before gets everything that a new one has: weights, the optimizer's variables, random
    generators and metrics. So nothing shows which of the two it is.
    """
    model = build_run(run)
    compile_model(model, run.training)
    with _lock:
        known = _waiting.pop(_graphs(run), None)
    if known is None:
        return Ready(model, Steps(model, _metric(run)))
    set_weights(known.model, get_weights(model))
    set_state(known.model, get_state(model))
    return known


def give_back(run: RunSpec, ready: Ready) -> None:
    """Keep a model for the next run that can use its graphs."""
    if run.model.parameters > MOST_PARAMETERS:
        return
    with _lock:
        _waiting.pop(_graphs(run), None)
        _waiting[_graphs(run)] = ready
        while len(_waiting) > MOST:
            del _waiting[next(iter(_waiting))]


def _graphs(run: RunSpec) -> object:
    """What the graphs of a run depend on: all but what a graph takes as an argument or a variable."""
    training = replace(
        run.training, seed=0, epochs=1, learning_rate=0.001, batch_size=32, validation_split=0.0, watch_inside="auto"
    )
    data = run.data.kind, run.data.value_range, len(run.data.class_names)
    return run.model, training, run.frozen, data


def _metric(run: RunSpec) -> str:
    """What `metrics=["accuracy"]` means for a run."""
    if run.binary:
        return "binary_accuracy"
    return "categorical_accuracy" if run.training.one_hot else "sparse_categorical_accuracy"
