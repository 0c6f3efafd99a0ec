"""What many tests share: a home of their own and one real engine."""

from __future__ import annotations

import dataclasses
import gc
import os
import tempfile

import pytest
from hypothesis import settings

# No test asserts a time: a machine may be busy.
settings.register_profile("layerlab", deadline=None)
settings.load_profile("layerlab")

pytest_plugins = ["helpers.spreading", "helpers.after_failure"]

# Before anything reads the settings: no test touches the home or the history of the person who runs it.
# Each process of a spread suite imports this file, so each has a home of its own.
_HOME = tempfile.TemporaryDirectory(prefix="layerlab-tests-")
os.environ["LAYERLAB_HOME"] = _HOME.name
for _name in [name for name in os.environ if name.startswith("LAYERLAB_") and name != "LAYERLAB_HOME"]:
    del os.environ[_name]
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what the test files have imported.

    With TensorFlow these are 700,000 objects, and to look through them took more time than the tests themselves where
    Keras collects after each model (`clear_session`).
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def engine(request):
    """A real engine with one Keras worker, shared by all tests of a process."""
    from helpers.after_failure import empty_line, when_failed

    from lib.engine.api import open_engine

    opened = open_engine()
    when_failed(request, lambda: empty_line(opened))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pair(request, tmp_path_factory):
    """A real engine with two Keras workers and a store of its own."""
    from helpers.after_failure import empty_line, when_failed

    from lib.engine.api import open_engine
    from lib.settings import Settings

    home = tmp_path_factory.mktemp("pair")
    url = f"sqlite:///{home / 'runs.sqlite3'}"
    opened = open_engine(dataclasses.replace(Settings.from_environment(), home=home, database_url=url, workers=2))
    when_failed(request, lambda: empty_line(opened))
    yield opened
    opened.close()
