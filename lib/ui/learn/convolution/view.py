"""The Convolution page's picture: the explorer, the formulas with their numbers, and the same kernel on real images."""

from __future__ import annotations

import html
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.kernels import sobel_x
from lib.concepts.windows import output_size_sum, window_reach
from lib.data.own.pictures import Picture
from lib.figures.base.images import to_data_url
from lib.figures.base.signed import signed_picture
from lib.figures.learn.scenes import Scene, convolution_scene
from lib.ui.kit import lessons, sums, words
from lib.ui.kit.explorer import explorer
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.picture_source import picture_source, sample
from lib.ui.kit.question_note import ask
from lib.ui.learn import page, tasks
from lib.ui.learn.convolution.controls import Convolution, Kernels, convolution_controls
from lib.ui.learn.convolution.trained_kernels import TrainedKernels

Values = NDArray[np.float32]

_LAST: Key[tuple[Scene, Convolution] | None] = Key("convolution_last", None)
"""The scene and the controls that were shown last."""
_EXAMPLES = (("mnist", 1), ("fashion_mnist", 0), ("cifar10", 1))


@fragment
def workbench(trained: TrainedKernels | None) -> None:
    """Let a person choose a picture and a kernel, and show all that follows from them."""
    shown, beside = page.stage("convolution")
    with shown:
        picture = picture_source()
    with beside:
        scene, chosen = _chosen(picture, trained)
        with page.formula():
            sums.show("\n".join(written(scene, chosen)))
            if chosen.stride > 1 and chosen.dilation_rate > 1:
                lessons.show("convolution.stride_and_dilation")
            ask(*_asked(scene, chosen))
    with shown:
        explorer(scene)
    _examples(chosen)
    tasks.tell(
        kernel=chosen.kernels.chosen, kernel_size=scene.window[0], dilation=scene.dilation_rate,
        zeros=sum(map(sum, scene.pads)), dataset=picture.dataset, label=picture.label,
    )  # fmt: skip


def _chosen(picture: Picture, trained: TrainedKernels | None) -> tuple[Scene, Convolution]:
    """What the controls ask for. Where that makes no sense the page says so, and the last scene stays."""
    try:
        chosen = convolution_controls(trained)
        scene = _scene(scaled(picture), chosen)
    except ValueError as error:
        text = words.escaped(str(error))
        st.warning(f"{text[:1].upper()}{text[1:]}. {lessons.text('convolution.last')}", icon=":material/grid_off:")
        scene, chosen = _LAST.get() or _first(picture)
    _LAST.set((scene, chosen))
    return scene, chosen


def _first(picture: Picture) -> tuple[Scene, Convolution]:
    """What is shown before a choice has worked. With padding 'same' it fits into any picture."""
    kernels = Kernels(sobel_x(3)[:, :, None, None], np.zeros(1, np.float32), ("Sobel x",))
    chosen = Convolution(kernels, padding="same")
    return _scene(scaled(picture), chosen), chosen


def scaled(picture: Picture) -> Values:
    """The picture's pixels as shares of 255."""
    return picture.pixels.astype(np.float32) / np.float32(255)


def _scene(image: Values, chosen: Convolution) -> Scene:
    kernels = chosen.kernels.for_channels(image.shape[2])
    return convolution_scene(
        image,
        kernels.weights,
        kernels.bias,
        stride=chosen.stride,
        padding=chosen.padding,
        dilation_rate=chosen.dilation_rate,
        activation=chosen.activation,
        filter_names=kernels.names,
    )


def written(scene: Scene, chosen: Convolution) -> list[str]:
    """Output size and parameter count, with the numbers filled in."""
    height, width, channels = scene.input.shape
    size, filters = scene.window[0], scene.output.shape[2]
    lines = []
    if chosen.dilation_rate > 1:
        reach = window_reach(size, chosen.dilation_rate)
        lines.append(f"reach of the kernel: {chosen.dilation_rate}*({size} - 1) + 1 = {reach} pixels")
    rows, columns = (
        output_size_sum(length, size, chosen.stride, chosen.padding, chosen.dilation_rate) for length in (height, width)
    )
    lines += [f"output size: {rows}"] if height == width else [f"output rows: {rows}", f"output columns: {columns}"]
    if chosen.padding == "same":
        before, after = scene.pads[0]
        lines.append(
            f"zeros added: {before} above and {after} below, {scene.pads[1][0]} left and {scene.pads[1][1]} right"
        )
    return [*lines, f"parameters: ({size}*{size}*{channels} + 1)*{filters} = {(size * size * channels + 1) * filters}"]


def _asked(scene: Scene, chosen: Convolution) -> tuple[str, ...]:
    """The questions that arise at these sums."""
    even = chosen.padding == "same" and scene.window[0] % 2 == 0
    return ("even_kernel" if even else "smaller_maps", "really_convolution")


def _examples(chosen: Convolution) -> None:
    """Show what the first filter makes of three images of the datasets, so small that one look compares them."""
    kernels = chosen.kernels
    first = Kernels(kernels.weights[..., :1], kernels.bias[:1], kernels.names[:1])
    lessons.show("convolution.use")
    pairs = []
    for dataset, number in _EXAMPLES:
        picture = sample(dataset, number)
        output = _scene(scaled(picture), replace(chosen, kernels=first)).output[:, :, 0]
        before = _image(picture.pixels, picture.name)
        after = _image(signed_picture(output), f"{first.names[0]} of {picture.name}")
        pairs.append(f'<span style="white-space:nowrap">{before} &rarr; {after}</span>')
    st.html(f'<div style="display:flex;flex-wrap:wrap;gap:0.8rem 2rem">{"".join(pairs)}</div>')


def _image(pixels: NDArray[np.uint8], alt: str) -> str:
    style = "width:6.6rem;height:6.6rem;object-fit:contain;image-rendering:pixelated;vertical-align:middle"
    return f'<img src="{to_data_url(pixels)}" alt="{html.escape(alt)}" style="{style}">'
