"""Activations and losses: how each function bends, its slope, and what slopes do to learning."""

from lib.concepts import activations, losses
from lib.ui.learn import page
from lib.ui.learn.activations import view

page.begin("activations")
view.bends()
page.below()
view.softmax()
view.losses()
page.closing(
    "activations",
    activations.relu, activations.relu_slope, activations.sigmoid, activations.sigmoid_slope, activations.chain,
    activations.softmax_slopes, losses.binary_crossentropy_slope, losses.squared_error_slope, losses.steps_to_even,
)  # fmt: skip
