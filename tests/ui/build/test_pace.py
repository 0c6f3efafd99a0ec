import dataclasses

import pytest

from lib.engine.runs.snapshot import BatchCurve, RunSnapshot
from lib.specs.recipes import RECIPES
from lib.ui.build import pace


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(pace, "_begun", pace.deque(maxlen=100))
    return RunSnapshot("0" * 16, "ann", "a run", RECIPES["dense_128"].run, "queued")


def test_a_run_that_has_just_begun_is_asked_about_quickly_until_its_first_point(run):
    pace.begins(run.id)
    running = dataclasses.replace(run, status="running")
    assert pace.first_seconds(run) == pace.first_seconds(running) == pace.FIRST_SECONDS
    drawn = dataclasses.replace(running, batch_curve=BatchCurve((0.1,), (2.0,), (0.1,)))
    assert pace.first_seconds(drawn) is None
    assert pace.poll_seconds(drawn) == pace.POLL_SECONDS


def test_somebody_elses_run_and_one_that_waits_behind_others_are_not_asked_about_quickly(run):
    assert pace.first_seconds(run) is None
    pace.begins(run.id)
    assert pace.first_seconds(dataclasses.replace(run, place=2)) is None


def test_a_worker_that_takes_long_to_start_is_asked_about_as_any(run, monkeypatch):
    monkeypatch.setattr(pace, "FIRST_FOR_SECONDS", 0.0)
    pace.begins(run.id)
    assert pace.first_seconds(run) is None


def test_of_a_class_that_presses_at_once_only_the_first_few_are_asked_about_quickly(run):
    runs = [dataclasses.replace(run, id=f"{number:016x}") for number in range(30)]
    for one in runs:
        pace.begins(one.id)
    assert sum(pace.first_seconds(one) is not None for one in runs) == pace.MOST_AT_FIRST


def test_the_longer_the_line_the_less_often_a_page_asks(run):
    def seconds(**changes):
        return pace.poll_seconds(dataclasses.replace(run, **changes))

    assert [seconds(place=place) for place in (0, 1, 10, 11, 41, 200)] == [1.0, 1.0, 1.0, 2.0, 5.0, 5.0]
    assert seconds(status="running", place=0) == 1.0
    assert seconds(status="done") is None
    assert seconds(status="stopped", evaluating=True) == 1.0
    assert pace.poll_seconds(None) is None
