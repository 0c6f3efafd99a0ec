"""Variants of a training image, as the layers in front of the draft's network make them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.loading import Scaling, load
from lib.data.preparing import prepare
from lib.errors import DataError
from lib.figures.base.images import enlarged, image_grid
from lib.figures.build.variants import describe_variants, in_front, variants
from lib.specs.data import DataSpec
from lib.specs.layers.known import Layer, RandomFlip, RandomRotation
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.fragment import fragment
from lib.ui.kit.noted import Noted, whole
from lib.ui.kit.whole_number import WholeNumber

COUNT, COLUMNS = 8, 4
_FOR_SCALING = 1_000
"""So many samples are enough to know about how large a pixel's deviation is, in little time."""
_OTHER_DIGIT = 0.25
"""Turned by more than so much of a full turn, a 6 is more of a 9."""
_SHEET_SIDE, _IMAGE_SIDE, _CHOICE_WIDTH = 144, 112, 190  # pixels
_MOST_SEED = 9_999
_IMAGE, _SEED = WholeNumber("varied_image", 1, "image"), Noted("variants_seed", "variants", 0, whole(0, _MOST_SEED))
_ABOUT = {
    "RandomFlip": "augmenting.flip",
    "RandomTranslation": "augmenting.translation",
    "RandomRotation": "augmenting.rotation",
    "RandomZoom": "augmenting.zoom",
    "RandomContrast": "augmenting.contrast",
    "GaussianNoise": "augmenting.noise",
}
"""What a layer that makes variants is for, and its trap."""


def about(layer: Layer) -> None:
    """Say what a layer is for and what to beware of, if it makes variants."""
    if layer.makes_variants:
        st.caption(lessons.text(_ABOUT[layer.kind]))


def variants_panel(spec: RunSpec) -> None:
    """Show variants of a training image, if the draft's network makes any of images."""
    layers = in_front(spec.model.layers)
    if spec.data.kind != "images" or not layers:
        return
    with st.container(key="variants"):
        lessons.show("build.variants")
        if spec.data.dataset == "mnist":
            _beware_of_other_digits(layers)
        fragment(_variants)(spec.data, layers)


def _beware_of_other_digits(layers: tuple[Layer, ...]) -> None:
    if any(isinstance(layer, RandomFlip) for layer in layers):
        st.warning(lessons.text("build.mirrored_digits"), icon=":material/flip:")
    if any(isinstance(layer, RandomRotation) and layer.factor > _OTHER_DIGIT for layer in layers):
        st.warning(lessons.text("build.turned_digits"), icon=":material/rotate_right:")


def _variants(data: DataSpec, layers: tuple[Layer, ...]) -> None:
    try:
        part, scaling = load(data.dataset, data.size).train, _scaling(data)
    except DataError as error:
        st.warning(str(error))
        return
    number = _IMAGE.shown(1, len(part))
    image, name = part.x[number - 1], data.class_names[int(part.y[number - 1])]
    shown = f"training image {number}, {name}"
    with st.container(horizontal=True, key="varied"):
        st.image(enlarged(image, 4), width=_IMAGE_SIDE, caption=words.escaped(name), alt=shown)
        with st.container(gap="small", width=_CHOICE_WIDTH):
            _IMAGE.field("training image", 1, len(part))
            st.button("Other variants", key="other_variants", icon=":material/casino:", on_click=_other)
    sheet = _sheet(image.tobytes(), image.shape, layers, scaling, data.value_range, _SEED.shown())
    st.image(sheet, width="stretch", alt=describe_variants(shown, layers, COUNT))


def _other() -> None:
    _SEED.set((_SEED.get() + 1) % (_MOST_SEED + 1))


def _scaling(data: DataSpec) -> Scaling:
    """How pixels are scaled: exactly where that is the same for all data, else as some samples say."""
    return _fitted(replace(data, samples=min(data.samples or _FOR_SCALING, _FOR_SCALING)))


@lru_cache(maxsize=16)
def _fitted(data: DataSpec) -> Scaling:
    return prepare(data, 0.0).scaling


@lru_cache(maxsize=64)
def _sheet(
    pixels: bytes,
    shape: tuple[int, int, int],
    layers: tuple[Layer, ...],
    scaling: Scaling,
    value_range: tuple[int, int],
    seed: int,
) -> NDArray[np.uint8]:
    """The variants in rows; kept, because the page is drawn anew after every click."""
    image = np.frombuffer(pixels, np.uint8).reshape(shape)
    made = variants(image, layers, scaling, value_range, COUNT, seed)
    return image_grid(made, COLUMNS, max(1, _SHEET_SIDE // max(shape[:2])))
