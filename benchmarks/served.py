"""The app as a person starts it: `streamlit run app.py` in a home of its own, on a free loopback port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Served:
    """A running server.

    Attributes:
        port: on 127.0.0.1.
        pid: of the UI process; the engine's processes are its children.
        started_at: `time.perf_counter()` when the process was started.
        log: file that takes all it writes.
    """

    port: int
    pid: int
    started_at: float
    log: Path

    @property
    def url(self) -> str:
        """Address of the app."""
        return f"http://127.0.0.1:{self.port}"

    def process(self) -> psutil.Process:
        """The UI process."""
        return psutil.Process(self.pid)

    def ui_mb(self) -> float:
        """Resident memory of the UI process."""
        return float(self.process().memory_info().rss) / 1e6

    def all_mb(self) -> float:
        """Resident memory of the UI process, the engine's host and its workers together."""
        return self.ui_mb() + sum(memory_mb(child) for child in self.process().children(recursive=True))

    def tracebacks(self) -> int:
        """How many errors the server has written down."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("Traceback (most recent call last)")


def memory_mb(process: psutil.Process) -> float:
    """Resident memory; 0 for a process that has just ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return float(process.memory_info().rss) / 1e6
    return 0.0


def cpu_seconds(process: psutil.Process) -> float:
    """CPU time so far, without children."""
    times = process.cpu_times()
    return float(times.user + times.system)


def environment(home: str) -> dict[str, str]:
    """The environment of a server as `make run` has it, with its own home and no other setting of whoever measures."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith(("LAYERLAB_", "DATABASE_URL"))}
    return {**rest, "LAYERLAB_HOME": home, "LAYERLAB_WORKERS": "1", "MALLOC_ARENA_MAX": "2"}


@contextlib.contextmanager
def served(script: Path = ROOT / "app.py", port: int = 0) -> Iterator[Served]:
    """Start the app, or another script, and end it and all it started, however the block is left.

    Args:
        script: what is served.
        port: on 127.0.0.1; 0 takes a free one.
    """
    with tempfile.TemporaryDirectory(prefix="layerlab-bench-") as home, socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # also one that was used a moment ago
        held.bind(("127.0.0.1", port))
        port = held.getsockname()[1]
        held.close()
        log = Path(home) / "server.log"
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address", "127.0.0.1"]
        command += ["--server.port", str(port), "--server.headless", "true"]
        with log.open("wb") as output:
            started_at = time.perf_counter()
            # A session of its own: Ctrl-C reaches the benchmark alone, which then ends the server in good order.
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment(home), stdout=output, stderr=output, start_new_session=True
            )
            try:
                yield Served(port, process.pid, started_at, log)
            finally:
                end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server and what is left of its children."""
    with contextlib.suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _, alive = psutil.wait_procs(children, timeout=10)
        for child in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()


def wait_healthy(server: Served, seconds: float = 60.0) -> float:
    """Wait until the server answers.

    Returns:
        Seconds since its process was started.

    Raises:
        TimeoutError: it never did.
    """
    while time.perf_counter() - server.started_at < seconds:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2).close()
            return time.perf_counter() - server.started_at
        time.sleep(0.02)
    raise TimeoutError(f"the server did not answer within {seconds:.0f} s:\n{server.log.read_text()[-2000:]}")
