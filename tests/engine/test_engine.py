"""The engine against a real Dask cluster with Keras workers."""

import dataclasses

import keras
import numpy as np
import psutil
import pytest
from helpers.after_failure import empty_line
from helpers.engine_processes import worker_process
from helpers.waiting import wait_for_status, wait_until

from lib.concepts.forward import forward
from lib.data.preparing import prepare
from lib.engine.api import open_engine
from lib.engine.errors import EngineError, UnknownRun
from lib.engine.experiments.comparison import ComparisonPlan, Guess
from lib.settings import Settings
from lib.specs.data import DataSpec
from lib.specs.layers.known import Conv2D, Dense, Flatten
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

pytestmark = pytest.mark.engine

SHORT = RunSpec(DataSpec(samples=1_000), RECIPES["dense_128"].run.model, TrainSpec(epochs=2, batch_size=64))
# Many short epochs: it lasts until it is stopped, and nobody waits long for its first one.
LONG = RunSpec(DataSpec(samples=2_000), RECIPES["simple_cnn"].run.model, TrainSpec(epochs=200))


def started(engine, run_id):
    return wait_until(lambda: engine.snapshot(run_id).batch_curve.epoch, otherwise=lambda: engine.snapshot(run_id))


def test_a_run_trains_is_tested_and_can_be_looked_at(engine):
    run_id = engine.submit(SHORT, "ann")
    now = wait_for_status(engine, run_id, "done")
    assert [point.epoch for point in now.epoch_points] == [1, 2]
    assert now.epoch_points[1].loss < now.epoch_points[0].loss
    assert now.device.startswith("CPU")
    assert now.progress == 1.0
    probabilities = engine.probabilities(run_id)
    data = prepare(SHORT.data, SHORT.training.validation_split)
    assert probabilities.shape == (2_000, 10)
    assert np.mean(probabilities.argmax(axis=1) == data.test.y) == pytest.approx(now.evaluation.accuracy)
    image = data.scaling.apply(data.test.x[0])
    assert np.allclose(forward(SHORT.model, engine.weights(run_id), image)[-1], probabilities[0], atol=1e-5)


def test_the_downloaded_file_opens_in_plain_keras_and_takes_raw_pixels(engine, tmp_path):
    run_id = engine.submit(SHORT, "ann")
    wait_for_status(engine, run_id, "done")
    (tmp_path / "model.keras").write_bytes(engine.export_keras(run_id))
    model = keras.models.load_model(tmp_path / "model.keras")
    raw = prepare(SHORT.data, 0.1).test.x[:64].astype("float32")
    assert np.allclose(model.predict(raw, verbose=0), engine.probabilities(run_id)[:64], atol=1e-5)


def test_the_summary_is_keras_own(engine):
    text = engine.summary(RECIPES["simple_cnn"].run.model)
    assert 'Model: "sequential"' in text
    assert "Total params: 34,826" in text
    assert "max_pooling2d_1" in text


