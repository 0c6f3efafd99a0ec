"""Names that would be links, pictures, lists or formulas, if somebody read them as Markdown or HTML."""

import csv
import io
import re

import pytest
from helpers.own_files import digits_zip
from helpers.page_runs import at_rest
from helpers.uploading import bring, open_uploader, ready
from playwright.sync_api import expect

pytestmark = pytest.mark.follows
NAMES = [
    '<a href="//a">OK</a>', "www.x.y", "http://x.y", "a@b.cd", "&copy; &#60;", ":streamlit:", ":material/home:",
    "a -> b", "- x", "1. x", "$x$ ~~y~~ |", "![x](y) :red[x]",
]  # fmt: skip
FOLDERS = ["<a href=www.x.y>OK<", "&copy; &#60;", "![x](y) $x$ :red[x]"]
COLUMNS = ["<a href=//b>", "www.column", "&times; a@b.cd"]


def table():
    """Ten rows of each class, as CSV. The first column alone tells the classes apart."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([*COLUMNS, "kind"])
    for place, name in enumerate(NAMES):
        writer.writerows([place + 0.01 * row, row, place * row, name] for row in range(10))
    return stream.getvalue().encode()


def seen(texts):
    """Texts without the characters that have no width."""
    return [text.replace("\u2060", "").strip() for text in texts]


def links_of_names(page):
    return page.locator("main a").evaluate_all(
        r"links => links.map(link => link.getAttribute('href') ?? link.getAttribute('xlink:href'))"
        r".filter(address => /\/\/[ab]$|x\.y|www\.column|b\.cd/.test(address))"
    )


def check_plot(plot, *, labels):
    plot.locator("text", has_text=NAMES[0]).first.wait_for()
    texts = seen(plot.locator("svg text").all_text_contents())
    assert all(texts.count(name) >= labels for name in NAMES)
    expect(plot.locator("a")).to_have_count(0)


def check_matrix(page):
    matrix = page.locator(".st-key-confusion_matrix")
    matrix.get_by_role("grid").wait_for()
    for role in ("columnheader", "rowheader"):
        texts = seen(matrix.get_by_role(role).all_text_contents())
        assert all(texts.count(name) == 1 for name in NAMES)
    expect(matrix.locator("a, img")).to_have_count(0)


def test_hostile_names_are_shown_letter_by_letter_in_tables_sentences_and_pictures(app, page, visitor):
    open_uploader(page, app)
    bring(page, "www.x.y *1* &copy;.csv", table())
    preview = page.locator(".st-key-own_data_preview")
    expect(preview).to_contain_text("120 rows in 12 classes")
    ready(page)
    cells = seen(preview.locator("td, th").all_inner_texts())
    assert {*NAMES, *COLUMNS} <= set(cells)
    expect(preview.locator("a, td img, td span, td li")).to_have_count(0)

    page.locator(".st-key-use_own_data button").click()
    expect(page.locator(".st-key-dataset input")).to_have_value(re.compile("yours"))
    ready(page)
    page.locator(".st-key-dataset_card summary").click()
    check_plot(page.locator(".st-key-class_balance .js-plotly-plot"), labels=1)
    assert links_of_names(page) == []
    balance = page.locator(".st-key-class_balance")
    balance.scroll_into_view_if_needed()
    at_rest(page)
    bar = balance.locator(".bars path").nth(sorted(NAMES).index(NAMES[0])).bounding_box()
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    expect(balance.locator(".hoverlayer")).to_contain_text(f"{NAMES[0]}: 8 training samples")
    expect(balance.locator("a")).to_have_count(0)

    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("done")
    ready(page)
    page.get_by_role("link", name="Look at the results").click()
    check_matrix(page)
    check_plot(page.locator(".st-key-one_probabilities .js-plotly-plot"), labels=1)
    ready(page)
    assert links_of_names(page) == []

    other = visitor()
    other.goto(page.url)
    check_matrix(other)
    ready(other)
    assert links_of_names(other) == []


def test_hostile_class_names_are_letters_inside_a_network_too_and_its_images_are_seen_by_their_owner_alone(
    app, page, visitor
):
    open_uploader(page, app)
    bring(page, "letters.zip", digits_zip(FOLDERS, of_each=8))
    page.locator(".st-key-use_own_data button").click()
    expect(page.locator(".st-key-dataset input")).to_have_value(re.compile("yours"))
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("done")
    ready(page)
    page.goto(f"{app}/inside?run={re.search(r'run=([0-9a-f]+)', page.url)[1]}")
    network = page.get_by_test_id("network")
    for name in FOLDERS:
        expect(network).to_contain_text(name)
    network.get_by_text(FOLDERS[0]).first.click()
    expect(page.get_by_test_id("position")).to_contain_text(FOLDERS[0])
    ready(page)
    assert links_of_names(page) == []

    other = visitor()
    other.goto(page.url)
    expect(other.get_by_test_id("stAlert")).to_contain_text("somebody's own data")
    ready(other)
    expect(other.get_by_test_id("network")).to_have_count(0)
    expect(other.locator("main img, main canvas")).to_have_count(0)
