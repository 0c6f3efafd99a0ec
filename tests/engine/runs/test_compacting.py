"""What is left of a run's events when it has ended gives the same run, and goes on in the same way."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import events
from lib.engine.runs.compacting import compacted
from lib.engine.runs.live import LiveRun
from lib.specs.recipes import RECIPES

SPEC = RECIPES["simple_cnn"].run
BATCHES = 4


def attempt(number, first_epoch, epochs, reports, end, paused=False):
    """What one submission of a run tells: some reports of several batches in each epoch."""
    told = [events.Queued(number, epochs, 0.001), events.Submitted(), events.Started("CPU", BATCHES, first_epoch)]
    for epoch in range(first_epoch, epochs + 1):
        for report in range(reports):
            points = [[epoch - 1 + (report + part / 3) / reports, 1 / epoch + part, 0.5] for part in (1, 2, 3)]
            told.append(events.Batch(epoch, report + 1, points, 100.0 + report, 5.0))
        if paused:
            told += [events.Paused(), events.Resumed()]
        told += [events.Validating(), events.Checkpoint(epoch + 1, 0), events.Epoch(epoch, 1.0, 0.5, 2.0, 0.001)]
    return [*told, *end]


TESTED = [events.Evaluating(), events.Evaluated(0.1, 0.9, 10, 0.5), events.Done()]
STOPPED = [events.Command("stop"), events.Stopped(evaluating=True), events.Evaluated(0.1, 0.9, 10, 0.5),
           events.Stopped()]  # fmt: skip
PRUNED = [events.Command("prune"), *STOPPED[1:]]
endings = st.sampled_from([TESTED, STOPPED, PRUNED, [events.Failed("lost")], [events.Stopped("in line")]])


def stored(told):
    """Events as the store has them, each with its time."""
    return [json.loads(json.dumps({"time": float(at), **events.to_plain(event)})) for at, event in enumerate(told)]


def replayed(plains):
    live = LiveRun("0" * 16, "ann", "title", SPEC, created_at=1.0)
    for plain in plains:
        live.apply(events.from_plain(plain), plain["time"])
    return live.snapshot()


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40), st.booleans(), endings), min_size=1, max_size=3),
    st.integers(0, 60),
)
def test_the_run_is_the_same_and_goes_on_in_the_same_way(attempts, more):
    told, epoch = [], 1
    for number, (epochs, reports, paused, end) in enumerate(attempts, start=1):
        told += attempt(number, epoch, epoch + epochs, reports, end, paused)
        epoch += max(epochs - 1, 0)  # its last epoch is trained again
    plains = stored(told)
    fewer = compacted(plains)
    assert (fewer is None) == (not any(plain["kind"] == "batch" for plain in plains))
    fewer = fewer or plains
    assert compacted(fewer) is None
    assert replayed(fewer) == replayed(plains)
    further = stored(attempt(len(attempts) + 1, epoch, epoch + 3, more, TESTED))
    assert replayed([*fewer, *further]) == replayed([*plains, *further])
    twice = compacted([*fewer, *further])
    assert replayed(twice or [*fewer, *further]) == replayed([*plains, *further])


def test_a_long_training_leaves_a_small_part_of_what_it_told():
    told = attempt(1, 1, 200, 60, TESTED, paused=True)
    plains = stored(told)
    fewer = compacted(plains)
    assert len(json.dumps(plains)) > 1_500_000
    assert len(json.dumps(fewer)) < 80_000
    kinds = [kind for kind, _ in itertools.groupby(plain["kind"] for plain in fewer)]
    assert kinds == ["queued", "submitted", "started", "epoch", "curve", "checkpoint", "epoch", "evaluating",
                     "evaluated", "done"]  # fmt: skip
    assert len(replayed(fewer).batch_curve.epoch) > 200


def test_an_event_of_a_newer_program_stays():
    plains = stored(attempt(1, 1, 2, 2, TESTED))
    plains.insert(4, {"time": 4.0, "kind": "surprise"})
    assert {"time": 4.0, "kind": "surprise"} in compacted(plains)
