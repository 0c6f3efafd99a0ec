"""A picture whose every pixel shows its numbers, as one component."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache

from lib.data.loading import load
from lib.data.own.pictures import Picture
from lib.data.scaling import channel_statistics
from lib.ui.kit import heard
from lib.ui.kit.component import component, whole
from lib.ui.kit.looked import looked
from lib.ui.learn import tasks

SCALES = frozenset({"raw", "unit", "standard"})
"""The numbers that `pixels.js` can show: 0 to 255, 0 to 1, standardised."""


@lru_cache(maxsize=8)
def statistics(dataset: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel of a training part, for pixels of 0 to 1."""
    mean, deviation = channel_statistics(load(dataset).train)
    return tuple((mean / 255).tolist()), tuple((deviation / 255).tolist())


def reference(picture: Picture) -> str:
    """The dataset whose mean and deviation a picture is scaled with: its own, or one with as many channels."""
    return picture.dataset or ("mnist" if picture.pixels.shape[2] == 1 else "cifar10")


def pixels(picture: Picture, *, scaling: bool) -> Mapping[str, str]:
    """Show a picture and the numbers around a pixel. Hover, click or arrow keys choose the pixel, in the browser.

    Args:
        picture: what to show.
        scaling: show the histogram and the three scales too, else the colour planes.

    Returns:
        Where a person looks: `row` and `column`, counted from 1, and the `scale`, as far as the browser has told.
    """
    mean, deviation = statistics(reference(picture))
    height, width, channels = picture.pixels.shape
    places: dict[str, frozenset[str]] = {
        "row": heard.numbers(1, height), "column": heard.numbers(1, width), "scale": SCALES,
    }  # fmt: skip
    heard.place(**places)
    data = {
        "pixels": base64.b64encode(picture.pixels.tobytes()).decode(),
        "height": height,
        "width": width,
        "channels": channels,
        "name": picture.name,
        "mean": mean,
        "deviation": deviation,
        "scaling": scaling,
        "watched": tasks.waiting(),
    }
    key = "scaling_view" if scaling else "pixels_view"
    shown = component("pixels")(key=key, data=whole(data), on_place_change=lambda: None)
    return looked(shown.place, key, **places)
