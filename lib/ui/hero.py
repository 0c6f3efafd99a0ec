"""Home's picture: a real test digit inside a really trained network, computed here by `lib.concepts`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from lib.concepts.forward import forward
from lib.data.parts import DataError
from lib.data.preparing import prepare
from lib.figures.hero import describe_hero, hero
from lib.figures.images import to_png
from lib.specs.recipes import RECIPES
from lib.ui import lessons

# Weights of the Simple CNN recipe, trained on the bundled digits.
WEIGHTS = Path(__file__).parents[2] / "assets" / "pictures" / "simple_cnn.npz"
SAMPLE = 7


def show() -> None:
    """Draw it; the same for everybody, so computed once in a process."""
    try:
        picture, alt = _picture()
    except DataError as error:
        st.warning(str(error), icon=":material/broken_image:")
        return
    st.image(picture, width="stretch", alt=alt)
    st.caption(lessons.text("home.hero"))


@cache
def _picture() -> tuple[bytes, str]:
    run = RECIPES["simple_cnn"].run
    prepared = prepare(run.data, run.training.validation_split)
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        weights = {name: stored[name] for name in stored.files}
    image, names = prepared.test.x[SAMPLE], run.dataset.class_names
    outputs = forward(run.model, weights, prepared.scaling.apply(image))
    alt = describe_hero(outputs, run.model, names, names[int(prepared.test.y[SAMPLE])])
    return to_png(hero(image, outputs, run.model, names)), alt
