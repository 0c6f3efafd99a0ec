"""Inside a network trained a moment ago: from the whole network to one written-out number."""

import io
import re

import numpy as np
import pytest
from helpers.fitting import fits, suits_everybody
from helpers.following import go
from helpers.page_runs import at_rest, script_ended
from helpers.page_trainings import trained_elsewhere
from PIL import Image
from playwright.sync_api import expect

from lib.data.loading import load

pytestmark = pytest.mark.follows

ASKED = {
    "dataset": "mnist", "samples": "2000", "epochs": "2", "learning_rate": "0.01",
    "layers": "Conv2D(filters=12);MaxPooling2D;Conv2D(filters=3);BatchNormalization;Flatten"
              ";Dense(units=10,activation=softmax)",
}  # fmt: skip


@pytest.fixture(scope="module")
def run_id(app):
    """A run that somebody else has trained; its address is all that is needed."""
    return trained_elsewhere(app, ASKED)


@pytest.fixture
def inside(app, page, run_id):
    def open_at(query="", visitor_page=page):
        go(visitor_page, f"{app}/inside?run={run_id}{query}")
        visitor_page.get_by_test_id("network").wait_for()
        script_ended(visitor_page)
        return visitor_page

    return open_at


def column(page, name):
    return page.get_by_test_id(f"layer-{name}").locator(".unit")


def heading(page, name):
    return page.get_by_role("heading", name=f"Where a number comes from: {name}", exact=True)


def test_a_click_on_a_map_writes_out_its_strongest_number_from_the_learned_weights(inside):
    page = inside()
    expect(column(page, "conv2d")).to_have_count(8)
    page.get_by_test_id("layer-conv2d").get_by_role("button", name="all 12").click()
    expect(column(page, "conv2d")).to_have_count(12)
    expect(column(page, "input")).to_be_disabled()
    column(page, "conv2d").first.click()
    heading(page, "conv2d").wait_for()
    page.get_by_test_id("output").wait_for()
    text = page.get_by_test_id("arithmetic").inner_text()
    products = [float(one) * float(two) for one, two in re.findall(r"([-\d.e]+)\*([-\d.e]+)", text)]
    bias, total = map(float, re.search(r"bias ([-\d.e]+) = ([-\d.e]+)", text).groups())
    assert len(products) == 9
    assert sum(products) + bias == pytest.approx(total, abs=2e-3)
    page.wait_for_url(re.compile("layer=conv2d&unit="))
    before = page.get_by_test_id("position").inner_text()
    page.get_by_test_id("output").press("ArrowUp")
    expect(page.get_by_test_id("position")).not_to_have_text(before)


def test_enter_on_a_number_opens_it_and_the_arrow_keys_go_through_the_network(inside):
    page = inside("&sample=3")
    unit = column(page, "dense").nth(4)
    unit.press("Enter")
    heading(page, "dense").wait_for()
    expect(page.get_by_test_id("position")).to_have_text("unit 4: 4")
    lines = page.get_by_test_id("arithmetic").locator(".line")
    expect(lines.first).to_contain_text("bias")
    expect(lines.last).to_contain_text("the other 353 products together")
    expect(page.get_by_test_id("activation")).to_contain_text("softmax: exp(")
    share = float(page.get_by_test_id("activation").inner_text().split("= ")[1])
    assert share == pytest.approx(float(unit.locator(".value").inner_text()), abs=6e-3)
    unit.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    heading(page, "batch_normalization").wait_for()
    expect(page.get_by_test_id("arithmetic")).to_contain_text(re.compile(r"gamma .* \(.* - mean .* / sqrt\(variance"))


def test_another_image_keeps_the_map_and_changes_its_numbers(inside):
    page = inside("&layer=max_pooling2d&unit=1")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("max(")
    before = page.locator(".st-key-inside_prediction").inner_text()
    page.locator(".st-key-inside_sample input").fill("5")
    page.locator(".st-key-inside_sample input").press("Enter")
    expect(page.locator(".st-key-inside_prediction")).not_to_have_text(before)
    expect(page.locator(".st-key-inside_prediction")).to_contain_text("test image 5")
    heading(page, "max_pooling2d").wait_for()
    page.wait_for_url(re.compile("sample=5"))


