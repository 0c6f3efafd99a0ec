"""The networks that the Sequences page can look into: three that come with the app, and the visitor's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lib.concepts.cell_walk import readable
from lib.data.fitted.sentence_weights import sentence_model, sentence_weights
from lib.data.preparing import prepare
from lib.data.text import End, Vocabulary
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.model import ModelSpec
from lib.ui.session import visitor
from lib.ui.session.engine import engine, find_run, if_stored

_LOOKED_AT = 10


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A trained network and how it reads.

    Attributes:
        title: what a person calls it.
        model: its layers; its input is a row of ids.
        weights: its arrays by name.
        vocabulary: the words it knows.
        padding, truncating: the ends of a row at which zeros are added and words are cut off.
        accuracy: on the test sentences, 0 to 1; None where nobody has measured it.
        measured_length: ids in a row when it was measured.
    """

    title: str
    model: ModelSpec
    weights: Mapping[str, NDArray[np.float32]]
    vocabulary: Vocabulary
    padding: End
    truncating: End
    accuracy: float | None
    measured_length: int

    @property
    def length(self) -> int:
        """How many ids a row has."""
        return self.model.input_shape[0]


@lru_cache(maxsize=64)
def bundled(cell: str, length: int, padding: End, truncating: End) -> Network:
    """The network with this cell that comes with the app; it takes rows of any length."""
    learned = sentence_weights()
    model = sentence_model(cell, length)
    return Network(
        f"the small {cell}", model, learned.weights[cell], learned.vocabulary, padding, truncating,
        learned.accuracy[cell], learned.about["length"],
    )  # fmt: skip


def own_run() -> RunSnapshot | None:
    """This visitor's newest finished run on the bundled sentences whose recurrent layer reads the words' vectors.

    None without one, or without a store.
    """
    return if_stored(_newest, None)


def _newest() -> RunSnapshot | None:
    rows = (row for row in engine().runs(visitor.owner(), limit=_LOOKED_AT) if row.status == "done")
    return next(filter(None, (_readable(row.id) for row in rows)), None)


def readable_run(run_id: str) -> RunSnapshot | None:
    """The run of anybody with this id, if it has ended and its cell can be read here; None without one, or a store."""
    return if_stored(lambda: _readable(run_id), None)


def _readable(run_id: str) -> RunSnapshot | None:
    run = find_run(run_id)
    if run is None or run.status != "done" or run.spec.data.kind != "text" or run.spec.data.size != "bundled":
        return None
    return run if readable(run.spec.model) and engine().epochs_kept(run.id) else None


def network_of(run: RunSnapshot) -> Network:
    """What a run has learned; see `own_run`."""
    return _network(run.id, run.title)


@lru_cache(maxsize=16)
def _network(run_id: str, title: str) -> Network:
    run = engine().snapshot(run_id)
    choice = run.spec.data
    reading = prepare(choice, run.spec.training.validation_split).reading
    weights = engine().weights(run_id)
    if reading is None or weights is None:
        raise ValueError(f"the run {run_id} has no words or no weights")
    learned = {name: np.asarray(values, np.float32) for name, values in weights.items()}
    ends = cast(End, choice.padding), cast(End, choice.truncating)
    accuracy = run.evaluation.accuracy if run.evaluation else None
    return Network(title, run.spec.model, learned, reading.vocabulary, *ends, accuracy, choice.length)
