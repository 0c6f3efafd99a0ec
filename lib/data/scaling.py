"""How pixels and columns become a network's numbers: one multiplication and one addition for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lib.data.parts import Part
from lib.errors import DataError

Kind = Literal["unit", "standard", "raw"]
_CHUNK = 1_000  # images counted at a time, so that the counting needs little memory


@dataclass(frozen=True, slots=True)
class Scaling:
    """`y = x * scale + offset` in float32, for each channel.

    Attributes:
        scale: one factor for each channel or column; none leaves everything as it is (token ids).
        offset: one summand for each channel or column.
    """

    scale: tuple[float, ...]
    offset: tuple[float, ...]

    def apply(self, x: NDArray[Any]) -> NDArray[np.float32]:
        """Scale samples.

        Args:
            x: `(..., channels)`.

        Returns:
            float32 of the same shape.

        >>> Scaling((1 / 255,), (0.0,)).apply(np.array([[[[0], [255]]]], np.uint8)).ravel().tolist()
        [0.0, 1.0]
        """
        scale, offset = np.array(self.scale, np.float32), np.array(self.offset, np.float32)
        scaled: NDArray[np.float32] = x.astype(np.float32)
        if not self.scale:
            return scaled
        scaled *= scale
        scaled += offset
        return scaled

    def to_pixels(self, values: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Scaled pixels of images as whole numbers from 0 to 255; what lies outside becomes 0 or 255.

        Args:
            values: `(..., channels)`.

        >>> Scaling((1 / 255,), (0.0,)).to_pixels(np.array([[[-0.1], [0.6], [1.0]]], np.float32)).ravel().tolist()
        [0, 153, 255]
        """
        pixels = (values - np.array(self.offset, np.float32)) / np.array(self.scale, np.float32)
        return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def fit_scaling(kind: Kind, part: Part) -> Scaling:
    """The scaling that a person chose.

    Args:
        kind: "unit" maps pixels from 0-255 to 0-1, and the columns of a table from their range in `part` to 0-1;
            "standard" gives each channel or column of `part` mean 0 and standard deviation 1; "raw" changes nothing.
        part: the training part. Statistics of any other part would tell the model about its exam.

    Raises:
        DataError: no such kind, or "standard" of a part without samples.
    """
    if part.x.dtype == np.int32:
        return Scaling((), ())
    if part.x.ndim == 2:
        return _fit_columns(kind, part)
    channels = part.x.shape[3]
    if kind == "unit":
        return Scaling((1 / 255,) * channels, (0.0,) * channels)
    if kind == "raw":
        return Scaling((1.0,) * channels, (0.0,) * channels)
    if kind != "standard":
        raise DataError(f"There is no scaling {kind!r}. Choose one of {', '.join(get_args(Kind))}.")
    if not len(part):
        raise DataError("Standard scaling needs a mean, and the training part has no samples. Choose more samples.")
    mean, deviation = channel_statistics(part)
    deviation = np.where(deviation > 0, deviation, 1.0)  # a channel of one single value has nothing to stretch
    return Scaling(tuple((1 / deviation).tolist()), tuple((-mean / deviation).tolist()))


def _fit_columns(kind: Kind, part: Part) -> Scaling:
    columns = part.x.astype(np.float64)
    if kind == "raw" or not len(part):
        return Scaling((), ())
    if kind == "unit":
        low, spread = columns.min(axis=0), np.ptp(columns, axis=0)
    else:
        low, spread = columns.mean(axis=0), columns.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    return Scaling(tuple((1 / spread).tolist()), tuple((-low / spread).tolist()))


def channel_statistics(part: Part) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each channel's pixels, exact, from how often each of the 256 values occurs.

    Args:
        part: at least one sample.

    Returns:
        Mean and standard deviation, float64, `(channels,)`, in pixel values.
    """
    channels = part.x.shape[3]
    counts = np.zeros((channels, 256), np.int64)
    for start in range(0, len(part), _CHUNK):
        for channel in range(channels):
            counts[channel] += np.bincount(part.x[start : start + _CHUNK, ..., channel].ravel(), minlength=256)
    values = np.arange(256, dtype=np.float64)
    share = counts / counts.sum(axis=1, keepdims=True)
    mean = share @ values
    return mean, np.sqrt((share * (values - mean[:, None]) ** 2).sum(axis=1))
