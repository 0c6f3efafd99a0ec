"""Results of sentences in a real browser: the threshold moves both curves' points, a sentence is followed."""

import pytest
from helpers.following import go
from helpers.page_trainings import trained_elsewhere
from playwright.sync_api import expect

pytestmark = pytest.mark.follows

ASKED = {
    "dataset": "movies", "samples": "500", "vocabulary": "2000", "length": "20", "epochs": "2",
    "layers": "Embedding(input_dim=2000,output_dim=4);GlobalAveragePooling1D;Dense(units=1,activation=sigmoid)",
    "loss": "binary_crossentropy", "learning_rate": "0.05",
}  # fmt: skip
POINT = "{} .scatterlayer .trace:last-child path.point"


@pytest.fixture
def results(app, page):
    go(page, f"{app}/results?run={trained_elsewhere(app, ASKED)}")
    return page


def test_a_chosen_sentence_is_followed_and_the_threshold_moves_a_point_on_both_curves(results):
    card = results.locator(".st-key-predictions button.card").nth(2)
    sentence = card.locator(".text").inner_text()
    card.click()
    drawer = results.get_by_role("dialog")
    expect(drawer.locator(".st-key-opened_sentence")).to_contain_text(sentence)
    expect(drawer).to_contain_text("Both agree")
    results.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(results.locator(".st-key-sample input")).to_have_value("2")
    expect(results.locator(".st-key-one_sentence")).to_contain_text(sentence)
    other = results.locator(".st-key-cell_samples button.card").first
    number = other.locator(".number").inner_text().removeprefix("no. ")
    other.click()
    expect(drawer).to_contain_text(f"Test sentence {int(number):,}")
    results.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(results.locator(".st-key-sample input")).to_have_value(number)
    # A chart that changes is there twice for a moment, the new one first.
    points = [results.locator(POINT.format(key)).first for key in (".st-key-roc", ".st-key-precision_recall")]
    places = [point.get_attribute("transform") for point in points]
    figures = results.locator(".st-key-binary_figures")
    before = figures.inner_text()
    results.locator(".st-key-threshold").get_by_role("slider").press("Home")
    for point, place in zip(points, places, strict=True):
        expect(point).not_to_have_attribute("transform", place)
    expect(figures).not_to_have_text(before)
    expect(figures).to_contain_text("1.000")  # everything is called positive: no positive is missed
