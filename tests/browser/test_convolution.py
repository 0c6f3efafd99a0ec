"""The Convolution page in a real browser: what the explorer says is what numpy gives."""

import re

import numpy as np
import pytest
from helpers.fitting import fits
from helpers.following import go
from helpers.page_runs import script_ended
from playwright.sync_api import expect

from lib.concepts.convolution import conv2d, terms_at
from lib.concepts.kernels import kernel_named
from lib.data.loading import load

pytestmark = pytest.mark.follows


def opened(page, app, query=""):
    go(page, f"{app}/convolution?{query}")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("=")
    script_ended(page)
    return page


def point(page, row, column, rows, columns):
    """Put the pointer on one cell of the output."""
    output = page.get_by_test_id("output")
    box = output.bounding_box()
    # Waits until the output has come to rest: a moment ago it may have been further up.
    output.hover(position={"x": (column + 0.5) * box["width"] / columns, "y": (row + 0.5) * box["height"] / rows})
    expect(page.get_by_test_id("position")).to_have_text(f"row {row}, column {column}")


def short(value):
    """Four significant digits, as the explorer writes them."""
    return np.format_float_positional(np.float64(f"{value:.4g}") + 0, trim="-")


def written(terms, bias, channel=0):
    pairs = zip(terms.values[:, :, channel].ravel(), terms.weights[:, :, channel].ravel(), strict=True)
    return " + ".join(f"{short(value)}*{short(weight)}" for value, weight in pairs)


@pytest.fixture(scope="module")
def digit():
    return load("mnist").test.x[0].astype(np.float32) / np.float32(255)


@pytest.fixture(scope="module")
def photo():
    return load("cifar10").test.x[0].astype(np.float32) / np.float32(255)


def test_pointing_at_cells_terms_and_pixels_tells_exactly_what_numpy_gives(app, page, digit):
    opened(page, app)
    check_products(page, digit)
    check_terms_and_taps(page)
    check_input_pixel(page, digit)


def check_products(page, digit):
    """An output cell shows its products."""
    kernel = kernel_named("sobel_x", 3)[:, :, None, None]
    output = conv2d(digit, kernel)
    for row, column in [(3, 4), (10, 20), (25, 0), (9, 21), (0, 25)]:
        point(page, row, column, 26, 26)
        terms = terms_at(digit, kernel, row, column)
        expected = f"{written(terms, 0)} + bias 0 = {short(output[row, column, 0])}"
        assert page.get_by_test_id("arithmetic").text_content() == expected


def check_terms_and_taps(page):
    """A term and its tap point at each other."""
    page.get_by_test_id("arithmetic").locator("[data-tap='0,2,1']").hover()
    expect(page.locator(".number.pointed")).to_have_count(3)
    page.locator(".numbers .number[data-tap='0,0,0']").first.hover()
    expect(page.get_by_test_id("arithmetic").locator(".pointed")).to_have_count(1)
    expect(page.get_by_test_id("arithmetic").locator("[data-tap='0,0,0']")).to_have_class(re.compile("pointed"))


def check_input_pixel(page, digit):
    """A pixel tells its value and who uses it."""
    box = page.locator(".plane .map").bounding_box()
    page.mouse.move(box["x"] + 21.5 * box["width"] / 28, box["y"] + 10.5 * box["height"] / 28)
    value = short(digit[10, 21, 0])
    expect(page.locator(".readout")).to_have_text(f"pixel row 10, column 21: {value}, used by 9 outputs of each map")


def test_stride_dilation_padding_bias_and_activation_are_in_the_arithmetic(app, page, digit):
    opened(page, app, "kernel=emboss&stride=2&dilation=2&padding=3&bias=-1.5&activation=relu")
    kernel = kernel_named("emboss", 3)[:, :, None, None]
    sums = conv2d(digit, kernel, 2, 3, 2) - np.float32(1.5)
    rows, columns, _ = sums.shape
    for row, column in [(0, 0), (6, 7), (rows - 1, columns - 1), (5, 8)]:
        point(page, row, column, rows, columns)
        total = short(sums[row, column, 0])
        terms = terms_at(digit, kernel, row, column, 0, 2, 3, 2)
        assert page.get_by_test_id("arithmetic").text_content() == f"{written(terms, 0)} + bias -1.5 = {total}"
        after = short(max(sums[row, column, 0], 0))
        assert page.get_by_test_id("activation").text_content() == f"relu({total}) = {after}"


def test_a_colour_picture_has_three_sums_and_their_total_for_each_filter(app, page, photo):
    opened(page, app, "kernel=edge_detectors&picture_dataset=cifar10&padding=same")
    page.locator("[aria-label=explorer]").get_by_text("output 32×32×4: Sobel x").wait_for()
    page.locator(".thumb", has_text="Laplacian").click()
    kernel = kernel_named("laplacian", 3)[:, :, None, None].repeat(3, axis=2)
    output = conv2d(photo, kernel, padding="same")
    point(page, 0, 17, 32, 32)
    terms = terms_at(photo, kernel, 0, 17, padding="same")
    lines = [
        f"{name}: {written(terms, 0, channel)} = {short(terms.channel_sums[channel])}"
        for channel, name in enumerate(("red", "green", "blue"))
    ]
    sums = " + ".join(short(value) for value in terms.channel_sums)
    expected = [*lines, f"total: {sums} + bias 0 = {short(output[0, 17, 0])}"]
    assert page.get_by_test_id("arithmetic").text_content().split("\n") == expected


