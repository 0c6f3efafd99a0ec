"""Fetch the full size of a dataset through Keras, in a process of its own: `python -m lib.worker.fetch NAME`.

Keras knows the addresses and the hashes, and keeps the files in its own cache. Standard output has one JSON object a
line: `{"state": "downloading", "done_bytes": 1, "total_bytes": 2}`, `{"state": "unpacking"}`, and at the end
`{"state": "ready"}` or `{"state": "failed", "message": "..."}`. All else that is printed goes to standard error.

`LAYERLAB_DATASETS_URL` names a folder on another server with the same files, for a class without internet.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import signal
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any, Protocol

from lib.data.full import file as full_file
from lib.data.full import text as full_text
from lib.errors import DataError
from lib.specs.datasets import DATASETS, Dataset
from lib.worker.lean_keras import import_keras

FETCHED = [name for name, dataset in DATASETS.items() if dataset.kind in ("images", "text")]
_CHUNK = 1 << 16
_SECONDS_BETWEEN_REPORTS = 0.25


class Say(Protocol):
    """How progress is told: a state and its numbers."""

    def __call__(self, state: str, **fields: object) -> None:
        """Tell."""


class FetchError(Exception):
    """The download did not work; the text is a reason to put into a sentence."""


class Retriever:
    """Stands in for `urllib.request.urlretrieve`, which Keras calls, and does what that one does not.

    It tells how far it is, gives up when nothing comes, and keeps an unfinished file under another name: Keras has no
    hash for Fashion-MNIST and would take half a file for a whole one.

    Args:
        total_bytes: of all files together, if known.
        stall_seconds: how long to wait for the next byte.
        say: called at most four times a second.
        mirror: folder to fetch from instead, or "".
    """

    def __init__(self, total_bytes: int | None, stall_seconds: float, say: Say, mirror: str = "") -> None:
        self._total_bytes = total_bytes
        self._stall_seconds = stall_seconds
        self._say = say
        self._mirror = mirror
        self._done_bytes = 0
        self._reported = 0.0

    def __call__(
        self, url: str, filename: str, reporthook: Callable[[int, int, int], object] | None = None, data: None = None
    ) -> tuple[str, Message]:
        """Fetch one file; arguments as those of `urlretrieve`.

        Raises:
            FetchError: no connection, an error of the server, nothing came for too long, or the file is too short.
        """
        if self._mirror:
            url = f"{self._mirror.rstrip('/')}/{Path(urllib.parse.urlsplit(url).path).name}"
        unfinished = Path(f"{filename}.{os.getpid()}.part")
        try:
            headers = self._stream(url, unfinished)
            os.replace(unfinished, filename)
        except urllib.error.HTTPError as error:
            raise FetchError(f"the server answered {error.code} {error.reason}") from error
        except TimeoutError as error:
            raise FetchError(f"nothing came for {self._stall_seconds:g} s") from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise FetchError(f"no answer for {self._stall_seconds:g} s") from error
            raise FetchError(getattr(error.reason, "strerror", None) or str(error.reason)) from error
        finally:
            unfinished.unlink(missing_ok=True)
        self._say("unpacking")
        return filename, headers

    def _stream(self, url: str, target: Path) -> Message:
        before = self._done_bytes
        # Addresses are Keras' own, or the mirror's that whoever runs the app has set.
        with urllib.request.urlopen(url, timeout=self._stall_seconds) as response, target.open("wb") as file:
            length = response.headers.get("Content-Length")
            # read1 returns with what is there; read would wait for a whole chunk from a slow server.
            while chunk := response.read1(_CHUNK):
                file.write(chunk)
                self._done_bytes += len(chunk)
                self._report()
        came = self._done_bytes - before
        if length is not None and came < int(length):
            raise FetchError(f"the connection ended after {came:,} of {int(length):,} bytes")
        headers: Message = response.headers
        return headers

    def _report(self) -> None:
        now = time.monotonic()
        if now - self._reported >= _SECONDS_BETWEEN_REPORTS:
            self._reported = now
            self._say("downloading", done_bytes=self._done_bytes, total_bytes=self._total_bytes)


def fetch(dataset: Dataset, say: Say, stall_seconds: float) -> None:
    """Fetch a dataset and write `lib.data.full.file`'s file.

    Args:
        dataset: which.
        say: called with how far it is.
        stall_seconds: how long to wait for the next byte.

    Raises:
        FetchError: see `Retriever`.
        DataError: what came is not the published dataset.
    """
    retrieve = Retriever(
        dataset.download_bytes or None, stall_seconds, say, os.environ.get("LAYERLAB_DATASETS_URL", "")
    )
    # Before Keras is imported: it takes the function from the standard library at that moment.
    urllib.request.urlretrieve = retrieve  # type: ignore[assignment]
    keras = import_keras()
    keras.config.set_image_data_format("channels_last")  # whatever a person's own keras.json says
    if dataset.kind == "text":
        _fetch_reviews(dataset, keras, say)
        return
    (x_train, y_train), (x_test, y_test) = _load(dataset.name, keras)
    say("unpacking")
    full_file.write(
        full_file.full_path(dataset.name),
        dataset,
        {
            "x_train": x_train.reshape(-1, *dataset.input_shape),
            "y_train": y_train.reshape(-1),
            "x_test": x_test.reshape(-1, *dataset.input_shape),
            "y_test": y_test.reshape(-1),
        },
    )


def _fetch_reviews(dataset: Dataset, keras: Any, say: Say) -> None:
    """IMDB's reviews: Keras has the ranks of their words, and the word of each rank; together they are texts again.

    Keras checks the file's hash, and unpickles nothing but lists.
    """
    parts = keras.datasets.imdb.load_data(index_from=0, start_char=None, oov_char=None)
    words = {rank: word for word, rank in keras.datasets.imdb.get_word_index().items()}
    say("unpacking")
    texts = {
        name: ([" ".join(words.get(int(rank), "") for rank in row) for row in rows], [int(label) for label in labels])
        for name, (rows, labels) in zip(("train", "test"), parts, strict=True)
    }
    full_text.write_reviews(full_file.full_path(dataset.name), dataset, texts)


def _load(name: str, keras: Any) -> Any:
    load_data = getattr(keras.datasets, name).load_data
    try:
        return load_data()
    except (EOFError, zlib.error, gzip.BadGzipFile):
        # Half a Fashion-MNIST file, left in the cache by a Keras that was killed: fetch it again, once.
        home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
        shutil.rmtree(home / "datasets" / "fashion-mnist", ignore_errors=True)
        return load_data()


def failure(dataset: Dataset, error: Exception) -> str:
    """The sentences a person reads when a download failed."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
    return (
        f"The full {dataset.title} could not be downloaded: {reason.rstrip('.')}. "
        "Check the connection and try again. Training goes on with the bundled part."
    )


def _end_with_parent() -> None:
    """Stop when the process that holds the other end of standard input is gone."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(signal_number: int, frame: object) -> None:
    raise SystemExit(128 + signal_number)  # an exception, so that unfinished files are removed on the way out


def main() -> int:
    """Run from the command line; the exit status is 0 when the full-size file is there."""
    parser = argparse.ArgumentParser(description="Fetch the full size of a dataset.")
    parser.add_argument("name", choices=FETCHED)
    parser.add_argument("--stall-seconds", type=float, default=60.0, help="give up when nothing comes for so long")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    arguments = parser.parse_args()
    lines = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # Keras and TensorFlow print to standard output; the lines must stay JSON

    def say(state: str, **fields: object) -> None:
        lines.write(json.dumps({"state": state, **fields}) + "\n")

    signal.signal(signal.SIGTERM, _leave)
    if arguments.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.update(CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")
    dataset = DATASETS[arguments.name]
    try:
        fetch(dataset, say, arguments.stall_seconds)
    except (FetchError, DataError, OSError, ValueError, EOFError, zlib.error, ImportError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        say("failed", message=failure(dataset, error))
        return 1
    say("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
