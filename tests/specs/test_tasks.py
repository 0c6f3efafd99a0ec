import re

import pytest

from lib.specs.tasks.known import COUNT, SIGHTINGS, TASKS
from lib.specs.tasks.task import Sighting, Task, Watch

OF = {sighting.text: sighting for tasks in TASKS.values() for task in tasks for sighting in task.sightings}
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


NINE = {"dataset": "mnist", "label": 9, "best": 9, "share": 0.95}
FLAT = {"derivative": "w11", "activation": "tanh", "b1": 5, "slope_w11": 1e-5, "slope_h1": 0.5}
FROG = {"part": "pixels", "dataset": "cifar10", "label": 6, "pixel_not_green": True}
SIX = {"part": "augmentation", "dataset": "mnist", "label": 6, "degrees": 180, "drawn": 1}
THIN = {"dataset": "mnist", "pool_type": "min", "pool_size": 3, "stride": 1, "picture_lit": 99, "picture_lit_pooled": 9}
BROAD = {**THIN, "pool_type": "max", "picture_lit_pooled": 199}
DRAWN_ANEW = {"degree": 3, "points": 12, "l2": 0, "seed": 6}
RACE = {
    "surface": "saddle", "optimizers": ("SGD", "momentum", "Nesterov", "RMSprop", "Adam"), "start_y": 0.1,
    "first_down": "RMSprop", "down": ("RMSprop",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "facts", "too_little"),
    [
        ("flattening.task_1_apart", {"apart": 4, "index": 4}, [{"index": None}, {"index": 0}, {"apart": 1}]),
        ("flattening.task_3_digit", NINE, [{"share": 0.6}, {"best": 4}, {"dataset": "fashion_mnist"}]),
        ("backpropagation.task_1_flat", FLAT, [{"derivative": "v2"}, {"b1": 0}]),
        ("images.task_1_grey", {"part": "pixels", "dataset": "", "pixel_grey": True}, [{"dataset": "fashion_mnist"}]),
        ("images.task_1_frog", FROG, [{"label": 3}, {"dataset": ""}, {"pixel_not_green": False}]),
        ("images.task_3_turned", SIX, [{"dataset": "fashion_mnist"}, {"dataset": "cifar10"}, {"degrees": 90}]),
        ("images.task_3_others", SIX, [{"dataset": "cifar10"}, {"drawn": 0}]),
        ("pooling.task_3_thin", THIN, [{"dataset": "cifar10"}, {"picture_lit_pooled": 0}]),
        ("pooling.task_3_broad", BROAD, [{"dataset": "cifar10"}, {"picture_lit_pooled": 9}]),
        ("overfitting.task_1_other", {**DRAWN_ANEW, "degree": 11}, [{"seed": 2}]),
        ("overfitting.task_1_calm", DRAWN_ANEW, [{"seed": 3}, {"degree": 11}]),
        ("gradient_descent.task_2_down", RACE, [{"down": ()}, {"down": RACE["optimizers"]}, {"first_down": "SGD"}]),
        ("sequences.task_2_good_alone", {"sentence": "good", "read": "good"}, [{"sentence": "not good"}]),
    ],
)  # fmt: skip
def test_a_sighting_wants_all_that_its_text_speaks_of(name, facts, too_little):
    assert OF[name].shown_by(facts)
    assert [less for less in too_little if OF[name].shown_by({**facts, **less})] == []
