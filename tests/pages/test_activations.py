import pytest

from lib.concepts.activations import SLOPES
from lib.ui.kit import lessons
from lib.ui.learn.activations.sums import activation_lines, chain_lines, loss_lines, softmax_lines


def shown(page):
    return "\n".join(each.value for each in page.markdown)


def test_the_page_fills_in_the_numbers_of_its_sliders(open_page):
    page = open_page("pages/activations.py")
    assert "**sigmoid** `1 / (1 + exp(-1)) = 0.7311`" in shown(page)
    page.slider(key="x").set_value(-2.0).run()
    assert "**sigmoid** `1 / (1 + exp(2)) = 0.1192`, slope `0.1192 * (1 - 0.1192) = 0.1050`" in shown(page)
    page.slider(key="depth").set_value(2).run()
    page.slider(key="weight").set_value(2.0).run()
    assert "**relu** `0 * 0 = 0`" in shown(page)
    assert not page.exception


def test_all_activations_together_can_be_shown(open_page):
    page = open_page("pages/activations.py", functions=list(SLOPES))
    text = shown(page)
    assert all(f"**{name}** `" in text for name in SLOPES)
    assert not page.exception


def test_choosing_no_activation_gets_a_sentence_and_the_rest_of_the_page_stays(open_page):
    page = open_page("pages/activations.py")
    page.button_group(key="functions").set_value([]).run()
    assert page.info[0].value == lessons.text("activations.none")
    assert page.slider(key="logit")
    assert not page.exception


def test_the_losses_follow_the_logit_and_count_the_steps(open_page):
    page = open_page("pages/activations.py")
    assert "needs **7 steps**" in shown(page)
    assert "slope `p - t = 0.0025 - 1 = -0.9975`" in shown(page)
    page.slider(key="logit").set_value(2.0).run()
    assert lessons.text("activations.right_already") in shown(page)


@pytest.mark.parametrize(
    "query", [{"x": "99"}, {"depth": "nan"}, {"functions": "Lambda"}, {"true_class": "7"}, {"logit": "1e999"}]
)
def test_an_address_with_impossible_values_opens_the_page_as_usual(open_page, query):
    page = open_page("pages/activations.py", **query)
    assert "**sigmoid** `1 / (1 + exp(-1)) = 0.7311`" in shown(page)
    assert page.slider(key="logit").value == -6
    assert not page.exception


def test_the_sums_written_out_are_right():
    for x in (-6.0, -0.3, 0.0, 0.7, 6.0):
        for line in activation_lines([name for name in SLOPES if name != "gelu"], x).split("  \n"):
            for sum_ in line.split("`")[1::2]:
                assert_equal_sides(sum_)
    assert_equal_sides(chain_lines(["relu"], 1.0, 3, 0.5).split("`")[1])
    assert_equal_sides(softmax_lines([1.0, 0.0, -1.0], 0).split("`")[1])
    assert_equal_sides(loss_lines(1, -2.0).split("`")[3])


def assert_equal_sides(sum_):
    """`a * b = c` must hold, calculated as Python reads it."""
    from math import exp, log, tanh

    names = {"exp": exp, "log": log, "tanh": tanh, "max": max, "sigmoid": lambda x: 1 / (1 + exp(-x))}
    sides = [side.replace("²", "**2").strip() for side in sum_.replace(": ", " = ").split(" = ")]
    numbers = [eval(side, {"__builtins__": {}}, names) for side in sides if side[0] != "x" and side[:3] != "p1 "]
    assert numbers[1:] == pytest.approx(numbers[:-1], abs=2e-3), sum_
