"""Pick digits and a recipe, train while watching, read the result, come back."""

import re
from urllib.parse import urlencode

import keras
import numpy as np
import pytest
from helpers.axe import faults
from helpers.following import go
from helpers.page_runs import script_ended
from playwright.sync_api import expect

from lib.data.loading import load

pytestmark = pytest.mark.follows

# A run that only has to be under way: images on one core, for longer than anybody here takes to load a page.
LONG = {
    "dataset": "mnist", "samples": "1000", "batch_size": "1", "epochs": "500",
    "layers": "Flatten;Dense(units=10,activation=softmax)",
}  # fmt: skip


def ready(page):
    """Wait until the script has run to its end and nothing is drawn any more."""
    script_ended(page)


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
        polling=200,  # ms; not at each frame
    )
    return counted.json_value()


def listen(page):
    """Write down from now on what a screen reader would read."""
    page.locator(".st-key-announcer [role=status]").evaluate(
        "spoken => { window.heard = []; new MutationObserver(() => window.heard.push(spoken.textContent))"
        ".observe(spoken, { childList: true, characterData: true, subtree: true }); }"
    )


def open_build(page, app, **asked):
    go(page, f"{app}/build?{urlencode(asked)}")
    expect(page.locator(".st-key-train button")).to_be_enabled()
    ready(page)


def test_train_the_simple_cnn_on_digits_and_read_the_result(app, page, tmp_path):
    open_build(page, app)
    expect(page.locator(".st-key-dataset input")).to_have_value("MNIST digits")
    expect(page.locator(".st-key-recipe input")).to_have_value("Simple CNN")
    set_number(page, "epochs", 3)
    expect(page.locator(".st-key-model_summary")).to_contain_text("Total params: 34,826")

    listen(page)
    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text("running")
    expect(page.locator(".st-key-train button")).to_be_disabled()
    early = curve_points(page, more_than=7)
    assert "done" not in status(page).inner_text()
    expect(status(page)).to_contain_text(re.compile(r"done.*epoch 3/3"))
    assert curve_points(page, more_than=early) > early
    expect(status(page)).to_contain_text("test accuracy")
    reached = re.search(r"test accuracy\s*(\d+\.\d+%)", status(page).inner_text())[1]
    ready(page)
    check_heard(page.evaluate("window.heard"), reached)

    page.get_by_role("link", name="Look at the results").click()
    ready(page)
    shown = page.locator(".st-key-test_accuracy").inner_text()
    accuracy = float(re.search(r"(\d+\.\d+)\s*%", shown)[1])
    assert accuracy >= 93
    page.get_by_text("60,000").first.wait_for()
    page.locator(".st-key-predictions img").first.wait_for()
    check_matrix(page)
    assert faults(page) == []

    page.reload()
    expect(page.locator(".st-key-test_accuracy")).to_contain_text(f"{accuracy}")
    ready(page)
    model = download_model(page, tmp_path)
    test = load("mnist").test
    predicted = model.predict(test.x.astype("float32"), verbose=0).argmax(axis=1)
    assert abs(100 * np.mean(predicted == test.y) - accuracy) < 0.11


def check_heard(heard, reached):
    """A start, tenths that are each told once, the end and what was reached; nothing else."""
    tenths = [int(words.split("%")[0]) for words in heard if "% trained. Accuracy" in words]
    assert tenths == sorted(set(tenths) & set(range(10, 100, 10)))
    assert len(tenths) >= 3
    # The page asks once a second: what lasts no longer than that it may miss.
    assert heard[-1] == f"Training has ended after epoch 3 of 3. Test accuracy {reached}."
    others = [words for words in heard[:-1] if "% trained" not in words and "in line" not in words]
    assert set(others) - {"The network sees the test images."} == {"Training has started: epoch 1 of 3."}
    assert len(others) == len(set(others))


def check_matrix(page):
    """A cell of the confusion matrix is chosen by hand, and another one with the keyboard alone."""
    matrix = page.locator(".st-key-confusion_matrix").get_by_role("grid")
    matrix.get_by_role("gridcell", name="true: 4, predicted: 4,").click()
    expect_cell(page, "4", "4")
    for key in ["End", "Home", "ArrowLeft", "ArrowUp", "ArrowRight"]:
        page.keyboard.press(key)
    focused = matrix.get_by_role("gridcell", name="true: 3, predicted: 1,")
    expect(focused).to_be_focused()
    expect(focused).to_have_css("outline-style", "solid")
    expect(page.locator(".st-key-confusion_matrix").get_by_test_id("said")).to_contain_text("true: 3, predicted: 1,")
    page.keyboard.press("Enter")
    expect_cell(page, "3", "1")
    # Where the focus was it is, so that the next cell is one key away.
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect_cell(page, "4", "1")
    expect(matrix.get_by_role("gridcell", selected=True)).to_have_count(1)


def expect_cell(page, true, predicted):
    """Wait until the samples of this cell are shown."""
    expect(page.locator(".st-key-cell_true input")).to_have_value(true)
    expect(page.locator(".st-key-cell_predicted input")).to_have_value(predicted)
    ready(page)


def download_model(page, folder):
    """Press whatever prepares and saves the `.keras` file."""
    holder = page.locator(".st-key-download_model")
    with page.expect_download() as download:
        holder.get_by_role("button").click()
    download.value.save_as(folder / "model.keras")
    return keras.models.load_model(folder / "model.keras")


def test_a_reload_in_mid_training_finds_the_run_and_stop_stops_it(app, page):
    open_build(page, app, **LONG)
    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text(re.compile(r"running.*epoch \d+/500"))
    page.wait_for_url(re.compile("run="))
    page.reload()
    expect(status(page)).to_contain_text(re.compile(r"running.*epoch \d+/500"))
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
    open_build(page, app, **{**LONG, "epochs": "4"})
    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text("running")
    page.wait_for_url(re.compile("run="))
    address, context = page.url, page.context
    page.close()
    again = context.new_page()
    again.goto(address)
    expect(status(again)).to_contain_text(re.compile(r"done.*epoch 4/4"))


def test_a_second_visitor_waits_in_line_and_sees_it(app, page, visitor):
    open_build(page, app, **LONG)
    page.locator(".st-key-train button").click()
    expect(status(page)).to_contain_text("running")
    other = visitor()
    open_build(other, app, **{**LONG, "epochs": "1"})
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
