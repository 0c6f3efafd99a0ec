import re

import numpy as np
import pytest
from helpers.fitting import fits
from helpers.following import go
from helpers.page_runs import at_rest
from playwright.sync_api import expect

from lib.concepts.activations import relu
from lib.concepts.convolution import conv2d
from lib.concepts.flattening import flatten, index_of
from lib.concepts.pooling import max_pool2d
from lib.data.loading import load
from lib.ui.learn.flattening.dense import logits_of
from lib.ui.learn.flattening.maps import KERNELS

pytestmark = pytest.mark.follows


def image():
    return load("mnist").test.x[0].astype(np.float32) / 255


def vector():
    """What four filters make of the first picture, in Keras' order."""
    return flatten(max_pool2d(relu(conv2d(image(), KERNELS)), 2, 2))


def hover(page, place, row, column, rows, columns):
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    x = box["x"] + (column + 0.5) / columns * box["width"]
    page.mouse.move(x, box["y"] + (row + 0.5) / rows * box["height"])


@pytest.fixture
def four_maps(app, page):
    go(page, f"{app}/flattening?filters=4")
    page.get_by_text("vector, 676 numbers").wait_for()
    at_rest(page)
    return page


def test_a_cell_of_the_vector_finds_its_place_in_the_maps_and_the_other_way(four_maps):
    for index in (0, 346, 675):
        hover(four_maps, four_maps.get_by_test_id("output"), index // 32, index % 32, 22, 32)
        place, channel = divmod(index, 4)
        where = f"row {place // 13}, column {place % 13}, channel {channel}: index {index}"
        expect(four_maps.get_by_test_id("position")).to_have_text(where)
        sums = f"({place // 13}*13 + {place % 13})*4 + {channel} = {index}"
        expect(four_maps.get_by_test_id("arithmetic")).to_have_text(sums)
        shown = four_maps.get_by_test_id("activation").text_content()
        assert float(shown.split()[-1]) == pytest.approx(float(vector()[index]), abs=6e-4)
    channel = four_maps.locator(".st-key-explorer .plane").nth(2).locator("canvas").first
    hover(four_maps, channel, 3, 4, 13, 13)
    index = index_of(3, 4, 2, (13, 13, 4))
    expect(four_maps.get_by_test_id("position")).to_have_text(f"row 3, column 4, channel 2: index {index}")


def test_more_filters_make_a_longer_vector(app, page):
    go(page, f"{app}/flattening")
    page.get_by_text("vector, 169 numbers").wait_for()
    page.locator(".st-key-filters").get_by_role("slider").press("ArrowRight")
    page.get_by_text("vector, 338 numbers").wait_for()
    expect(page.locator(".st-key-formula")).to_contain_text("13*13*2 = 338")


def test_another_unit_has_another_sum(app, page):
    go(page, f"{app}/flattening")
    dense = page.locator(".st-key-dense")
    for unit in (9, 0):
        dense.locator(".st-key-unit").get_by_role("radio", name=str(unit), exact=True).click()
        expect(dense).to_contain_text(re.compile(rf"logit of unit {unit} += +{logits_of(image())[unit]:.3f}"))


def test_pointing_at_a_pixel_tells_its_product_and_cold_makes_the_winner_surer(app, page):
    go(page, f"{app}/flattening")
    products = page.locator(".st-key-dense_products .nsewdrag")
    products.wait_for()
    hover(page, products, 7, 14, 28, 28)
    told = page.locator(".st-key-dense_products .hoverlayer")
    expect(told).to_contain_text("row 7, column 14")
    expect(told).to_contain_text("1.00 × 0.376 = 0.374")
    softmax = page.locator(".st-key-softmax")
    expect(softmax).to_contain_text(" = 31.9%")
    page.locator(".st-key-temperature").get_by_role("slider").press("ArrowLeft")
    expect(softmax).to_contain_text("/0.9 - ")
    expect(softmax).not_to_contain_text(" = 31.9%")


def test_a_persons_own_logits_are_taken_and_bad_ones_are_told(app, page):
    go(page, f"{app}/flattening")
    softmax = page.locator(".st-key-softmax")
    softmax.get_by_text("my own").click()
    box = page.locator(".st-key-logits input")
    box.fill("0, 0")
    box.press("Enter")
    expect(softmax).to_contain_text("1 / 2 = 50.0%")
    box.fill("0, zero")
    box.press("Enter")
    expect(softmax.get_by_test_id("stAlert")).to_contain_text("“zero” is not a number")
    expect(softmax).to_contain_text("1 / 2 = 50.0%")


def test_nothing_sticks_out_on_a_phone(app, phone):
    page = phone()
    go(page, f"{app}/flattening?filters=4")
    page.get_by_text("vector, 676 numbers").wait_for()
    page.locator(".st-key-softmax_bars .main-svg").first.wait_for()
    fits(page)
