"""Bring a zip, look at what was understood, train on it, read the result; nobody else sees a sample."""

import re

import pytest
from helpers.fitting import fits
from helpers.own_files import digits_zip, wine_csv
from helpers.uploading import bring, open_uploader, ready
from playwright.sync_api import expect

pytestmark = pytest.mark.follows
MINE = "my digits (yours)"


def preview(page):
    return page.locator(".st-key-own_data_preview")


def test_an_uploaded_zip_is_previewed_trained_on_and_its_answers_are_shown_to_its_owner_only(app, page, visitor):
    open_uploader(page, app)
    bring(page, "my_digits.zip", digits_zip())
    expect(preview(page)).to_contain_text("60 images in 3 classes")
    preview(page).locator("img").wait_for()
    page.locator(".st-key-use_own_data button").click()
    expect(page.locator(".st-key-dataset input")).to_have_value(MINE)
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text(re.compile(r"done.*epoch 10/10"))
    ready(page)

    page.reload()
    expect(page.locator(".st-key-dataset input")).to_have_value(MINE)
    ready(page)
    page.wait_for_url(re.compile("dataset=own-"))
    address = page.url
    page.get_by_role("link", name="Look at the results").click()
    expect(page.locator(".st-key-predictions img")).to_have_count(12)

    other = visitor()
    other.goto(address)
    other.get_by_text("private to that person").wait_for()
    expect(other.locator(".st-key-dataset input")).to_have_value("MNIST digits")
    other.goto(page.url)
    other.locator(".st-key-test_accuracy").wait_for()
    other.get_by_text("private to the visit").wait_for()
    other.locator(".st-key-confusion_matrix [role=grid]").wait_for()
    ready(other)
    expect(other.locator(".st-key-predictions img")).to_have_count(0)


def test_on_a_phone_a_refused_file_gets_a_sentence_and_the_next_one_its_preview(app, phone):
    page = phone(dark=True)
    open_uploader(page, app)
    bring(page, "notes *1*.csv", b"hello")
    expect(page.locator(".st-key-own_data_panel").get_by_role("alert")).to_contain_text("notes *1*.csv")
    page.get_by_text("you still work with MNIST digits").wait_for()
    bring(page, "wine.csv", wine_csv().replace(b"magnesium", b"x" * 200, 1))
    expect(preview(page)).to_contain_text("178 rows in 3 classes")
    ready(page)
    panel = page.locator(".st-key-own_data_panel")
    inside = panel.evaluate(
        "panel => [...panel.querySelectorAll('table')]"
        ".every(table => table.getBoundingClientRect().right <= panel.getBoundingClientRect().right)"
    )
    assert inside
    fits(page)


def table(*columns, classes):
    """Forty rows: one column has two classes, each other one a number of its own in every row."""
    rows = [[f"{place}.{row}" for place in range(len(columns))] for row in range(40)]
    for row, cells in enumerate(rows):
        cells[columns.index(classes)] = "ab"[row % 2]
    return "\n".join(",".join(cells) for cells in (columns, *rows)).encode()


def check_label(page, name, label):
    expect(preview(page)).to_contain_text(f"{name}: 40 rows in 2 classes")
    expect(preview(page)).to_contain_text(f"The column “{label}” holds the class")
    ready(page)
    page.wait_for_timeout(1_500)  # what a browser says of a list that was drawn anew comes in a request of its own
    ready(page)
    expect(page.locator(".st-key-own_label input")).to_have_value(label)
    page.locator(".st-key-use_own_data button").wait_for()


def test_the_next_table_keeps_its_class_column_until_a_person_chooses_another(app, page):
    open_uploader(page, app)
    columns = ("length", "width", "kind")
    for name in ("first", "again"):
        bring(page, f"{name}.csv", table(*columns, classes="kind"))
        check_label(page, name, "kind")
    bring(page, "other.csv", table("height", "weight", "depth", "group", classes="group"))
    check_label(page, "other", "group")
    bring(page, "turned.csv", table("kind", "length", "width", classes="kind"))
    expect(page.locator(".st-key-own_label input")).to_have_value("width")
    ready(page)
    page.locator(".st-key-own_label input").click()
    page.get_by_role("option", name="kind", exact=True).click()
    check_label(page, "turned", "kind")
    bring(page, "mended.csv", table("kind", "length", "width", "colour", classes="kind"))
    check_label(page, "mended", "kind")
    page.locator(".st-key-use_own_data button").click()
    expect(page.locator(".st-key-dataset input")).to_have_value("mended (yours)")
