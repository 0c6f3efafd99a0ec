import pytest

from lib.concepts.backpropagation import PARAMETERS, Network, backward, descent_step, forward

PAGE = "pages/backpropagation.py"


def formula(page):
    return page.latex[0].value


def loss(page):
    return page.metric[0].value


def test_the_page_begins_with_a_network_and_one_chain(open_page):
    page = open_page(PAGE)
    assert not page.exception
    assert loss(page) == f"{forward(Network())['L']:.4g}"
    assert r"\partial w_{11}" in formula(page)


def test_an_edited_weight_changes_loss_and_chain(open_page):
    page = open_page(PAGE)
    before = formula(page)
    page.number_input(key="v1").set_value(-1.5).run()
    assert loss(page) == f"{forward(Network(v1=-1.5))['L']:.4g}"
    assert formula(page) != before


@pytest.mark.parametrize(("value", "words"), [(11.0, "not 11"), (-1e300, "not -1e+300")])
def test_a_number_that_cannot_be_gets_a_sentence_and_the_last_picture_stays(open_page, value, words):
    page = open_page(PAGE)
    page.number_input(key="c").set_value(0.5).run()
    shown = formula(page)
    page.number_input(key="w22").set_value(value).run()
    assert not page.exception
    assert "w22 must be a number from -10 to 10" in page.error[0].value
    assert words in page.error[0].value
    assert formula(page) == shown
    page.number_input(key="w22").set_value(0.1).run()
    assert not page.error


def test_a_target_that_is_no_probability_is_explained(open_page):
    page = open_page(PAGE, target="3")
    assert loss(page) == f"{forward(Network(target=3.0))['L']:.4g}"
    page.segmented_control(key="loss_kind").set_value("binary_crossentropy").run()
    assert "target from 0 to 1, not 3" in page.error[0].value
    assert loss(page) == f"{forward(Network(target=3.0))['L']:.4g}"


@pytest.mark.parametrize("query", [{"w11": "nan"}, {"w11": "zz"}, {"x1": "1e999"}, {"hidden_activation": "relu"}])
def test_a_hostile_address_shows_the_network_it_can_show(open_page, query):
    page = open_page(PAGE, **query)
    assert not page.exception
    assert loss(page) == f"{forward(Network())['L']:.4g}"


def test_one_gradient_step_moves_every_weight_against_its_derivative(open_page):
    page = open_page(PAGE)
    page.button(key="take_step").click().run()
    after = descent_step(Network(), backward(Network(), forward(Network())), 0.1)
    assert {name: page.number_input(key=name).value for name in PARAMETERS} == pytest.approx(
        {name: getattr(after, name) for name in PARAMETERS}
    )
    assert loss(page) == f"{forward(after)['L']:.4g}"
    assert page.metric[0].delta.startswith("-0.7978 by step 1")
    page.button(key="take_step").click().run()
    assert page.metric[0].delta.endswith("by step 2")


def test_a_step_that_leads_too_far_is_explained_and_not_taken(open_page):
    page = open_page(PAGE, step_rate="5", x1="10")
    page.button(key="take_step").click().run()
    assert not page.exception
    assert "Choose a lower learning rate" in page.warning[0].value
    assert page.number_input(key="c").value == Network().c
    page.select_slider(key="step_rate").set_value(0.01).run()
    page.button(key="take_step").click().run()
    assert not page.warning
    assert page.number_input(key="c").value != Network().c


def test_reset_brings_the_first_network_back(open_page):
    page = open_page(PAGE, w11="3")
    page.button(key="take_step").click().run()
    page.button(key="reset_network").click().run()
    assert page.number_input(key="w11").value == Network().w11
    assert loss(page) == f"{forward(Network())['L']:.4g}"
    assert not page.metric[0].delta


def test_the_chain_can_be_shown_for_each_parameter(open_page):
    page = open_page(PAGE)
    page.segmented_control(key="derivative").set_value("b2").run()
    assert r"\partial b_{2}" in formula(page)
