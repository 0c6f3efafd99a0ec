"""Fair experiments in a real browser: a guess, pairs, a verdict, the test part; and the table of all runs."""

from urllib.parse import urlencode

import pytest
from helpers.fitting import fits, suits_everybody
from helpers.following import go
from helpers.page_runs import at_rest, script_ended
from playwright.sync_api import expect

pytestmark = pytest.mark.follows

A = urlencode(
    {
        "dataset": "mnist", "samples": "1000", "epochs": "2", "learning_rate": "0.01",
        "layers": "Flatten;Dense(units=32,activation=relu);Dropout(rate=0);Dense(units=10,activation=softmax)",
    }
)  # fmt: skip


def heading(page, name):
    return page.locator(".st-key-score_table th").filter(has=page.get_by_role("button", name=name, exact=True))


def rows(page):
    return page.locator(".st-key-score_table tbody tr")


def test_guess_pairs_verdict_test_part_and_the_table_of_all_runs(app, page):
    go(page, f"{app}/experiments?{urlencode({'a': A, 'change': 'dropout.rate', 'value': '0.5', 'pairs': '3'})}")
    form = page.locator(".st-key-experiment_form")
    expect(form).to_contain_text("One thing is different.")
    expect(form).to_contain_text("dropout.rate 0.0 → 0.5")
    page.locator(".st-key-start_experiment button").click()
    expect(form).to_contain_text("Say first which one you expect to be better")
    page.locator(".st-key-guess").get_by_role("radio", name="A", exact=True).click()
    page.locator(".st-key-guess_by input").wait_for()
    page.locator(".st-key-start_experiment button").click()

    status = page.locator(".st-key-experiment_status")
    expect(status).to_contain_text("/6 runs")
    address = page.url
    page.reload()  # in mid-experiment
    expect(status).to_contain_text("/6 runs")
    assert page.url == address
    expect(status).to_contain_text("done", timeout=120_000)
    expect(status).to_contain_text("6/6 runs")
    verdict = page.locator(".st-key-verdict")
    expect(verdict).to_contain_text("Your guess: A is better, by 1.00 percentage points.")
    expect(verdict).to_contain_text("With 3 pairs this figure is never below 25%")
    page.locator(".st-key-pair_dots .scatterlayer .trace").first.wait_for()

    test_part = page.locator(".st-key-test_part")
    expect(test_part).to_contain_text("still closed")
    page.locator(".st-key-open_test button").click()
    expect(test_part).to_contain_text("A: test accuracy")
    expect(test_part).to_contain_text("You opened the test part once")

    expect(rows(page)).to_have_count(6)
    heading(page, "validation accuracy").get_by_role("button").click()
    expect(heading(page, "validation accuracy")).to_have_attribute("aria-sort", "descending")
    page.wait_for_function("() => location.search.includes('sort=-')")
    first = rows(page).first.inner_text()
    heading(page, "validation accuracy").get_by_role("button").press("Enter")
    expect(heading(page, "validation accuracy")).to_have_attribute("aria-sort", "ascending")
    expect(rows(page).last).to_have_text(first, use_inner_text=True)

    boxes = rows(page).get_by_role("checkbox")
    for place in range(3):
        boxes.nth(place).press("Space")
    expect(boxes.nth(0)).not_to_be_checked()
    expect(boxes.nth(1)).to_be_checked()
    expect(boxes.nth(2)).to_be_checked()
    page.locator(".st-key-compare_runs button").wait_for()
    at_rest(page)
    fits(page)


def test_the_form_suits_everybody(app, page):
    go(page, f"{app}/experiments")
    expect(page.locator(".st-key-start_experiment button")).to_be_enabled()
    suits_everybody(page)


def test_from_a_training_to_a_fair_question_about_it(app, page):
    """The way from Build: what was just trained is A."""
    go(page, f"{app}/build?{A}")
    page.locator(".st-key-train button:enabled").click()
    way = page.get_by_role("link", name="Compare it in a fair experiment")
    way.click(timeout=120_000)
    expect(page.locator(".st-key-experiment_form")).to_contain_text("learning_rate 0.01 → 0.1")


POINTS = {
    "dataset": "points", "points": "200", "epochs": "4",
    "layers": "Dense(units=4,activation=tanh);Dropout(rate=0.2);Dense(units=1,activation=sigmoid)",
    "loss": "binary_crossentropy",
}  # fmt: skip


def test_a_sweep_with_a_layer_and_without_it_from_its_address_to_the_best_run_as_draft(app, page):
    asked = {
        "experiment_kind": "sweep",
        "a": urlencode(POINTS),
        "vary": "learning_rate:0.001:0.1:2;with.dropout:false:true",
        "guess": "0.1",
    }
    go(page, f"{app}/experiments?{urlencode(asked)}")
    form = page.locator(".st-key-experiment_form")
    expect(form).to_contain_text("The sweep tries with dropout both ways")
    page.locator(".st-key-start_experiment button").click()

    status, verdict = page.locator(".st-key-experiment_status"), page.locator(".st-key-verdict")
    expect(status).to_contain_text("4/4 runs", timeout=120_000)
    expect(status).to_contain_text("done")
    expect(verdict).to_contain_text("of learning_rate")  # the guess beside what came
    page.locator(".st-key-parallel .scatterlayer .trace").first.wait_for()

    table = page.locator(".st-key-sweep_rows tbody tr")
    expect(table).to_have_count(4)
    without = table.filter(has_text="false").first
    without.get_by_role("checkbox").press("Space")
    page.locator(".st-key-open_as_draft button").click()
    page.wait_for_url("**/build?**")
    script_ended(page)
    assert "Dropout" not in page.url
    assert "units" in page.url
