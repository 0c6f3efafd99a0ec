"""Engines without a single process, and a host that another engine has started."""

import dataclasses

import pytest
from helpers.fake_cluster import Clusters
from helpers.waiting import wait_until

from lib.engine.api import Engine
from lib.settings import Settings


@pytest.fixture
def clusters():
    return Clusters()


@pytest.fixture
def open_fake(tmp_path, clusters):
    """Opens engines whose cluster has no processes."""
    opened = []

    def open_engine(**changes):
        url = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
        settings = dataclasses.replace(Settings.from_environment(), home=tmp_path, database_url=url, **changes)
        opened.append(Engine(settings, clusters))
        return opened[-1]

    yield open_engine
    for engine in opened:
        engine.close()


@pytest.fixture
def host(engine):
    """The host of the session's engine. To an engine that is given its address the scheduler is somebody else's."""
    engine.warm()
    return wait_until(lambda: engine._dispatcher.life._host, otherwise=engine.state)
