"""The cluster's life: started when somebody needs it, watched while it works, let go when nobody needs it any more.

All of it happens on the engine's thread, but for starting, which takes seconds, and for looks, which wait for an
answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from lib.engine.work.cluster import Cluster, ClusterError
from lib.engine.work.host import Host
from lib.settings import Settings

logger = logging.getLogger("layerlab.engine")

IDLE_SECONDS = 30 * 60
JOBS_PER_WORKER = 30
# TensorFlow, the data of a full-size set and its scaled batches, beside what the model itself may need.
WORKER_BASE_MB = 1_800
# A worker that has grown to this share of its limit is replaced after its job.
GROWN_SHARE = 0.7

OnEvent = Callable[[dict[str, Any]], None]
Connect = Callable[[Settings, int, OnEvent], tuple[Host | None, Cluster]]


def connect(settings: Settings, memory_mb: int, on_event: OnEvent) -> tuple[Host | None, Cluster]:
    """Bring the cluster up: the scheduler that the settings name, or a host process of our own.

    Args:
        settings: of this installation.
        memory_mb: memory at which a worker is ended.
        on_event: takes each worker event, on a thread of the cluster's.

    Raises:
        HostError: our own host did not come up.
        ClusterError: the scheduler cannot be used.
    """
    host = None if settings.scheduler else Host(settings.workers, memory_mb)
    try:
        return host, Cluster(settings.scheduler if host is None else host.address, on_event)
    except BaseException:
        if host is not None:
            host.close()
        raise


class ClusterLife:
    """The cluster, when there is one.

    Args:
        settings: of this installation.
        post: has a step done on the engine's thread.
        on_event: takes each worker event, on a thread of the cluster's.
        on_failed: takes the reason why the cluster did not start, on the engine's thread.
        bring_up: makes the cluster; see `connect`.

    Attributes:
        status: "off" (starts when needed), "starting", "ready" or "failed".
        message: why it failed, or "".
        memory_mb: memory at which a worker is ended.
    """

    def __init__(
        self,
        settings: Settings,
        post: Callable[[Callable[[], None]], None],
        on_event: OnEvent,
        on_failed: Callable[[str], None],
        bring_up: Connect = connect,
    ) -> None:
        self._settings = settings
        self._post = post
        self._on_event = on_event
        self._on_failed = on_failed
        self._connect = bring_up
        self._host: Host | None = None
        self._cluster: Cluster | None = None
        self._jobs: dict[str, int] = {}
        self._ready = threading.Event()
        self._used_at = time.monotonic()
        self.status, self.message = "off", ""
        self.memory_mb = worker_memory_mb(settings)

    # What any thread may call.

    def look(self, function: Callable[..., Any], *arguments: Any, timeout: float) -> Any:
        """Wait for the cluster and run a short task on a worker.

        Raises:
            ClusterError: there is no cluster and none could be started.
            TimeoutError: no answer in time.
        """
        if not self._ready.wait(timeout) or self._cluster is None:
            raise ClusterError(self.message or "the training engine is still starting")
        self.use()
        return self._cluster.look(function, *arguments, timeout=timeout)

    def use(self) -> None:
        """Note that somebody needs the cluster now."""
        self._used_at = time.monotonic()

    # What the engine's thread calls.

    @property
    def cluster(self) -> Cluster | None:
        """The cluster, or None while there is none."""
        return self._cluster

    def slots(self) -> int:
        """Trainings at a time."""
        if self._settings.scheduler and self._cluster is not None:
            return self._cluster.workers()
        return self._settings.workers

    def start(self) -> None:
        """Begin to start, on a thread of its own: Stop must be obeyed meanwhile."""
        if self.status == "starting":
            return
        self.status, self.message = "starting", ""
        self._ready.clear()
        threading.Thread(target=self._bring_up, name="layerlab-start", daemon=True).start()

    def _bring_up(self) -> None:
        try:
            made = self._connect(self._settings, self.memory_mb, self._on_event)
        except Exception as error:
            text = str(error)
            self._post(lambda: self._failed(text))
        else:
            self._post(lambda: self._started(*made))

    def _started(self, host: Host | None, cluster: Cluster) -> None:
        self._host, self._cluster = host, cluster
        self.status = "ready"
        self._ready.set()

    def _failed(self, text: str) -> None:
        self.status, self.message = "failed", text
        self._on_failed(text)
        self._ready.set()

    def landed(self, worker: str, memory_mb: float) -> None:
        """Count a worker's job. A worker grows by some MB a job: it is replaced while it is idle."""
        jobs = self._jobs[worker] = self._jobs.get(worker, 0) + 1
        if self._cluster is not None and (jobs >= JOBS_PER_WORKER or memory_mb > GROWN_SHARE * self.memory_mb):
            del self._jobs[worker]
            self._cluster.replace_worker(worker)

    def died(self) -> bool:
        """Whether our own host has ended."""
        return self._host is not None and not self._host.alive()

    def stop_when_idle(self) -> None:
        """Let go of a cluster that nobody has needed for half an hour."""
        if self._cluster is not None and time.monotonic() - self._used_at > IDLE_SECONDS:
            self.stop()

    def stop(self) -> None:
        """Let go of the cluster; a host of our own ends with its workers."""
        self._ready.clear()
        cluster, self._cluster = self._cluster, None
        host, self._host = self._host, None
        self._jobs = {}
        for part in (cluster, host):
            if part is not None:
                try:
                    part.close()
                except Exception:
                    logger.exception("the cluster did not end in order")
        self.status, self.message = "off", ""


def worker_memory_mb(settings: Settings) -> int:
    """Memory at which a worker is ended."""
    return WORKER_BASE_MB + settings.max_memory_mb
