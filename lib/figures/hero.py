"""The front page's picture: one real image on its way through a trained network.

Drawn on a night sky of its own, so that it looks the same in a light and a dark page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from lib.figures.base.colours import ORANGE, SEQUENTIAL, SKY, rgb
from lib.figures.base.images import as_rgb
from lib.figures.results.predictions import percent
from lib.specs.model import ModelSpec

WIDTH, HEIGHT = 2400, 920  # pixels; shown at half of it, so that it is sharp on fine screens too
MARGIN, CAPTION = 60, 64
MOST_STAGES = 4
INPUT_SIDE, TILE_SIDE, TILE_GAP, ANSWER_WIDTH = 380, 114, 12, 430
TOP_SKY, BOTTOM_SKY = (9, 14, 34), (24, 27, 58)
INK, DIM = (236, 240, 248), (140, 152, 182)

Box = tuple[int, int, int, int]  # left, top, right, bottom
Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Stage:
    """Some maps of one layer: their places, values from 0 to 1, channels, and the layer's name."""

    boxes: list[Box]
    maps: list[Grey]
    channels: list[int]
    name: str


def hero(
    image: NDArray[np.uint8],
    outputs: Sequence[NDArray[np.float32]],
    model: ModelSpec,
    class_names: Sequence[str],
) -> NDArray[np.uint8]:
    """An image, some of the maps that each layer makes of it, and the model's answer.

    Args:
        image: what went in, `(height, width, 1 or 3)`, 0 to 255.
        outputs: of every layer, as `lib.concepts.forward.forward` gives them.
        model: the stack; its last layer gives one probability a class.
        class_names: one a class.

    Returns:
        Red, green, blue and opacity, `(920, 2400, 4)`, with round corners.

    Raises:
        ValueError: there is not one output a layer, or the last is not one number a class.
    """
    if len(outputs) != len(model.layers) or outputs[-1].shape != (len(class_names),):
        raise ValueError("the outputs must be those of every layer, the last with one number for each class")
    stages = _stages(outputs, model)
    start = _start()
    answers = _answer_boxes(len(class_names))
    picture = _sky()
    picture = _threads(picture, start, stages, answers, outputs[-1])
    _paste_tile(picture, as_rgb(image), start)
    for stage in stages:
        for box, values in zip(stage.boxes, stage.maps, strict=True):
            _paste_tile(picture, coloured(values), box)
    _captions(picture, model, start, stages, answers)
    _answers(picture, answers, outputs[-1], class_names)
    picture.putalpha(_round_corners(picture.size, 44))
    return np.asarray(picture)


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything stands on the picture, in its pixels.

    Attributes:
        image: what goes in.
        maps: for each layer that is shown, its maps.
        answers: one a class.
    """

    image: Box
    maps: tuple[tuple[Box, ...], ...]
    answers: tuple[Box, ...]


def places(outputs: Sequence[NDArray[np.float32]], model: ModelSpec) -> Places:
    """Where `hero` draws what; see there."""
    maps = tuple(tuple(stage.boxes) for stage in _stages(outputs, model))
    return Places(_start(), maps, tuple(_answer_boxes(outputs[-1].size)))


def coloured(values: Grey) -> NDArray[np.uint8]:
    """Values from 0 to 1 in the colours of intensities.

    >>> coloured(np.array([[0.0, 1.0]], np.float32)).tolist()
    [[[0, 0, 4], [252, 253, 191]]]
    """
    stops = [place for place, _ in SEQUENTIAL]
    colours = np.array([rgb(colour) for _, colour in SEQUENTIAL])
    channels = [np.interp(values, stops, colours[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def distinct_channels(maps: Grey, count: int) -> list[int]:
    """Channels that vary most over the picture and differ from each other.

    Args:
        maps: `(height, width, channels)`.
        count: how many, at most.

    Returns:
        Ascending: the channel that varies most, then one by one those that vary and are least like the ones before.
    """
    flat = maps.reshape(-1, maps.shape[2]).T - maps.mean(axis=(0, 1))[:, None]
    spread = np.linalg.norm(flat, axis=1)
    alike = np.abs((flat / np.maximum(spread, 1e-9)[:, None]) @ (flat / np.maximum(spread, 1e-9)[:, None]).T)
    chosen = [int(spread.argmax())]
    while len(chosen) < min(count, len(flat)):
        worth = spread * (1 - alike[chosen].max(axis=0))
        worth[chosen] = -1
        chosen.append(int(worth.argmax()))
    return sorted(chosen)


def _start() -> Box:
    top = (HEIGHT - CAPTION - INPUT_SIDE) // 2
    return (MARGIN, top, MARGIN + INPUT_SIDE, top + INPUT_SIDE)


def _stages(outputs: Sequence[NDArray[np.float32]], model: ModelSpec) -> list[_Stage]:
    """Up to four layers that give maps; a layer that keeps their number shows the same channels as the one before."""
    places = [place for place, output in enumerate(outputs) if output.ndim == 3][:MOST_STAGES]
    left, right = MARGIN + INPUT_SIDE, WIDTH - MARGIN - ANSWER_WIDTH
    sides = [_tile_side(outputs[place].shape[0], model.input_shape[0]) for place in places]
    rows = [_rows_that_fit(side) for side in sides]
    # Later layers have more and smaller maps: two columns of them.
    columns = [1 if number < 2 else 2 for number in range(len(places))]
    widths = [side * n + TILE_GAP * (n - 1) for side, n in zip(sides, columns, strict=True)]
    space = (right - left - sum(widths)) / (len(places) + 1)
    stages: list[_Stage] = []
    x = left + space
    for number, place in enumerate(places):
        maps = outputs[place]
        same = number > 0 and maps.shape[2] == outputs[places[number - 1]].shape[2]
        fit = min(rows[number] * columns[number], maps.shape[2])
        channels = (
            stages[-1].channels[:fit] if same else distinct_channels(maps, min([fit, *_paired(rows, columns, number)]))
        )
        shown = [_brightened(maps[:, :, channel], float(maps.max())) for channel in channels]
        boxes = _grid(round(x), sides[number], len(channels), columns[number])
        stages.append(_Stage(boxes, shown, channels, model.layer_names()[place]))
        x += widths[number] + space
    return stages


def _paired(rows: list[int], columns: list[int], number: int) -> list[int]:
    """How many maps the next layer has room for, if there is one: it may show the same channels."""
    return [rows[number + 1] * columns[number + 1]] if number + 1 < len(rows) else []


def _tile_side(side: int, largest: int) -> int:
    # Far from the scale: drawn to it, the last maps would be too small to see and to point at.
    return round(TILE_SIDE * min(side / largest, 1) ** 0.3)


def _rows_that_fit(side: int) -> int:
    room = HEIGHT - CAPTION - 2 * MARGIN
    return min(7, (room + TILE_GAP) // (side + TILE_GAP))


def _grid(left: int, side: int, count: int, columns: int) -> list[Box]:
    rows = -(-count // columns)
    # Equal numbers of rows stand at equal heights, however large the tiles are.
    step = (HEIGHT - CAPTION - 2 * MARGIN) / rows
    top = MARGIN + (step - side) / 2
    boxes = []
    for number in range(count):
        x = left + (number % columns) * (side + TILE_GAP)
        y = round(top + (number // columns) * step)
        boxes.append((x, y, x + side, y + side))
    return boxes


def _brightened(values: Grey, highest: float) -> Grey:
    scaled: Grey = np.clip(values / (highest or 1.0), 0, 1) ** np.float32(0.7)
    return scaled


def _sky() -> Image.Image:
    rise = np.linspace(0, 1, HEIGHT)[:, None, None]
    rows = np.array(TOP_SKY) * (1 - rise) + np.array(BOTTOM_SKY) * rise
    return Image.fromarray(np.broadcast_to(rows, (HEIGHT, WIDTH, 3)).astype(np.uint8))


def _threads(
    picture: Image.Image, start: Box, stages: list[_Stage], answers: list[Box], probabilities: NDArray[np.float32]
) -> Image.Image:
    """Lines from each map to those it goes into, brighter where more happens, with a glow around them."""
    lines = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(lines)
    before, strength, channels = [start], [1.0], [-1]
    for stage in stages:
        means = [float(values.mean()) for values in stage.maps]
        one_to_one = channels[: len(stage.channels)] == stage.channels
        for i, source in enumerate(before):
            for j, target in enumerate(stage.boxes):
                if not one_to_one or i == j:
                    alpha = 150 if one_to_one or len(before) == 1 else 34 + 260 * strength[i] * means[j]
                    draw.line(_curve(source, target), fill=(*rgb(SKY), round(min(alpha, 170))), width=3)
        before, strength, channels = stage.boxes, means, stage.channels
    # The likeliest class comes last, on top of the others.
    for place in np.argsort(probabilities, kind="stable"):
        colour = rgb(ORANGE) if place == probabilities.argmax() else rgb(SKY)
        for source, power in zip(before, strength, strict=True):
            alpha = 26 + 150 * min(float(probabilities[place]), 1.0) * (0.3 + power)
            draw.line(_curve(source, answers[place]), fill=(*colour, round(min(alpha, 190))), width=3)
    glow = lines.filter(ImageFilter.GaussianBlur(9))
    lit = Image.alpha_composite(picture.convert("RGBA"), glow)
    return Image.alpha_composite(lit, lines).convert("RGB")


def _curve(source: Box, target: Box) -> list[tuple[float, float]]:
    """From the middle of a right edge to the middle of a left one, level at both ends."""
    x0, y0, x1, y1 = source[2], (source[1] + source[3]) / 2, target[0], (target[1] + target[3]) / 2
    t = np.linspace(0, 1, 40)
    ease = 3 * t**2 - 2 * t**3
    return list(zip((x0 + (x1 - x0) * t).tolist(), (y0 + (y1 - y0) * ease).tolist(), strict=True))


def _paste_tile(picture: Image.Image, pixels: NDArray[np.uint8], box: Box) -> None:
    size = (box[2] - box[0], box[3] - box[1])
    tile = Image.fromarray(np.ascontiguousarray(pixels)).resize(size, Image.Resampling.NEAREST)
    radius = max(6, size[0] // 14)
    picture.paste(tile, box[:2], _round_corners(size, radius))
    ImageDraw.Draw(picture).rounded_rectangle(box, radius, outline=(98, 112, 158), width=2)


def _round_corners(size: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] * 2 - 1, size[1] * 2 - 1), radius * 2, fill=255)
    return mask.resize(size, Image.Resampling.LANCZOS)


def _answer_boxes(classes: int) -> list[Box]:
    room = HEIGHT - CAPTION - 2 * MARGIN
    step = room / classes
    left = WIDTH - MARGIN - ANSWER_WIDTH
    tops = [round(MARGIN + step * place) for place in range(classes)]
    return [(left, top, WIDTH - MARGIN, round(top + step * 0.8)) for top in tops]


def _answers(
    picture: Image.Image, boxes: list[Box], probabilities: NDArray[np.float32], class_names: Sequence[str]
) -> None:
    draw = ImageDraw.Draw(picture)
    tall = min(boxes[0][3] - boxes[0][1], 52)
    font = ImageFont.load_default(tall * 0.86)
    names = max(draw.textlength(name, font) for name in class_names)
    best = int(np.argmax(probabilities))
    for place, (left, top, right, bottom) in enumerate(boxes):
        middle, share = (top + bottom) / 2, float(np.clip(probabilities[place], 0, 1))
        colour = rgb(ORANGE) if place == best else DIM
        draw.text((left + 14, middle), class_names[place], INK if place == best else DIM, font, "lm")
        x = left + 14 + names + 20
        number = draw.textlength("100.0%", font) + 20
        full = max(right - number - x, 20)
        draw.rounded_rectangle((x, middle - tall / 4, x + full, middle + tall / 4), tall / 4, fill=(38, 44, 82))
        if share * full >= 1:
            draw.rounded_rectangle(
                (x, middle - tall / 4, x + max(share * full, tall / 2), middle + tall / 4), tall / 4, fill=colour
            )
        if place == best:
            draw.text((right, middle), percent(share), INK, font, "rm")


def _captions(picture: Image.Image, model: ModelSpec, start: Box, stages: list[_Stage], answers: list[Box]) -> None:
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(27)
    y = HEIGHT - CAPTION
    sides = [("input", start), *((stage.name, _hull(stage.boxes)) for stage in stages)]
    for name, box in [*sides, (model.layer_names()[-1], answers[0])]:
        draw.text(((box[0] + box[2]) / 2, y), name, DIM, font, "mm")


def _hull(boxes: list[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def describe_hero(
    outputs: Sequence[NDArray[np.float32]], model: ModelSpec, class_names: Sequence[str], true_name: str
) -> str:
    """The alt text: what went in, through what, and what came out, with its probability."""
    best = int(np.argmax(outputs[-1]))
    layers = [name for name, output in zip(model.layer_names(), outputs, strict=True) if output.ndim == 3]
    through = f"through {', '.join(layers)} " if layers else ""
    answer = f"{class_names[best]}: {percent(float(outputs[-1][best]))}"
    return f"A real {true_name} on its way {through}to the answer {answer}."
