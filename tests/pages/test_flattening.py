import numpy as np
import pytest
from helpers.written_sums import written_sums

from lib.data.loading import load
from lib.ui.learn.flattening.dense import logits_of
from lib.ui.learn.flattening.softmax import parse_logits

SCRIPT = "pages/flattening.py"


def codes(page):
    return written_sums(page)


def logits(number=0):
    return logits_of(load("mnist").test.x[number].astype(np.float32) / 255)


def table(page):
    """Rows of the softmax table by class, as numbers."""
    lines = next(code for code in codes(page) if code.startswith("class")).splitlines()[1:-1]
    return {int(line.split()[0]): [float(word.rstrip("%")) for word in line.split()[1:]] for line in lines}


def test_the_page_opens_with_169_numbers(open_page):
    page = open_page(SCRIPT)
    assert not page.exception
    assert "13*13*1 = 169" in codes(page)[0]


def test_more_filters_make_a_longer_vector_in_keras_order(open_page):
    page = open_page(SCRIPT)
    page.slider(key="filters").set_value(4).run()
    assert "13*13*4 = 676" in codes(page)[0]
    assert "row 3, column 4, channel 3: (3*13 + 4)*4 + 3 = 175" in codes(page)[0]
    assert "676*10 + 10 = 6,770" in codes(page)[0]


@pytest.mark.parametrize("unit", [0, 4])
def test_the_written_products_the_rest_and_the_bias_add_up_to_the_logit(open_page, unit):
    page = open_page(SCRIPT)
    page.segmented_control(key="unit").set_value(unit).run()
    *parts, total = [float(line.rsplit("=", 1)[1]) for line in codes(page)[1].splitlines()]
    assert sum(parts) == pytest.approx(total, abs=0.005)
    assert total == pytest.approx(float(logits()[unit]), abs=0.0006)


def test_the_largest_logit_is_named(open_page):
    page = open_page(SCRIPT, picture_number="3")
    assert any(f"here unit {logits(3).argmax()}" in text.value for text in page.markdown)


def test_the_first_digit_is_the_nine_that_the_experiment_speaks_of(open_page):
    first = load("mnist").test
    assert first.y[0] == 9
    assert logits().argmax() == 0


@pytest.mark.parametrize("temperature", [0.1, 1.0, 10.0])
def test_each_step_of_the_table_follows_from_the_one_before(open_page, temperature):
    page = open_page(SCRIPT, temperature=str(temperature))
    rows = np.array(list(table(page).values()))
    known, scaled, shifted, exponentials, shares = rows.T
    np.testing.assert_allclose(known, logits(), rtol=0.006)
    np.testing.assert_allclose(scaled, logits() / temperature, rtol=0.006)
    np.testing.assert_allclose(shifted, scaled - scaled.max(), atol=0.6 if temperature < 1 else 0.06)
    assert exponentials.max() == 1
    np.testing.assert_allclose(shares, 100 * exponentials / exponentials.sum(), atol=0.3)


def test_a_higher_temperature_makes_the_winner_less_sure(open_page):
    page = open_page(SCRIPT)
    before = max(row[-1] for row in table(page).values())
    page.slider(key="temperature").set_value(5.0).run()
    assert max(row[-1] for row in table(page).values()) < before


def test_a_persons_own_logits_are_shared_out(open_page):
    page = open_page(SCRIPT, logits_from="own")
    page.text_input(key="logits").set_value("0; 0 0,0").run()
    assert [row[-1] for row in table(page).values()] == [25.0] * 4


@pytest.mark.parametrize("bad", ["1, two", "nan, 1", "5", "", "1e99, 1", "1,2,3,4,5,6,7,8,9,10,11"])
def test_logits_that_cannot_be_read_are_told_and_the_last_ones_stay(open_page, bad):
    page = open_page(SCRIPT, logits_from="own")
    page.text_input(key="logits").set_value("4, 2").run()
    known = table(page)
    page.text_input(key="logits").set_value(bad).run()
    assert not page.exception
    assert len(page.warning) == 1
    assert table(page) == known


@pytest.mark.parametrize(("bad", "named"), [("1, two", "“two”"), ("5", "there are 1"), ("1, inf", "“inf”")])
def test_the_sentence_about_bad_logits_names_what_is_wrong(bad, named):
    with pytest.raises(ValueError, match=named):
        parse_logits(bad)


@pytest.mark.parametrize(
    "query", [{"temperature": "0"}, {"unit": "77"}, {"filters": "-1"}, {"logits_from": "x"},
              {"logits_from": "own", "logits": "drop table"}],
)  # fmt: skip
def test_an_address_that_makes_no_sense_opens_a_working_page(open_page, query):
    page = open_page(SCRIPT, **query)
    assert not page.exception
    assert "13*13*1 = 169" in codes(page)[0]
    assert sum(row[-1] for row in table(page).values()) == pytest.approx(100, abs=0.5)


def test_a_colour_photograph_is_read_as_grey(open_page):
    page = open_page(SCRIPT, picture_dataset="cifar10")
    assert not page.exception
    assert len(table(page)) == 10
