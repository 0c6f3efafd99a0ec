import re

import numpy as np
import pytest
from helpers.fitting import fits
from helpers.following import go
from helpers.page_runs import at_rest, count_runs, runs_counted, script_ended
from playwright.sync_api import expect

from lib.concepts.cell_walk import answers, walk
from lib.data.fitted.sentence_weights import sentence_model, sentence_weights
from lib.data.text import tokenise
from lib.figures.learn.sequences import gate_values, make_row, prefixes

pytestmark = pytest.mark.follows

TEXT = "a fine and moving film"


@pytest.fixture
def cell(app, page):
    """The page at a sentence, still."""

    def open_at(**query):
        address = "&".join(f"{name}={value}" for name, value in query.items())
        go(page, f"{app}/sequences?{address}")
        expect(page.get_by_test_id("position")).to_have_text(re.compile("step"))
        script_ended(page)
        return page

    return open_at


def read(cell, text, length=12):
    learned = sentence_weights()
    row = make_row(tokenise(text), learned.vocabulary, length, "pre", "pre")
    model, weights = sentence_model(cell, length), learned.weights[cell]
    rows = prefixes(row, learned.vocabulary, "pre", "pre")
    return walk(model, weights, row.ids), answers(model, weights, rows)


def last_number(text):
    return float(re.findall(r"−?\d+\.\d+", text)[-1].replace("−", "-"))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
def test_arrow_keys_show_the_gates_and_the_state_of_each_step_without_a_rerun(cell, kind):
    page = cell(sentence=TEXT, cell=kind)
    walked, chances = read(kind, TEXT)
    count_runs(page)
    page.locator(".st-key-cell_steps select").select_option("3")
    page.get_by_test_id("states").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_test_id("position")).to_have_text("step 11 of 12: moving")
    gates = page.get_by_test_id("sums").locator("summary .line").all_text_contents()
    expected = [values[10, 3] for values in gate_values(walked)]
    np.testing.assert_allclose([last_number(line) for line in gates], expected, atol=6e-4)
    state = page.get_by_test_id("sums").locator(".state .line").last.text_content()
    assert last_number(state) == pytest.approx(walked.steps.hidden[10, 3], abs=6e-4)
    expect(page.get_by_test_id("answer")).to_contain_text(f"{chances[3]:.3f}")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("sums")).to_contain_text("unit 4 at “moving”")
    assert runs_counted(page) == 0


def test_the_products_that_are_written_out_add_up(cell):
    page = cell(sentence=TEXT, cell="LSTM")
    page.get_by_test_id("states").focus()
    page.keyboard.press("End")
    parts = page.get_by_test_id("sums").locator("details[open] .products")
    expect(parts).to_have_count(2)
    for part in parts.all():
        *products, whole = [last_number(text) for text in part.locator(".product").all_text_contents()]
        assert len(products) == 8
        assert sum(products) == pytest.approx(whole, abs=5e-3)


def test_the_step_before_the_first_word_is_padding_that_the_cell_skips(cell):
    page = cell(sentence=TEXT)
    page.get_by_test_id("states").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("position")).to_have_text("step 1 of 12: [PAD]")
    expect(page.get_by_test_id("sums")).to_contain_text("the cell skips this step. h stays 0.000")
    expect(page.get_by_test_id("answer")).to_have_text("no word here, so no answer")


@pytest.mark.parametrize(("sentence", "said"), [("fine film", "praise"), ("awful dull film", "blame")])
def test_the_page_opens_on_the_last_word_with_the_answer(cell, sentence, said):
    page = cell(sentence=sentence)
    expect(page.get_by_test_id("position")).to_have_text("step 12 of 12: film")
    _, chances = read("LSTM", sentence)
    expect(page.get_by_test_id("answer")).to_have_text(
        f"the network's answer: {said}, probability of praise {chances[-1]:.3f}"
    )


def test_play_goes_along_the_sentence_and_stops_at_its_end(cell):
    page = cell(sentence="fine film")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    expect(page.get_by_test_id("position")).to_have_text("step 11 of 12: fine")
    expect(page.get_by_test_id("position")).to_have_text("step 12 of 12: film")
    page.get_by_role("button", name="Play").wait_for()


def test_typing_shows_the_words_and_the_address_keeps_them(cell):
    page = cell()
    page.get_by_label("Your sentence").fill("dull <b>film</b>")
    chips = page.locator(".st-key-tokens .chip")
    expect(chips).to_have_text(["PAD"] * 8 + ["dull", "b", "film", "b"])
    expect(page.locator(".st-key-cell_steps .name").last).to_have_text("b")
    page.wait_for_url(re.compile("sentence=dull"))
    page.reload()
    expect(chips.nth(8)).to_have_text("dull")


def test_a_word_that_is_pointed_at_says_its_numbers(cell):
    page = cell(sentence="film")
    page.locator(".st-key-tokens button.card").last.hover()
    table = sentence_weights().weights["LSTM"]["embedding/embeddings"]
    number = sentence_weights().vocabulary.encode(["film"])[0]
    first = f"{table[number, 0]:.3f}".replace("-", "−")
    expect(page.get_by_test_id("vector")).to_contain_text(f"film → id {number} → row {number} of the table: [{first}")


def test_forty_long_words_stay_inside_the_page(app, page):
    go(page, f"{app}/sequences?row_length=40&sentence=" + "incomprehensibilities+" * 6 + "wow+" * 40)
    expect(page.get_by_test_id("position")).to_have_text(re.compile("of 40"))
    for width in (1400, 400):
        page.set_viewport_size({"width": width, "height": 900})
        at_rest(page)
        fits(page)
        page.get_by_test_id("states").blur()
        page.get_by_test_id("states").focus()  # it comes into view
        page.keyboard.press("Home")
        page.keyboard.press("End")
        expect(page.locator(".st-key-cell_steps .name.chosen")).to_be_in_viewport()
        expect(page.get_by_test_id("stException")).to_have_count(0)
