"""What Home's moving picture is made of: the network itself, as the browser computes it, and where its maps stand."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.data.fitted.home_network import HomeNetwork
from lib.figures.base.colours import DIVERGING, ORANGE, SKY
from lib.figures.hero import HEIGHT, WIDTH, Box, coloured, places
from lib.specs.fields import SpecError
from lib.specs.layers.known import Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D
from lib.specs.model import ModelSpec


def hero_scene(network: HomeNetwork, model: ModelSpec, class_names: Sequence[str]) -> dict[str, Any]:
    """The network, its digits and its places as plain JSON.

    Args:
        network: weights of the model, and digits to pass through it.
        model: convolutions with ReLU, max pooling, Flatten and a last Dense with softmax.
        class_names: one a class.

    Returns:
        `layers` with their weights, arrays as base64 of little-endian float32 with their shape; `places` in percent of
        the picture's width and height; `digits` and `colours` (256 of red, green, blue) as base64 of bytes.

    Raises:
        SpecError: the browser does not know such a layer.
        ValueError: there is no room for all maps.
    """
    named = zip(model.layer_names(), model.layers, strict=True)
    layers = [_layer(name, layer, network) for name, layer in named if not isinstance(layer, Dropout)]
    first = network.digits[0][..., None] / np.float32(255)
    outputs = forward(model, network.weights, first)
    where = places(outputs, model)
    if [len(boxes) for boxes in where.maps] != [output.shape[2] for output in outputs if output.ndim == 3]:
        raise ValueError("the picture has no room for all maps of this network")
    return {
        "layers": layers,
        "places": {
            "image": _percent(where.image),
            "maps": [[_percent(box) for box in boxes] for boxes in where.maps],
            "answers": [_percent(box) for box in where.answers],
        },
        "digits": base64.b64encode(network.digits.tobytes()).decode(),
        "size": list(network.digits.shape[1:]),
        "labels": [class_names[label] for label in network.labels],
        "names": list(class_names),
        "colours": base64.b64encode(coloured(np.linspace(0, 1, 256, dtype=np.float32)).tobytes()).decode(),
        "diverging": [colour for _, colour in DIVERGING],
        "thread": SKY,
        "best": ORANGE,
    }


def _layer(name: str, layer: Layer, network: HomeNetwork) -> dict[str, Any]:
    known = {"kind": layer.kind, "name": name}
    match layer:
        case (
            Conv2D(strides=1, dilation_rate=1, padding="valid", activation="relu", use_bias=True)
            | Dense(activation="softmax", use_bias=True)
        ):
            return known | {word: _packed(network.weights[f"{name}/{word}"]) for word in ("kernel", "bias")}
        case MaxPooling2D(padding="valid") if layer.strides == layer.pool_size:
            return {**known, "size": layer.pool_size}
        case Flatten():
            return known
    raise SpecError(f"Home's picture cannot compute {name}: {layer}")


def _packed(values: NDArray[np.float32]) -> dict[str, Any]:
    little_endian = np.ascontiguousarray(values, dtype="<f4")
    return {"shape": list(values.shape), "data": base64.b64encode(little_endian.tobytes()).decode()}


def _percent(box: Box) -> list[float]:
    """Left, top, width and height."""
    left, top, right, bottom = box
    return [
        round(100 * share, 3) for share in (left / WIDTH, top / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT)
    ]
