"""The Dask client: what the engine asks of its workers."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import dask
from distributed import Client, Future, Security

from lib.worker import tasks

# A person's own data travel with their training: Dask would warn of anything beyond 10 MB.
dask.config.set({"distributed.admin.large-graph-warning-threshold": "200MB"})

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ClusterError(RuntimeError):
    """The scheduler cannot be used; the text says why."""


class Cluster:
    """A connection to a scheduler.

    Args:
        address: of the scheduler; anything but this machine must be `tls://`.
        on_event: takes each worker event, on Dask's own thread.

    Raises:
        ClusterError: an insecure address, or nobody answers there.
    """

    def __init__(self, address: str, on_event: Callable[[dict[str, Any]], None]) -> None:
        try:
            self._client = Client(
                address, security=security_for(address), set_as_default=False, timeout=20, name="layerlab"
            )
        except (OSError, ValueError) as error:
            raise ClusterError(f"no training engine answers at {address}: {error}") from None
        self._client.subscribe_topic(tasks.TOPIC, lambda event: on_event(event[1]))

    def close(self) -> None:
        """Let go of the scheduler; trainings of an external one are cancelled."""
        self._client.close(timeout=5)

    def alive(self) -> bool:
        """Whether the scheduler still answers."""
        return bool(self._client.status == "running")

    def workers(self) -> int:
        """Workers connected now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def train(self, job: dict[str, Any], on_end: Callable[[Future], None]) -> Future:
        """Submit a training; `on_end` gets the finished future on Dask's own thread."""
        key = f"train-{job['run_id']}-{job['attempt']}"
        future = self._client.submit(tasks.train, job, key=key, resources={"train": 1}, retries=0, pure=False)
        future.add_done_callback(on_end)
        return future

    def command(self, worker: str, key: str, word: str, value: float | None, epochs: int, rate: float) -> None:
        """Pass a command to a training; a worker that is gone is not an error, its loss is reported elsewhere."""
        self._on_worker(worker, tasks.command, key, word, value, epochs, rate)

    def fetch(self, worker: str, run_id: str) -> list[dict[str, Any]]:
        """Checkpoints waiting on a worker; none when it is gone."""
        return self._on_worker(worker, tasks.fetch, run_id) or []

    def look(self, function: Callable[..., Any], *arguments: Any, timeout: float) -> Any:
        """Run something short beside the trainings.

        Raises:
            TimeoutError: no answer in time.
        """
        future = self._client.submit(function, *arguments, resources={"look": 1}, retries=2, pure=False)
        try:
            return future.result(timeout=timeout)
        finally:
            future.release()

    def replace_worker(self, worker: str) -> None:
        """End a worker's process at once and have a new one started, without waiting for it."""

        def restart() -> None:
            self._client.restart_workers([worker], timeout=60, raise_for_error=False)

        threading.Thread(target=restart, name="layerlab-replace", daemon=True).start()

    def _on_worker(self, worker: str, function: Callable[..., Any], *arguments: Any) -> Any:
        answers = self._client.run(function, *arguments, workers=[worker], on_error="ignore")
        return answers.get(worker)


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
