"""Break it on purpose, on the page of experiments."""

from dataclasses import replace

import pytest
from helpers.waiting import wait_until

from lib.engine.experiments.comparison import ComparisonPlan, Guess
from lib.specs.broken import BROKEN
from lib.specs.one_change import applied
from lib.ui.kit import lessons
from lib.ui.session.state import EXPERIMENT_A, EXPERIMENT_B

PAGE = "pages/experiments.py"
ANSWER = "What usually happens"


def in_the_form(page):
    return page.session_state[EXPERIMENT_A.name], page.session_state[EXPERIMENT_B.name]


@pytest.mark.parametrize("name", BROKEN)
def test_a_button_puts_both_into_the_form_and_the_question_stands_before_the_answer(open_page, prose, name):
    page = open_page(PAGE)
    assert lessons.text(f"break_it.{name}_question") in prose(page)
    page.button(key=f"break_{name}").click().run()
    assert not page.exception
    assert in_the_form(page) == (BROKEN[name].a, BROKEN[name].b)
    assert "One thing is different" in prose(page)
    assert "These two are in the form above" in prose(page)
    assert not page.button(key="start_experiment").disabled
    assert lessons.text(f"break_it.{name}_answer") not in prose(page)
    # Said aloud, and not what comes of it: that is to be guessed.
    spoiling = BROKEN[name].b.data.spoiling
    said = f"The data of B are {lessons.text(f'spoiled.{spoiling}_mark')}." if spoiling else ""
    assert [each.value for each in page.warning if "on purpose" in each.value] == [said] * bool(spoiling)


def test_the_same_one_can_be_chosen_again_after_something_else_was(open_page, prose):
    page = open_page(PAGE)
    page.button(key="break_rate_10").click().run()
    page.selectbox(key="experiment_source").set_value("draft").run()
    assert "These two are in the form above" not in prose(page)
    page.button(key="break_rate_10").click().run()
    assert page.selectbox(key="experiment_source").value == "given"
    assert page.selectbox(key="change").value == "given"
    assert "0.001 → 10.0" in prose(page)
    page.selectbox(key="change").set_value("epochs").run()
    page.button(key="break_rate_10").click().run()
    assert page.selectbox(key="change").value == "given"
    page.button(key="break_zero_weights").click().run()
    assert in_the_form(page)[1] == BROKEN["zero_weights"].b


def test_what_usually_happens_is_said_when_the_experiment_is_done_and_not_before(open_page, prose, engine):
    broken = BROKEN["raw_pixels"]
    page = open_page(PAGE)
    page.button(key="break_raw_pixels").click().run()
    page.slider(key="pairs").set_value(1).run()
    page.button_group(key="guess").set_value("a").run()
    page.button(key="start_experiment").click().run()
    (now,) = engine.experiments.of(page.session_state["visitor_owner"])
    assert (now.plan.a, now.plan.b) == (broken.a, broken.b)
    assert "Broken on purpose" in prose(page)
    wait_until(lambda: engine.experiment(now.id).status == "done")
    page.run()
    assert ANSWER in prose(page)
    assert lessons.text("break_it.raw_pixels_answer") in prose(page)
    assert "Your guess: **A is better**" in prose(page)


def test_nothing_is_said_of_an_experiment_that_is_stopped_or_not_from_the_table(open_page, prose, engine):
    tiny = replace(BROKEN["raw_pixels"].a, data=replace(BROKEN["raw_pixels"].a.data, samples=500))
    other = engine.experiments.start(ComparisonPlan(tiny, applied(tiny, "epochs", 1), 1, Guess("a")), "a" * 32)
    long = engine.experiments.start(ComparisonPlan(BROKEN["rate_10"].a, BROKEN["rate_10"].b, 20, Guess("a")), "b" * 32)
    engine.experiments.stop(long, "b" * 32)
    wait_until(lambda: engine.experiment(other).status == "done" and engine.experiment(long).status == "stopped")
    assert ANSWER not in prose(open_page(PAGE, experiment=other))
    assert "Broken on purpose" not in prose(open_page(PAGE, experiment=other))
    assert ANSWER not in prose(open_page(PAGE, experiment=long))
    assert "Broken on purpose" in prose(open_page(PAGE, experiment=long))
