"""Backpropagation: every number of a 2-2-1 network, forward and backward, one step at a time."""

import streamlit as st

from lib.concepts.backpropagation import PARAMETERS, backward, descent_step, forward, slopes
from lib.figures.learn.tiny_network import chain_latex, pretty
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.learn import page, tasks
from lib.ui.learn.backpropagation.controls import controls, step_button
from lib.ui.learn.backpropagation.view import show_network

DERIVATIVE = Choice("derivative", {name: pretty(name) for name in PARAMETERS}, "w11")


@fragment
def network() -> None:
    picture, beside = st.columns([7, 5], gap="large")
    with beside:
        net = controls()
        stepped = step_button(net)
    with picture:
        show_network(net)
        lessons.show("backpropagation.formula")
        with page.formula():
            derivative = DERIVATIVE.segments("Derivative by")
            st.latex(chain_latex(net, derivative))
    found = backward(net, forward(net))
    tasks.tell(
        activation=net.activation, b1=net.b1, v2=net.v2, derivative=derivative, rate=stepped.rate, taken=stepped.taken,
        loss=stepped.loss, loss_before=stepped.before, **{f"slope_{name}": found[name] for name in ("h1", *PARAMETERS)},
    )  # fmt: skip


page.begin("backpropagation")
network()
lessons.show("backpropagation.uses")
page.closing("backpropagation", forward, slopes, backward, descent_step)
