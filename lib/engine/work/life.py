"""The cluster's life: started when somebody needs it, watched while it works, let go when nobody needs it any more.

The engine's thread decides all of it and waits for none of it: starting, ending and asking happen elsewhere.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from lib.engine.work.cluster import Cluster, ClusterError, WorkerEndedError
from lib.engine.work.host import Host
from lib.settings import Settings

logger = logging.getLogger("layerlab.engine")

IDLE_SECONDS = 30 * 60
JOBS_PER_WORKER = 30
# TensorFlow, the data of a full-size set and its scaled batches, beside what the model itself may need.
WORKER_BASE_MB = 1_800
# A worker that has grown to this share of its limit is replaced after its job.
GROWN_SHARE = 0.7
PING_SECONDS = 2.0
SILENT_SECONDS = 10.0
"""A scheduler that has not answered for so long is lost."""
WORKERLESS_SECONDS = 180.0
"""Our own host that has had no worker for so long is started anew."""
START_SECONDS = 180.0
"""For who waits for a cluster that is starting: on a busy machine TensorFlow alone may take it a minute."""
RETRY_SECONDS = 5.0
"""From one try to find a lost scheduler again to the next."""
CLOSING_SECONDS = 20.0

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
        status: "off" (starts when needed), "starting", "ready", "lost" (an external scheduler that is being looked for)
            or "failed".
        message: why it failed or is lost, or "".
        failures: how often the cluster did not start.
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
        self._external_workers = 0
        self._jobs: dict[str, int] = {}
        self._replacing: set[str] = set()
        self._replaced = 0
        self._changed = threading.Condition()
        self._closing: list[threading.Thread] = []
        self._used_at = self._pinged_at = self._tried_at = self._worked_at = time.monotonic()
        self._pinging = self._silent = self._starting = self._ended = False
        self.status, self.message, self.failures = "off", "", 0
        self.memory_mb = worker_memory_mb(settings)

    # What any thread may call.

    def look(self, function: Callable[..., Any], *arguments: Any, failures: int, timeout: float) -> Any:
        """Wait for the cluster and run a short task on a worker.

        Args:
            function: one of `lib.worker.tasks`.
            arguments: of the function.
            failures: how many there had been when the cluster was asked for: an earlier one is no answer.
            timeout: in seconds, for the task; a cluster that is starting is waited for before.

        Raises:
            ClusterError: there is no cluster and none could be started.
            TimeoutError: no answer in time.
            WorkerEndedError: the worker ended meanwhile, and not because it was replaced.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._cluster is not None or self.failures > failures, START_SECONDS)
            cluster = self._cluster
        if cluster is None:
            raise ClusterError(self.message or "the training engine is still starting")
        self.use()
        replaced, replacing = self._replaced, bool(self._replacing)
        try:
            return cluster.look(function, *arguments, timeout=timeout)
        except WorkerEndedError:
            if not replacing and replaced == self._replaced:
                raise
            return cluster.look(function, *arguments, timeout=timeout)

    def use(self) -> None:
        """Note that somebody needs the cluster now."""
        self._used_at = time.monotonic()

    # What the engine's thread calls.

    @property
    def cluster(self) -> Cluster | None:
        """The cluster, or None while there is none."""
        return self._cluster

    @property
    def external(self) -> bool:
        """Whether the scheduler is somebody else's: it may come back by itself."""
        return bool(self._settings.scheduler)

    def slots(self) -> int:
        """Trainings at a time."""
        return self._external_workers if self.external else self._settings.workers

    def takes_trainings(self) -> bool:
        """Whether a training can be sent now: there is a cluster, and no worker is just being replaced."""
        return self._cluster is not None and not self._replacing

    def start(self) -> None:
        """Begin to start, if it is not begun yet; a lost scheduler is looked for again after a while."""
        now = time.monotonic()
        if self._starting or (self.status == "lost" and now - self._tried_at < RETRY_SECONDS):
            return
        self._starting, self._tried_at = True, now
        if self.status != "lost":
            self.status, self.message = "starting", ""
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
        self._starting = False
        if self._ended:
            self._close_elsewhere(host, cluster)
            return
        self._replacing.clear()
        self._pinging = self._silent = False
        self._worked_at = time.monotonic()
        self._pinged_at = 0.0  # an external scheduler is asked for its workers at once
        self.status, self.message = "ready", ""
        with self._changed:
            self._host, self._cluster = host, cluster
            self._changed.notify_all()

    def _failed(self, text: str) -> None:
        self._starting = False
        if self.status == "lost":
            return
        self.status, self.message = "failed", text
        self._on_failed(text)
        with self._changed:
            self.failures += 1
            self._changed.notify_all()

    def landed(self, worker: str, memory_mb: float) -> None:
        """Count a worker's job. A worker grows by some MB a job: it is replaced while it is idle."""
        jobs = self._jobs[worker] = self._jobs.get(worker, 0) + 1
        if self._cluster is not None and (jobs >= JOBS_PER_WORKER or memory_mb > GROWN_SHARE * self.memory_mb):
            del self._jobs[worker]
            self._replace(worker, self._cluster)

    def _replace(self, worker: str, cluster: Cluster) -> None:
        """Replace an idle worker. Until that is over nothing is sent: Dask might still send it to this worker."""
        self._replacing.add(worker)
        self._replaced += 1

        def replaced() -> None:
            if cluster is self._cluster:
                self._replacing.discard(worker)

        cluster.replace_worker(worker, lambda _: self._post(replaced))

    def end_worker(self, worker: str, pid: int) -> None:
        """End a worker that does not stop, frozen or not; a new one is started in its place.

        Args:
            worker: its address.
            pid: id of its process.
        """
        if self._host is not None:
            # Its nanny, in the host, sees it end. Asked to restart a frozen worker, it restarts the next one as well.
            self._host.kill_worker(pid)
        elif self._cluster is not None:
            self._cluster.replace_worker(worker)

    def lost(self) -> bool:
        """Whether our own host has ended, or the scheduler has been silent for too long. Asks it now and then."""
        cluster = self._cluster
        if cluster is None:
            return False
        if self._host is not None and not self._host.alive():
            return True
        if not self._pinging and time.monotonic() - self._pinged_at > PING_SECONDS:
            self._pinging, self._pinged_at = True, time.monotonic()
            cluster.count_workers(SILENT_SECONDS, lambda count: self._post(lambda: self._heard(cluster, count)))
        return self._silent

    def suspect(self) -> None:
        """Something showed that the scheduler is gone: it need not be asked."""
        self._silent = True

    def _heard(self, cluster: Cluster, workers: int | None) -> None:
        if cluster is not self._cluster:
            return
        now = time.monotonic()
        if workers:
            self._worked_at = now
        workerless = not self.external and now - self._worked_at > WORKERLESS_SECONDS
        self._pinging, self._silent = False, workers is None or workerless
        self._external_workers = workers or 0

    def lose(self) -> None:
        """Let go of a cluster that was lost. Our own is started again when it is needed, an external one looked for."""
        self._stop()
        if self.external:
            self.status = "lost"
            self.message = f"The scheduler at {self._settings.scheduler} does not answer. LayerLab goes on trying."

    def stop_when_idle(self) -> None:
        """Let go of a cluster that nobody has needed for half an hour."""
        if self._cluster is not None and time.monotonic() - self._used_at > IDLE_SECONDS:
            self._stop()

    def end(self) -> None:
        """Let go of the cluster for good, and wait until it is gone."""
        self._ended = True
        self._stop()
        for thread in self._closing:
            thread.join(CLOSING_SECONDS)

    def _stop(self) -> None:
        cluster, self._cluster = self._cluster, None
        host, self._host = self._host, None
        self._jobs, self._silent = {}, False
        self.status, self.message = "off", ""
        self._close_elsewhere(host, cluster)

    def _close_elsewhere(self, host: Host | None, cluster: Cluster | None) -> None:
        """A frozen host or scheduler takes its time to be closed."""

        def close() -> None:
            for part in (cluster, host):
                if part is not None:
                    try:
                        part.close()
                    except Exception:
                        logger.exception("the cluster did not end in order")

        self._closing = [thread for thread in self._closing if thread.is_alive()]
        thread = threading.Thread(target=close, name="layerlab-close", daemon=True)
        thread.start()
        self._closing.append(thread)


def worker_memory_mb(settings: Settings) -> int:
    """Memory at which a worker is ended."""
    return WORKER_BASE_MB + settings.max_memory_mb
