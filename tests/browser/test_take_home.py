"""Taken home and brought back in a real browser: the report without a network, the description with its weights."""

import json
import re

import nbformat
import numpy as np
import pytest
from helpers.page_trainings import train
from helpers.uploading import bring
from playwright.sync_api import expect

ASKED = {
    "dataset": "mnist", "samples": "1000", "epochs": "3",
    "layers": "Conv2D(filters=6);MaxPooling2D;Flatten;Dense(units=10,activation=softmax)",
}  # fmt: skip


pytestmark = pytest.mark.follows


@pytest.fixture
def results(app, page):
    train(page, app, ASKED)
    page.get_by_role("link", name="Look at the results").click()
    page.locator(".st-key-download_report button").wait_for()
    return page


def download(page, what, path):
    with page.expect_download() as got:
        page.locator(f".st-key-download_{what} button").click()
    got.value.save_as(path)
    return path


def test_a_run_is_taken_home_looked_at_without_a_network_and_brought_back(results, chromium, tmp_path, app):
    accuracy = re.search(r"\d+\.\d+%", results.locator(".st-key-test_accuracy").inner_text())[0]
    report = download(results, "report", tmp_path / "report.html")
    notebook = download(results, "notebook", tmp_path / "run.ipynb")
    weights = download(results, "weights", tmp_path / "weights.npz")
    description = download(results, "spec", tmp_path / "run.json")
    nbformat.validate(nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4))
    with np.load(weights, allow_pickle=False) as arrays:
        assert arrays["conv2d/kernel"].shape == (3, 3, 1, 6)

    look_at(report, chromium, accuracy)

    results.get_by_text("Bring a run back").click()
    bring(results, description.name, description.read_bytes(), "bring_spec")
    bring(results, weights.name, weights.read_bytes(), "bring_weights")
    results.locator(".st-key-bring_test button").click()
    results.wait_for_url(re.compile("build.*run="))
    expect(results.locator(".st-key-run_status")).to_contain_text("done", timeout=120_000)
    results.get_by_role("link", name="Look at the results").click()
    expect(results.locator(".st-key-test_accuracy")).to_contain_text(accuracy)
    expect(results.locator(".st-key-download_notebook")).to_have_count(0)


def look_at(report, chromium, accuracy):
    """Open a report with the network off, and move its slider."""
    context = chromium.new_context(offline=True)
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(report.as_uri())
    expect(page.locator(".figures")).to_contain_text(accuracy)
    expect(page.locator(".confusion td")).to_have_count(100)
    expect(page.locator(".card canvas")).to_have_count(20)
    expect(page.locator("polyline")).to_have_count(4)
    expect(page.locator("#shown")).to_have_text("after epoch 3")
    last = state(page)
    slider = page.locator("#epoch")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator("#shown")).to_have_text("first weights")
    first = state(page)
    assert first != last
    page.keyboard.press("ArrowRight")
    expect(page.locator("#shown")).to_have_text(re.compile(r"after epoch \d"))
    assert state(page) != first
    page.locator("#play").click()
    expect(page.locator("#shown")).to_have_text("after epoch 3")
    assert state(page) == last
    assert json.loads(page.locator("#json").inner_text())["training"]["epochs"] == 3
    assert asked == [report.as_uri()]
    assert wrong == []
    context.close()


def state(page):
    """What the time machine shows: the probabilities, and the pixels of each kernel and map."""
    pixels = "(all) => all.map((one) => one.toDataURL())"
    return page.locator("#answer").inner_text(), page.locator(".maps canvas").evaluate_all(pixels)


def test_names_in_a_report_are_shown_and_never_read_as_html(chromium, tmp_path):
    from lib.export.report import PASSAGES, report

    evil = "</script><img src=x onerror=document.title='opened'><!--"
    content = {
        "title": evil, "texts": dict.fromkeys(PASSAGES, evil), "figures": [[evil, evil]], "points": [],
        "regression": False, "classes": [evil, "b"], "image_shape": None, "confusion": [[1, 2], [3, 4]],
        "samples": [{"number": 0, "text": evil, "sentence": evil, "truth": 0, "said": 1}], "machine": None,
        "layers": [[evil] * 4], "settings": [[evil, evil]], "json": evil, "code": evil,
    }  # fmt: skip
    path = tmp_path / "evil.html"
    path.write_text(report(content), encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    expect(page.locator("h1")).to_have_text(evil)
    expect(page.locator(".card p").first).to_have_text(evil)
    expect(page.locator("img")).to_have_count(0)
    expect(page).to_have_title(evil)
    page.close()
