"""A scheduler and workers that somebody else runs: real processes, over TLS with certificates made as README says."""

import dataclasses
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from helpers.waiting import wait_for_status, wait_until

from lib.engine.api import open_engine
from lib.engine.work import life
from lib.engine.work.cluster import Cluster, ClusterError
from lib.settings import Settings
from lib.specs.data import DataSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[3]
SHORT = RunSpec(DataSpec(samples=1_000), RECIPES["dense_128"].run.model, TrainSpec(epochs=1, batch_size=64))
ENVIRONMENT = {"MALLOC_TRIM_THRESHOLD_": "", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
# Many short epochs: it lasts until it is stopped, and nobody waits long for its first one.
LONG = RunSpec(DataSpec(samples=2_000), RECIPES["simple_cnn"].run.model, TrainSpec(epochs=200))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def make_certificate(folder):
    """The command of README, as it stands there."""
    command = re.search(r"^openssl req .*$", (ROOT / "README.md").read_text(), re.MULTILINE)[0]
    subprocess.run(shlex.split(command), cwd=folder, check=True, capture_output=True)
    return folder / "layerlab.pem", folder / "layerlab.key"


class Outside:
    """A scheduler and a worker, started as README says, one after the other ended and started again."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.certificate, self.key = make_certificate(folder)
        self.address = f"tls://127.0.0.1:{self.port}"
        self.processes = []

    def _start(self, *words):
        tls = ["--tls-ca-file", self.certificate, "--tls-cert", self.certificate, "--tls-key", self.key]
        command = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:], *map(str, tls)]
        environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.processes.append(process)
        return psutil.Process(process.pid)

    def start_scheduler(self):
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--protocol", "tls", "--no-dashboard"]
        self.scheduler = self._start("dask_scheduler", *where)

    def start_worker(self):
        kind = ["--nthreads", "2", "--resources", "train=1,look=1", "--preload", "lib.worker.preload"]
        self.worker = self._start(
            "dask_worker", self.address, *kind, "--host", "127.0.0.1", "--no-dashboard", "--local-directory",
            str(self.folder),
        )  # fmt: skip

    def end(self):
        for process in self.processes:
            if process.poll() is None:
                for each in (*psutil.Process(process.pid).children(recursive=True), process):
                    each.send_signal(signal.SIGCONT)
                    each.kill()
            process.wait()


@pytest.fixture
def outside(tmp_path, monkeypatch):
    made = Outside(tmp_path)
    monkeypatch.setenv("LAYERLAB_TLS_CA", str(made.certificate))
    monkeypatch.setenv("LAYERLAB_TLS_CERT", str(made.certificate))
    monkeypatch.setenv("LAYERLAB_TLS_KEY", str(made.key))
    made.start_scheduler()
    made.start_worker()
    yield made
    made.end()


@pytest.fixture
def outer_engine(outside, tmp_path):
    url = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    settings = dataclasses.replace(
        Settings.from_environment(), home=tmp_path, database_url=url, scheduler=outside.address
    )
    opened = open_engine(settings)
    yield opened
    opened.close()


def test_runs_over_tls_outlive_killed_and_frozen_workers_and_schedulers(outer_engine, outside, monkeypatch, tmp_path):
    monkeypatch.setattr(life, "RETRY_SECONDS", 0.5)
    ended = outer_engine.submit(SHORT, "ann")
    assert wait_for_status(outer_engine, ended, "done").evaluation.samples == 2_000

    # A plain client is refused.
    monkeypatch.delenv("LAYERLAB_TLS_KEY")
    with pytest.raises(ClusterError, match="LAYERLAB_TLS_KEY must name a file"):
        Cluster(outside.address, lambda event: None)
    monkeypatch.setenv("LAYERLAB_TLS_KEY", str(outside.key))

    # The scheduler is killed in mid-run, and with it the worker ends: both are started again.
    run_id = outer_engine.submit(LONG, "ann")
    wait_until(lambda: outer_engine.snapshot(run_id).epoch_points)
    outside.scheduler.kill()
    wait_until(lambda: outer_engine.state().status == "lost", otherwise=outer_engine.state)
    assert f"The scheduler at {outside.address} does not answer" in outer_engine.state().message
    before = wait_for_status(outer_engine, run_id, "queued")
    assert outer_engine.snapshot(ended).status == "done"
    outside.worker.kill()
    outside.start_scheduler()
    outside.start_worker()
    wait_until(lambda: len(outer_engine.snapshot(run_id).epoch_points) > len(before.epoch_points))
    assert outer_engine.snapshot(run_id).epoch_points[: len(before.epoch_points)] == before.epoch_points

    # The scheduler is frozen for a while: the run waits, and goes on when it is found again.
    frozen_at = len(outer_engine.snapshot(run_id).epoch_points)
    os.kill(outside.scheduler.pid, signal.SIGSTOP)
    wait_until(lambda: outer_engine.state().status == "lost", otherwise=outer_engine.state)
    os.kill(outside.scheduler.pid, signal.SIGCONT)
    wait_until(lambda: len(outer_engine.snapshot(run_id).epoch_points) > frozen_at + 1, seconds=120)
    points = [point.epoch for point in outer_engine.snapshot(run_id).epoch_points]
    assert points == list(range(1, len(points) + 1))

    # The worker is killed: its nanny starts another, and the run says so.
    nanny = outside.worker
    keras = max(nanny.children(recursive=True), key=lambda child: child.memory_info().rss)
    keras.kill()
    assert "The worker process is gone" in wait_for_status(outer_engine, run_id, "failed").message
    wait_for_status(outer_engine, outer_engine.submit(SHORT, "ann"), "done")
