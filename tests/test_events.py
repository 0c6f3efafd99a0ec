import json
from typing import get_args

import msgpack
import pytest

from lib import events

ROW = {"name": "dense", "gradient": 1.5, "update": None, "dead": 0, "units": 8, "weights": None, "outputs": None}
EXAMPLES = [
    events.Accepted(),
    events.Started("CPU (2 cores)", batches=57, epoch=2, batch=3),
    events.Batch(2, 4, [[1.5, 0.4, 0.9]], samples_per_second=None, seconds_left=3.5),
    events.Weights(1.5, b"packed"),
    events.Validating(),
    events.Epoch(2, 0.4, 0.9, seconds=1.5, learning_rate=0.001, val_loss=0.5),
    events.Inside(2, None, samples=128, part="training", share=0.04, layers=[ROW]),
    events.Checkpoint(3, 0),
    events.Paused(),
    events.Resumed(),
    events.Evaluating(),
    events.Halted(not_a_number=True),
    events.Queued(2, epochs=10, learning_rate=0.001),
    events.Brought(),
    events.Submitted(),
    events.Command("epochs", 11),
    events.Evaluated(0.1, 0.97, samples=2_000, seconds=0.4),
    events.Done(),
    events.Stopped("why", evaluating=True),
    events.Failed("why"),
    events.Curve(2, 4, None, 3.5, points=[[1.0, 0.4, 0.9]], rest=[[1.5, 0.3, 0.9]], group=2, left_out=7),
]
FROM_WORKER = [event for event in EXAMPLES if isinstance(event, get_args(events.FromWorker))]


def test_there_is_an_example_of_every_kind():
    assert [type(event) for event in EXAMPLES] == list(get_args(events.Event))


@pytest.mark.parametrize("event", EXAMPLES, ids=events.kind)
def test_an_event_is_the_same_after_the_store(event):
    plain = events.to_plain(event)
    if not isinstance(event, events.PASSING):
        plain = json.loads(json.dumps({"time": 1.0, **plain}))
    assert events.from_plain(plain) == event


@pytest.mark.parametrize("event", FROM_WORKER, ids=events.kind)
def test_an_event_is_the_same_after_its_way_from_a_worker(event):
    told = events.Told(event, "0" * 16, attempt=1, number=7, worker="tcp://127.0.0.1:1", pid=42, memory_mb=600.0)
    assert events.Told.from_plain(msgpack.unpackb(msgpack.packb(told.to_plain()))) == told


@pytest.mark.parametrize("kind", ["epcoh", "done", ""])
def test_a_kind_that_no_worker_tells_is_an_error_that_names_it(kind):
    plain = events.Told(events.Paused(), "0" * 16, 1, 1, "", 0, 0.0).to_plain()
    with pytest.raises(ValueError, match=f"no event '{kind}'"):
        events.Told.from_plain({**plain, "event": {"kind": kind}})


def test_a_stored_event_of_a_newer_program_is_passed_over():
    assert events.from_plain({"kind": "tomorrow", "time": 1.0, "more": 2}) is None


def test_what_a_newer_program_adds_to_an_event_is_passed_over():
    assert events.from_plain({"kind": "done", "time": 1.0, "more": 2}) == events.Done()


def test_a_stored_event_without_what_it_must_say_is_an_error():
    with pytest.raises(TypeError, match="message"):
        events.from_plain({"kind": "failed", "time": 1.0})


def test_every_kind_changes_a_run_or_is_said_to_change_none():
    from lib.engine.runs.live import LiveRun
    from lib.specs.recipes import RECIPES

    live = LiveRun("0" * 16, "ann", "title", RECIPES["simple_cnn"].run, created_at=1.0)
    for event in EXAMPLES:
        before = live.snapshot()
        live.apply(event, at=2.0)
        silent = isinstance(event, events.Accepted | events.Halted)
        assert (live.snapshot() is before) == silent, event
