"""The browser's Back takes back one thing that a person did, and never leads to Home with Build's settings."""

import re

import pytest
from helpers.page_runs import script_ended
from playwright.sync_api import expect


def ready(page):
    """Wait until the script has run to its end and nothing is drawn any more."""
    script_ended(page)


@pytest.fixture
def build(app, page):
    """Build, opened from Home by the link in the sidebar."""
    page.goto(app)
    page.locator(".st-key-go_train button").wait_for()
    page.wait_for_function("window.layerlabSteps")
    page.get_by_role("link", name="Build & train").click()
    expect(page.locator(".st-key-train button")).to_be_enabled()
    page.wait_for_url(re.compile(r"/build\?.*layers="))
    ready(page)
    return page


def set_epochs(page, number):
    field = page.locator(".st-key-epochs input")
    field.fill(str(number))
    field.press("Enter")
    page.wait_for_url(re.compile(f"epochs={number}"))
    ready(page)


def expect_epochs(page, number):
    expect(page.locator(".st-key-epochs input")).to_have_value(str(number))
    ready(page)


def expect_home(page, app):
    page.locator(".st-key-go_train button").wait_for()
    assert page.url.rstrip("/") == app


def test_back_takes_back_one_change_at_a_time_and_then_leads_home_without_settings(app, build):
    set_epochs(build, 3)
    build.locator(".st-key-add_layer button").click()
    build.wait_for_url(re.compile("Conv2D;Flatten|Conv2D%3BFlatten"))
    ready(build)
    build.wait_for_timeout(1_600)
    set_epochs(build, 4)
    build.go_back()
    expect_epochs(build, 3)
    assert "Conv2D%3BFlatten" in build.url
    build.go_back()
    expect(build.locator(".st-key-layer_8")).to_have_count(0)
    expect_epochs(build, 3)
    build.go_forward()
    build.locator(".st-key-layer_8").wait_for()
    build.go_back()
    expect(build.locator(".st-key-layer_8")).to_have_count(0)
    build.go_back()
    expect_epochs(build, 10)
    build.go_back()
    expect_home(build, app)


def test_undo_knows_what_back_took_back(build):
    set_epochs(build, 3)
    build.go_back()
    expect_epochs(build, 10)
    expect(build.locator(".st-key-undo").get_by_test_id("stBaseButton-secondary").first).to_be_disabled()
    redo = build.locator(".st-key-redo").get_by_test_id("stBaseButton-secondary").first
    redo.focus()
    build.keyboard.press("Enter")
    expect_epochs(build, 3)
    expect(redo).to_be_disabled()


def test_a_slider_on_its_way_is_one_step(app, build):
    slider = build.locator(".st-key-batch_size").get_by_role("slider")
    slider.focus()
    for _ in range(4):
        build.keyboard.press("ArrowLeft")
        build.wait_for_timeout(150)
    build.wait_for_url(re.compile("batch_size=48"))
    ready(build)
    build.go_back()
    expect(build.locator(".st-key-batch_size")).to_contain_text("128")
    ready(build)
    build.go_back()
    expect_home(build, app)


def test_home_starts_the_training_with_one_button_and_back_leads_to_a_clean_home(app, page):
    page.goto(app)
    page.wait_for_function("window.layerlabSteps")
    page.locator(".st-key-go_train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("running")
    page.wait_for_url(re.compile("run="))
    page.locator(".st-key-stop button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("stopped")
    ready(page)
    page.go_back()
    expect_home(page, app)
    page.locator(".st-key-go_points button").click()
    page.wait_for_url(re.compile("points"))
    ready(page)
    page.go_back()
    expect_home(page, app)


def test_a_layer_that_is_moved_stays_open(build):
    row = build.locator(".st-key-layer_3")
    row.locator("summary").click()
    row.get_by_role("button", name="Up").click()
    moved = build.locator(".st-key-layer_2")
    expect(moved).to_contain_text("Conv2D")
    moved.get_by_role("button", name="Down").wait_for()
    moved.get_by_role("button", name="Down").click()
    build.locator(".st-key-layer_3").get_by_role("button", name="Up").wait_for()
    expect(build.locator(".st-key-layer_3")).to_contain_text("Conv2D")
