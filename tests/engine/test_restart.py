"""The app is killed in mid-run and started again: nothing that an event had carried is lost."""

import dataclasses
import json
import os
import signal
import subprocess
import sys

import psutil
import pytest
from helpers.waiting import wait_for_status, wait_until

from lib.engine.api import open_engine
from lib.settings import Settings

pytestmark = pytest.mark.engine

APP = """
import dataclasses, json, sys, time
from lib.engine.api import open_engine
from lib.specs.data import DataSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
if __name__ == "__main__":
    engine = open_engine()
    run = RunSpec(DataSpec(samples=2_000), RECIPES["simple_cnn"].run.model, TrainSpec(epochs=200))
    short = dataclasses.replace(run, training=TrainSpec(epochs=1))
    first, second = engine.submit(run, "ann"), engine.submit(short, "bob")
    while len(engine.snapshot(first).epoch_points) < 1 or engine.snapshot(first).batch < 5:
        time.sleep(0.02)
    print(json.dumps([first, second, engine.snapshot(first).epoch_points[0].loss]), flush=True)
    time.sleep(600)
"""


def test_an_app_killed_in_mid_run_finds_everything_again(tmp_path):
    passing = tmp_path / "passing"
    passing.mkdir()
    environment = {
        **os.environ, "LAYERLAB_HOME": str(tmp_path), "PYTHONPATH": os.getcwd(), "TMPDIR": str(passing)
    }  # fmt: skip
    app = subprocess.Popen([sys.executable, "-c", APP], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        first, second, loss = json.loads(app.stdout.readline())
        below = psutil.Process(app.pid).children(recursive=True)
        assert len(below) >= 2
    finally:
        os.kill(app.pid, signal.SIGKILL)
        app.wait()
        app.stdout.close()
    wait_until(lambda: not any(child.is_running() and child.status() != "zombie" for child in below), seconds=30)
    assert list(passing.glob("*.py")) == []  # TensorFlow translates Python through files

    base = Settings.from_environment()
    home = dataclasses.replace(base, home=tmp_path, database_url=f"sqlite:///{tmp_path / 'layerlab.sqlite3'}")
    engine = open_engine(home)
    try:
        now = engine.snapshot(first)
        assert now.status == "stopped"
        assert "LayerLab was restarted while this run was running" in now.message
        assert now.epoch_points[0].loss == loss
        assert engine.weights(first, 1) is not None
        wait_for_status(engine, second, "done")
        engine.resume(first)
        wait_until(lambda: len(engine.snapshot(first).epoch_points) > len(now.epoch_points))
        assert engine.snapshot(first).epoch_points[0].loss == loss
    finally:
        engine.close()
