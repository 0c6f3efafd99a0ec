import pytest
from helpers.following import go
from playwright.sync_api import expect

pytestmark = pytest.mark.follows

MORE_ROOM = """name => {
  const {_size: taken, margin: given} = document.querySelector(`.st-key-${name} .js-plotly-plot`)._fullLayout;
  return Math.max(...["l", "r", "t", "b"].map(side => Math.abs(taken[side] - given[side])));
}"""
OUTSIDE = """name => {
  const plot = document.querySelector(`.st-key-${name} .js-plotly-plot`), all = plot.getBoundingClientRect();
  return [...plot.querySelectorAll(".xtick, .ytick, .xtitle, .ytitle")].filter(each => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return left < all.left - 1 || right > all.right + 1 || top < all.top - 1 || bottom > all.bottom + 1;
  }).length;
}"""


def test_a_slider_moves_the_picture_and_the_numbers_and_stays_in_the_address(app, page):
    go(page, f"{app}/activations")
    expect(page.locator(".st-key-formula")).to_contain_text("1 / (1 + exp(-1)) = 0.7311")
    page.locator(".st-key-curves .js-plotly-plot").wait_for()
    page.locator(".st-key-x").get_by_role("slider").press("ArrowRight")
    expect(page.locator(".st-key-formula")).to_contain_text("1 / (1 + exp(-1.1)) = 0.7503")
    marked = "() => document.querySelector('.st-key-curves .js-plotly-plot').layout.shapes.some(s => s.x0 === 1.1)"
    page.wait_for_function(marked)
    page.wait_for_url(f"{app}/activations?x=1.1")


def test_hovering_reads_value_and_slope_of_every_curve(app, page):
    go(page, f"{app}/activations")
    plot = page.locator(".st-key-curves .js-plotly-plot")
    plot.wait_for()
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.3)
    page.mouse.move(box["x"] + box["width"] * 0.62, box["y"] + box["height"] * 0.3)
    label = plot.locator(".hoverlayer")
    for words in ("relu", "relu slope", "sigmoid slope", "tanh slope"):
        expect(label).to_contain_text(words)


def test_a_sure_and_wrong_answer_shows_how_long_squared_error_takes(app, page):
    go(page, f"{app}/activations?logit=-8.0")
    expect(page.locator(".st-key-loss_formula")).to_contain_text("p - t = 0.0003 - 1 = -0.9997")
    expect(page.get_by_text("From this logit, gradient descent")).to_contain_text("9 steps")


def test_the_quiz_says_why_only_after_an_answer(app, page):
    go(page, f"{app}/activations")
    quiz = page.locator(".st-key-quiz")
    expect(quiz.get_by_role("button", name="Reveal")).to_be_disabled()
    quiz.get_by_text("about a quarter").click()
    quiz.get_by_role("button", name="Reveal").click()
    expect(quiz).to_contain_text("Ten of them multiply")


@pytest.mark.parametrize(
    ("stem", "charts"),
    [("activations", ("chain", "softmax", "softmax_slopes", "losses", "loss_slopes")),
     ("overfitting", ("fit", "errors", "training"))],
)  # fmt: skip
def test_a_chart_has_room_for_its_labels_before_it_is_drawn(app, page, stem, charts):
    """Otherwise plotly draws it a second time. A pixel more or less it lets pass."""
    go(page, f"{app}/{stem}")
    for chart in charts:
        expect(page.locator(f".st-key-{chart} .js-plotly-plot .ytick").first).to_be_attached()
        assert page.evaluate(MORE_ROOM, chart) <= 1, chart
        assert page.evaluate(OUTSIDE, chart) == 0, chart
