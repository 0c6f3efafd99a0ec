"""The benchmark of first visits: its clock stops when the page behind a link can be used."""

from playwright.sync_api import expect

from benchmarks.visits import HOMES_CONTROL, clicked, opened


def test_a_visit_lasts_until_a_control_of_the_page_is_on_the_screen(app, visitor):
    page = visitor()
    page.goto(app)
    page.locator(HOMES_CONTROL).wait_for()
    assert clicked(page, "images") > 0
    assert page.locator("h1").first.inner_text() == "Images are numbers"
    expect(page.get_by_test_id("stMain").locator("input, [role=slider], button").first).to_be_visible(timeout=1)


def test_a_page_is_opened_in_a_fresh_browser_and_in_the_same_one_again(app, chromium):
    windows = len(chromium.contexts)
    first, again = opened(chromium, app, HOMES_CONTROL)
    assert min(first, again) > 0
    assert len(chromium.contexts) == windows
