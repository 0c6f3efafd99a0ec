"""A network's mistakes in a real browser: a card opens, doubt moves a point, worse images are measured."""

import pytest
from helpers.following import go
from helpers.page_trainings import trained_elsewhere
from playwright.sync_api import expect

pytestmark = pytest.mark.follows

ASKED = {
    "dataset": "mnist", "samples": "500", "epochs": "2", "learning_rate": "0.02",
    "layers": "Flatten;Dense(units=10,activation=softmax)",
}  # fmt: skip
POINT = ".st-key-doubt_curve .scatterlayer .trace:last-child path.point"


def test_a_mistake_is_opened_doubt_is_chosen_and_robustness_is_measured(app, page):
    run = trained_elsewhere(app, ASKED)
    go(page, f"{app}/results?run={run}")
    card = page.locator(".st-key-confident_mistakes button.card").first
    number = card.locator(".number").inner_text().removeprefix("no. ")
    card.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(f"Test image {int(number):,}")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)

    point = page.locator(POINT).first
    place, figures = point.get_attribute("transform"), page.locator(".st-key-doubt_figures")
    before = figures.inner_text()
    page.locator(".st-key-doubt").get_by_role("slider").press("Home")
    expect(figures).not_to_have_text(before)
    expect(figures).to_contain_text("100.00%")
    expect(point).not_to_have_attribute("transform", place)
    assert "doubt=0" in page.url

    page.locator(".st-key-measure_robustness button").click()
    expect(page.locator(".st-key-robustness_accuracy .scatterlayer .trace")).to_have_count(6, timeout=120_000)
    expect(page.locator(".st-key-robustness_image .scatterlayer .trace")).to_have_count(6)

    page.locator(".st-key-narrowly_right button.inside").first.click()
    page.wait_for_url("**/inside?**")
    page.locator(".st-key-inside_prediction").wait_for()
