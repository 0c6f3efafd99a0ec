"""Pick digits and a recipe, train while watching, read the result, come back."""

import re

import keras
import numpy as np
from playwright.sync_api import expect

from lib.data.loading import load


def ready(page):
    """Wait until the script has run to its end and nothing is drawn any more."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def set_number(page, key, value):
    """Type a number, as a person would."""
    field = page.locator(f".st-key-{key} input")
    field.fill(str(value))
    field.press("Enter")
    ready(page)
    expect(field).to_have_value(str(value))


def status(page):
    return page.locator(".st-key-run_status")


def curve_points(page, more_than):
    """How many points the drawn curves hold, as soon as they are more than so many.

    While a chart is replaced by its next one it holds none: so they are counted and judged in one go.
    """
    counted = page.wait_for_function(
        "known => { const count = [...document.querySelectorAll('.st-key-training_panel .js-plotly-plot')]"
        ".flatMap(plot => plot.data).reduce((sum, trace) => sum + ((trace.x && trace.x.length) || 0), 0);"
        " return count > known && count; }",
        arg=more_than,
    )
    return counted.json_value()


def open_build(page, app):
    page.goto(f"{app}/build")
    expect(page.locator(".st-key-train button")).to_be_enabled()
    ready(page)


def test_train_the_simple_cnn_on_digits_and_read_the_result(app, page, tmp_path):
    open_build(page, app)
    expect(page.locator(".st-key-dataset input")).to_have_value("MNIST digits")
    expect(page.locator(".st-key-recipe input")).to_have_value("Simple CNN (MNIST)")
    set_number(page, "epochs", 3)
    expect(page.locator(".st-key-model_summary")).to_contain_text("Total params: 34,826")

    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text("running")
    expect(page.locator(".st-key-train button")).to_be_disabled()
    early = curve_points(page, more_than=7)
    assert "done" not in status(page).inner_text()
    expect(status(page)).to_contain_text(re.compile(r"done.*epoch 3/3"))
    assert curve_points(page, more_than=early) > early

    page.get_by_role("link", name="Look at the results").click()
    ready(page)
    shown = page.locator(".st-key-test_accuracy").inner_text()
    accuracy = float(re.search(r"(\d+\.\d+)\s*%", shown)[1])
    assert accuracy >= 93
    expect(page.get_by_text("60,000").first).to_be_visible()
    expect(page.locator(".st-key-confusion_matrix .js-plotly-plot")).to_be_visible()
    expect(page.locator(".st-key-predictions img").first).to_be_visible()
    click_cell(page, 4, 4)
    expect(page.locator(".st-key-cell_true input")).to_have_value("4")
    expect(page.locator(".st-key-cell_predicted input")).to_have_value("4")

    page.reload()
    expect(page.locator(".st-key-test_accuracy")).to_contain_text(f"{accuracy}")
    ready(page)
    model = download_model(page, tmp_path)
    test = load("mnist").test
    predicted = model.predict(test.x.astype("float32"), verbose=0).argmax(axis=1)
    assert abs(100 * np.mean(predicted == test.y) - accuracy) < 0.11


def click_cell(page, true, predicted):
    """Click into a cell of the confusion matrix, a little off its centre, as a hand does."""
    plot = page.locator(".st-key-confusion_matrix .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    place = plot.evaluate(
        "(plot, [row, column]) => { const {xaxis, yaxis} = plot._fullLayout;"
        " return [xaxis._offset + xaxis.l2p(column), yaxis._offset + yaxis.l2p(row)]; }",
        [true, predicted],
    )
    plot.click(position={"x": place[0] + 4, "y": place[1] - 3})
    ready(page)


def download_model(page, folder):
    """Press whatever prepares and saves the `.keras` file."""
    holder = page.locator(".st-key-download_model")
    with page.expect_download() as download:
        holder.get_by_role("button").click()
    download.value.save_as(folder / "model.keras")
    return keras.models.load_model(folder / "model.keras")


def test_a_reload_in_mid_training_finds_the_run_and_stop_stops_it(app, page):
    open_build(page, app)
    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text(re.compile(r"running.*epoch \d+/10"))
    page.wait_for_url(re.compile("run="))
    page.reload()
    expect(status(page)).to_contain_text(re.compile(r"running.*epoch \d+/10"))
    page.locator(".st-key-pause button").click()
    expect(status(page)).to_contain_text("paused")
    expect(page.locator(".st-key-pause button")).to_contain_text("Resume")
    page.locator(".st-key-pause button").click()
    expect(status(page)).to_contain_text("running")
    page.locator(".st-key-stop button").click()
    expect(status(page)).to_contain_text("stopped")
    expect(status(page)).to_contain_text("test accuracy")
    page.locator(".st-key-add_epoch button").click()
    expect(status(page)).to_contain_text(re.compile("running|done"))
    expect(status(page)).to_contain_text("done")


def test_a_training_goes_on_when_its_tab_is_closed(app, page):
    open_build(page, app)
    set_number(page, "epochs", 2)
    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text("running")
    page.wait_for_url(re.compile("run="))
    address, context = page.url, page.context
    page.close()
    again = context.new_page()
    again.goto(address)
    expect(status(again)).to_contain_text(re.compile(r"done.*epoch 2/2"))


def test_a_second_visitor_waits_in_line_and_sees_it(app, page, visitor):
    open_build(page, app)
    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text("running")
    other = visitor()
    open_build(other, app)
    set_number(other, "epochs", 1)
    other.locator(".st-key-train button").click()
    expect(status(other)).to_contain_text(re.compile(r"queued.*1st in line"))
    page.locator(".st-key-stop button").click()
    expect(status(other)).to_contain_text(re.compile(r"done.*epoch 1/1"))


def test_a_shared_address_opens_what_its_maker_saw(app, page, visitor):
    open_build(page, app)
    set_number(page, "epochs", 7)
    page.wait_for_url(re.compile("epochs=7"))
    other = visitor()
    other.goto(page.url)
    expect(other.locator(".st-key-epochs input")).to_have_value("7")
