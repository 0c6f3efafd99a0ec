"""Runs that begin with kept weights, in line: the weights wait with them, also over a restart."""

import dataclasses

import numpy as np
import pytest
import sqlalchemy as sa
from helpers.told_trainings import RUN, becomes, sent
from helpers.waiting import wait_until

from lib.arrays import unpack
from lib.concepts.forward import weight_shapes
from lib.data.own import shelf
from lib.engine.errors import EngineError
from lib.engine.going_on import first_weights
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.runs.tables import checkpoints
from lib.specs.datasets import DATASETS
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
    assert job["spec"]["start"] == {"run": origin, "epoch": 2, "frozen": ["dense"], "by_hand": ""}
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


def test_only_their_owner_goes_on_from_weights_that_have_learned_from_own_data(engine, monkeypatch):
    name = "own-0123456789abcdef"
    monkeypatch.setitem(shelf._facts, name, dataclasses.replace(DATASETS["mnist"], name=name))
    private = dataclasses.replace(RUN, data=dataclasses.replace(RUN.data, dataset=name))
    origin = RunSnapshot("0" * 16, "ann", "her digits", private, "done")
    with pytest.raises(EngineError, match="somebody else's own data"):
        first_weights(on(origin.id), origin, "bob", WEIGHTS)
    assert set(first_weights(on(origin.id), origin, "ann", WEIGHTS)) == set(WEIGHTS)


def test_without_the_weights_that_it_begins_with_a_run_is_not_trained_from_its_seed_in_silence(engine, clusters):
    origin = engine.submit(RUN, "ann")
    sent(clusters, origin)
    waiting = engine.go_on(on(origin), "ann", WEIGHTS)
    wait_until(lambda: engine.epochs_kept(waiting) == [0])
    with engine._book.store.database.begin() as connection:
        connection.execute(sa.delete(checkpoints).where(checkpoints.c.run_id == waiting))
    clusters.newest.finish(origin)
    assert "no longer keeps the weights that this run begins with" in becomes(engine, waiting, "failed").message
