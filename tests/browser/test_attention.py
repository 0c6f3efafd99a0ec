"""In the browser: pointing and arrow keys show sums that add up to numpy's numbers, without a run of the script."""

import random
import re

import pytest
from helpers.following import go
from helpers.page_runs import count_runs, runs_counted
from playwright.sync_api import expect

from lib.concepts.attention import Variant, cell_sum
from lib.concepts.attention_walk import walk
from lib.data.fitted.attention_weights import attention_model, attention_weights
from lib.data.text import tokenise
from lib.figures.learn.sequences import make_row

pytestmark = pytest.mark.follows

TEXT = "the acting is good but the story is bad"
CELLS = 100
REDRAW_MS = 16
# Point at cells one after the other; what the arithmetic says of each step, and how long each redraw took.
POINT = """([places]) => {
  const inside = (root) => [root, ...[...root.querySelectorAll("*")].filter((each) => each.shadowRoot)
    .flatMap((each) => inside(each.shadowRoot))];
  const root = inside(document).find((each) => each.querySelector("[data-testid=attention-matrix]"));
  performance.clearMeasures("attention-redraw");
  const told = places.map((place) => {
    root.querySelector(`td[data-at="${place}"]`).dispatchEvent(
      new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }));
    const steps = [...root.querySelectorAll("[data-testid=attention-arithmetic] details")];
    return Object.fromEntries(steps.map((each) => [each.dataset.step, each.textContent]));
  });
  return [told, performance.getEntriesByName("attention-redraw").map((entry) => entry.duration)];
}"""


def read(**variant):
    learned = attention_weights()
    row = make_row(tokenise(TEXT), learned.vocabulary, 32, "pre", "pre")
    walked = walk(attention_model(), learned.weights, row.ids, Variant(**variant))
    return next(iter(walked.blocks.values())), float(walked.outputs[-1][0])


def numbers(text):
    return [float(each.replace("−", "-")) for each in re.findall(r"−?\d+\.\d{3}", text)]


def held_against_numpy(page, head, **variant):
    """Point at random cells; each sum that is shown is numpy's, and the products that are written out add up."""
    block, chance = read(**variant)
    draw = random.Random(head)
    places = [(draw.randrange(9), draw.randrange(9)) for _ in range(CELLS)]
    told, durations = page.evaluate(POINT, [[f"{row},{column}" for row, column in places]])
    for (row, column), steps in zip(places, told, strict=True):
        cell = cell_sum(block.attention, head, 23 + row, 23 + column, Variant(**variant))
        products = numbers(steps["product"])
        terms = products[3:-1:3]
        assert terms == pytest.approx(list(cell.terms), abs=6e-4)
        assert sum(terms) == pytest.approx(products[-1], abs=5e-3)
        assert products[-1] == pytest.approx(cell.product, abs=6e-4)
        assert numbers(steps["quotient"])[2] == pytest.approx(cell.score, abs=6e-4)
        assert numbers(steps["share"])[-1] == pytest.approx(cell.weight, abs=6e-4)
        assert numbers(steps["mixed"])[0] == pytest.approx(block.attention.mixed[23 + row, head, 0], abs=6e-4)
        feature = int(re.search(r"feature (\d+)", steps["residual"])[1])
        assert numbers(steps["residual"])[2] == pytest.approx(block.attended[23 + row, feature], abs=6e-4)
        assert numbers(steps["normal"])[-1] == pytest.approx(block.normalized[23 + row, feature], abs=6e-4)
        assert numbers(steps["dense"])[-1] == pytest.approx(block.outer[23 + row, feature], abs=6e-4)
        assert numbers(steps["again"])[-1] == pytest.approx(block.output[23 + row, feature], abs=6e-4)
        assert numbers(steps["logit"])[-1] == pytest.approx(chance, abs=6e-4)
    assert sorted(durations)[len(durations) // 2] <= REDRAW_MS


def test_each_cell_that_is_pointed_at_shows_sums_that_add_up_in_each_head_and_evenly_too(app, page):
    go(page, f"{app}/attention?sentence={TEXT.replace(' ', '+')}")
    position = page.get_by_test_id("position")
    expect(position).to_contain_text("head 0: ")
    count_runs(page)
    held_against_numpy(page, 0)
    matrix = page.get_by_test_id("attention-matrix")
    matrix.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    share = read()[0].attention.weights[0, 24, 25]
    expect(position).to_have_text(f"head 0: “acting” looks at “is” with {100 * share:.1f}%")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("row=24&column=25&held=1"))
    matrix.locator("td").last.hover()
    expect(position).to_contain_text("“acting” looks at “is”")
    assert runs_counted(page) == 0
    page.locator(".st-key-attention_head").get_by_text("1", exact=True).click()
    expect(position).to_contain_text("head 1: “acting” looks at “is”")
    page.keyboard.press("Tab")
    matrix.focus()
    page.keyboard.press("Escape")
    held_against_numpy(page, 1)
    page.locator(".st-key-uniform_attention label").click()
    expect(position).to_contain_text("with 11.1%")
    held_against_numpy(page, 1, uniform=True)
    page.reload()
    expect(position).to_contain_text("head 1: ")
    expect(position).to_contain_text("with 11.1%")


def test_the_rows_for_places_and_the_bars_of_the_words_tell_their_numbers_and_need_no_plotly(app, page):
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"{app}/attention?sentence={TEXT.replace(' ', '+')}")
    rows, told = page.get_by_test_id("rows"), page.get_by_test_id("rows-place")
    table = attention_weights().weights["position_embedding/table_embeddings"]
    rows.focus()
    page.keyboard.press("ArrowRight")
    expect(told).to_have_text(f"word 0, number 0: {table[0, 0]:.4f}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(told).to_have_text(f"word 1, number 1: {table[1, 1]:.4f}")
    box = rows.bounding_box()
    rows.hover(position={"x": box["width"] - 2, "y": box["height"] - 2})
    expect(told).to_have_text(f"word 31, number {table.shape[1] - 1}: {table[31, -1]:.4f}")
    names = page.locator(".names span")
    expect(names).to_have_count(32)
    last = names.last.bounding_box()
    assert abs(last["y"] + last["height"] - box["y"] - box["height"]) < 3
    bars = page.locator(".st-key-influence_bars [role=img]")
    expect(bars).to_contain_text("attention it gets")
    assert bars.locator(".word").all_inner_texts() == tokenise(TEXT)
    page.set_viewport_size({"width": 360, "height": 800})
    room = bars.bounding_box()
    for number in bars.locator(".axis > span").all():
        box = number.bounding_box()
        assert room["x"] <= box["x"] <= box["x"] + box["width"] <= room["x"] + room["width"]
    assert not any(name in url for url in loaded for name in ("PlotlyChart", "SyntaxHighlighter"))
