"""Images spoiled on purpose, to see what a network does with them: one function for each way, plain numpy.

The functions stand in exported notebooks as they are here. What is random depends on `SEED` alone, so that each run,
page and notebook gets the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.data.parts import Part, split_validation

SEED = 0
Labelled = tuple[Any, Any]
"""Images and their labels."""


def shuffled_pixels(x: NDArray[Any]) -> NDArray[Any]:
    """Images whose pixels have all moved to other places: each pixel to the same place in every image.

    Args:
        x: `(..., height, width, channels)`; a pixel keeps its channels together.

    Returns:
        A copy, of the same shape.

    >>> first, second = shuffled_pixels(np.array([[[[1], [2]], [[3], [4]]], [[[5], [6]], [[7], [8]]]]))
    >>> sorted(first.ravel().tolist()), bool((second == first + 4).all())
    ([1, 2, 3, 4], True)
    """
    height, width, channels = x.shape[-3:]
    order = np.random.default_rng(SEED).permutation(height * width)
    return x.reshape(*x.shape[:-3], height * width, channels)[..., order, :].reshape(x.shape)


def shuffled_labels(x: NDArray[Any], y: NDArray[Any]) -> Labelled:
    """The images with each other's labels: each class has as many images as before, but not its own.

    >>> shuffled_labels(np.zeros(4), np.array([0, 0, 1, 1]))[1].tolist()
    [1, 0, 0, 1]
    """
    return x, np.random.default_rng(SEED).permutation(y)


def leaked(x: NDArray[Any], y: NDArray[Any], x_val: NDArray[Any], y_val: NDArray[Any]) -> Labelled:
    """Training images of which some have given way to copies of the validation images.

    Args:
        x, y: the training part.
        x_val, y_val: the validation part. Of more images than there are to train with the first ones are copied.

    Returns:
        As many training images as before.

    >>> leaked(np.arange(4), np.zeros(4), np.array([9]), np.array([1]))
    (array([0, 1, 9, 3]), array([0., 0., 1., 0.]))
    """
    copied = min(len(x), len(x_val))
    places = np.random.default_rng(SEED).permutation(len(x))[:copied]
    x, y = x.copy(), y.copy()
    x[places], y[places] = x_val[:copied], y_val[:copied]
    return x, y


def left_out(x: NDArray[Any], y: NDArray[Any], label: int) -> Labelled:
    """The images without those of one class.

    >>> left_out(np.arange(4), np.array([0, 1, 2, 1]), 1)
    (array([0, 2]), array([0, 2]))
    """
    return x[y != label], y[y != label]


def by_class(x: NDArray[Any], y: NDArray[Any]) -> Labelled:
    """The images sorted by class, and otherwise in their order.

    >>> by_class(np.arange(4), np.array([1, 0, 1, 0]))
    (array([1, 3, 0, 2]), array([0, 0, 1, 1]))
    """
    order = np.argsort(y, kind="stable")
    return x[order], y[order]


def absent_class(classes: int) -> int:
    """The class that `left_out` leaves out of a training: of the ten digits the 4.

    >>> absent_class(10), absent_class(2)
    (4, 0)
    """
    return (classes - 1) // 2


class Shuffled:
    """Images whose pixels are shuffled when they are asked for: `images[3]`, `images[10:20]`, `images[places]`.

    A page that shows one image needs not shuffle all of them: 10,000 photographs take 0.17 s.

    Args:
        x: uint8 `(samples, height, width, channels)`.

    Attributes:
        dtype, ndim, shape: those of `x`.
    """

    def __init__(self, x: NDArray[np.uint8]) -> None:
        self._x = x
        self.dtype, self.ndim, self.shape = x.dtype, x.ndim, x.shape

    def __len__(self) -> int:
        return len(self._x)

    def __getitem__(self, index: Any) -> NDArray[np.uint8]:
        """Some images, or one of them, as `shuffled_pixels` gives them."""
        return shuffled_pixels(self._x[index])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """All images, for numpy."""
        return np.asarray(self[:], dtype)

    def astype(self, dtype: Any) -> NDArray[Any]:
        """All images as numbers of another type."""
        return self[:].astype(dtype)


def split(used: Part, spoiled: str, classes: int, validation_split: float, seed: int) -> tuple[Part, Part]:
    """Training and validation part of images that are spoiled.

    The labels of the validation part stay true, and it has images of all classes: only what is trained on is spoiled.
    Shuffled pixels are shuffled everywhere; and of sorted images the last ones are held back, as by the
    `validation_split` of `keras.Model.fit`, which takes them before anything is shuffled.

    Args:
        used: the images that a run uses, validation included.
        spoiled: one of `lib.specs.data.SPOILED`.
        classes: how many there are.
        validation_split: share that is held back.
        seed: of which are held back.
    """
    if spoiled == "sorted":
        ordered, rest = Part(*by_class(used.x, used.y)), len(used) - round(len(used) * validation_split)
        return ordered.at(np.arange(rest)), ordered.at(np.arange(rest, len(used)))
    train, validation = split_validation(used, validation_split, seed)
    match spoiled:
        case "shuffled_pixels":
            train, validation = seen(train, spoiled), seen(validation, spoiled)
        case "shuffled_labels":
            train = Part(*shuffled_labels(train.x, train.y))
        case "leaked":
            train = Part(*leaked(train.x, train.y, validation.x, validation.y))
        case "left_out":
            train = Part(*left_out(train.x, train.y, absent_class(classes)))
    return train, validation


def seen(part: Part, spoiled: str) -> Part:
    """Images as a network sees them that was trained on spoiled ones: only shuffled pixels look different."""
    return Part(Shuffled(part.x), part.y) if spoiled == "shuffled_pixels" else part
