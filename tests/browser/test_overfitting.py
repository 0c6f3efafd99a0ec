import pytest
from helpers.following import go
from helpers.page_runs import script_ended
from playwright.sync_api import expect

pytestmark = pytest.mark.follows


def test_a_higher_degree_bends_the_curve_and_marks_its_error(app, page):
    go(page, f"{app}/overfitting?degree=10")
    expect(page.locator(".st-key-formula")).to_contain_text("10 + 1 = 11 weights for 12 points")
    page.locator(".st-key-errors .js-plotly-plot").wait_for()
    page.locator(".st-key-degree").get_by_role("slider").press("ArrowRight")
    expect(page.locator(".st-key-formula")).to_contain_text("11 + 1 = 12 weights for 12 points")
    marked = "() => document.querySelector('.st-key-errors .js-plotly-plot').layout.shapes[0].x0 === 11"
    page.wait_for_function(marked)
    page.wait_for_url(f"{app}/overfitting?degree=11")


def test_a_remedy_is_drawn_over_the_plain_training(app, page):
    go(page, f"{app}/overfitting")
    page.locator(".st-key-training .js-plotly-plot").wait_for()
    page.locator(".st-key-remedy").get_by_text("more data").click()
    expect(page.locator(".st-key-network_numbers")).to_contain_text("without a remedy")
    names = "() => document.querySelector('.st-key-training .js-plotly-plot').data.map(t => t.name)"
    page.wait_for_function(f"() => ({names})().includes('plain, validation')")


def test_text_in_the_seed_changes_nothing(app, page):
    go(page, f"{app}/overfitting")
    formula = page.locator(".st-key-formula")
    expect(formula).to_contain_text("weights for 12 points")
    before = formula.inner_text()
    seed = page.locator(".st-key-fit_seed input")
    seed.fill("")
    seed.press("Enter")
    script_ended(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(formula).to_have_text(before, use_inner_text=True)
