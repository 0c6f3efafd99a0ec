"""A worker loads Keras without the packages that Keras takes along for nothing."""

import importlib
import json

import pytest
from helpers.engine_processes import worker_process
from helpers.waiting import wait_until

from lib.worker.lean_keras import hidden


def test_hidden_packages_cannot_be_imported_until_afterwards_and_loaded_ones_stay(tmp_path, monkeypatch):
    (tmp_path / "extra_of_keras.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    with hidden(("extra_of_keras", "json")):
        with pytest.raises(ImportError):
            importlib.import_module("extra_of_keras")
        assert importlib.import_module("json") is json
    assert importlib.import_module("extra_of_keras").__name__ == "extra_of_keras"


@pytest.mark.engine
def test_a_worker_has_not_loaded_what_keras_draws_with(engine):
    engine.warm()
    wait_until(lambda: engine.state().status == "ready")
    loaded = [library.path for library in worker_process().memory_maps()]
    assert any("/tensorflow/" in path for path in loaded)
    assert not any("/matplotlib/" in path for path in loaded)
