"""Processes that hang instead of dying: SIGSTOP to a worker and to the host. The engine itself waits for neither."""

import os
import signal
import time

import pytest
from helpers.engine_processes import host_process, worker_process
from helpers.waiting import wait_for_status, wait_until

from lib.specs.data import DataSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

pytestmark = pytest.mark.engine

SHORT = RunSpec(DataSpec(samples=1_000), RECIPES["dense_128"].run.model, TrainSpec(epochs=1, batch_size=64))
# Many short epochs: it lasts until it is stopped, and nobody waits long for its first one.
LONG = RunSpec(DataSpec(samples=2_000), RECIPES["simple_cnn"].run.model, TrainSpec(epochs=200))


@pytest.fixture
def freeze():
    """Freezes processes, and lets them go on at the end if they are still there."""
    frozen = []

    def stop(process):
        os.kill(process.pid, signal.SIGSTOP)
        frozen.append(process)

    yield stop
    for process in frozen:
        if process.is_running():
            os.kill(process.pid, signal.SIGCONT)


def test_a_frozen_worker_is_ended_at_stop_while_everybody_else_is_answered(engine, freeze):
    run_id, following = engine.submit(LONG, "frozen"), engine.submit(SHORT, "following")
    wait_until(lambda: engine.snapshot(run_id).batch_curve.epoch)
    freeze(worker_process())
    engine.set_learning_rate(run_id, 0.002)
    slowest, asked_at = 0.0, time.monotonic()
    engine.stop(run_id)
    while engine.snapshot(run_id).status != "stopped":
        before = time.monotonic()
        assert engine.state().status == "ready"
        engine.snapshot(following)
        slowest = max(slowest, time.monotonic() - before)
        assert before - asked_at < 60
        time.sleep(0.01)
    assert "did not stop in time" in engine.snapshot(run_id).message
    assert slowest < 5
    wait_for_status(engine, following, "done")


def test_a_frozen_host_is_given_up_and_a_new_one_started(engine, freeze):
    run_id, following = engine.submit(LONG, "frozen"), engine.submit(SHORT, "following")
    wait_until(lambda: engine.snapshot(run_id).epoch_points)
    host, worker = host_process(), worker_process()
    freeze(host)
    now = wait_for_status(engine, run_id, "failed", seconds=60)
    assert "Resume goes on from there" in now.message
    wait_for_status(engine, following, "done")
    wait_until(lambda: not host.is_running() and not worker.is_running(), 60)
    engine.resume(run_id)
    wait_until(lambda: len(engine.snapshot(run_id).epoch_points) > len(now.epoch_points))
    engine.stop(run_id)
    wait_for_status(engine, run_id, "stopped")
