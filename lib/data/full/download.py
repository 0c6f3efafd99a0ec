"""Downloads of full-size datasets, one for each dataset and process, watched from the app.

The work is done by `python -m lib.worker.fetch`, a process of its own: Keras stays out of the app, and a download that
hangs can be ended.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lib.data.full import file as full_file
from lib.errors import DataError
from lib.specs.datasets import Dataset, find

ROOT = Path(__file__).parents[3]
State = Literal["starting", "downloading", "unpacking", "ready", "failed", "cancelled"]
_ENDED: tuple[State, ...] = ("ready", "failed", "cancelled")
STALL_SECONDS = 60.0
# While TensorFlow is imported and files are unpacked no line comes; both take minutes on a tenth of a core.
_SILENT_FACTOR = 10
_SECONDS_TO_LEAVE = 5.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is.

    Attributes:
        state: "ready", "failed" and "cancelled" are final.
        fraction: 0 to 1, or None when it is not known.
        message: for a person.
    """

    state: State
    fraction: float | None
    message: str

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in _ENDED


class Download:
    """One download; made by `start_download`.

    Args:
        dataset: what is fetched.
        command: the process that does it, speaking the lines of `lib.worker.fetch`.
        stall_seconds: when no line comes for so long (ten times that while it unpacks), the download has failed.

    Raises:
        DataError: LayerLab's home folder cannot be written to.
    """

    def __init__(self, dataset: Dataset, command: Sequence[str], stall_seconds: float = STALL_SECONDS) -> None:
        self._dataset = dataset
        self._stall_seconds = stall_seconds
        self._lock = threading.Lock()
        self._progress = Progress("starting", None, f"Starting the download of {dataset.title}")
        self._process = _start(command, full_file.full_path(dataset.name).with_suffix(".log"))
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, name=f"read {dataset.name}", daemon=True).start()
        self._supervisor = threading.Thread(target=self._supervise, name=f"fetch {dataset.name}", daemon=True)
        self._supervisor.start()

    def progress(self) -> Progress:
        """How far it is now."""
        with self._lock:
            return self._progress

    def cancel(self) -> None:
        """End it. What was fetched so far is removed; a download that has ended stays as it is."""
        if self._set(Progress("cancelled", None, f"The download of {self._dataset.title} was cancelled.")):
            self._process.terminate()

    def wait(self, timeout_seconds: float | None = None) -> Progress:
        """Wait until the process is gone, or for so many seconds."""
        self._supervisor.join(timeout_seconds)
        return self.progress()

    def _set(self, progress: Progress) -> bool:
        """Take over new progress, unless a final state is there already."""
        with self._lock:
            if self._progress.ended:
                return False
            self._progress = progress
            return True

    def _fail(self, reason: str) -> None:
        self._set(
            Progress(
                "failed",
                None,
                f"The full {self._dataset.title} could not be downloaded: {reason}. "
                "Try again later. Training goes on with the bundled part.",
            )
        )

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def _supervise(self) -> None:
        try:
            self._follow()
            self._leave()
            self._fail(f"the download process ended with status {self._process.returncode}")
        except Exception as error:  # an unguarded thread would leave the page at its last percentage for ever
            self._fail(f"{type(error).__name__}: {error}")
            self._leave()

    def _follow(self) -> None:
        while True:
            downloading = self.progress().state == "downloading"
            limit = self._stall_seconds * (1 if downloading else _SILENT_FACTOR)
            try:
                line = self._lines.get(timeout=limit)
            except queue.Empty:
                self._fail(f"it made no progress for {limit:g} s")
                return
            if line is None:
                return
            self._set(self._understand(json.loads(line)))

    def _understand(self, said: dict[str, Any]) -> Progress:
        match said["state"]:
            case "downloading":
                done, total = said["done_bytes"], said["total_bytes"]
                if not total:
                    return Progress("downloading", None, f"{done / 1e6:.1f} MB")
                fraction = min(1.0, done / total)
                return Progress("downloading", fraction, f"{done / 1e6:.1f} of {max(done, total) / 1e6:.1f} MB")
            case "unpacking":
                return Progress("unpacking", None, f"Unpacking {self._dataset.title}")
            case "ready":
                return Progress("ready", 1.0, f"The full {self._dataset.title} is ready.")
            case "failed":
                return Progress("failed", None, said["message"])
        raise ValueError(f"the download process said {said['state']!r}")

    def _leave(self) -> None:
        """Let the process tidy up, then end it whatever it does."""
        if self.progress().state in ("failed", "cancelled"):
            self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            path = full_file.full_path(self._dataset.name)
            full_file.unfinished_path(path, self._process.pid).unlink(missing_ok=True)
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()


def _start(command: Sequence[str], log: Path) -> subprocess.Popen[str]:
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as errors:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"},
                stdin=subprocess.PIPE,  # never written to: its end tells the process that the app is gone
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
    except OSError as error:
        raise DataError(
            f"The download cannot start, because {error.filename} cannot be used ({error.strerror}). "
            "Set LAYERLAB_HOME to a folder that LayerLab can write to. Training goes on with the bundled part."
        ) from error


_active: dict[str, Download] = {}
_guard = threading.Lock()


def start_download(name: str, stall_seconds: float = STALL_SECONDS) -> Download:
    """Fetch the full size of a dataset, in the background.

    Args:
        name: a key of `DATASETS`.
        stall_seconds: give up when no byte comes for so long.

    Returns:
        The download; the one that is under way already when there is one, whoever started it.

    Raises:
        DataError: there is no such dataset, or LayerLab's home folder cannot be written to.
    """
    dataset = find(name)
    command = [sys.executable, "-m", "lib.worker.fetch", name, "--with-parent", "--stall-seconds", str(stall_seconds)]
    with _guard:  # two sessions that ask at once must not fetch twice
        download = _active.get(name)
        if download is None or download.progress().ended:
            # Twice as long as the process itself waits: it can say more exactly what went wrong.
            download = _active[name] = Download(dataset, command, 2 * stall_seconds)
        return download
