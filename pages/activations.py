"""Activations and losses: the bend of each function, its slope, and what slopes do to learning."""

from lib.concepts import activations, losses
from lib.ui import activations_view, learn

learn.begin("activations")
activations_view.bends()
activations_view.softmax()
activations_view.losses()
learn.closing(
    "activations",
    activations.relu, activations.relu_slope, activations.sigmoid, activations.sigmoid_slope, activations.chain,
    activations.softmax_slopes, losses.binary_crossentropy_slope, losses.squared_error_slope, losses.steps_to_even,
)  # fmt: skip
