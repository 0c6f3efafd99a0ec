"""All runs of this installation: in memory what is looked at, in the store everything."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from lib import events
from lib.data.own import shelf
from lib.data.own.dataset import to_plain
from lib.engine.runs import messages
from lib.engine.runs.journal import Journal, LoadedRun
from lib.engine.runs.live import LiveRun
from lib.engine.runs.own_data import OwnDataBook
from lib.engine.runs.reached import reached
from lib.engine.runs.reading import spec_of
from lib.engine.runs.snapshot import ACTIVE, RunRow, RunSnapshot, Status
from lib.engine.runs.store import ListedRun, Store, StoredRun
from lib.errors import DataError
from lib.specs.codec import to_json
from lib.specs.fields import SpecError
from lib.specs.recipes import matching
from lib.specs.run import RunSpec

logger = logging.getLogger("layerlab.engine")

MOST_IN_MEMORY = 200
SETTLE_SECONDS = 0.03
"""Whoever has just changed a run sees it changed, unless the store is slower than this."""
RECOVERY_SECONDS = 5.0
"""At the start it is waited for this long until what became of cut runs is stored: nobody sees them "running"."""
DAMAGED = (SpecError, ValueError, TypeError, KeyError, AttributeError)
"""What reading a damaged row raises."""


class UnknownRunError(LookupError):
    """There is no run with this id, or what is stored of it is damaged."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a worker needs of the store to train a run: its newest checkpoint, and the person's own data if any."""

    checkpoint: dict[str, Any] | None
    own: dict[str, Any] | None


