"""Images of a dataset as pictures for a page."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GUTTER = 2  # source pixels between two images


def as_rgb(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey becomes red, green and blue alike.

    Args:
        images: `(..., height, width, 1 or 3)`, 0 to 255.

    Returns:
        `(..., height, width, 3)`.

    Raises:
        ValueError: not uint8, or other channels.
    """
    if images.dtype != np.uint8 or images.ndim < 3 or images.shape[-1] not in (1, 3):
        raise ValueError(
            f"images must be uint8 (..., height, width, 1 or 3), not {images.dtype} {images.shape}",
        )
    return np.broadcast_to(images, (*images.shape[:-1], 3))


def enlarged(image: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """Each pixel as a square of `scale` x `scale`: what the network sees, without any smoothing."""
    if scale < 1:
        raise ValueError(f"scale must be at least 1, not {scale}")
    return image.repeat(scale, axis=-3).repeat(scale, axis=-2)


def image_grid(images: NDArray[np.uint8], columns: int, scale: int = 2) -> NDArray[np.uint8]:
    """A contact sheet, row by row, with see-through gutters.

    Args:
        images: `(samples, height, width, 1 or 3)`, 0 to 255.
        columns: images in a row.
        scale: side of a source pixel on the sheet, in pixels.

    Returns:
        Red, green, blue and opacity, uint8 `(sheet height, sheet width, 4)`; places without an image are see-through.

    Raises:
        ValueError: not such images, no images, or no columns.
    """
    if images.ndim != 4 or not len(images) or columns < 1:
        raise ValueError(f"an image grid needs (samples, height, width, channels) and columns, not {images.shape}")
    count, height, width = images.shape[:3]
    columns = min(columns, count)
    rows = -(-count // columns)
    sheet = np.zeros((rows * (height + GUTTER) - GUTTER, columns * (width + GUTTER) - GUTTER, 4), np.uint8)
    for place, image in enumerate(as_rgb(images)):
        top, left = (place // columns) * (height + GUTTER), (place % columns) * (width + GUTTER)
        sheet[top : top + height, left : left + width, :3] = image
        sheet[top : top + height, left : left + width, 3] = 255
    return enlarged(sheet, scale)


def to_png(image: NDArray[np.uint8], scale: int = 1) -> bytes:
    """One image as a PNG file.

    Args:
        image: `(height, width, 1, 3 or 4)`, 0 to 255.
        scale: side of a source pixel, in pixels.
    """
    pixels = image if image.shape[-1] == 4 else as_rgb(image)
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(enlarged(pixels, scale))).save(file, "PNG")
    return file.getvalue()


def to_data_url(image: NDArray[np.uint8], scale: int = 1) -> str:
    """One image as a URL that holds it, for tables and plotly pictures; see `to_png`."""
    return "data:image/png;base64," + base64.b64encode(to_png(image, scale)).decode()


def sprite_sheet(images: NDArray[np.uint8], columns: int, longest: int) -> tuple[str, tuple[int, int]]:
    """Many small images as one, edge to edge, for a picture of one of them at a time.

    Args:
        images: `(samples, height, width, 1 or 3)`, 0 to 255, at least one.
        columns: images in a row.
        longest: pixels of a side at most; of a larger image every second pixel is taken, or every third.

    Returns:
        A URL that holds the sheet as JPEG (a tenth of a PNG of photographs, and no more of digits), and height and
        width of an image on it.
    """
    step = -(-max(images.shape[1:3]) // longest)
    small = images[:, ::step, ::step]
    count, height, width, channels = small.shape
    rows = -(-count // columns)
    filled = np.zeros((rows * columns, height, width, channels), np.uint8)
    filled[:count] = small
    sheet = filled.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    pixels = sheet.reshape(rows * height, columns * width, channels)
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if channels == 1 else pixels).save(file, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode(), (height, width)


def describe_images(count: int, labels: list[str]) -> str:
    """The alt text of a contact sheet: how many, and what the first ones show.

    >>> describe_images(30, ["7", "2", "1"])
    '30 images, row by row: 7, 2, 1 ...'
    """
    more = " ..." if count > len(labels) else ""
    return f"{count} images, row by row: {', '.join(labels)}{more}"
