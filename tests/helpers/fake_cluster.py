"""A cluster without processes, for what the engine decides by itself: who trains next, deadlines, refusals.

It takes trainings and never trains them: a test says what a worker would have told, and how a training ended.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from lib import events
from lib.worker import tasks


@dataclass
class FakeFuture:
    status: str = "pending"
    answer: object = None

    def result(self):
        return self.answer

    def release(self):
        pass


class FakeCluster:
    """What the engine asks of a cluster, written down.

    Args:
        on_event: takes what a worker tells.
        workers: how many an external scheduler would say it has.
    """

    def __init__(self, on_event, workers=1):
        self._on_event = on_event
        self._workers = workers
        self._numbers = {}
        self._ends = {}
        self.jobs, self.asked, self.waiting, self.replaced = [], [], [], []
        self.checkpoints = {}
        self.closed = self.frozen = self.silent = self.full = False

    # What the engine calls.

    def train(self, job, on_end):
        if self.full:
            raise OSError("no room for another job")
        self.jobs.append(job)
        self._ends[job["run_id"]] = on_end
        return FakeFuture()

    def ask(self, worker, function, *arguments, seconds, on_answer):
        self.asked.append((worker, function.__name__, *arguments))
        if self.frozen:
            self.waiting.append(on_answer)
        elif function is tasks.fetch:
            on_answer(self.checkpoints.pop(arguments[0], []))
        else:
            on_answer(None)

    def count_workers(self, seconds, on_answer):
        if self.silent:
            on_answer(None)
        else:
            on_answer(self._workers)

    def look(self, function, *arguments, timeout):
        return function(*arguments)

    def replace_worker(self, worker, on_answer=lambda _: None):
        self.replaced.append(worker)
        on_answer(None)

    def close(self):
        self.closed = True

    # What a test says.

    @property
    def commands(self):
        """Commands in the order in which they came: key, word, value."""
        return [tuple(arguments[:3]) for _, name, *arguments in self.asked if name == "command"]

    @property
    def training(self):
        """Ids of the runs that were submitted, in that order."""
        return [job["run_id"] for job in self.jobs]

    def tell(self, run_id, event, worker="tcp://worker", memory_mb=600.0):
        """Let the worker of a run tell an event."""
        job = next(job for job in reversed(self.jobs) if job["run_id"] == run_id)
        number = self._numbers[run_id] = self._numbers.get(run_id, 0) + 1
        self._on_event(events.Told(event, run_id, job["attempt"], number, worker, 0, memory_mb).to_plain())

    def finish(self, run_id, evaluation=None):
        """Let a run be trained to its end."""
        epochs = next(job["epochs"] for job in reversed(self.jobs) if job["run_id"] == run_id)
        self.tell(run_id, events.Epoch(epochs, loss=0.5, accuracy=0.8, seconds=1.0, learning_rate=0.001))
        answer = {"outcome": "done", "message": "", "epochs": epochs, "evaluation": evaluation}
        self._ends[run_id](FakeFuture("finished", answer))

    def lose(self, run_id):
        """Let the worker of a run be killed."""
        self._ends[run_id](FakeFuture("error"))

    def disconnect(self, run_id):
        """Let Dask lose the scheduler while a run is trained: it cancels all that was asked for."""
        self._ends[run_id](FakeFuture("cancelled"))


@dataclass
class Clusters:
    """Brings fake clusters up.

    Attributes:
        made: each that was brought up, the newest last.
        refusal: why the next one does not come up, or "".
        pause: seconds that the next one takes to come up.
        workers: of an external scheduler; those of the settings if it is None.
    """

    made: list = field(default_factory=list)
    refusal: str = ""
    pause: float = 0.0
    workers: int | None = None

    def __call__(self, settings, memory_mb, on_event):
        time.sleep(self.pause)
        if self.refusal:
            raise OSError(self.refusal)
        self.made.append(FakeCluster(on_event, workers=settings.workers if self.workers is None else self.workers))
        return None, self.made[-1]

    @property
    def newest(self):
        return self.made[-1] if self.made else None
