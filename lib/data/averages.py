"""The average image of each class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lib.data.parts import Part


def class_averages(part: Part, classes: int) -> NDArray[np.uint8]:
    """Mean of all images of each class, pixel by pixel.

    Args:
        part: images `(samples, height, width, channels)` and their labels.
        classes: number of classes; one without samples stays black.

    Returns:
        uint8 `(classes, height, width, channels)`.
    """
    averages = np.zeros((classes, *part.x.shape[1:]), np.uint8)
    for label in np.unique(part.y):
        averages[label] = np.rint(part.x[part.y == label].mean(axis=0))
    return averages


def nearest_average(image: NDArray[np.uint8], averages: NDArray[np.uint8]) -> tuple[int, NDArray[np.float64]]:
    """The class whose average an image resembles most.

    Args:
        image: `(height, width, channels)`.
        averages: `(classes, height, width, channels)`.

    Returns:
        The class, and for each class the root of the mean squared difference of the pixels, as a share of 255.
    """
    differences = (averages.astype(np.float64) - image) / 255
    distances = np.sqrt((differences**2).mean(axis=(1, 2, 3)))
    return int(distances.argmin()), distances
