"""Layers that make another random variant of each sample in every training step; afterwards they change nothing.

Keras' own layers of the same names (https://keras.io/api/layers/preprocessing_layers/image_augmentation/). They have no
weights. What they do to an image is written out in `lib.concepts.augmenting`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lib.specs.fields import Choice, Number, ruled
from lib.specs.layers.base import Family, Layer, Shape
from lib.specs.layers.sliding import need_axes

FLIPS = ("horizontal", "vertical", "horizontal_and_vertical")
FILLS = ("reflect", "nearest", "constant")
"""What lies beyond an image's edges: its mirror image, the edge's own pixels, or zeros."""


@dataclass(frozen=True, slots=True)
class Augmenting(Layer):
    """A layer that hands on a random variant of each sample while the network is trained."""

    only_training: ClassVar[bool] = True
    makes_variants: ClassVar[bool] = True

    def draws(self) -> dict[str, str]:
        """Which variants come."""
        return {"seed": ""}

    def multiply_adds(self, shape: Shape) -> int:
        """None that the network's answer needs."""
        return 0


@dataclass(frozen=True, slots=True)
class OfImages(Augmenting):
    """One that varies an image as a whole, so that it must stand where the image still is one."""

    family: ClassVar[Family] = Family.AUGMENTATION
    only_in_front: ClassVar[bool] = True

    def output_shape(self, shape: Shape) -> Shape:
        """The shape of the maps that come in."""
        need_axes(self, 2, shape)
        return shape


@dataclass(frozen=True, slots=True)
class RandomFlip(OfImages):
    """Mirrors each image with a chance of one half; `horizontal_and_vertical` does both together, or neither."""

    icon: ClassVar[str] = "flip"
    summary: ClassVar[str] = "mirrors a random half of the images in training"
    by_position: ClassVar[tuple[str, ...]] = ("mode",)
    keras_defaults: ClassVar[dict[str, object]] = {"mode": "horizontal_and_vertical"}
    mode: str = ruled("horizontal", Choice(FLIPS))

    @property
    def brief(self) -> str:
        """Which way."""
        return {"horizontal_and_vertical": "both"}.get(self.mode, self.mode)


@dataclass(frozen=True, slots=True)
class RandomTranslation(OfImages):
    """Moves each image by up to a share of its height and of its width."""

    icon: ClassVar[str] = "open_with"
    summary: ClassVar[str] = "moves each image a little in training"
    by_position: ClassVar[tuple[str, ...]] = ("height_factor", "width_factor")
    height_factor: float = ruled(0.1, Number(0.0, 0.5, 0.01))
    width_factor: float = ruled(0.1, Number(0.0, 0.5, 0.01))
    fill_mode: str = ruled("reflect", Choice(FILLS))

    @property
    def brief(self) -> str:
        """How far, down and across."""
        return f"±{self.height_factor:.0%}, ±{self.width_factor:.0%}"


@dataclass(frozen=True, slots=True)
class RandomRotation(OfImages):
    """Turns each image about its middle by up to `factor` of a full turn either way."""

    icon: ClassVar[str] = "rotate_right"
    summary: ClassVar[str] = "turns each image a little in training"
    by_position: ClassVar[tuple[str, ...]] = ("factor",)
    factor: float = ruled(0.05, Number(0.0, 0.5, 0.01))
    fill_mode: str = ruled("reflect", Choice(FILLS))

    @property
    def brief(self) -> str:
        """How far, in degrees."""
        return f"±{360 * self.factor:.3g}°"


@dataclass(frozen=True, slots=True)
class RandomZoom(OfImages):
    """Shows up to `height_factor` more or less of each image; its proportions stay."""

    icon: ClassVar[str] = "zoom_in"
    summary: ClassVar[str] = "enlarges or shrinks each image a little in training"
    by_position: ClassVar[tuple[str, ...]] = ("height_factor",)
    height_factor: float = ruled(0.1, Number(0.0, 0.9, 0.01))
    fill_mode: str = ruled("reflect", Choice(FILLS))

    @property
    def brief(self) -> str:
        """How much."""
        return f"±{self.height_factor:.0%}"


@dataclass(frozen=True, slots=True)
class RandomContrast(OfImages):
    """Takes each pixel's distance from its channel's mean times a number from `1 - factor` to `1 + factor`.

    Keras also needs to know how pixels are scaled, because it cuts off what leaves that range; this follows the data
    (`DataSpec.value_range`).
    """

    icon: ClassVar[str] = "contrast"
    summary: ClassVar[str] = "changes each image's contrast a little in training"
    by_position: ClassVar[tuple[str, ...]] = ("factor",)
    factor: float = ruled(0.2, Number(0.0, 1.0, 0.05))

    @property
    def brief(self) -> str:
        """How much."""
        return f"±{self.factor:.0%}"

    def keras_value(self, name: str) -> object:
        """Both ends: of a single number Keras 3.15 takes the upper end only, against its own documentation."""
        return (self.factor, self.factor) if name == "factor" else Layer.keras_value(self, name)


@dataclass(frozen=True, slots=True)
class GaussianNoise(Augmenting):
    """Adds a normally distributed random number to each number; `stddev` is in units of what comes in."""

    family: ClassVar[Family] = Family.REGULARIZATION
    icon: ClassVar[str] = "grain"
    summary: ClassVar[str] = "adds random noise to its input in training"
    passes_mask: ClassVar[bool] = True
    by_position: ClassVar[tuple[str, ...]] = ("stddev",)
    stddev: float = ruled(0.1, Number(0.0, 1.0, 0.01))

    @property
    def brief(self) -> str:
        """How strong."""
        return f"±{self.stddev:g}"

    def draws(self) -> dict[str, str]:
        """The noise, if there is any."""
        return {"seed": ""} if self.stddev else {}
