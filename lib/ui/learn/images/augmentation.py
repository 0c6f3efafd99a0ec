"""The part about augmentation: random variants of the picture, and the Keras layers that make them."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.own.pictures import Picture
from lib.data.scaling import Scaling
from lib.export.keras_code import layer_code
from lib.figures.base.images import enlarged, image_grid
from lib.figures.build.variants import variants
from lib.specs.codec import plain
from lib.specs.layers.augmenting import FLIPS
from lib.specs.layers.known import GaussianNoise, Layer, RandomFlip, RandomRotation, RandomTranslation, RandomZoom
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.kit.noted import Noted, whole
from lib.ui.kit.question_note import ask
from lib.ui.learn import page, tasks
from lib.ui.learn.images.with_and_without import questions

VARIANTS = 8
_MOST_SEED = 9_999
_SEED = Noted("augmentation_seed", "others", 0, whole(0, _MOST_SEED))
_NO_FLIP = "none"
_FLIP: Choice[str] = Choice("flip", {flip: flip.replace("_", " ") for flip in (_NO_FLIP, *FLIPS)}, _NO_FLIP)


@fragment
def augmentation_tab(picture: Picture) -> None:
    """Show random variants of the picture."""
    lessons.show("images.augmentation")
    left, right = st.columns([2, 3], gap="large")
    with left:
        layers = _layers()
        st.button("Eight others", key="others", icon=":material/casino:", on_click=_draw_others)
        seed = _SEED.shown()
    height, width, _ = picture.pixels.shape
    with right:
        scale = max(1, 144 // max(height, width))
        sheet = image_grid(eight(picture.pixels, layers, seed), columns=4, scale=scale)
        st.image(enlarged(picture.pixels, 4), width=112, caption=words.escaped(picture.name), alt=picture.name)
        st.image(sheet, width="stretch", alt=f"{VARIANTS} random variants of {picture.name}")
        digits = picture.dataset in ("", "mnist") and picture.pixels.shape[2] == 1
        if digits and any(isinstance(layer, RandomFlip) for layer in layers):
            st.warning(lessons.text("images.flip_warning"), icon=":material/flip:")
    with page.formula():
        _numbers(layers, height, width)
        st.code(written(layers), language="python")
    lessons.show("images.augmentation_use")
    questions()
    ask("does_augmentation_help")
    tasks.tell(
        part="augmentation", dataset=picture.dataset, label=picture.label, degrees=_degrees(layers), drawn=_SEED.get()
    )


def _degrees(layers: tuple[Layer, ...]) -> int:
    """How far the variants are turned at most."""
    return round(360 * next(layer.factor for layer in layers if isinstance(layer, RandomRotation)))


def _draw_others() -> None:
    _SEED.set((_SEED.get() + 1) % (_MOST_SEED + 1))


def eight(pixels: NDArray[np.uint8], layers: tuple[Layer, ...], seed: int) -> NDArray[np.uint8]:
    """Variants of a picture whose pixels go into the layers scaled to 0..1."""
    channels = pixels.shape[2]
    return variants(pixels, layers, Scaling((1 / 255,) * channels, (0.0,) * channels), (0, 1), VARIANTS, seed)


def _layers() -> tuple[Layer, ...]:
    """The layers that the controls ask for. Those at 0 draw, too, so that a slider changes nothing of the others."""
    shift = st.slider("Shift, share of the side", 0.0, 0.5, 0.1, 0.05, key="translation", bind="query-params")
    degrees = st.slider("Rotate, degrees", 0, 180, 15, 5, key="rotation", bind="query-params")
    zoom = st.slider("Zoom, share", 0.0, 0.9, 0.1, 0.05, key="zoom", bind="query-params")
    flip = _FLIP.listed("Flip")
    noise = st.slider("Noise, deviation (pixels: 0 to 1)", 0.0, 0.5, 0.0, 0.02, key="pixel_noise", bind="query-params")
    layers = (
        RandomTranslation(height_factor=shift, width_factor=shift, fill_mode="nearest"),
        RandomRotation(factor=round(degrees / 360, 4), fill_mode="nearest"),
        RandomZoom(height_factor=zoom, fill_mode="nearest"),
        GaussianNoise(stddev=noise),
    )
    return layers if flip == _NO_FLIP else (*layers, RandomFlip(mode=flip))


def _numbers(layers: tuple[Layer, ...], height: int, width: int) -> None:
    """How far the sliders go, in pixels and in turns."""
    moved, turned = layers[:2]
    assert isinstance(moved, RandomTranslation)
    assert isinstance(turned, RandomRotation)
    down, along = height * moved.height_factor, width * moved.width_factor
    st.markdown(
        f"Moved by up to ${moved.height_factor:g} \\times {height} = {down:.1f}$ pixels up or down and"
        f" ${moved.width_factor:g} \\times {width} = {along:.1f}$ to either side;"
        f" turned by up to ${360 * turned.factor:.0f}° / 360° = {turned.factor:.4f}$ of a full turn."
    )


def written(layers: tuple[Layer, ...]) -> str:
    """The Keras layers, without those that change nothing.

    >>> print(written((RandomRotation(factor=0.05), GaussianNoise(stddev=0.0))))
    keras.Sequential([
        layers.RandomRotation(0.05),
    ])
    """
    lines = "".join(f"    {layer_code(layer)},\n" for layer in layers if _changes(layer)).replace("'", '"')
    return f"keras.Sequential([\n{lines}])"


def _changes(layer: Layer) -> bool:
    return any(value for name, value in plain(layer).items() if name != "fill_mode")
