import json

import pytest

from lib.concepts.backpropagation import ACTIVATIONS, FEEDS, LOSSES, PARAMETERS, Network, backward, forward
from lib.figures.learn.tiny_network import chain_latex, describe_network, network_picture, short

KINDS = [(activation, loss) for activation in ACTIVATIONS for loss in LOSSES]


@pytest.mark.parametrize(("activation", "loss"), KINDS)
def test_every_step_ends_with_the_number_that_its_label_shows(activation, loss):
    net = Network(activation=activation, loss=loss)
    values, gradients = forward(net), backward(net, forward(net))
    picture = network_picture(net)
    expected = [values[name] for name in ("z1", "h1", "z2", "h2", "z", "p", "L")] + [gradients[name] for name in FEEDS]
    assert len(picture["steps"]) == len(expected) == 22
    for number, (step, value) in enumerate(zip(picture["steps"], expected, strict=True), start=1):
        assert step["sum"].endswith(f" = {short(value)}")
        (label,) = [label for label in picture["labels"] if label["when"] == number]
        assert label["text"].endswith(f" {short(value)}")
        assert label["gradient"] == (number > picture["forward"])


def test_a_sum_is_written_with_names_and_then_with_numbers():
    steps = network_picture(Network())["steps"]
    assert steps[0]["sum"] == "z₁ = w₁₁·x₁ + w₂₁·x₂ + b₁ = 0.5·1 + (-0.3)·(-0.5) + 0.1 = 0.75"
    (w12,) = [step["sum"] for step in steps if step["title"] == "backward: ∂L/∂w₁₂"]
    assert w12 == "∂L/∂w₁₂ = ∂L/∂z₂ · ∂z₂/∂w₁₂ = ∂L/∂z₂ · x₁ = (-0.7) · 1 = -0.7"


@pytest.mark.parametrize(("activation", "loss"), KINDS)
def test_the_factors_written_out_multiply_to_the_derivative(activation, loss):
    net = Network(x1=2, target=0.25, activation=activation, loss=loss)
    gradients = backward(net, forward(net))
    for name in PARAMETERS:
        latex = chain_latex(net, name)
        product = 1.0
        for part in latex.split("}_{")[1:]:
            product *= float(part.split("}")[0])
        assert product == pytest.approx(gradients[name], rel=0.02, abs=1e-3)
        assert latex.endswith(rf"&= {short(gradients[name])}\end{{aligned}}")


def test_what_is_lit_exists_in_the_picture():
    picture = network_picture(Network())
    drawn = {part["name"] for kind in ("circles", "edges", "labels") for part in picture[kind]}
    assert {name for step in picture["steps"] for name in step["lights"]} <= drawn


def test_all_weights_and_inputs_are_shown_from_the_beginning():
    given = [label["text"] for label in network_picture(Network(w21=-7.25))["labels"] if label["when"] == 0]
    assert len(given) == 12
    assert "w₂₁ -7.25" in given
    assert "y 0" in given


def test_the_picture_is_small():
    assert len(json.dumps(network_picture(Network()))) < 12_000


def test_the_alt_text_names_input_output_and_the_steepest_weight():
    assert describe_network(Network()) == (
        "Network with two inputs, two tanh units and one output: from inputs 1 and -0.5 to prediction 1.04; target 0, "
        "squared error 1.09. The largest derivative is that by c, 2.09."
    )
