"""The Convolution page's controls: the kernels, and how they slide."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.kernels import KERNELS, kernel_named
from lib.concepts.windows import Padding
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.key import Key
from lib.ui.learn.convolution import kernel_editor
from lib.ui.learn.convolution.trained_kernels import TrainedKernels
from lib.ui.session.state import STRIDE

Values = NDArray[np.float32]

RANDOM, SEVERAL, LAYER, TRAINED = "random", "edge_detectors", "random_filters", "trained"
_LABELS = {
    **{name: kernel.title for name, kernel in KERNELS.items()},
    RANDOM: "random",
    SEVERAL: "four edge detectors",
    LAYER: "eight random filters",
    TRAINED: "of your network",
}
FILTERS = 8
_SET = ("sobel_x", "sobel_y", "laplacian", "emboss")
_ACTIVATIONS = ("linear", "relu", "leaky_relu", "elu", "gelu", "sigmoid", "tanh")
_PADDING = Choice("padding", {name: name for name in ("valid", "same", "0", "1", "2", "3")}, "valid")
_SIZE = Key("kernel_size", 3)


@dataclass(frozen=True, slots=True, eq=False)
class Kernels:
    """One or several filters.

    Attributes:
        weights: `(size, size, 1 or channels, filters)`; one channel is used for every channel of the image.
        bias: `(filters,)`.
        names: of the filters.
        chosen: id of the kernel in the list; "" where a person typed another one.
    """

    weights: Values
    bias: Values
    names: tuple[str, ...]
    chosen: str = ""

    def for_channels(self, channels: int) -> Kernels:
        """The same filters for an image of so many channels. A grey image counts as three equal colours."""
        own = self.weights.shape[2]
        if own == channels:
            return self
        if own == 1:
            return replace(self, weights=self.weights.repeat(channels, axis=2))
        return replace(self, weights=self.weights.sum(axis=2, keepdims=True))


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """What the controls say."""

    kernels: Kernels
    stride: int = 1
    padding: Padding = "valid"
    dilation_rate: int = 1
    activation: str = "linear"


def convolution_controls(trained: TrainedKernels | None) -> Convolution:
    """Let a person choose kernels and how they slide; the address holds it.

    Args:
        trained: filters of a network of this person's, if there is one.

    Raises:
        ValueError: the chosen kernel makes no sense at the chosen size.
    """
    # The kernel stands first, but needs the bias that is set below it.
    above = st.container()
    left, right = st.columns(2)
    stride = left.slider("Stride", 1, 4, 1, key=STRIDE.name, bind="query-params")
    dilation = right.slider("Dilation", 1, 3, 1, key="dilation", bind="query-params")
    padding = _PADDING.segments(
        "Padding",
        help=lessons.text("convolution.padding"),
    )
    left, right = st.columns(2)
    bias = left.slider("Bias", -2.0, 2.0, 0.0, 0.1, key="bias", bind="query-params")
    activation = right.selectbox("Activation", _ACTIVATIONS, key="activation", bind="query-params")
    with above:
        kernels = _kernels(trained, bias)
    return Convolution(kernels, stride, int(padding) if padding.isdigit() else padding, dilation, activation)


def _kernels(trained: TrainedKernels | None, bias: float) -> Kernels:
    labels = {name: label for name, label in _LABELS.items() if name != TRAINED or trained}
    name_column, size_column = st.columns(2)
    with name_column:
        name = Choice("kernel", labels, "sobel_x").listed("Kernel", on_change=kernel_editor.forget)
    size = size_column.slider(
        "Kernel size", 1, 7, 3, key=_SIZE.name, bind="query-params", disabled=name == TRAINED,
        on_change=lambda: kernel_editor.resize(_SIZE.get()),
    )  # fmt: skip
    if name == TRAINED and trained is not None:
        lessons.show("convolution.trained", title=words.escaped(trained.title))
        return Kernels(trained.weights, trained.bias, trained.names, TRAINED)
    if name == SEVERAL:
        lessons.show("convolution.several")
        weights = np.stack([kernel_named(each, size) for each in _SET], axis=-1)
        titles = tuple(KERNELS[each].title for each in _SET)
        return Kernels(weights[:, :, None, :], np.full(len(_SET), bias, np.float32), titles, SEVERAL)
    if name == LAYER:
        lessons.show("convolution.layer")
        limit = np.sqrt(6 / (size * size * (1 + FILTERS)))  # the limit of Keras' GlorotUniform for one channel
        weights = np.random.default_rng(0).uniform(-limit, limit, (size, size, 1, FILTERS)).astype(np.float32)
        return Kernels(weights, np.full(FILTERS, bias, np.float32), tuple(f"filter {i}" for i in range(FILTERS)), LAYER)
    starting = _random(size) if name == RANDOM else kernel_named(name, size)
    kernel = kernel_editor.kernel_editor(starting)
    typed = not np.array_equal(kernel, starting)
    shown_as = "your kernel" if typed else _LABELS[name]
    return Kernels(kernel[:, :, None, None], np.array([bias], np.float32), (shown_as,), "" if typed else name)


def _random(size: int) -> Values:
    """Small random numbers, as a layer has at its beginning. The button draws others."""

    def drawn(seed: int | None) -> Values:
        return np.random.default_rng(seed).normal(0, 1 / size, (size, size)).round(2).astype(np.float32)

    st.button(
        "Draw others", icon=":material/casino:", key="draw_others",
        on_click=lambda: kernel_editor.put(drawn(None)),
    )  # fmt: skip
    return drawn(size)