def test_nothing_of_the_engine_listens_beyond_this_machine(engine):
    engine.summary(RECIPES["mlp"].run.model)
    listening = [
        connection.laddr.ip
        for process in psutil.Process().children(recursive=True)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3
    assert set(listening) <= {"127.0.0.1", "::1"}


def test_a_broken_stack_is_refused_with_its_reason(engine):
    broken = dataclasses.replace(SHORT, model=ModelSpec((28, 28, 1), (Flatten(), Conv2D())))
    with pytest.raises(EngineError, match="Layer 2, conv2d: Conv2D needs maps"):
        engine.submit(broken, "ann")
    with pytest.raises(EngineError, match="Layer 2, conv2d"):
        engine.summary(broken.model)


def test_a_spec_that_needs_more_memory_than_a_worker_has_is_refused(engine):
    model = ModelSpec((28, 28, 1), (Conv2D(filters=512, padding="same"), Flatten(), Dense(units=10)))
    with pytest.raises(EngineError, match="MB of memory"):
        engine.submit(dataclasses.replace(SHORT, model=model, training=TrainSpec(batch_size=1024)), "ann")


def test_two_clicks_on_train_are_one_run(engine):
    first = engine.submit(LONG, "double")
    assert engine.submit(LONG, "double") == first
    engine.stop(first)
    wait_for_status(engine, first, "stopped")
    assert engine.submit(LONG, "double") != first
    engine.stop(engine.runs("double", 1)[0].id)


def test_a_run_is_paused_resumed_given_another_rate_and_stopped(engine):
    run_id = engine.submit(LONG, "steers")
    started(engine, run_id)
    engine.pause(run_id)
    wait_for_status(engine, run_id, "paused", seconds=20)
    held = engine.snapshot(run_id)
    engine.set_learning_rate(run_id, 0.0005)
    engine.add_epoch(run_id)
    assert engine.snapshot(run_id).epochs == 201
    assert engine.snapshot(run_id).batch == held.batch
    engine.resume(run_id)
    wait_until(lambda: (engine.snapshot(run_id).epoch, engine.snapshot(run_id).batch) > (held.epoch, held.batch))
    point = wait_until(lambda: engine.snapshot(run_id).epoch_points)[0]
    assert point.learning_rate == 0.0005
    engine.stop(run_id)
    now = wait_for_status(engine, run_id, "stopped")
    assert now.evaluation is not None
    with pytest.raises(EngineError, match="This run is stopped: it can't be paused now"):
        engine.pause(run_id)


def test_a_run_stopped_before_its_first_batch_leaves_nothing_behind(engine):
    blocker = engine.submit(LONG, "first")
    started(engine, blocker)
    run_id = engine.submit(SHORT, "second")
    wait_until(lambda: engine.snapshot(run_id).place == 1)
    engine.stop(run_id)
    now = wait_for_status(engine, run_id, "stopped", seconds=5)
    assert now.message == "Stopped before its first batch."
    assert not now.can_resume
    assert engine.weights(run_id) is None
    with pytest.raises(EngineError, match="no model to download"):
        engine.export_keras(run_id)
    engine.stop(blocker)
    wait_for_status(engine, blocker, "stopped")


def test_stop_right_after_train_is_obeyed(engine):
    run_id = engine.submit(LONG, "hasty")
    engine.stop(run_id)
    wait_for_status(engine, run_id, "stopped", seconds=20)


def test_a_finished_run_gets_one_more_epoch(engine):
    run_id = engine.submit(SHORT, "more")
    wait_for_status(engine, run_id, "done")
    engine.add_epoch(run_id)
    wait_until(lambda: len(engine.snapshot(run_id).epoch_points) == 3)
    assert wait_for_status(engine, run_id, "done").epochs == 3
    assert engine.epochs_kept(run_id) == [1, 2, 3]


def test_a_killed_worker_is_told_and_the_run_goes_on_from_its_last_epoch(engine):
    run_id = engine.submit(LONG, "killed")
    wait_until(lambda: len(engine.snapshot(run_id).epoch_points) >= 1)
    before = engine.snapshot(run_id).epoch_points[0]
    worker_process().kill()
    now = wait_for_status(engine, run_id, "failed", seconds=20)
    assert "The worker process is gone" in now.message
    assert "Resume goes on from there" in now.message
    assert now.can_resume
    engine.resume(run_id)
    wait_until(lambda: len(engine.snapshot(run_id).epoch_points) > len(now.epoch_points))
    assert engine.snapshot(run_id).epoch_points[0] == before
    engine.stop(run_id)
    wait_for_status(engine, run_id, "stopped")
    after = engine.submit(SHORT, "killed")
    wait_for_status(engine, after, "done")


def test_a_resumed_run_has_the_curve_of_one_that_was_never_stopped(engine):
    whole = engine.submit(dataclasses.replace(LONG, training=TrainSpec(epochs=2)), "whole")
    cut = engine.submit(dataclasses.replace(LONG, training=TrainSpec(epochs=2)), "cut")
    wait_until(lambda: engine.snapshot(cut).batch_curve.epoch)
    engine.stop(cut)
    wait_for_status(engine, cut, "stopped")
    engine.resume(cut)
    wait_for_status(engine, cut, "done")

    def losses(run_id):
        return [(p.loss, p.val_loss) for p in wait_for_status(engine, run_id, "done").epoch_points]

    assert losses(cut) == losses(whole)


@pytest.mark.parametrize("run_id", ["", "x", "../../etc/passwd", "0" * 16, "z" * 16, "0" * 5000])
def test_a_junk_run_id_is_a_sentence(engine, run_id):
    with pytest.raises(UnknownRun, match="run"):
        engine.snapshot(run_id)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), 1e9, "fast"])
