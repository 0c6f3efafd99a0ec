"""A small run, what a worker tells of it, and waiting for what the engine makes of that."""

import dataclasses

import numpy as np
from helpers.waiting import wait_until

from lib import events
from lib.arrays import pack
from lib.specs.data import DataSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

RUN = RunSpec(DataSpec(samples=1_000), RECIPES["dense_128"].run.model, TrainSpec(epochs=2, batch_size=64))
STARTED = events.Started("CPU", batches=15, epoch=1)
PROBABILITIES = pack({"probabilities": np.full((4, 10), 0.1, np.float32)})
EVALUATION = {"loss": 2.3, "accuracy": 0.1, "seconds": 0.5, "probabilities": PROBABILITIES}
EPOCH = events.Epoch(1, loss=0.5, accuracy=0.8, seconds=1.0, learning_rate=0.001)


def becomes(engine, run_id, status):
    wait_until(lambda: engine.snapshot(run_id).status == status, 10, otherwise=lambda: engine.snapshot(run_id))
    return engine.snapshot(run_id)


def sent(clusters, *run_ids):
    """Wait until these runs, and no others, were sent to a worker, in this order."""
    wait_until(lambda: clusters.newest is not None and clusters.newest.training == list(run_ids), 10)


def with_checkpoint(clusters, run_id, epoch=1):
    """Let an epoch of a run be trained and its checkpoint wait on the worker."""
    packed = pack({"dense/kernel": np.zeros(1, np.float32)})
    place = {"epoch": epoch + 1, "batch": 0, "sums": [0.0, 0.0, 0.0]}
    clusters.newest.checkpoints[run_id] = [{**place, "weights": packed, "state": pack({})}]
    clusters.newest.tell(run_id, events.Checkpoint(epoch + 1, 0))
    clusters.newest.tell(run_id, dataclasses.replace(EPOCH, epoch=epoch))


def seeded(seed):
    """The run with another seed, which makes it another run."""
    return dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, seed=seed))
