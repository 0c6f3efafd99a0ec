"""An image of the person's own on its way into a network: drawn, or from a file."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.normalising import fitted, normalised
from lib.data.spoiling import shuffled_pixels
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError
from lib.ui.inside.given import Input
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.drawing import drawing
from lib.ui.kit.picture_source import uploaded
from lib.ui.kit.question_note import ask

_WAYS = {"mnist": "as MNIST's digits are", "drawn": "as drawn"}
_MOST_SIDE = 256
"""Pixels of an upload's longer side before it is brought to the network's size."""


def drawn_image(run: RunSnapshot) -> Input | None:
    """A drawing; None while the pad is empty, of which a sentence tells."""
    with st.container(key="inside_pad"):
        drawn = _as_the_network_knows(run, drawing("inside_drawing"), "your drawing")
        ask("digit_misread")
        return drawn


def uploaded_image(run: RunSnapshot) -> Input | None:
    """The picture of a file; None while there is none, of which a sentence tells."""
    picture = uploaded("inside", _MOST_SIDE)
    if picture is None:
        st.info(lessons.text("inside.no_upload"), icon=":material/upload_file:")
        return None
    return _as_the_network_knows(run, picture.pixels, picture.name)


def _as_the_network_knows(run: RunSnapshot, pixels: NDArray[np.uint8], name: str) -> Input | None:
    """A person's own picture in the form of those that the network has learned from."""
    height, width, channels = run.spec.data.input_shape
    shape = (height, width, channels)
    if run.spec.data.dataset != "mnist":
        if not pixels.any():
            st.info(lessons.text("inside.empty"), icon=":material/draw:")
            return None
        return Input(_spoiled_too(run, fitted(pixels, shape)), name)
    way = Choice("inside_way", _WAYS, "mnist", parameter="way").segments("It goes in", help=lessons.text("inside.way"))
    try:
        steps = normalised(pixels)
    except DataError as error:
        st.info(words.escaped(str(error)), icon=":material/draw:")
        return None
    values = steps.centred[..., None] if way == "mnist" else fitted(pixels, shape)
    return Input(_spoiled_too(run, values), name, steps=steps)


def _spoiled_too(run: RunSnapshot, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture with its pixels shuffled, and a sentence about it, where those that the network knows are."""
    if run.spec.data.spoiling != "shuffled_pixels":
        return pixels
    st.caption(lessons.text("spoiled.shuffled_too"))
    return shuffled_pixels(pixels)
