import re

import pytest

from lib.specs.tasks.known import COUNT, SIGHTINGS, TASKS
from lib.specs.tasks.task import Sighting, Task, Watch

EVERY = [task for tasks in TASKS.values() for task in tasks]
LOW = Sighting("page.task_1_low", lambda f: f["number"] < 3, {"number": "1"})
HIGH = Sighting("page.task_1_high", lambda f: f["number"] > 7, {"number": "9"})
BOTH = (Task("page.task_1", {"number": "5"}, (LOW, HIGH)),)


def found(*numbers):
    """What is found while a page shows one number after the other."""
    watch, every = Watch(), []
    for number in numbers:
        watch, new = watch.look(BOTH, {"number": number})
        every += new
    return every


def test_what_a_page_shows_when_it_opens_does_not_count():
    assert found(1) == []
    assert found(1, 1, 1) == []
    assert found(9, 9) == []


def test_what_somebody_brings_about_counts():
    assert found(5, 1) == ["page.task_1_low"]
    assert found(5, 1, 9) == ["page.task_1_low", "page.task_1_high"]
    assert found(1, 9) == ["page.task_1_high"]
    assert found(1, 5, 1) == ["page.task_1_low"]


def test_a_task_wants_all_its_sightings():
    task = BOTH[0]
    assert [task.seen_of(seen) for seen in ([], [LOW.text], [LOW.text, "other"], [HIGH.text, LOW.text])] == [0, 1, 1, 2]
    assert task.done([LOW.text, HIGH.text])
    assert not task.done([HIGH.text])


def test_a_page_that_tells_nothing_shows_nothing():
    assert Watch().look(BOTH, {}) == (Watch(frozenset({LOW.text, HIGH.text})), ())
    assert [sighting.text for task in EVERY for sighting in task.sightings if sighting.shown_by({})] == []


@pytest.mark.parametrize("page", TASKS)
def test_tasks_are_numbered_and_their_sightings_are_named_after_them(page):
    assert [task.text for task in TASKS[page]] == [f"{page}.task_{number}" for number in range(1, len(TASKS[page]) + 1)]
    for task in TASKS[page]:
        assert task.name == f"{page}_{task.text.rsplit('_', 1)[1]}"
        assert task.sightings
        assert all(re.fullmatch(rf"{task.text}_[a-z0-9_]+", sighting.text) for sighting in task.sightings)
        assert all(sighting.address != task.start for sighting in task.sightings)


def test_no_name_stands_for_two_things():
    assert len(SIGHTINGS) == sum(len(task.sightings) for task in EVERY)
    assert len({task.name for task in EVERY}) == len(EVERY) == COUNT
