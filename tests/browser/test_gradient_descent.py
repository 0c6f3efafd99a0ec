import re

import pytest
from helpers.fitting import fits
from helpers.following import go
from helpers.page_runs import at_rest, count_runs, runs_counted, script_ended
from playwright.sync_api import expect

pytestmark = pytest.mark.follows


@pytest.fixture
def descent(app, page):
    def open_at(query=""):
        go(page, f"{app}/gradient_descent?{query}")
        expect(page.get_by_test_id("position")).to_have_text(re.compile("step"))
        script_ended(page)
        return page

    return open_at


def test_scrubbing_shows_the_numbers_of_each_step_without_a_rerun(descent):
    page = descent("surface=bowl&start_x=-3&start_y=2&rate=0.5&optimizers=SGD")
    numbers = page.get_by_test_id("numbers")
    count_runs(page)
    page.get_by_test_id("scrub").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("position")).to_have_text("step 0")
    expect(numbers).to_contain_text("x -3y 2loss 6.5")
    page.keyboard.press("ArrowRight")
    expect(numbers).to_contain_text("x -1.5y 1loss 1.62")
    assert runs_counted(page) == 0


def test_play_goes_from_the_start_to_the_last_step(descent):
    page = descent("steps=10")
    expect(page.get_by_test_id("position")).to_have_text("step 10")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    expect(page.get_by_test_id("position")).to_have_text(re.compile("step [1-9]$"))
    expect(page.get_by_test_id("position")).to_have_text("step 10")
    page.get_by_role("button", name="Play").wait_for()


def test_the_rate_slider_changes_the_paths_and_the_address(descent):
    page = descent("surface=ravine&optimizers=SGD&rate=0.6")
    page.get_by_text("SGD left the picture at step").wait_for()
    page.locator(".st-key-rate input").focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("SGD left the picture at step")).to_have_count(0)
    page.wait_for_url(re.compile("rate=0.4"))
    page.reload()
    expect(page.get_by_test_id("numbers")).to_contain_text("loss 0.0234")


def test_each_surface_begins_at_its_own_start_also_after_back(descent):
    page = descent("optimizers=SGD&rate=0.05")
    numbers = page.get_by_test_id("numbers")
    page.locator(".st-key-surface").get_by_text("two minima").click()
    expect(numbers).to_contain_text("x 1.92")
    page.wait_for_url(re.compile("surface=two_minima"))
    page.reload()
    expect(numbers).to_contain_text("x 1.92")
    page.go_back()
    expect(page.locator(".st-key-start_x")).to_contain_text("-3.50")
    page.get_by_test_id("scrub").focus()
    page.keyboard.press("Home")
    expect(numbers).to_contain_text("x -3.5y 1")


def test_the_page_fits_and_the_formula_does_not_stick_out(app, page):
    go(page, f"{app}/gradient_descent?optimizers=Adam")
    page.locator(".st-key-formula .katex").nth(1).wait_for()
    for width in (1400, 400):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        fits(page)
