import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from helpers.dataset_server import fashion_files, serving

from lib.data.full.text import load_reviews
from lib.data.loading import DATA_FOLDER
from lib.errors import DataError
from lib.specs.datasets import CIFAR10, MNIST, MOVIES
from lib.worker.fetch import FetchError, Retriever, _fetch_reviews, failure

ROOT = DATA_FOLDER.parents[1]
PATIENCE_S = 120


class Told:
    """Remembers what was said."""

    def __init__(self):
        self.lines = []

    def __call__(self, state, **fields):
        self.lines.append({"state": state, **fields})


@pytest.fixture
def told():
    return Told()


def environment(tmp_path, url):
    (tmp_path / "keras").mkdir(exist_ok=True)
    return {
        **os.environ,
        "KERAS_HOME": str(tmp_path / "keras"),
        "LAYERLAB_HOME": str(tmp_path / "home"),
        "LAYERLAB_DATASETS_URL": url,
    }


def command(name, *options):
    return [sys.executable, "-m", "lib.worker.fetch", name, *options]


def run_fetch(tmp_path, url, name, *options):
    done = subprocess.run(
        command(name, *options),
        cwd=ROOT,
        env=environment(tmp_path, url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_file_arrives_whole_with_its_progress(told, tmp_path):
    content = os.urandom(1_000_000)
    with serving({"a.bin": content}) as server:
        target = tmp_path / "a.bin"
        name, headers = Retriever(2_000_000, 5, told)(f"{server.url}/a.bin", str(target))
    assert (name, headers["Content-Length"]) == (str(target), "1000000")
    assert target.read_bytes() == content
    first, last = told.lines[0], told.lines[-1]
    assert (first["state"], first["total_bytes"], last) == ("downloading", 2_000_000, {"state": "unpacking"})
    assert 0 < first["done_bytes"] <= 1_000_000
    assert list(tmp_path.iterdir()) == [target]


def test_progress_goes_on_counting_over_several_files(told, tmp_path):
    with serving({"a": b"a" * 500, "b": b"b" * 500}) as server:
        retrieve = Retriever(1_000, 5, told)
        retrieve(f"{server.url}/a", str(tmp_path / "a"))
        retrieve._reported = 0.0  # otherwise it comes too soon after the first report
        retrieve(f"{server.url}/b", str(tmp_path / "b"))
    assert [line["done_bytes"] for line in told.lines if line["state"] == "downloading"][-1] > 500


def test_a_local_file_can_be_fetched_too(told, tmp_path):
    (tmp_path / "origin.bin").write_bytes(b"12345")
    Retriever(None, 5, told)((tmp_path / "origin.bin").as_uri(), str(tmp_path / "copy.bin"))
    assert (tmp_path / "copy.bin").read_bytes() == b"12345"


def test_a_mirror_is_asked_for_the_same_file_name(told, tmp_path):
    with serving({"cifar-10-python.tar.gz": b"1"}) as server:
        address = "https://example.invalid/~kriz/cifar-10-python.tar.gz"
        Retriever(None, 5, told, mirror=server.url + "/")(address, str(tmp_path / "archive"))
    assert server.asked == ["cifar-10-python.tar.gz"]


def test_a_server_that_stalls_is_given_up_after_the_limit_and_leaves_nothing(told, tmp_path):
    with serving({"a.bin": b"1" * 1_000}) as server:
        server.stall.add("a.bin")
        with pytest.raises(FetchError, match=r"nothing came for 0\.3 s"):
            Retriever(None, 0.3, told)(f"{server.url}/a.bin", str(tmp_path / "a.bin"))
    assert list(tmp_path.iterdir()) == []


def test_a_connection_that_ends_early_is_named_with_both_lengths_and_leaves_nothing(told, tmp_path):
    with serving({"a.bin": b"1" * 1_000}) as server:
        server.cut_short.add("a.bin")
        with pytest.raises(FetchError, match="ended after 500 of 1,000 bytes"):
            Retriever(None, 5, told)(f"{server.url}/a.bin", str(tmp_path / "a.bin"))
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_server_is_named_with_its_number(told, tmp_path):
    with serving({}) as server, pytest.raises(FetchError, match="the server answered 404 Not Found"):
        Retriever(None, 5, told)(f"{server.url}/a.bin", str(tmp_path / "a.bin"))


def test_a_refused_connection_is_named(told, tmp_path):
    with serving({}) as server:
        closed = server.url
    with pytest.raises(FetchError, match="Connection refused"):
        Retriever(None, 5, told)(f"{closed}/a.bin", str(tmp_path / "a.bin"))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FetchError("nothing came for 60 s"), "nothing came for 60 s"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (DataError("x_train is short."), "x_train is short"),
        (EOFError(), "EOFError"),
    ],
)
def test_a_failure_is_two_sentences_with_the_reason_and_what_goes_on(error, reason):
    assert failure(CIFAR10, error) == (
        f"The full CIFAR-10 could not be downloaded: {reason}. "
        "Check the connection and try again. Training goes on with the bundled part."
    )


