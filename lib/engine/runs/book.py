"""All runs of this installation: in memory what is looked at, in the store everything."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from typing import Any

from lib import events
from lib.data.own import shelf
from lib.data.own.dataset import to_plain
from lib.engine.runs import messages
from lib.engine.runs.live import LiveRun
from lib.engine.runs.own_data import OwnDataBook
from lib.engine.runs.snapshot import ACTIVE, RunRow, RunSnapshot
from lib.engine.runs.store import Store, StoredRun
from lib.specs.codec import from_json, to_json
from lib.specs.recipes import fitting, matching, on
from lib.specs.run import RunSpec

logger = logging.getLogger("layerlab.engine")

MOST_IN_MEMORY = 200


class UnknownRunError(LookupError):
    """There is no run with this id."""


class RunBook:
    """Runs by id; thread-safe. Every event goes into the store before it is shown."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.own_data = OwnDataBook(store)
        self._holds: dict[str, shelf.Hold] = {}
        self._lock = threading.RLock()
        self._live: OrderedDict[str, LiveRun] = OrderedDict()

    def add(self, run_id: str, owner: str, spec: RunSpec) -> None:
        """Keep a new run.

        Raises:
            DataError: it is to be trained on a person's own data, and they are gone.
        """
        if spec.dataset.own:
            self._holds[run_id] = self.own_data.hold(spec.data.dataset, owner)
            self.own_data.remember(spec.data.dataset)
        row = self.store.add_run(run_id, owner, title_of(spec), spec.data.dataset, to_json(spec))
        with self._lock:
            self._live[run_id] = _live(row)

    def snapshot(self, run_id: str) -> RunSnapshot:
        """The run now.

        Raises:
            UnknownRunError: no such run.
        """
        with self._lock:
            return self._get(run_id).snapshot()

    def attempt(self, run_id: str) -> int:
        """How often the run was submitted to a worker."""
        with self._lock:
            return self._get(run_id).attempt

    def apply(self, run_id: str, event: events.Event) -> RunSnapshot:
        """Keep an event, then show it."""
        at = time.time()
        with self._lock:
            live = self._get(run_id)
            live.apply(event, at)
            now = live.snapshot()
            if not isinstance(event, events.PASSING):
                plain = {"time": at, **events.to_plain(event)}
                self.store.add_event(run_id, plain, now.status, now.epochs_trained)
            if not now.active:
                self._holds.pop(run_id, None)
        return now

    def end_badly(self, run_id: str, message: str) -> None:
        """End a run with a sentence, also when the store cannot take it: then it is shown, and lost at a restart."""
        event = events.Failed(message)
        try:
            self.apply(run_id, event)
        except Exception:
            logger.exception("the end of run %s could not be kept", run_id)
            with self._lock:
                self._get(run_id).apply(event, time.time())
                self._holds.pop(run_id, None)

    def hold_data(self, run_id: str) -> None:
        """Hold a person's own data for a run, until it is not active any more; nothing for other runs.

        Raises:
            DataError: the data are gone.
        """
        now = self.snapshot(run_id)
        if now.spec.dataset.own:
            hold = self.own_data.hold(now.spec.data.dataset, now.owner)
            with self._lock:
                self._holds[run_id] = hold

    def own_samples(self, run_id: str) -> dict[str, Any] | None:
        """A person's own data as a worker takes them, or None for a run on other data.

        Raises:
            DataError: the data are gone.
        """
        now = self.snapshot(run_id)
        if not now.spec.dataset.own:
            return None
        hold = self.own_data.hold(now.spec.data.dataset, now.owner)
        plain = to_plain(shelf.data(hold.name))
        hold.release()
        return plain

    def set_place(self, run_id: str, place: int, wait_seconds: float | None) -> None:
        """Where a run stands in line."""
        with self._lock:
            self._get(run_id).set_place(place, wait_seconds)

    def rows(self, owner: str | None, limit: int) -> tuple[RunRow, ...]:
        """Newest first."""
        return tuple(
            RunRow(row.id, row.owner, row.title, row.status, row.dataset, row.created_at, row.epochs_trained, accuracy)  # type: ignore[arg-type]
            for row, accuracy in self.store.list_runs(owner, limit)
        )

    def recover(self) -> list[str]:
        """After a restart: runs that were being trained become stopped; ids of those still in line are returned."""
        waiting = []
        for row in self.store.runs_with_status(ACTIVE):
            now = self.snapshot(row.id)
            if now.status == "queued":
                waiting.append(row.id)
            else:
                self.apply(row.id, events.Stopped(messages.restarted(now)))
        return waiting

    def _get(self, run_id: str) -> LiveRun:
        if run_id not in self._live:
            row = self.store.run(run_id)
            if row is None:
                raise UnknownRunError(f"There is no run {run_id!r:.60} here: it may belong to another installation")
            self.own_data.recall(row.dataset)
            live = _live(row)
            for plain in self.store.events(run_id):
                event = events.from_plain(plain)
                if event is not None:
                    live.apply(event, plain["time"])
            self._live[run_id] = live
            self._forget_old()
        self._live.move_to_end(run_id)
        return self._live[run_id]

    def _forget_old(self) -> None:
        ended = [run_id for run_id, live in self._live.items() if not live.snapshot().changing]
        for run_id in ended[: max(0, len(self._live) - MOST_IN_MEMORY)]:
            del self._live[run_id]


def _live(row: StoredRun) -> LiveRun:
    return LiveRun(row.id, row.owner, row.title, from_json(row.spec), row.created_at)


def title_of(spec: RunSpec) -> str:
    """A run's name for lists: its recipe, or its layers in short; with a person's own data, also these."""
    recipe = matching(spec, training=False)
    if recipe is not None:
        return recipe.title
    if spec.dataset.own:
        for recipe in fitting(spec.data.dataset).values():
            if on(recipe, spec.data).model == spec.model:
                return f"{recipe.title} on {spec.dataset.title}"
    kinds = [layer.kind for layer in spec.model.layers]
    shown = " - ".join(kinds[:4]) + (f" - … {kinds[-1]}" if len(kinds) > 4 else "")
    return f"{shown} ({spec.dataset.title})"[:200]
