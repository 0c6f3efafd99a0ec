"""The engine's own process: a Dask cluster of Keras workers on this machine.

`python -m lib.engine.work.host WORKERS MEMORY_MB` prints one line of JSON with the scheduler's address and ends when
its standard input closes, which happens when the app ends, however it ends.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[3]


class HostError(RuntimeError):
    """The cluster did not come up; the text says why."""


class Host:
    """Handle of the host process, kept by the app.

    Args:
        workers: worker processes, one training each.
        memory_mb: memory at which a worker is ended and replaced.

    Raises:
        HostError: it did not come up.
    """

    def __init__(self, workers: int, memory_mb: int) -> None:
        command = [sys.executable, "-m", "lib.engine.work.host", str(workers), str(memory_mb)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._output = threading.Thread()
        line = self._process.stdout.readline()
        if not line.startswith("{"):
            self.close()
            raise HostError(f"the training engine did not start (exit status {self._process.poll()})")
        self.address: str = json.loads(line)["address"]
        # Whatever the workers print must be read, or the pipe fills up and they block.
        self._output = threading.Thread(target=self._process.stdout.read, name="layerlab-host-output", daemon=True)
        self._output.start()

    @property
    def pid(self) -> int:
        """Process id of the host."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def kill_worker(self, pid: int) -> None:
        """End a worker's process at once; nothing happens if it is none of this host's."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if self.pid in (parent.pid for parent in process.parents()):
                process.kill()

    def close(self) -> None:
        """End the host and its workers."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._output.join(timeout=5)
            self._process.stdout.close()


def serve(workers: int, memory_mb: int) -> None:
    """Run a cluster until standard input closes."""
    import dask
    from distributed import LocalCluster

    dask.config.set(DASK_SETTINGS)
    with (
        # The app may have ended while the cluster was starting.
        contextlib.suppress(BrokenPipeError),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=2,
            resources={"train": 1, "look": 1},
            memory_limit=memory_mb * 1_000_000,
            host="127.0.0.1",
            # Without an address their HTTP servers would listen on every network of the machine.
            dashboard_address="127.0.0.1:0",
            worker_dashboard_address="127.0.0.1:0",
            preload="lib.worker.preload",
        ) as cluster,
    ):
        print(json.dumps({"address": cluster.scheduler_address}), flush=True)
        sys.stdin.read()


DASK_SETTINGS = {
    # Dask's own value makes TensorFlow about twice as slow.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
    "distributed.nanny.pre-spawn-environ.TF_CPP_MIN_LOG_LEVEL": "3",
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.work-stealing": False,
    # A worker that is frozen is ended and replaced after so long; Dask itself would wait for five minutes.
    "distributed.scheduler.worker-ttl": "60s",
    # A worker that is being replaced comes back. Dask would give its place up for good after 15 s: a slow start, or two
    # replacements soon after each other, and no worker was left.
    "distributed.deploy.lost-worker-timeout": "365 days",
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.event-loop-monitor-interval": "10s",
    # What Dask watches itself with would cost an idle host and its workers 6% of a core.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.worker.memory.monitor-interval": "300ms",
    "distributed.comm.timeouts.connect": "30s",
}


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