@pytest.mark.slow
def test_a_half_file_that_a_killed_keras_left_in_its_cache_is_fetched_again(tmp_path):
    files = fashion_files()
    name = "train-images-idx3-ubyte.gz"
    cache = tmp_path / "keras" / "datasets" / "fashion-mnist"
    cache.mkdir(parents=True)
    (cache / name).write_bytes(files[name][: len(files[name]) // 2])
    with serving(files) as server:
        status, lines = run_fetch(tmp_path, server.url, "fashion_mnist")
    assert (status, lines[-1]) == (0, {"state": "ready"})
    assert server.asked.count(name) == 1
    assert (tmp_path / "home" / "datasets" / "fashion_mnist-full.npz").stat().st_size > 70_000 * 28 * 28


@pytest.mark.slow
def test_a_file_with_another_hash_than_keras_knows_is_refused_in_a_sentence(tmp_path):
    with serving({"mnist.npz": b"not the digits"}) as server:
        status, lines = run_fetch(tmp_path, server.url, "mnist")
    assert (status, lines[-1]["state"]) == (1, "failed")
    assert lines[-1]["message"].startswith(f"The full {MNIST.title} could not be downloaded: ")
    assert "hash" in lines[-1]["message"]
    assert not (tmp_path / "home" / "datasets" / "mnist-full.npz").exists()


@pytest.mark.slow
def test_the_process_ends_when_the_app_that_started_it_is_gone(tmp_path):
    with serving(fashion_files()) as server:
        server.stall.add("train-images-idx3-ubyte.gz")
        process = subprocess.Popen(
            command("fashion_mnist", "--with-parent"),
            cwd=ROOT,
            env=environment(tmp_path, server.url),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert server.stalled.wait(PATIENCE_S)
            process.stdin.close()
            assert process.wait(PATIENCE_S) == 128 + 15
        finally:
            process.kill()
            process.wait()
    assert not list(Path(tmp_path).rglob("*.part"))


def test_reviews_become_texts_again_with_the_words_of_their_ranks(told, tmp_path, monkeypatch):
    def ragged(*rows):
        array = np.empty(len(rows), object)
        array[:] = [list(row) for row in rows]
        return array

    np.savez(tmp_path / "imdb.npz", x_train=ragged((1, 2), (3,)), y_train=[1, 0], x_test=ragged((2, 2, 4)), y_test=[1])
    (tmp_path / "imdb_word_index.json").write_text(json.dumps({"a": 1, "good": 2, "bad": 3, "rare": 4}))
    monkeypatch.setattr("keras.src.datasets.imdb.get_file", lambda fname, **_: str(tmp_path / fname))
    monkeypatch.setenv("LAYERLAB_HOME", str(tmp_path / "home"))
    small = dataclasses.replace(MOVIES, full_train=2, full_test=1)
    _fetch_reviews(small, keras, told)
    reviews = load_reviews(small)
    pairs = dict(zip(reviews.texts, reviews.ratings.tolist(), strict=True))
    assert pairs == {"a good": 4, "bad": -4, reviews.texts[2]: 4}
    assert reviews.texts[2].startswith("good good")
    assert told.lines == [{"state": "unpacking"}]


@pytest.mark.slow
def test_reviews_that_cannot_be_reached_end_with_a_sentence(tmp_path):
    with serving({}) as server:
        status, lines = run_fetch(tmp_path, server.url, "movies")
    assert status == 1
    assert lines[-1]["state"] == "failed"
    assert "Movie sentences could not be downloaded" in lines[-1]["message"]
