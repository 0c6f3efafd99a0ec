"""The Dask client: what the engine asks of its workers."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

import dask
from distributed import Client, Future, KilledWorker, Security

from lib.worker import tasks

# A person's own data travel with their training: Dask would warn of anything beyond 10 MB.
dask.config.set({"distributed.admin.large-graph-warning-threshold": "200MB"})

logger = logging.getLogger("layerlab.engine")

CONNECT_SECONDS = 20
OnAnswer = Callable[[Any], None]
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ClusterError(RuntimeError):
    """The scheduler cannot be used; the text says why."""


class WorkerEndedError(RuntimeError):
    """A worker ended while it was asked for something."""

    def __init__(self) -> None:
        super().__init__("The worker ended while it was at this: it ran out of memory, or somebody ended it. Try again")


class Cluster:
    """A connection to a scheduler. Nothing here waits for a worker, but for `look` and the constructor.

    Args:
        address: of the scheduler; anything but this machine must be `tls://`.
        on_event: takes each worker event, on Dask's own thread.

    Raises:
        ClusterError: an insecure address, or nobody answers there.
    """

    def __init__(self, address: str, on_event: Callable[[dict[str, Any]], None]) -> None:
        try:
            self._client = Client(
                address, security=security_for(address), set_as_default=False, timeout=CONNECT_SECONDS, name="layerlab"
            )
        except (OSError, ValueError) as error:
            raise ClusterError(f"no training engine answers at {address}: {error}") from None

        def heard(message: tuple[float, list[dict[str, Any]]]) -> None:
            for event in message[1]:
                on_event(event)

        self._client.subscribe_topic(tasks.TOPIC, heard)

    def close(self) -> None:
        """Let go of the scheduler; trainings of an external one are cancelled."""
        self._client.close(timeout=5)

    def train(self, job: dict[str, Any], on_end: Callable[[Future], None]) -> Future:
        """Submit a training; `on_end` gets the finished future on Dask's own thread."""
        key = f"train-{job['run_id']}-{job['attempt']}"
        future = self._client.submit(tasks.train, job, key=key, resources={"train": 1}, retries=0, pure=False)
        future.add_done_callback(on_end)
        return future

    def look(self, function: Callable[..., Any], *arguments: Any, timeout: float) -> Any:
        """Run something short beside the trainings, and wait for it.

        Raises:
            TimeoutError: no answer in time.
            WorkerEndedError: the worker ended meanwhile.
        """
        future = self._client.submit(function, *arguments, resources={"look": 1}, retries=2, pure=False)
        try:
            return future.result(timeout=timeout)
        except KilledWorker:
            raise WorkerEndedError from None
        finally:
            future.release()

    def ask(
        self, worker: str, function: Callable[..., Any], *arguments: Any, seconds: float, on_answer: OnAnswer
    ) -> None:
        """Have a worker run something short on its event loop, beside its training.

        Args:
            worker: its address, or "" for all workers: nobody waits for these answers.
            function: one of `lib.worker.tasks`.
            arguments: of the function.
            seconds: how long to wait for the answer.
            on_answer: gets the answer on Dask's own thread; None when the worker is gone, or silent for so long.
        """

        async def asked() -> Any:
            workers = [worker] if worker else None
            answers = await self._client.run(function, *arguments, workers=workers, on_error="ignore")
            return answers.get(worker)

        self._in_time(asked, seconds, on_answer)

    def count_workers(self, seconds: float, on_answer: OnAnswer) -> None:
        """Ask the scheduler how many workers it has.

        Args:
            seconds: how long to wait for the answer.
            on_answer: gets it on Dask's own thread; None when the scheduler is gone, or silent for so long.
        """

        async def asked() -> int:
            return len((await self._client.scheduler.identity(n_workers=-1))["workers"])

        self._in_time(asked, seconds, on_answer)

    def replace_worker(self, worker: str, on_answer: OnAnswer = lambda _: None) -> None:
        """End a worker's process at once and have a new one started; `on_answer` is told when that is over."""

        async def restarted() -> None:
            await self._client.restart_workers([worker], timeout=60, raise_for_error=False)

        self._in_time(restarted, 90, on_answer)

    def _in_time(self, asked: Callable[[], Coroutine[Any, Any, Any]], seconds: float, on_answer: OnAnswer) -> None:
        async def guarded() -> Any:
            try:
                return await asyncio.wait_for(asked(), seconds)
            except (TimeoutError, OSError):
                return None
            except Exception:
                logger.exception("a worker or the scheduler could not be asked")
                return None

        try:
            answer = asyncio.run_coroutine_threadsafe(guarded(), self._client.loop.asyncio_loop)
        except RuntimeError:  # the client was closed
            on_answer(None)
        else:
            answer.add_done_callback(lambda done: on_answer(None if done.cancelled() else done.result()))


def security_for(address: str) -> Security | None:
    """Mutual TLS for `tls://`, none for a scheduler on this machine.

    Raises:
        ClusterError: plain text across a network, or TLS files not named.
    """
    parts = urlsplit(address)
    if parts.scheme != "tls":
        if parts.hostname in LOOPBACK:
            return None
        raise ClusterError(
            f"LAYERLAB_SCHEDULER must be tls://host:port when it is not on this machine, not {address!r}:"
            " whoever reaches a scheduler can run code on it"
        )
    files = {name: os.environ.get(f"LAYERLAB_TLS_{name}", "") for name in ("CA", "CERT", "KEY")}
    missing = [f"LAYERLAB_TLS_{name}" for name, path in files.items() if not os.path.isfile(path)]
    if missing:
        raise ClusterError(f"{', '.join(missing)} must name a file for the scheduler at {address}")
    return Security(
        tls_ca_file=files["CA"], tls_client_cert=files["CERT"], tls_client_key=files["KEY"], require_encryption=True
    )
