import re

import numpy as np
import pytest
from helpers.fitting import fits
from helpers.following import go
from helpers.page_runs import at_rest
from playwright.sync_api import expect

from lib.concepts.pooling import pool2d
from lib.data.loading import load

pytestmark = pytest.mark.follows


def image():
    return load("mnist").test.x[0].astype(np.float32) / 255


def hover(page, row, column, rows, columns):
    output = page.get_by_test_id("output")
    output.scroll_into_view_if_needed()
    box = output.bounding_box()
    x = box["x"] + (column + 0.5) / columns * box["width"]
    page.mouse.move(x, box["y"] + (row + 0.5) / rows * box["height"])
    expect(page.get_by_test_id("position")).to_have_text(f"row {row}, column {column}")


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]


def test_a_number_of_the_output_shows_the_window_it_came_from(app, page):
    go(page, f"{app}/pooling?pool_size=3")
    page.get_by_text("output 13×13×1").wait_for()
    at_rest(page)
    for row, column in ((2, 8), (5, 4), (12, 12)):
        hover(page, row, column, 13, 13)
        expect(page.get_by_test_id("position")).to_contain_text(f"row {row}, column {column}")
        window = image()[2 * row : 2 * row + 3, 2 * column : 2 * column + 3, 0].ravel()
        *values, result = numbers(page.get_by_test_id("arithmetic").text_content())
        np.testing.assert_allclose(values, window, atol=6e-4)
        assert result == pytest.approx(window.max(), abs=6e-4)


def test_an_average_is_the_sum_over_the_number_of_pixels(app, page):
    go(page, f"{app}/pooling?pool_type=average")
    page.get_by_text("output 14×14×1").wait_for()
    hover(page, 3, 8, 14, 14)
    result = numbers(page.get_by_test_id("arithmetic").text_content())[-1]
    assert result == pytest.approx(float(pool2d(image(), "average", 2, 2)[3, 8, 0]), abs=6e-4)


def test_arrow_keys_move_over_the_output(app, page):
    go(page, f"{app}/pooling")
    hover(page, 3, 4, 14, 14)
    page.get_by_test_id("output").focus()
    page.mouse.move(0, 0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("position")).to_have_text("row 4, column 5")


def test_a_slider_changes_the_output_the_formula_and_the_address(app, page):
    go(page, f"{app}/pooling")
    page.get_by_text("output 14×14×1").wait_for()
    for key, title, query in (("pool_size", "output 13×13×1", "pool_size=3"), ("stride", "output 9×9×1", "stride=3")):
        page.locator(f".st-key-{key}").get_by_role("slider").press("ArrowRight")
        page.wait_for_url(re.compile(query))
        page.get_by_text(title).wait_for()
        expect(page.locator(".st-key-formula")).to_contain_text(f"+ 1 = {title[7:].split('×')[0]}")


def test_moving_a_dot_inside_its_window_changes_nothing(app, page):
    go(page, f"{app}/pooling")
    page.locator(".st-key-subject").get_by_text("one dot").click()
    shares = page.locator(".st-key-changed [data-testid=stMetricValue]")
    expect(shares).to_have_text(["100%", "0%"])
    page.locator(".st-key-shift").get_by_role("slider").press("ArrowRight")
    expect(shares).to_have_text(["100%", "100%"])


def test_what_was_set_survives_a_reload(app, page):
    go(page, f"{app}/pooling")
    page.locator(".st-key-pool_type").get_by_text("global average").click()
    page.get_by_text("output 1×1×1").wait_for()
    page.reload()
    page.get_by_text("output 1×1×1").wait_for()


def test_back_and_forward_go_through_the_answers(app, page):
    go(page, f"{app}/pooling?pool_type=global+average")  # a label, as addresses held once
    page.get_by_text("output 1×1×1").wait_for()
    page.wait_for_url(f"{app}/pooling?pool_type=global_average")
    page.locator(".st-key-pool_type").get_by_text("max", exact=True).click()
    page.get_by_text("output 14×14×1").wait_for()
    page.wait_for_url(f"{app}/pooling")
    page.go_back()
    page.get_by_text("output 1×1×1").wait_for()
    page.wait_for_url(f"{app}/pooling?pool_type=global_average")
    page.go_forward()
    page.get_by_text("output 14×14×1").wait_for()


def test_nothing_sticks_out_on_a_phone(app, phone):
    page = phone()
    go(page, f"{app}/pooling?picture_dataset=cifar10&pool_size=7&stride=1&pool_type=min")
    page.get_by_text("output 26×26×3").wait_for()
    page.locator(".st-key-shift_maps .main-svg").first.wait_for()
    fits(page)
