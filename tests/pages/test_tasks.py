"""All tasks of all pages: nothing ticks by itself or by "Set it up"; what a learner does ticks."""

import re
import secrets

import pytest
from helpers.acting import act

from lib.specs.tasks.known import TASKS
from lib.ui.kit import lessons
from lib.ui.session import visitor

NAMES = [(page, task) for page, tasks in TASKS.items() for task in tasks]


@pytest.fixture
def stranger(monkeypatch):
    """A visitor of whom nothing is known."""
    name = secrets.token_hex(16)
    monkeypatch.setattr(visitor, "owner", lambda: name)
    return name


def ticks(page):
    """What each tick says, in the order of the page; a task that was set up has another one above."""
    found = [re.search('class="tick" data-done="(.*?)"', each.proto.body) for each in page.get("html")]
    return [tick[1] == "true" for tick in found if tick]


def seen(page):
    """Names of the sightings that the visitor is known to have had."""
    return set(page.session_state["progress_mine"].progress.seen)


def listed(page, stem):
    return ticks(page)[-len(TASKS[stem]) :]


@pytest.mark.parametrize("stem", TASKS)
def test_show_me_shows_what_there_is_to_see_and_ticks_nothing(open_page, stranger, stem):
    page = open_page(f"pages/{stem}.py")
    for task in TASKS[stem]:
        for place, sighting in enumerate(task.sightings):
            page.button(key="next_sighting" if place else f"show_{task.name}").click().run()
            assert not page.exception
            assert lessons.text(sighting.text) in prose_of(page)
            assert sighting.shown_by(page.session_state["tasks_open"].facts), sighting.text
        assert "next_sighting" not in {button.key for button in page.button}
    assert seen(page) == set()
    assert [each.value for each in page.warning] == []


@pytest.mark.parametrize("stem", TASKS)
def test_every_task_is_done_by_what_a_learner_does_and_by_nothing_else(open_page, stranger, stem):
    page = open_page(f"pages/{stem}.py")
    assert not page.exception
    assert listed(page, stem) == [False] * len(TASKS[stem])
    for number, task in enumerate(TASKS[stem]):
        for sighting in task.sightings:
            before = seen(page)
            page.button(key=f"set_up_{task.name}").click().run()
            assert not page.exception
            assert seen(page) == before, task.text
            act(page, sighting.address)
            assert sighting.text in seen(page)
            assert listed(page, stem)[number] == task.done(seen(page)), sighting.text
    assert listed(page, stem) == [True] * len(TASKS[stem])
    assert [each.value for each in page.warning] == []


def test_a_link_opens_a_page_with_its_task_and_ticks_nothing(open_page, stranger):
    task = TASKS["pooling"][0]
    page = open_page("pages/pooling.py", task="1", shown="2", **task.sightings[1].address)
    assert lessons.text("pooling.task_1_moved") in prose_of(page)
    assert ticks(page) == [False] * 4
    page.slider(key="shift").set_value(0).run()
    page.slider(key="shift").set_value(2).run()
    assert seen(page) == {"pooling.task_1_moved"}
    page.button(key="put_task_away").click().run()
    assert lessons.text("pooling.task_1_moved") not in prose_of(page)
    assert "task" not in page.query_params


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"task": "99"}, "task=99"),
        ({"task": "1", "shown": "3"}, "shown=3"),
        ({"task": "<b>"}, "task=<b>"),
        ({"shown": "1"}, "shown=1"),
        ({"task": ""}, "task="),
    ],
)
def test_an_unknown_task_in_the_address_is_told_and_nothing_else_happens(open_page, stranger, query, said):
    page = open_page("pages/pooling.py", **query)
    assert not page.exception
    (sentence,) = (each.value for each in page.warning)
    assert said in sentence.replace("\\", "").replace("\u2060", "")


def prose_of(page):
    return " ".join(each.value for each in page.markdown)
