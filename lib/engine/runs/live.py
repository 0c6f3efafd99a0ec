"""A run in memory: events go in, snapshots come out. The same events from the store give the same run again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

from lib import events
from lib.engine.runs.inside import inside_point
from lib.engine.runs.snapshot import BatchCurve, EpochPoint, Evaluation, RunSnapshot, WeightsNow
from lib.specs.run import RunSpec

MOST_POINTS = 500
Point = tuple[float, float, float]


class LiveRun:
    """One run as its events have made it. Not thread-safe: the engine holds its lock around it."""

    def __init__(self, run_id: str, owner: str, title: str, spec: RunSpec, created_at: float) -> None:
        self.attempt = 0
        self._points = Points()
        self._drawn: BatchCurve | None = BatchCurve()
        training = spec.training
        self._now = RunSnapshot(
            run_id, owner, title, spec, "queued",
            epochs=training.epochs, learning_rate=training.learning_rate, created_at=created_at,
        )  # fmt: skip

    def snapshot(self) -> RunSnapshot:
        """The run as it is now; the same object until something changes."""
        if self._drawn is None:
            self._drawn = self._curve()
            self._now = replace(self._now, batch_curve=self._drawn)
        return self._now

    def _curve(self) -> BatchCurve:
        curve = self._points.curve()
        return replace(curve, accuracy=()) if self._now.spec.regression else curve

    def apply(self, event: events.Event, at: float) -> None:
        """Take one event.

        Args:
            event: of any kind.
            at: when it happened, in seconds since 1970.
        """
        match event:
            case events.Queued():
                self._on_queued(event)
            case events.Brought():
                self._set(brought=True)
            case events.Submitted():
                self._set(status="running", activity="building", place=0, wait_seconds=None)
            case events.Started():
                self._on_started(event)
            case events.Batch():
                self._on_batch(event)
            case events.Curve():
                self._on_batch(event)
                self._now = replace(self._now, version=self._now.version + event.left_out)
            case events.Weights():
                self._set(weights_now=WeightsNow(event.at, event.weights))
            case events.Validating():
                self._set(activity="validating")
            case events.Epoch():
                self._on_epoch(event)
            case events.Inside():
                self._set(inside=(*(p for p in self._now.inside if p.epoch < event.epoch), inside_point(event)))
            case events.Checkpoint():
                self._set(can_resume=True)
            case events.Paused():
                self._set(status="paused", activity="", seconds_left=None)
            case events.Resumed():
                self._set(status="running", activity="training")
            case events.Command():
                self._on_command(event)
            case events.Evaluating():
                self._set(activity="testing", evaluating=True)
            case events.Evaluated():
                evaluation = Evaluation(event.loss, event.accuracy, event.samples, event.seconds)
                self._set(evaluation=evaluation, evaluating=False)
            case events.Done():
                self._end("done", at, event.message)
                self._set(best_epoch=event.best_epoch)
            case events.Stopped():
                self._end("stopped", at, event.message, event.evaluating)
            case events.Failed():
                self._end("failed", at, event.message)
            case events.Accepted() | events.Halted():
                pass  # they tell the engine something, and nobody who looks at the run
            case _:
                assert_never(event)

    def rename(self, title: str) -> None:
        """Have another title: no event, so that the version stays what the events have made it."""
        self._now = replace(self._now, title=title)

    def go_back_to(self, stored: RunSnapshot) -> None:
        """Be again what the run was before the events after this snapshot, which were not kept."""
        self._points.start_with(stored.batch_curve)
        self._drawn = stored.batch_curve
        self._now = replace(stored, version=self._now.version + 1)

    def _set(self, **changes: Any) -> None:
        self._now = replace(self._now, version=self._now.version + 1, **changes)

    def _on_queued(self, event: events.Queued) -> None:
        self.attempt = event.attempt
        self._set(
            status="queued", activity="", message="", ended_at=None, evaluating=False, best_epoch=0, pruned=False,
            can_resume=self._now.spec.start is not None,  # what it begins with is kept as its first checkpoint
            epochs=event.epochs, learning_rate=event.learning_rate, samples_per_second=None, seconds_left=None,
        )  # fmt: skip

    def _on_started(self, event: events.Started) -> None:
        epoch = min(event.epoch, self._now.epochs)
        # What was trained after the checkpoint that the run goes on from will be trained again.
        self._points.follow(event)
        self._drawn = None
        self._set(epoch_points=tuple(point for point in self._now.epoch_points if point.epoch < event.epoch))
        self._set(inside=tuple(point for point in self._now.inside if point.epoch < event.epoch))
        self._set(
            status="running", activity="training", device=event.device, batches=event.batches, epoch=epoch,
            batch=event.batch,
        )  # fmt: skip

    def _on_batch(self, event: events.Batch | events.Curve) -> None:
        self._points.follow(event)
        self._drawn = None
        self._set(
            epoch=event.epoch, batch=event.batch, activity="training",
            samples_per_second=event.samples_per_second, seconds_left=event.seconds_left,
        )  # fmt: skip

    def _on_epoch(self, event: events.Epoch) -> None:
        point = EpochPoint(
            event.epoch, event.loss, event.accuracy, event.val_loss, event.val_accuracy, event.seconds,
            event.learning_rate,
        )  # fmt: skip
        before = tuple(p for p in self._now.epoch_points if p.epoch < point.epoch)
        self._set(epoch_points=(*before, point), epoch=point.epoch, batch=self._now.batches)

    def _on_command(self, event: events.Command) -> None:
        if event.word == "epochs" and event.value is not None:
            self._set(epochs=int(event.value))
        elif event.word == "learning_rate":
            self._set(learning_rate=event.value)
        elif event.word == "stop":
            self._set(activity="stopping")
        elif event.word == "prune":
            self._set(activity="stopping", pruned=True)

    def _end(self, status: str, at: float, message: str = "", evaluating: bool = False) -> None:
        self._set(
            status=status, activity="", message=message, ended_at=at, place=0, wait_seconds=None, seconds_left=None,
            evaluating=evaluating,
        )  # fmt: skip

    def set_place(self, place: int, wait_seconds: float | None) -> None:
        """Where it stands in line; not an event, because it follows from the others in line."""
        if (place, wait_seconds) != (self._now.place, self._now.wait_seconds):
            self._set(place=place, wait_seconds=wait_seconds)


class Points:
    """Points of a curve, never more than 500 to draw: neighbours are averaged, more of them the longer it gets.

    What is averaged stays so. Adding costs the same at the end of a long training as at its beginning.
    """

    def __init__(self) -> None:
        self._whole: list[Point] = []  # each the mean of `_group` points
        self._rest: list[Point] = []
        self._group = 1

    def follow(self, event: events.Event) -> None:
        """Take what an event says of the curve; most say nothing."""
        match event:
            case events.Started():
                self.cut(event.epoch - 1 + event.batch / max(event.batches, 1))
            case events.Batch():
                self.add(_points(event.points))
            case events.Curve():
                self._whole, self._rest, self._group = _points(event.points), _points(event.rest), event.group

    def fold(self, last: events.Batch, left_out: int) -> events.Curve:
        """All that was added, as one event that takes the place of the last one."""
        whole, rest = ([list(point) for point in points] for points in (self._whole, self._rest))
        return events.Curve(
            last.epoch, last.batch, last.samples_per_second, last.seconds_left, whole, rest, self._group, left_out
        )

    def add(self, points: list[Point]) -> None:
        """Add points in order."""
        self._rest += points
        while len(self._rest) >= self._group:
            self._whole.append(_mean(self._rest[: self._group]))
            del self._rest[: self._group]
            if len(self._whole) >= MOST_POINTS:
                self._whole = [_mean(self._whole[i : i + 2]) for i in range(0, len(self._whole), 2)]
                self._group *= 2

    def start_with(self, curve: BatchCurve) -> None:
        """Hold the points of a curve as it was drawn, and no others."""
        self._whole, self._rest = list(zip(curve.epoch, curve.loss, curve.accuracy, strict=True)), []

    def cut(self, end: float) -> None:
        """Forget the points after a place on the epoch axis."""
        for points in (self._whole, self._rest):
            points[:] = [point for point in points if point[0] <= end + 1e-9]

    def curve(self) -> BatchCurve:
        """The points as columns."""
        points = [*self._whole, _mean(self._rest)] if self._rest else self._whole
        return BatchCurve(*zip(*points, strict=True)) if points else BatchCurve()


def _points(rows: list[list[float]]) -> list[Point]:
    return [(at, loss, accuracy) for at, loss, accuracy in rows]


def _mean(points: list[Point]) -> Point:
    count = len(points)
    at, loss, accuracy = (sum(column) / count for column in zip(*points, strict=True))
    return at, loss, accuracy
