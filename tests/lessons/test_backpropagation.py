from dataclasses import replace

import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts.backpropagation import FEEDS, PARAMETERS, Network, backward, descent_step, forward

PAGE = "backpropagation"


def gradients(**numbers):
    net = replace(Network(), **numbers)
    return backward(net, forward(net))


def losses(rate, steps):
    """The loss before each step, until the page refuses one."""
    net, found = Network(), []
    for _ in range(steps):
        found.append(forward(net)["L"])
        try:
            net = descent_step(net, backward(net, forward(net)), rate)
        except ValueError:
            break
    return found


def zero(found):
    return {name for name in found if found[name] == 0}


def test_experiment_1_a_flat_tanh_lets_almost_nothing_through():
    experiment(PAGE, 1, "Set b₁ to 5", "derivative by w₁₁")
    passage("backpropagation.task_1_flat", "everything behind that factor")
    before, after = gradients(), gradients(b1=5.0)
    assert abs(before["w11"]) > 0.5
    assert all(abs(after[name]) < 1e-3 for name in ("z1", "w11", "w21", "b1"))
    assert abs(after["h1"]) > 1


def test_experiment_2_without_its_output_weight_a_unit_gets_no_blame_but_the_weight_does():
    experiment(PAGE, 2, "Set v₂ to 0", "the one by v₂ itself")
    assert zero(gradients(v2=0.0)) == {"h2", "z2", "w12", "w22", "b2"}


def test_experiment_3_small_steps_lower_the_loss_each_time_and_large_ones_do_not():
    experiment(
        PAGE, 3, "three times at a rate of 0.1", "try 1", "After which step is the loss higher for the first time"
    )
    passage("backpropagation.task_3_falls", "At a rate of 0.1 the loss falls every time")
    small, large = losses(0.1, 10), losses(1, 10)
    assert small == sorted(small, reverse=True)
    assert large[1] < large[0] < large[2]
    assert len(large) < 6  # the next one is refused


def test_answer_1_the_weights_of_the_other_input_and_the_biases_still_learn():
    answer(PAGE, 1, "All of the weights of both hidden units", "The weights from x₁ and the biases still matter")
    assert all(gradients(x2=0.0)[name] for name in ("w11", "b1", "w12", "b2"))


def test_answer_2_only_the_weights_of_an_input_of_0_stay_as_they_are():
    answer(PAGE, 2, "w₂₁ and w₂₂ only", "ends with the factor x₂, which is 0", right=True)
    assert zero(gradients(x2=0.0)) == {"w21", "w22"}


def test_answer_3_the_last_factor_is_the_input():
    answer(PAGE, 3, "None", "derivative by w₁₁ is x₁, that of one by w₂₁ is x₂")
    found = gradients(x1=3.0, x2=2.0)
    assert found["w11"] == pytest.approx(3 * found["z1"])
    assert found["w21"] == pytest.approx(2 * found["z1"])


def test_here_every_number_goes_into_one_other_so_each_derivative_is_one_product():
    passage("backpropagation.title", "each answer is one multiplication", "every weight and every unit feeds one other")
    passage("backpropagation.uses", "add up the products from all of them")
    assert set(FEEDS) >= {*PARAMETERS, "h1", "h2", "z1", "z2", "z", "p"}
    assert all(isinstance(target, str) for target in FEEDS.values())


def test_lesson_and_glossary_name_the_same_price():
    """A dense layer: forward one product a weight; backward one for its derivative and one for the unit before."""
    passage("backpropagation.uses", "about twice as much as the way forward")
    passage("glossary.terms", "costs about as much as two passes forward")
