"""Runs that begin with kept weights, in line: the weights wait with them, also over a restart."""

import dataclasses

import numpy as np
import sqlalchemy as sa
from helpers.told_trainings import RUN, becomes, sent
from helpers.waiting import wait_until

from lib.arrays import unpack
from lib.concepts.forward import weight_shapes
from lib.engine.runs.tables import checkpoints
from lib.specs.start import Start

WEIGHTS = {name: np.full(shape, 0.25, np.float32) for name, shape in weight_shapes(RUN.model).items()}


def on(run_id):
    return dataclasses.replace(RUN, start=Start(run_id, 2, ("dense",)))


def test_a_waiting_run_has_the_weights_that_it_begins_with_after_a_restart(open_fake, clusters):
    engine = open_fake(workers=1)
    origin = engine.submit(RUN, "ann")
    sent(clusters, origin)
    waiting = engine.go_on(on(origin), "ann", WEIGHTS)
    assert engine.go_on(on(origin), "ann", WEIGHTS) == waiting
    wait_until(lambda: engine.epochs_kept(waiting) == [0])
    engine.close()
    again = open_fake(workers=1)
    sent(clusters, waiting)
    job = clusters.newest.jobs[0]
    assert job["spec"]["start"] == {"run": origin, "epoch": 2, "frozen": ["dense"]}
    assert (job["checkpoint"]["epoch"], job["checkpoint"]["batch"]) == (1, 0)
    assert all(np.array_equal(unpack(job["checkpoint"]["weights"])[name], WEIGHTS[name]) for name in WEIGHTS)
    assert again.snapshot(waiting).title.endswith(", on from epoch 2")


def test_a_run_stopped_in_line_can_go_on_because_its_weights_are_kept(engine, clusters):
    origin = engine.submit(RUN, "ann")
    sent(clusters, origin)
    waiting = engine.go_on(on(origin), "ann", WEIGHTS)
    engine.stop(waiting)
    assert becomes(engine, waiting, "stopped").can_resume
    engine.resume(waiting)
    clusters.newest.finish(origin)
    sent(clusters, origin, waiting)


def test_without_the_weights_that_it_begins_with_a_run_is_not_trained_from_its_seed_in_silence(engine, clusters):
    origin = engine.submit(RUN, "ann")
    sent(clusters, origin)
    waiting = engine.go_on(on(origin), "ann", WEIGHTS)
    wait_until(lambda: engine.epochs_kept(waiting) == [0])
    with engine._book.store.database.begin() as connection:
        connection.execute(sa.delete(checkpoints).where(checkpoints.c.run_id == waiting))
    clusters.newest.finish(origin)
    assert "not kept here, so it cannot be trained" in becomes(engine, waiting, "failed").message
