import io

import numpy as np
import pytest
from helpers.fitting import fits
from helpers.following import go
from helpers.page_runs import at_rest, script_ended
from helpers.uploading import bring
from PIL import Image
from playwright.sync_api import expect

from lib.data.loading import load
from lib.ui.learn.images.pixels import statistics

pytestmark = pytest.mark.follows


@pytest.fixture
def open_images(app, page):
    def open_at(query="", visitor_page=page):
        go(visitor_page, f"{app}/images{query}")
        script_ended(visitor_page)
        return visitor_page

    return open_at


def hover(page, row, column, rows, columns):
    """Move over the middle of a pixel, counted from 0."""
    output = page.get_by_test_id("output")
    output.scroll_into_view_if_needed()
    box = output.bounding_box()
    page.mouse.move(box["x"] + (column + 0.5) / columns * box["width"], box["y"] + (row + 0.5) / rows * box["height"])


def png(size, colour):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def test_hovering_and_the_arrow_keys_show_the_pixels_own_number(open_images):
    page = open_images()
    image = load("mnist").test.x[0]
    row, column = (int(place) for place in np.argwhere(image[..., 0] > 100)[7])
    hover(page, row, column, 28, 28)
    expect(page.get_by_test_id("position")).to_have_text(f"row {row + 1}, column {column + 1}")
    value = image[row, column, 0]
    expect(page.get_by_test_id("arithmetic")).to_have_text(f"{value}, as a share {value}/255 = {value / 255:.3f}")
    page.get_by_test_id("output").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_test_id("position")).to_have_text(f"row {row + 2}, column {column}")
    expect(page.get_by_test_id("arithmetic")).to_contain_text(f"{image[row + 1, column - 1, 0]}, as a share")
    expect(page.locator(".st-key-formula .cell.chosen")).to_have_text(str(image[row + 1, column - 1, 0]))


def test_the_edge_of_the_picture_stops_the_arrow_keys(open_images):
    page = open_images()
    hover(page, 0, 27, 28, 28)
    page.get_by_test_id("output").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("position")).to_have_text("row 1, column 28")


def test_a_colour_picture_has_three_planes_and_three_standardised_numbers(open_images):
    query = "picture_dataset=cifar10&picture_number=5"
    page = open_images(f"?{query}")
    for name in ("red", "green", "blue"):
        page.get_by_test_id(f"plane-{name}").wait_for()
    page = open_images(f"?part=scaling&{query}")
    hover(page, 10, 20, 32, 32)
    mean, deviation = statistics("cifar10")
    for channel, name in enumerate(("red", "green", "blue")):
        value = int(load("cifar10").test.x[5, 10, 20, channel])
        result = (value / 255 - mean[channel]) / deviation[channel]
        expect(page.get_by_test_id("arithmetic")).to_contain_text(
            f"{name} ({value}/255 - {mean[channel]:.4f})/{deviation[channel]:.4f} = {result:.3f}"
        )


def test_the_scale_changes_the_numbers_and_moves_the_histogram_only_when_it_standardises(open_images):
    page = open_images("?part=scaling")
    hover(page, 0, 0, 28, 28)
    chosen = page.locator(".st-key-formula .cell.chosen")
    mean, deviation = (value[0] for value in statistics("mnist"))
    expect(chosen).to_have_text("0")
    first = page.locator(".st-key-formula .bar").first
    place = first.evaluate("bar => bar.style.left")
    page.get_by_test_id("scale-unit").click()
    expect(chosen).to_have_text("0.00")
    assert first.evaluate("bar => bar.style.left") == place
    page.get_by_test_id("scale-standard").click()
    expect(chosen).to_have_text(f"{-mean / deviation:.2f}")
    assert first.evaluate("bar => bar.style.left") != place
    page.get_by_role("button", name="Another").click()
    expect(page.locator(".st-key-picture_number input")).to_have_value("10")
    expect(chosen).to_have_text(f"{-mean / deviation:.2f}")


def test_what_is_drawn_becomes_the_picture_and_is_cleared_again(open_images):
    page = open_images("?picture_source=draw")
    pad = page.get_by_test_id("pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 3 * box["height"] / 4, steps=8)
    page.mouse.up()
    expect(page.get_by_test_id("arithmetic")).to_contain_text("255, as a share 255/255 = 1.000")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_test_id("arithmetic")).to_contain_text("0, as a share 0/255 = 0.000")


def test_the_pen_follows_the_keyboard_and_the_drawing_is_there_after_a_look_elsewhere(open_images):
    page = open_images("?picture_source=draw")
    page.get_by_test_id("pad").focus()
    for key in ("Space", *["ArrowRight"] * 5, "Space"):
        page.keyboard.press(key)
    expect(page.locator(".st-key-picture_drawing")).to_contain_text("row 15, column 20, pen up")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("255, as a share")
    page.get_by_role("radio", name="sample").click()
    page.get_by_role("button", name="Another").wait_for()
    page.get_by_role("radio", name="draw").click()
    # The pad moves everything below it: what is pointed at before it has come is somewhere else afterwards.
    page.get_by_test_id("pad").wait_for()
    script_ended(page)
    hover(page, 14, 16, 28, 28)
    expect(page.get_by_test_id("arithmetic")).to_contain_text("255, as a share")


def test_an_upload_is_shown_and_a_false_one_is_refused_with_the_last_picture_left(open_images):
    page = open_images("?picture_source=upload")
    bring(page, "wide.png", png((300, 100), (200, 30, 60)), "picture_upload")
    expect(page.locator(".st-key-picture_upload")).to_contain_text("wide.png")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("red 200, as a share 200/255 = 0.784")
    bring(page, "fake.png", b"this is text", "picture_upload")
    expect(page.get_by_test_id("stAlert")).to_contain_text("“fake.png” is not a picture in PNG, JPEG")
    expect(page.get_by_text("The picture is still")).to_contain_text("wide.png")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("red 200")


def test_no_part_is_wider_than_a_phone(open_images, phone):
    page = open_images("?picture_dataset=cifar10", phone(dark=True))
    parts = page.locator(".st-key-part").get_by_role("radio")
    for number in range(parts.count()):
        parts.nth(number).click()
        at_rest(page)
        fits(page)
