import pytest

from lib.concepts.fitting import errors_by_degree, measure
from lib.data.fitted.saved_curves import about, saved_runs
from lib.ui.kit import lessons
from lib.ui.learn.overfitting import MOST_DEGREE, VALIDATION_POINTS, VALIDATION_SEED


def shown(page):
    return "\n".join(each.value for each in page.markdown)


def test_the_page_says_the_errors_of_the_chosen_degree(open_page):
    page = open_page("pages/overfitting.py")
    errors = errors_by_degree(measure(12, 0.3, 1), measure(VALIDATION_POINTS, 0.3, 1 + VALIDATION_SEED), MOST_DEGREE)
    for degree in (3, 0, 11):
        page.slider(key="degree").set_value(degree).run()
        assert f"training `{errors[0, degree]:.3g}`, validation `{errors[1, degree]:.3g}`" in shown(page)
        assert f"{degree} + 1 = {degree + 1} weights for 12 points" in shown(page)
    assert not page.exception


def test_a_price_on_the_weights_makes_them_smaller(open_page):
    page = open_page("pages/overfitting.py", degree="11")
    before = size_of_weights(page)
    page.select_slider(key="l2").set_value(0.01).run()
    assert size_of_weights(page) < before / 100


def size_of_weights(page):
    return float(shown(page).split("sum of squares = ")[1].split("`")[0])


def test_more_weights_than_points_are_explained(open_page):
    page = open_page("pages/overfitting.py", degree="14")
    assert lessons.text("overfitting.more_weights") in shown(page)
    page.slider(key="fit_points").set_value(40).run()
    assert lessons.text("overfitting.more_weights") not in shown(page)


@pytest.mark.parametrize("points", [5, 40])
@pytest.mark.parametrize("degree", [0, 15])
@pytest.mark.parametrize("l2", ["0", "10"])
def test_the_ends_of_every_slider_work_together(open_page, points, degree, l2):
    page = open_page("pages/overfitting.py", fit_points=str(points), degree=str(degree), l2=l2, fit_noise="1.0")
    assert f"weights for {points} points" in shown(page)
    assert not page.exception


@pytest.mark.parametrize("remedy", ["plain", "dropout", "l2", "early_stopping", "more_data"])
def test_each_remedy_is_explained_and_compared(open_page, remedy):
    page = open_page("pages/overfitting.py")
    page.button_group(key="remedy").set_value(remedy).run()
    text = shown(page)
    facts = about() | {"kept": saved_runs()[remedy, 512].kept_epoch}
    assert lessons.text(f"overfitting.{remedy}", **facts | {"epochs": len(saved_runs()[remedy, 512].loss)}) in text
    assert ("(without a remedy" in text) == (remedy != "plain")
    assert not page.exception


@pytest.mark.parametrize(
    "query", [{"degree": "99"}, {"fit_seed": "-1"}, {"l2": "x"}, {"remedy": "magic"}, {"units": "7"}]
)
def test_an_address_with_impossible_values_opens_the_page_as_usual(open_page, query):
    page = open_page("pages/overfitting.py", **query)
    assert "3 + 1 = 4 weights for 12 points" in shown(page)
    assert not page.exception
