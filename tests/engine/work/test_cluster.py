"""Workers that somebody else started: the same engine, the same runs, and no plain text across a network."""

import dataclasses
import os

import pytest
from helpers.waiting import wait_for_status

from lib.engine.api import open_engine
from lib.engine.errors import EngineError
from lib.engine.work import life
from lib.engine.work.cluster import ClusterError, security_for
from lib.settings import Settings
from lib.specs.data import DataSpec
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

SHORT = RunSpec(DataSpec(samples=1_000), RECIPES["dense_128"].run.model, TrainSpec(epochs=1, batch_size=64))


@pytest.fixture
def base(tmp_path):
    return dataclasses.replace(
        Settings.from_environment(), home=tmp_path, database_url=f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    )


@pytest.mark.engine
def test_a_run_trains_on_a_scheduler_that_was_there_before(base, host):
    other = open_engine(dataclasses.replace(base, scheduler=host.address))
    try:
        now = wait_for_status(other, other.submit(SHORT, "ann"), "done")
        assert now.evaluation.samples == 2_000
    finally:
        other.close()
    assert host.alive()


@pytest.mark.engine
def test_workers_that_take_long_to_be_replaced_come_back(base, monkeypatch):
    # Dask lets go of a worker's place for good after so long; by itself after 15 s.
    monkeypatch.setenv("DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT", "1s")
    monkeypatch.setattr(life, "JOBS_PER_WORKER", 1)
    engine = open_engine(dataclasses.replace(base, workers=1))
    try:
        for owner in ("ann", "bob"):
            wait_for_status(engine, engine.submit(SHORT, owner), "done")
            assert "Dense" in engine.summary(SHORT.model)  # asked while the worker is being replaced
        with pytest.raises(EngineError, match="The worker ended while it was at this"):
            engine.looks.ask(os._exit, 1)
    finally:
        engine.close()


@pytest.mark.parametrize("address", ["tcp://192.0.2.7:8786", "tcp://scheduler.example:8786", "192.0.2.7:8786"])
def test_plain_text_across_a_network_is_refused(address):
    with pytest.raises(ClusterError, match="must be tls://host:port"):
        security_for(address)


def test_tls_without_its_files_names_the_variables(monkeypatch, tmp_path):
    monkeypatch.setenv("LAYERLAB_TLS_CA", str(tmp_path / "missing.pem"))
    with pytest.raises(ClusterError, match="LAYERLAB_TLS_CA, LAYERLAB_TLS_CERT, LAYERLAB_TLS_KEY must name a file"):
        security_for("tls://scheduler.example:8786")


def test_a_run_whose_engine_cannot_start_fails_with_the_reason(base):
    engine = open_engine(dataclasses.replace(base, scheduler="tcp://192.0.2.7:8786"))
    try:
        now = wait_for_status(engine, engine.submit(SHORT, "ann"), "failed")
        assert "must be tls://host:port" in now.message
        assert engine.state().status == "failed"
    finally:
        engine.close()
