"""Every task of every page, in a real browser: "Set it up" and the learner's own hands, and the tick comes."""

import re

import pytest
from helpers.acting import PRESSED
from helpers.following import go
from helpers.hands import at_rest, set_by_hand
from playwright.sync_api import expect

from lib.specs.tasks.known import TASKS

pytestmark = pytest.mark.follows


def tick(page, task):
    return page.locator(f".st-key-task_{task.name} [data-done]")


def set_up(page, task, known):
    """Press the button, and wait until the address says nothing any more of what was set by hand."""
    page.locator(f".st-key-set_up_{task.name} button").click()
    page.wait_for_url(re.compile(rf"[?&]task={task.number}\b"))
    page.wait_for_function(
        """wanted => Object.entries(wanted).every(([name, text]) => {
          const said = new URL(location).searchParams.get(name);
          return said === null || said === text;
        })""",
        arg={name: task.start.get(name) for name, text in known.items() if isinstance(text, str)},
    )
    at_rest(page)


@pytest.mark.parametrize("stem", TASKS)
def test_every_task_ticks_when_it_was_done_and_not_before(app, page, stem):
    go(page, f"{app}/{stem}")
    expect(page.locator(f".st-key-tasks_{stem} [data-done=false]")).to_have_count(len(TASKS[stem]))
    at_rest(page)
    for task in TASKS[stem]:
        known = None
        for sighting in task.sightings:
            wanted = {**task.start, **sighting.address}
            if known is None or not set(known) <= set(wanted) or not PRESSED.keys().isdisjoint(wanted):
                set_up(page, task, known or {})
                known = task.start
            if sighting is task.sightings[0]:
                expect(tick(page, task)).to_have_attribute("data-done", "false")
            set_by_hand(page, stem, wanted, known)
            known = wanted
        expect(tick(page, task)).to_have_attribute("data-done", "true")
    expect(page.locator(f".st-key-tasks_{stem} [data-done=true]")).to_have_count(len(TASKS[stem]))


def test_what_is_only_shown_gets_no_tick(app, page):
    go(page, f"{app}/pooling")
    page.locator(".st-key-show_pooling_1 button").click()
    shown = page.locator(".st-key-task_now")
    expect(shown).to_contain_text("The dot has moved by 1 pixel")
    page.locator(".st-key-next_sighting button").click()
    expect(shown).to_contain_text("100% has changed")
    page.wait_for_url(f"{app}/pooling?subject=dot&shift=2&task=1&shown=2")
    at_rest(page)
    expect(page.locator("[data-done=true]")).to_have_count(0)
    page.go_back()
    page.wait_for_url(f"{app}/pooling?subject=dot&task=1&shown=1")
    at_rest(page)
    expect(page.locator("[data-done=true]")).to_have_count(0)