class RunBook:
    """Runs by id; thread-safe. Every event goes into the store first and is shown then.

    Nothing here waits for the store, except the first look at a run that is not in memory: one thread writes, and
    what it has not written yet, people don't see. The engine goes by `newest`, which knows it.

    Attributes:
        journal: writes, and tells when something could not be written.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.own_data = OwnDataBook(store)
        self._holds: dict[str, shelf.Hold] = {}
        self._lock = threading.RLock()
        self.journal = Journal(self._lock)
        self._runs: OrderedDict[str, LoadedRun] = OrderedDict()
        self._readable: dict[str, bool] = {}

    def close(self) -> None:
        """Store what waits, and close the store."""
        self.journal.writer.close()
        self.store.close()

    def settle(self) -> None:
        """Give what waits a moment to be stored, so that whoever looks next sees it."""
        self.journal.writer.settle(SETTLE_SECONDS)

    def add(self, run_id: str, owner: str, spec: RunSpec) -> None:
        """Take in a new run.

        Raises:
            DataError: it is to be trained on a person's own data, and they are gone.
        """
        name = spec.data.dataset
        if spec.dataset.own:
            self._holds[run_id] = self.own_data.hold(name, owner)
        row = StoredRun(run_id, owner, title_of(spec), name, to_json(spec), "queued", 0, time.time())
        run = LoadedRun(_live(row), fresh=row)

        def write() -> None:
            if spec.dataset.own:
                self.own_data.remember(name)
            self.store.add_run(row)
            run.fresh = None

        with self._lock:
            self._runs[run_id] = run
            run.shown = run.live.snapshot()
            self.journal.keep(run_id, run, write)

    def snapshot(self, run_id: str) -> RunSnapshot:
        """The run as people see it now.

        Raises:
            UnknownRunError: no such run.
        """
        run = self._get(run_id)
        with self._lock:
            return run.seen()

    def newest(self, run_id: str) -> RunSnapshot:
        """The run with all that has happened to it, stored or not.

        Raises:
            UnknownRunError: no such run.
        """
        run = self._get(run_id)
        with self._lock:
            return run.live.snapshot()

    def active(self, owner: str) -> list[RunSnapshot]:
        """A person's runs that have not ended."""
        with self._lock:
            newest = [run.live.snapshot() for run in self._runs.values()]
        return [now for now in newest if now.active and now.owner == owner]

    def attempt(self, run_id: str) -> int:
        """How often the run was submitted to a worker."""
        run = self._get(run_id)
        with self._lock:
            return run.live.attempt

    def apply(self, run_id: str, event: events.Event) -> RunSnapshot:
        """Take an event: it is kept, and then shown.

        Returns:
            The newest snapshot.
        """
        return self._apply(run_id, event, last=False)

    def end_badly(self, run_id: str, message: str) -> None:
        """End a run with a sentence, also when the store cannot take it: then it is shown, and lost at a restart."""
        self._apply(run_id, events.Failed(message), last=True)

    def _apply(self, run_id: str, event: events.Event, last: bool) -> RunSnapshot:
        at = time.time()
        run = self._get(run_id)
        passing = isinstance(event, events.PASSING)
        with self._lock:
            if not passing:
                run.shown = run.seen()
            run.live.apply(event, at)
            now = run.live.snapshot()
            if not now.active:
                self._holds.pop(run_id, None)
            if not passing:
                plain = {"time": at, **events.to_plain(event)}
                changed = reached(now.epoch_points) if isinstance(event, events.Started | events.Epoch) else None
                write = partial(self.store.add_event, run_id, plain, now.status, now.epochs_trained, changed)
                self.journal.keep(run_id, run, write, now, last=last)
        return now

    def keep_checkpoints(self, run_id: str, checkpoints: Sequence[dict[str, Any]], then: Callable[[], None]) -> None:
        """Store checkpoints; `then` is called on the writer's thread in any case."""

        def write() -> None:
            for checkpoint in checkpoints:
                self.store.add_checkpoint(run_id, checkpoint)

        self._keep_beside(run_id, write, then)

    def keep_evaluation(self, run_id: str, evaluation: dict[str, Any]) -> None:
        """Store what the test part gave, before the event that tells it."""
        self._keep_beside(run_id, partial(self.store.set_evaluation, run_id, evaluation))

    def prepare(self, run_id: str, then: Callable[[Prepared | Exception], None]) -> None:
        """Read what a worker needs, after all of the run that waits is stored; `then` gets it on the writer's thread.

        A `DataError` says that the run's own data are gone, or the weights that it was to begin with.
        """

        def read() -> None:
            try:
                checkpoint = self.store.checkpoint(run_id)
                if checkpoint is None and self.newest(run_id).spec.start is not None:
                    raise DataError(messages.NO_START)
                then(Prepared(checkpoint, self.own_samples(run_id)))
            except Exception as error:
                then(error)

        self.journal.writer.do(read)

    def _keep_beside(self, run_id: str, write: Callable[[], None], then: Callable[[], None] | None = None) -> None:
        run = self._get(run_id)
        with self._lock:
            run.shown = run.seen()
            self.journal.keep(run_id, run, write, then=then)

    def hold_data(self, run_id: str) -> None:
        """Hold a person's own data for a run, until it is not active any more; nothing for other runs.

        Raises:
            DataError: the data are gone.
        """
        now = self.newest(run_id)
        if now.spec.dataset.own:
            hold = self.own_data.hold(now.spec.data.dataset, now.owner)
            with self._lock:
                self._holds[run_id] = hold

    def own_samples(self, run_id: str) -> dict[str, Any] | None:
        """A person's own data as a worker takes them, or None for a run on other data.

        Raises:
            DataError: the data are gone.
        """
        now = self.newest(run_id)
        if not now.spec.dataset.own:
            return None
        hold = self.own_data.hold(now.spec.data.dataset, now.owner)
        plain = to_plain(shelf.data(hold.name))
        hold.release()
        return plain

    def set_place(self, run_id: str, place: int, wait_seconds: float | None) -> None:
        """Where a run stands in line."""
        run = self._get(run_id)
        with self._lock:
            run.live.set_place(place, wait_seconds)

    def rows(self, owner: str | None, limit: int) -> tuple[RunRow, ...]:
        """Newest first; see `listed`."""
        return tuple(
            RunRow(
                row.id, row.owner, row.title, row.status, row.dataset, row.created_at, row.epochs_trained, accuracy,  # type: ignore[arg-type]
                loss, self._spoiled(row),
            )
            for row, accuracy, loss in self.listed(owner, limit)
        )  # fmt: skip

    def _spoiled(self, row: StoredRun) -> str:
        """How the data of a stored run were spoiled on purpose; "" also where its description is damaged."""
        try:
            self.own_data.recall(row.dataset)
            return spec_of(row.spec).data.spoiling
        except DAMAGED:
            return ""

    def listed(self, owner: str | None, limit: int) -> list[ListedRun]:
        """Newest first, those that wait to be stored among them; those whose row is damaged are left out."""
        with self._lock:
            fresh = [run.fresh for run in reversed(self._runs.values()) if run.fresh is not None]
        new: dict[str, ListedRun] = {row.id: (row, None, None) for row in fresh if owner in (None, row.owner)}
        stored = {listed[0].id: listed for listed in self.store.list_runs(owner, limit)}
        return [listed for listed in list({**new, **stored}.values())[:limit] if self._is_readable(listed[0])]

    def _is_readable(self, row: StoredRun) -> bool:
        """Whether a run can be opened, as far as its own row tells, and its events if somebody has asked for them."""
        if row.id not in self._readable:
            try:
                self._live_from(row)
            except UnknownRunError:
                return False
            self._readable[row.id] = True
        return self._readable[row.id]

    def describe(self, run_id: str, values: Mapping[str, str]) -> bool:
        """Store what a run's owner wrote, and show its new title if there is one; on the writer's thread.

        Args:
            run_id: the run.
            values: its `title`, `note` or `tags`.

        Returns:
            Whether the run is still there.
        """
        there = self.store.describe_run(run_id, values)
        if there and "title" in values:
            run = self._get(run_id)
            with self._lock:
                run.live.rename(values["title"])
        return there

    def forget(self, run_id: str) -> None:
        """A run was deleted."""
        self._readable.pop(run_id, None)
        with self._lock:
            self._runs.pop(run_id, None)
            self._holds.pop(run_id, None)

    def recover(self) -> tuple[list[str], list[str]]:
        """After a restart: runs that were being trained become stopped.

        Returns:
            Ids of those that are still in line, and of those that have become stopped.
        """
        waiting, cut = [], []
        for row in self.store.runs_with_status(ACTIVE):
            try:
                now = self.snapshot(row.id)
            except UnknownRunError:
                continue  # damaged: it stays as it is
            if now.status == "queued":
                waiting.append(row.id)
            else:
                self.apply(row.id, events.Stopped(messages.restarted(now)))
                cut.append(row.id)
        self.journal.writer.settle(RECOVERY_SECONDS)
        return waiting, cut

    def _get(self, run_id: str) -> LoadedRun:
        with self._lock:
            if run_id in self._runs:
                self._runs.move_to_end(run_id)
                return self._runs[run_id]
        # Read without the lock: a long history, or a slow disk, is only waited for by those who open this run.
        live = self._read(run_id)
        with self._lock:
            run = self._runs.setdefault(run_id, LoadedRun(live))
            self._runs.move_to_end(run_id)
            self._forget_old()
            return run

    def _read(self, run_id: str) -> LiveRun:
        row = self.store.run(run_id)
        if row is None:
            raise UnknownRunError(
                f"There is no run {run_id!r:.60} here: it was deleted, or belongs to another installation"
            )
        live = self._live_from(row)
        try:
            for plain in self.store.events(run_id):
                event = events.from_plain(plain)
                if event is not None:
                    live.apply(event, plain["time"])
        except DAMAGED as error:
            self._readable[run_id] = False
            raise _damaged(run_id, error) from None
        return live

    def _forget_old(self) -> None:
        ended = [i for i, run in self._runs.items() if not run.waiting and not run.live.snapshot().changing]
        for run_id in ended[: max(0, len(self._runs) - MOST_IN_MEMORY)]:
            del self._runs[run_id]

    def _live_from(self, row: StoredRun) -> LiveRun:
        """A run without its events.

        Raises:
            UnknownRunError: its row is damaged.
        """
        try:
            self.own_data.recall(row.dataset)
            return _live(row)
        except DAMAGED as error:
            raise _damaged(row.id, error) from None


def _damaged(run_id: str, error: Exception) -> UnknownRunError:
    logger.warning("what is stored of run %s is damaged: %s", run_id, error)
    return UnknownRunError(f"The stored data of the run {run_id!r:.60} are damaged: LayerLab cannot open it")


def _live(row: StoredRun) -> LiveRun:
    if not (isinstance(row.title, str) and isinstance(row.created_at, float) and row.status in get_args(Status)):
        raise ValueError("a column holds what it cannot hold")
    return LiveRun(row.id, row.owner, row.title, spec_of(row.spec), row.created_at)


def title_of(spec: RunSpec) -> str:
    """A run's name for lists: its recipe, or its layers in short, and what it was trained on."""
    recipe = matching(spec)
    kinds = [layer.kind for layer in spec.model.layers]
    shown = " - ".join(kinds[:4]) + (f" - … {kinds[-1]}" if len(kinds) > 4 else "")
    since = f", on from epoch {spec.start.epoch}" if spec.start is not None else ""
    return f"{recipe.title if recipe else shown} on {spec.dataset.title}"[: 200 - len(since)] + since