def test_a_small_drawing_in_a_corner_goes_in_as_mnists_digits_are(inside):
    page = inside()
    page.locator(".st-key-inside_input").get_by_text("drawing").click()
    page.get_by_text("There is nothing on the picture").wait_for()
    pad = page.get_by_test_id("pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 15, box["y"] + 15)
    page.mouse.down()
    for x, y in ((75, 15), (40, 90)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()
    expect(page.locator(".st-key-inside_steps img")).to_have_count(5)
    expect(page.locator(".st-key-inside_prediction")).to_contain_text(re.compile(r"\d+\.\d\d%"))
    centred = page.locator(".st-key-inside_prediction").inner_text()
    page.locator(".st-key-inside_way").get_by_text("as drawn").click()
    expect(page.locator(".st-key-inside_prediction")).not_to_have_text(centred)


@pytest.mark.parametrize("query", ["&layer=conv2d_1&unit=2", "&layer=dense&unit=3", "&layer=flatten&unit=9"])
def test_the_network_and_its_arithmetic_fit_the_window(inside, query):
    page = inside(query)
    expect(page.get_by_test_id("arithmetic")).not_to_be_empty()
    suits_everybody(page)


def test_a_filter_is_switched_off_and_put_back_and_a_new_run_goes_on_from_epoch_2_with_another_rate(inside):
    page = inside("&sample=5")
    said = page.locator(".st-key-inside_prediction")
    before = re.search(r"[\d.]+%", said.inner_text())[0]
    page.locator(".st-key-hands_in summary").click()
    page.locator(".st-key-strongest_off button").click()
    expect(page.locator(".st-key-by_hand")).to_contain_text("Changed by hand")
    page.wait_for_url(re.compile("hands=off%3Aconv2d"))
    expect(said).not_to_contain_text(before)
    expect(page.locator(".st-key-hands_accuracy")).to_contain_text("over 2,000 test images")
    page.locator(".st-key-put_back button").click()
    expect(said).to_contain_text(before)
    expect(page.locator(".st-key-by_hand")).to_have_count(0)
    page.locator(".st-key-going_on summary").click()
    page.locator(".st-key-on_learning_rate").get_by_role("slider").press("ArrowLeft")
    page.get_by_text("The new run has other settings here: learning_rate 0.01 → 0.005").wait_for()
    page.locator(".st-key-on_epochs input").fill("1")
    page.locator(".st-key-on_epochs input").press("Enter")
    page.get_by_text("epochs 2 → 1").wait_for()
    page.locator(".st-key-go_on button").click()
    page.wait_for_url(re.compile("/build.*run="))
    expect(page.locator(".st-key-run_status")).to_contain_text("done", timeout=180_000)
    expect(page.locator(".st-key-origin")).to_contain_text("after epoch 2")


def test_the_exact_map_adds_up_and_names_the_pixels_it_sees(inside):
    page = inside("&sample=2")
    page.get_by_test_id("why-map-1").wait_for()
    for which in (0, 1):
        total, bias, score = map(
            float,
            re.search(
                r"sum (\S+) \+ bias (\S+) = (\S+)", page.get_by_test_id(f"why-sum-{which}").inner_text()
            ).groups(),
        )
        assert total + bias == pytest.approx(score, abs=5e-3)
    page.get_by_test_id("why-map-0").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    # A 3x3 window on 2x2 means of 3x3 windows: 8 pixels, 2 from one place to the next.
    expect(page.get_by_test_id("why-place")).to_contain_text("place 1, 1 sees rows 2 to 9, columns 2 to 9")
    page.locator(".st-key-why_method").get_by_text("occlusion").click()
    expect(page.get_by_test_id("why-sum-0")).to_contain_text("with the worst place covered")
    page.locator(".st-key-why_method").get_by_text("SmoothGrad").click()
    expect(page.get_by_test_id("why-sum-1")).to_contain_text("mean of 50 gradients with 10% noise; score")
    page.get_by_test_id("why-map-1").press("ArrowDown")
    place = re.compile(r"pixel \d+, \d+: after epoch 2 [-\d.e]+; with")
    expect(page.get_by_test_id("why-place")).to_contain_text(place)


def test_the_time_machine_plays_from_the_untrained_network_to_the_last_epoch(inside):
    page = inside("&sample=2")
    last = page.locator(".st-key-inside_prediction").text_content()
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".st-key-inside_play")).to_contain_text("Pause")
    expect(page.locator(".st-key-inside_prediction")).not_to_have_text(last)
    expect(page.locator(".st-key-inside_play")).to_contain_text("Play")
    expect(page.locator(".st-key-inside_prediction")).to_have_text(last)


def test_a_sample_of_a_confusion_cell_leads_inside(app, page, run_id):
    go(page, f"{app}/results?run={run_id}")
    card = page.locator(".st-key-cell_samples .both").first
    number = card.locator(".number").inner_text().removeprefix("no. ")
    card.get_by_role("button", name="Look inside").click()
    page.get_by_test_id("network").wait_for()
    expect(page.locator(".st-key-inside_prediction")).to_contain_text(f"test image {number}")
    page.wait_for_url(re.compile(f"inside\\?.*sample={number}"))


def test_a_point_of_the_learned_space_shows_its_image_and_leads_to_it(inside):
    page = inside("&more=space&embedding_samples=500")
    point = page.locator(".st-key-space_box .scatterlayer path.point").nth(40)
    point.scroll_into_view_if_needed()
    at_rest(page)
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    label = page.locator(".st-key-space_box .hovertext")
    expect(label).to_contain_text("no. ")
    number = re.search(r"no\. (\d+)", label.text_content())[1]
    pointed = page.get_by_test_id("pointed-at")
    expect(pointed).to_have_attribute("data-number", number)
    seen = Image.open(io.BytesIO(pointed.screenshot())).convert("L").resize((28, 28))
    shown, image = np.asarray(seen, float), load("mnist").test.x[int(number), ..., 0]
    assert np.corrcoef(shown[2:-2, 2:-2].ravel(), image[2:-2, 2:-2].ravel())[0, 1] > 0.9
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(0, 0)
    expect(pointed).to_be_hidden()
    card = page.locator(".st-key-space_cards_box")
    expect(card.locator(".number")).to_have_text(f"no. {number}")
    card.get_by_role("img", name=f"test sample {number}").wait_for()
    assert f"embedding_sample={number}" in page.url
    card.get_by_role("button", name="Look inside").click()
    expect(page.locator(".st-key-inside_prediction")).to_contain_text(f"test image {number}")
    fits(page)