def test_the_keyboard_moves_holds_and_plays(app, page):
    opened(page, app)
    point(page, 5, 5, 26, 26)
    position = page.get_by_test_id("position")
    output = page.get_by_test_id("output")
    output.focus()
    for key, place in [
        ("ArrowRight", (5, 6)), ("ArrowDown", (6, 6)), ("ArrowLeft", (6, 5)), ("ArrowUp", (5, 5)), ("End", (5, 25)),
        ("ArrowRight", (5, 25)), ("Home", (5, 0)), ("PageDown", (10, 0)), ("PageUp", (5, 0)),
        ("Control+End", (25, 25)), ("Control+Home", (0, 0)), ("ArrowUp", (0, 0)),
    ]:  # fmt: skip
        output.press(key)
        expect(position).to_have_text(f"row {place[0]}, column {place[1]}")
    output.press("Enter")
    expect(page.locator(".pin")).to_contain_text("held")
    output.press("Escape")
    expect(page.locator(".pin")).to_have_text("")
    output.press(" ")
    expect(page.locator(".play")).to_contain_text("Pause")
    expect(position).not_to_have_text("row 0, column 0")
    page.locator(".play").click()
    expect(page.locator(".play")).to_contain_text("Play")


def test_a_click_holds_the_place_and_a_second_one_lets_go(app, page):
    opened(page, app)
    point(page, 8, 9, 26, 26)
    page.mouse.down()
    page.mouse.up()
    box = page.get_by_test_id("output").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    expect(page.locator(".pin")).to_contain_text("held")
    expect(page.get_by_test_id("position")).to_have_text("row 8, column 9")
    page.mouse.move(box["x"] + 9.5 * box["width"] / 26, box["y"] + 8.5 * box["height"] / 26)
    page.mouse.down()
    page.mouse.up()
    point(page, 2, 3, 26, 26)


def test_where_one_looked_survives_a_slider(app, page):
    opened(page, app)
    output = page.get_by_test_id("output")
    output.press("Control+End")
    expect(page.get_by_test_id("position")).to_have_text("row 25, column 25")
    page.locator(".st-key-stride").get_by_role("slider").press("ArrowRight")
    expect(page.locator(".st-key-formula")).to_contain_text("floor((28 + 2*0 - 3)/2) + 1 = 13")
    expect(page.get_by_test_id("position")).to_have_text("row 12, column 12")


def test_each_slider_changes_the_output_and_the_window(app, page):
    opened(page, app)
    for key, value, size, terms in [
        ("dilation", 2, "24×24×1", 9), ("stride", 2, "12×12×1", 9), ("kernel_size", 4, "11×11×1", 16),
    ]:  # fmt: skip
        page.locator(f".st-key-{key}").get_by_role("slider").press("ArrowRight")
        page.locator(".explorer").get_by_text(f"output {size}").wait_for()
        expect(page.get_by_test_id("arithmetic").locator("[data-tap]")).to_have_count(terms)
        page.wait_for_url(re.compile(f"{key}={value}"))


def test_a_typed_kernel_is_used_and_its_link_opens_it_again(app, page):
    opened(page, app)
    field = page.get_by_label("kernel row 1, column 1")
    field.fill("1/4")
    field.press("Enter")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("*0.25 +")
    page.wait_for_url(re.compile("weights="))
    opened(page, app, page.url.partition("?")[2])  # as somebody else
    expect(field).to_have_value("0.25")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("*0.25 +")


def test_a_bad_kernel_value_is_explained_and_the_last_good_kernel_stays(app, page):
    opened(page, app)
    before = page.get_by_test_id("arithmetic").text_content()
    field = page.get_by_label("kernel row 0, column 2")
    for bad in ("NaN", "1e30", "", "1/0", "Infinity", "two"):
        field.fill(bad)
        field.press("Tab")
        said = f"“{bad}”" if bad else "An empty field"
        sentence = f"{said} in row 0, column 2 cannot be used: write a number from -1000 to 1000"
        expect(page.locator(".message")).to_contain_text(sentence)
        expect(field).to_have_attribute("aria-invalid", "true")
        assert page.get_by_test_id("arithmetic").text_content() == before
    page.locator(".st-key-stride").get_by_role("slider").press("ArrowRight")
    page.locator(".explorer").get_by_text("output 13×13×1").wait_for()
    expect(field).to_have_value("two")
    field.fill("5")
    field.press("Tab")
    expect(page.locator(".message")).to_have_text("")
    expect(page.get_by_test_id("arithmetic")).to_contain_text("*5 +")


def test_another_name_brings_its_kernel_back_after_edits(app, page):
    opened(page, app)
    field = page.get_by_label("kernel row 1, column 1")
    field.fill("9")
    field.press("Tab")
    page.wait_for_url(re.compile("weights="))
    page.locator(".st-key-kernel input").click()
    page.get_by_role("option", name="identity").click()
    expect(field).to_have_value("1")
    page.wait_for_url(lambda url: "weights=" not in url)


@pytest.mark.parametrize(
    ("query", "dark"),
    [
        ("", True),
        ("kernel_size=7&padding=same&kernel=random", False),
        ("kernel=edge_detectors&picture_dataset=cifar10", False),
    ],
)
def test_nothing_sticks_out_on_a_phone(app, phone, query, dark):
    page = opened(phone(dark), app, query)
    assert page.locator(".explorer").evaluate("e => e.scrollWidth <= e.clientWidth")
    fits(page)
