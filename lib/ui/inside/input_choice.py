"""What goes into the network: a test image, a drawing, or a file of the person's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.loading import load
from lib.data.normalising import Normalised, fitted, normalised
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.drawing import drawing
from lib.ui.kit.key import Key
from lib.ui.kit.picture_source import uploaded
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.session.state import LOOKED_AT

_INPUTS = {"sample": "test image", "draw": "drawing", "upload": "upload"}
_WAYS = {"mnist": "as MNIST's digits are", "drawn": "as drawn"}
_SOURCE, _NUMBER = Key("inside_input", "sample"), Key("inside_sample", 0)
_MOST_SIDE = 256
"""Pixels of an upload's longer side before it is brought to the network's size."""


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """One image as the network's dataset would hold it.

    Attributes:
        pixels: uint8, the network's input shape.
        name: what a person calls it.
        label: its class, or None.
        steps: how a drawn digit became one of MNIST's, or None.
    """

    pixels: NDArray[np.uint8]
    name: str
    label: int | None = None
    steps: Normalised | None = None


def input_choice(run: RunSnapshot) -> Input | None:
    """Let a person choose an image.

    Returns:
        None where there is none yet; a sentence has been shown.

    Raises:
        DataError: the test images are not here any more.
    """
    looked_at = LOOKED_AT.take()
    if looked_at is not None:
        _SOURCE.set("sample")
        _NUMBER.set(looked_at)
    source = Choice(_SOURCE.name, _INPUTS, "sample", parameter="input").segments("Input")
    if source == "sample":
        return _sample(run)
    if source == "draw":
        with st.container(key="inside_pad"):
            return _as_the_network_knows(run, drawing("inside_drawing"), "your drawing")
    picture = uploaded("inside", _MOST_SIDE)
    if picture is None:
        st.info(lessons.text("inside.no_upload"), icon=":material/upload_file:")
        return None
    return _as_the_network_knows(run, picture.pixels, picture.name)


def _sample(run: RunSnapshot) -> Input:
    data = run.spec.data
    test = load(data.dataset, data.size).test
    number = WholeNumber(_NUMBER.name, 0, parameter="sample").field(
        f"Test image, 0 to {len(test) - 1:,}", 0, len(test) - 1
    )
    return Input(test.x[number], f"test image {number}", int(test.y[number]))


def _as_the_network_knows(run: RunSnapshot, pixels: NDArray[np.uint8], name: str) -> Input | None:
    """A person's own picture in the form of those that the network has learned from."""
    height, width, channels = run.spec.data.input_shape
    shape = (height, width, channels)
    if run.spec.data.dataset != "mnist":
        if not pixels.any():
            st.info(lessons.text("inside.empty"), icon=":material/draw:")
            return None
        return Input(fitted(pixels, shape), name)
    way = Choice("inside_way", _WAYS, "mnist", parameter="way").segments("It goes in", help=lessons.text("inside.way"))
    try:
        steps = normalised(pixels)
    except DataError as error:
        st.info(words.escaped(str(error)), icon=":material/draw:")
        return None
    return Input(steps.centred[..., None] if way == "mnist" else fitted(pixels, shape), name, steps=steps)