def test_a_junk_learning_rate_is_refused_with_its_value(engine, rate):
    run_id = engine.submit(SHORT, "rates")
    with pytest.raises(EngineError, match="learning_rate must be a number"):
        engine.set_learning_rate(run_id, rate)
    wait_for_status(engine, run_id, "done")


def settings_in(folder, **changes):
    base = Settings.from_environment()
    return dataclasses.replace(base, home=folder, database_url=f"sqlite:///{folder / 'runs.sqlite3'}", **changes)


def test_two_people_train_at_once_without_touching_each_other(engine, pair):
    spec = dataclasses.replace(LONG, training=TrainSpec(epochs=1), data=DataSpec(samples=4_000))
    alone = wait_for_status(engine, engine.submit(spec, "alone"), "done").epoch_points
    ids = [pair.submit(spec, owner) for owner in ("ann", "bob")]
    wait_until(lambda: [pair.snapshot(i).status for i in ids] == ["running"] * 2)
    curves = [[(p.loss, p.val_loss) for p in wait_for_status(pair, i, "done").epoch_points] for i in ids]
    assert curves == [[(p.loss, p.val_loss) for p in alone]] * 2


def test_one_person_has_one_training_at_a_time_and_others_go_first(engine):
    mine = engine.submit(LONG, "greedy")
    also_mine = engine.submit(SHORT, "greedy")
    other = engine.submit(SHORT, "patient")
    started(engine, mine)
    wait_until(lambda: (engine.snapshot(also_mine).place, engine.snapshot(other).place) == (1, 2))
    assert engine.snapshot(other).wait_seconds is not None
    engine.stop(mine)
    wait_for_status(engine, other, "done")
    wait_for_status(engine, also_mine, "done")


def test_a_worker_that_outgrows_its_memory_is_replaced_and_the_run_says_so(tmp_path, monkeypatch):
    # Just above what a warm worker has: the batches of a real training go beyond it.
    monkeypatch.setattr("lib.engine.work.life.worker_memory_mb", lambda _: 650)
    small = open_engine(settings_in(tmp_path, max_memory_mb=100_000))
    try:
        model = ModelSpec((28, 28, 1), (Conv2D(filters=64, padding="same"), Flatten(), Dense(units=10)))
        run_id = small.submit(dataclasses.replace(LONG, model=model, training=TrainSpec(batch_size=1024)), "big")
        assert "memory" in wait_for_status(small, run_id, "failed", seconds=60).message
    finally:
        small.close()


def test_what_a_failed_test_leaves_in_line_is_stopped(engine):
    run_ids = [engine.submit(LONG, owner) for owner in ("ann", "bob")]
    plan = ComparisonPlan(LONG, LONG, 3, Guess("neither"))
    experiment_id = engine.experiments.start(plan, "cid")
    started(engine, run_ids[0])
    empty_line(engine)
    assert (engine.state().running, engine.state().waiting) == (0, 0)
    assert {engine.snapshot(run_id).status for run_id in run_ids} == {"stopped"}
    assert engine.experiment(experiment_id).status == "stopped"
