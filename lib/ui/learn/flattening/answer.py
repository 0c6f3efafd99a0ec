"""What the ten units say of the page's picture, beside the place where it is chosen or drawn."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.softmax import softmax_steps
from lib.data.own.pictures import Picture
from lib.figures.base.images import enlarged
from lib.figures.results.predictions import describe_probabilities, probabilities
from lib.ui.kit import lessons
from lib.ui.learn.flattening.dense import NAMES, logits_of

Values = NDArray[np.float32]

_SCALE = 3
"""Screen pixels for each of the picture's, along one axis."""


def answer(image: Values, picture: Picture) -> None:
    """Show the probability of each digit, and the likeliest in words.

    Args:
        image: `(28, 28, 1)`, 0 to 1.
        picture: where it comes from; a test digit's true class has its own colour.
    """
    with st.container(key="units_answer"):
        if not image.any():
            st.markdown(lessons.text("flattening.no_ink"))
            return
        shares = softmax_steps(logits_of(image)).probabilities
        best = int(shares.argmax())
        label = picture.label if picture.dataset == "mnist" else None
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            pixels = enlarged((255 * image).round().astype(np.uint8), _SCALE)
            st.image(np.squeeze(pixels), width="content", alt="what the units get: 28 by 28 grey pixels")
            lessons.show("flattening.answer", digit=NAMES[best], share=f"{shares[best]:.0%}")
        st.plotly_chart(
            probabilities(shares, NAMES, label), key="units_say", alt=describe_probabilities(shares, NAMES, label),
            config={"displayModeBar": False},
        )  # fmt: skip
