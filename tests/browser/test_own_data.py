"""Bring a zip, look at what was understood, train on it, read the result; nobody else sees a sample."""

import re

from helpers.own_files import digits_zip, wine_csv
from helpers.uploading import bring, open_uploader, ready
from playwright.sync_api import expect

MINE = "my digits (yours)"


def preview(page):
    return page.locator(".st-key-own_data_preview")


def test_an_uploaded_zip_is_previewed_trained_on_and_its_answers_are_shown_to_its_owner_only(app, page, visitor):
    open_uploader(page, app)
    bring(page, "my_digits.zip", digits_zip())
    expect(preview(page)).to_contain_text("60 images in 3 classes")
    expect(preview(page).locator("img")).to_be_visible()
    page.locator(".st-key-use_own_data button").click()
    expect(page.locator(".st-key-dataset input")).to_have_value(MINE)
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text(re.compile(r"done.*epoch 10/10"))
    ready(page)

    page.reload()
    expect(page.locator(".st-key-dataset input")).to_have_value(MINE)
    ready(page)
    expect(page).to_have_url(re.compile("dataset=own-"))
    address = page.url
    page.get_by_role("link", name="Look at the results").click()
    expect(page.locator(".st-key-predictions img")).to_have_count(12)

    other = visitor()
    other.goto(address)
    expect(other.get_by_text("private to that person")).to_be_visible()
    expect(other.locator(".st-key-dataset input")).to_have_value("MNIST digits")
    other.goto(page.url)
    expect(other.locator(".st-key-test_accuracy")).to_be_visible()
    expect(other.get_by_text("private to the visit")).to_be_visible()
    expect(other.locator(".st-key-confusion_matrix .js-plotly-plot")).to_be_visible()
    ready(other)
    expect(other.locator(".st-key-predictions img")).to_have_count(0)


def test_on_a_phone_a_refused_file_gets_a_sentence_and_the_next_one_its_preview(app, visitor):
    page = visitor(width=400, dark=True)
    open_uploader(page, app)
    bring(page, "notes *1*.csv", b"hello")
    expect(page.locator(".st-key-own_data_panel").get_by_role("alert")).to_contain_text("notes *1*.csv")
    expect(page.get_by_text("MNIST digits is still what you work with")).to_be_visible()
    bring(page, "wine.csv", wine_csv().replace(b"magnesium", b"x" * 200, 1))
    expect(preview(page)).to_contain_text("178 rows in 3 classes")
    ready(page)
    panel = page.locator(".st-key-own_data_panel")
    inside = panel.evaluate(
        "panel => [...panel.querySelectorAll('table')]"
        ".every(table => table.getBoundingClientRect().right <= panel.getBoundingClientRect().right)"
    )
    assert inside
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
