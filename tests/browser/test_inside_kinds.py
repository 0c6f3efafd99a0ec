"""Inside a network for points: a unit's sum, read off the page, is its number; a click asks about another place."""

import re

import pytest
from helpers.fitting import suits_everybody
from helpers.following import go
from helpers.page_trainings import trained_elsewhere
from playwright.sync_api import expect

pytestmark = pytest.mark.follows

POINTS = {
    "dataset": "points", "epochs": "3", "loss": "binary_crossentropy",
    "layers": "Dense(units=4,activation=tanh);Dense(units=1,activation=sigmoid)",
}  # fmt: skip
SENTENCES = {
    "dataset": "movies", "samples": "500", "vocabulary": "2000", "length": "12", "epochs": "1",
    "loss": "binary_crossentropy",
    "layers": "Embedding(input_dim=2000,output_dim=4);Conv1D(filters=3);LSTM(units=3);"
    "Dense(units=1,activation=sigmoid)",
}  # fmt: skip
PREDICTION = ".st-key-inside_prediction"


@pytest.fixture(scope="module")
def run_id(app):
    return trained_elsewhere(app, POINTS)


def test_from_results_to_a_units_sum_with_the_features_names_and_on_to_another_place(app, page, run_id):
    go(page, f"{app}/results?run={run_id}")
    page.locator(".st-key-one_answer").get_by_role("link", name="Look inside with this point").click()
    expect(page.locator(PREDICTION)).to_contain_text("test point 0")
    unit = page.get_by_test_id("layer-dense").locator(".unit").nth(2)
    unit.wait_for()
    expect(page.get_by_test_id("layer-input").locator(".label")).to_have_text(["x", "y"])
    shown = float(unit.locator(".value").inner_text())
    unit.click()
    page.get_by_role("heading", name="Where a number comes from: dense", exact=True).wait_for()
    lines = page.get_by_test_id("arithmetic").locator(".line")
    expect(lines).to_have_count(3)
    expect(page.get_by_test_id("position")).to_have_text("unit 2")
    text = page.get_by_test_id("arithmetic").inner_text()
    products = [float(one) * float(two) for one, two in re.findall(r"[xy]: ([-\d.e]+)\*([-\d.e]+)", text)]
    bias, total = map(float, re.search(r"bias ([-\d.e]+) = ([-\d.e]+)", text).groups())
    assert len(products) == 2
    assert sum(products) + bias == pytest.approx(total, abs=2e-3)
    said = page.get_by_test_id("activation").inner_text()
    assert said.startswith("tanh(")
    assert float(said.split("= ")[1]) == pytest.approx(shown, abs=6e-3)

    # Another place, by a click on the plane: the same unit says another number there.
    page.get_by_test_id("plane").click(position={"x": 60, "y": 60})
    expect(page.locator(PREDICTION)).to_contain_text("the place (")
    page.wait_for_url(re.compile(r"input=place.*x=-[\d.]+.*y=[\d.]+"))
    expect(page.get_by_test_id("arithmetic")).not_to_have_text(text)
    expect(page.get_by_test_id("position")).to_have_text("unit 2")


def test_it_fits_the_window(app, page, run_id):
    go(page, f"{app}/inside?run={run_id}&input=place&x=2&y=-1&layer=dense&unit=1")
    expect(page.get_by_test_id("arithmetic")).not_to_be_empty()
    suits_everybody(page)


@pytest.fixture(scope="module")
def reader(app):
    """A run that reads sentences with a convolution and a cell."""
    return trained_elsewhere(app, SENTENCES)


def test_of_a_sentence_the_windows_and_the_gates_are_written_out(app, page, reader):
    go(page, f"{app}/inside?run={reader}&input=typed&sentence=a+truly+wonderful+film&layer=conv1d")
    position, arithmetic = page.get_by_test_id("position"), page.get_by_test_id("arithmetic")
    expect(arithmetic.locator(".line")).to_have_count(5)
    page.get_by_test_id("output").focus()
    page.keyboard.press("End")
    expect(position).to_have_text("position 9: steps 9 to 11 “truly wonderful film”")
    sums = [float(each.split("= ")[1]) for each in arithmetic.inner_text().splitlines()[:4]]
    bias, total = re.search(r"bias ([-\d.e]+) = ([-\d.e]+)", arithmetic.inner_text()).groups()
    assert sum(sums) + float(bias) == pytest.approx(float(total), abs=2e-3)

    # A unit of the cell: its state, from the gates that are written out, is the number in the network.
    unit = page.get_by_test_id("layer-lstm").locator(".unit").nth(2)
    shown = float(unit.locator(".value").inner_text())
    unit.click()
    expect(position).to_have_text("step 10 of 10: position 9")
    state = page.locator(".state .line").last
    expect(state).to_contain_text("hidden state: h = o · tanh(c)")
    assert float(state.inner_text().split("= ")[-1].replace("−", "-")) == pytest.approx(shown, abs=2e-3)
    page.get_by_test_id("states").focus()
    page.keyboard.press("ArrowLeft")
    expect(position).to_have_text("step 9 of 10: position 8")
    page.wait_for_url(re.compile("step=9"))
    page.get_by_test_id("layer-lstm").locator(".unit").nth(0).click()
    expect(page.locator(".walk select")).to_have_value("0")
    suits_everybody(page)
