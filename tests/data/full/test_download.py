import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from helpers.dataset_server import fashion_files, serving

from lib.data.full import download as full_size
from lib.data.full.download import Download, start_download
from lib.data.loading import has_full, load
from lib.errors import DataError
from lib.specs.datasets import FASHION_MNIST

pytestmark = pytest.mark.slow
# For a process that starts Python and Keras on a busy machine.
PATIENCE_S = 120


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home and a Keras cache of the test's own, and no download left from another test."""
    keras_home = tmp_path / "keras"
    keras_home.mkdir()
    monkeypatch.setenv("KERAS_HOME", str(keras_home))
    monkeypatch.setenv("LAYERLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(full_size, "_active", {})
    yield tmp_path / "home"
    for download in full_size._active.values():
        download.cancel()
        download.wait(PATIENCE_S)


@pytest.fixture(scope="module")
def files():
    return fashion_files()


def saying(*lines, then=""):
    """A process that says these lines, then does something else."""
    said = "".join(json.dumps(line) + "\n" for line in lines)
    return [sys.executable, "-c", f"import sys; print({said!r}, end='', flush=True); {then}"]


def until(download, state):
    """Wait for a state and fail when another final one comes first."""
    deadline = time.monotonic() + PATIENCE_S
    while (progress := download.progress()).state != state:
        assert not progress.ended, progress
        assert time.monotonic() < deadline, progress
        threading.Event().wait(0.01)
    return progress


def test_a_download_arrives_and_can_be_loaded(files, monkeypatch, home):
    with serving(files) as server:
        monkeypatch.setenv("LAYERLAB_DATASETS_URL", server.url)
        assert not has_full("fashion_mnist")
        download = start_download("fashion_mnist")
        progress = download.wait(PATIENCE_S)
    assert (progress.state, progress.fraction) == ("ready", 1.0), progress
    assert has_full("fashion_mnist")
    loaded = load("fashion_mnist", "full")
    assert loaded.train.x.shape == (60_000, 28, 28, 1)
    assert loaded.test.x.shape == (10_000, 28, 28, 1)
    np.testing.assert_array_equal(loaded.train.x[:, 0, 0, 0], loaded.train.y)
    assert loaded.train.x[50_001, 0, 1:3, 0].tolist() == [50_001 % 256, 50_001 // 256]
    assert sorted(path.name for path in (home / "datasets").iterdir()) == [
        "fashion_mnist-full.log",
        "fashion_mnist-full.npz",
    ]


def test_a_download_that_is_cancelled_ends_its_process_and_leaves_no_half_file(files, monkeypatch, tmp_path):
    with serving(files) as server:
        server.stall.add("train-images-idx3-ubyte.gz")
        monkeypatch.setenv("LAYERLAB_DATASETS_URL", server.url)
        download = start_download("fashion_mnist")
        assert server.stalled.wait(PATIENCE_S)
        download.cancel()
        assert download.progress().state == "cancelled"
        assert download.wait(PATIENCE_S).state == "cancelled"
    assert download._process.returncode not in (None, 0)
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left - {"keras.json"} == {"fashion_mnist-full.log", "train-labels-idx1-ubyte.gz"}
    assert not has_full("fashion_mnist")


def test_sessions_that_ask_while_a_download_runs_get_the_same_one_and_the_next_after_it_ended_a_new_one(
    files, monkeypatch
):
    with serving(files) as server:
        server.stall.add("train-labels-idx1-ubyte.gz")
        monkeypatch.setenv("LAYERLAB_DATASETS_URL", server.url)
        with ThreadPoolExecutor(8) as pool:
            downloads = set(pool.map(lambda _: start_download("fashion_mnist"), range(8)))
        assert len(downloads) == 1
        first = downloads.pop()
        assert server.stalled.wait(PATIENCE_S)
        assert server.asked == ["train-labels-idx1-ubyte.gz"]
        first.cancel()
        assert start_download("fashion_mnist") is not first


def test_without_a_server_the_person_reads_why_and_that_training_goes_on(monkeypatch):
    with serving({}) as server:
        closed = server.url
    monkeypatch.setenv("LAYERLAB_DATASETS_URL", closed)
    progress = start_download("mnist").wait(PATIENCE_S)
    assert progress.state == "failed"
    assert progress.message == (
        "The full MNIST digits could not be downloaded: Connection refused. "
        "Check the connection and try again. Training goes on with the bundled part."
    )
    assert len(load("mnist").train) == 8_000


def test_a_home_that_cannot_be_written_to_is_named_with_what_to_set(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAYERLAB_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(DataError, match=r"file.* cannot be used \(Not a directory\). Set LAYERLAB_HOME"):
        start_download("mnist")


def test_an_unknown_dataset_starts_nothing():
    with pytest.raises(DataError, match="no dataset 'imagenet'"):
        start_download("imagenet")
    assert full_size._active == {}


def test_progress_has_a_fraction_and_megabytes():
    download = Download(
        FASHION_MNIST,
        saying(
            {"state": "downloading", "done_bytes": 7_500_000, "total_bytes": 30_000_000}, then="sys.stdin.buffer.read()"
        ),
    )
    progress = until(download, "downloading")
    assert (progress.fraction, progress.message) == (0.25, "7.5 of 30.0 MB")
    download.cancel()
    assert download.wait(PATIENCE_S).state == "cancelled"


def test_progress_of_unknown_length_has_no_fraction():
    download = Download(
        FASHION_MNIST,
        saying({"state": "downloading", "done_bytes": 7_500_000, "total_bytes": None}, then="sys.stdin.buffer.read()"),
    )
    progress = until(download, "downloading")
    assert (progress.fraction, progress.message) == (None, "7.5 MB")
    download.cancel()


def test_a_process_that_goes_silent_is_ended_and_said_to_have_made_no_progress():
    silent = saying(
        {"state": "downloading", "done_bytes": 1, "total_bytes": 2},
        then="import signal; signal.signal(signal.SIGTERM, signal.SIG_DFL); sys.stdin.buffer.read()",
    )
    download = Download(FASHION_MNIST, silent, stall_seconds=0.5)
    progress = download.wait(PATIENCE_S)
    assert progress.state == "failed"
    assert "made no progress for 0.5 s" in progress.message
    assert "Training goes on with the bundled part" in progress.message
    assert download._process.returncode is not None


def test_a_process_that_will_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(full_size, "_SECONDS_TO_LEAVE", 0.2)
    deaf = saying(
        {"state": "unpacking"},
        then="import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('{', flush=True)",
    )
    deaf[-1] += "; sys.stdin.buffer.read()"
    download = Download(FASHION_MNIST, deaf)
    assert download.wait(PATIENCE_S).state == "failed"
    assert download._process.returncode == -9


def test_a_process_that_dies_without_a_word_is_a_failed_download():
    download = Download(FASHION_MNIST, saying({"state": "unpacking"}, then="import os; os.abort()"))
    progress = download.wait(PATIENCE_S)
    assert progress.state == "failed"
    assert "ended with status -6" in progress.message


@pytest.mark.parametrize("line", ["not json", "[]", '{"state": "dancing"}', '{"state": "downloading"}'])
def test_words_that_nobody_understands_are_a_failed_download_and_not_a_frozen_one(line):
    download = Download(FASHION_MNIST, [sys.executable, "-c", f"print({line!r}); input()"])
    assert download.wait(PATIENCE_S).state == "failed"


def test_a_download_that_has_ended_cannot_be_cancelled_any_more_and_keeps_nothing_open():
    download = Download(FASHION_MNIST, saying({"state": "ready"}))
    assert download.wait(PATIENCE_S).state == "ready"
    download.cancel()
    assert download.progress().state == "ready"
    process = download._process
    assert process.stdin is not None
    assert process.stdin.closed
