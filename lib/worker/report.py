"""What the report about a run shows, as plain data: computed here, because many forward passes take a while."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.arrays import Arrays
from lib.concepts.forward import forward
from lib.concepts.metrics import class_shares, confusion_matrix
from lib.data.preparing import Prepared, prepare
from lib.export.keras_code import keras_code
from lib.specs.changes import describe_changes, from_text
from lib.specs.codec import plain, to_json
from lib.specs.fields import changed
from lib.specs.layers.known import Conv2D, Dense, Flatten
from lib.specs.run import RunSpec
from lib.specs.training import in_use
from lib.worker.build import build_run
from lib.worker.weights import get_weights

SAMPLES = 20
PAIRS = 500
MOST_LETTERS = 300
MOST_MAPS, MOST_KERNELS, MOST_LAYERS = 16, 64, 6
MAP_SIDE, KERNEL_SIDE = 78, 48
Values = NDArray[np.float32]


def content(
    run: RunSpec, told: dict[str, Any], kept: Sequence[tuple[int, Arrays]], outputs: Values, number: int
) -> dict[str, Any]:
    """All that `assets/report/report.js` shows.

    Args:
        run: what was trained.
        told: `title`, `texts`, `figures` and `points` of the run, which go in as they are.
        kept: epoch and weights, in order.
        outputs: of the test part, see `Training.evaluate`.
        number: the test sample that the time machine follows.

    Raises:
        DataError: the samples are not here.
    """
    data = prepare(run.data, run.training.validation_split)
    shown = {
        **told,
        "regression": run.regression,
        "classes": list(run.data.class_names),
        "image_shape": list(run.data.input_shape) if run.data.kind == "images" else None,
        "samples": [_sample(run, data, outputs, place) for place in range(min(SAMPLES, len(outputs)))],
        "machine": _machine(run, data, kept, outputs, number) if kept else None,
        "layers": _layers(run),
        "settings": _settings(run),
        "json": to_json(run),
        "code": keras_code(run),
    }
    if run.regression:
        return {**shown, "predicted": np.stack([data.test.y, outputs[:, 0]], axis=1)[:PAIRS].astype(float).tolist()}
    counts = confusion_matrix(data.test.y, outputs.argmax(axis=1), len(run.data.class_names))
    return {**shown, "confusion": counts.tolist()}


# --- samples -------------------------------------------------------------------------------------------------------


def _sample(run: RunSpec, data: Prepared, outputs: Values, number: int) -> dict[str, Any]:
    """A test sample as it is, what it is, and what the network says of it."""
    names, kind = run.data.class_names, run.data.kind
    row = data.test.x[number]
    shown: dict[str, Any] = {"number": number}
    if kind == "images":
        shown["image"] = _bytes(row)
    elif kind == "text" and data.reading is not None:
        text = data.reading.test_text(number)
        shown["text"] = text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]} ..."
    else:
        shown["values"] = [
            [name, f"{value:g}"] for name, value in zip(run.data.number_names, row.tolist(), strict=True)
        ]
    if run.regression:
        return {**shown, "sentence": f"No. {number} is {data.test.y[number]:.4f}; said: {outputs[number, 0]:.4f}"}
    truth, said = int(data.test.y[number]), int(outputs[number].argmax())
    sentence = f"No. {number} is {names[truth]}; said: {names[said]}, {100 * float(outputs[number, said]):.1f}%"
    return {**shown, "truth": truth, "said": said, "sentence": sentence}


def _bytes(values: NDArray[np.generic]) -> str:
    return base64.b64encode(np.ascontiguousarray(values, np.uint8).tobytes()).decode()


# --- the time machine ----------------------------------------------------------------------------------------------


def _machine(
    run: RunSpec, data: Prepared, kept: Sequence[tuple[int, Arrays]], outputs: Values, number: int
) -> dict[str, Any]:
    """One sample's answers and maps, and the kernels, from the first weights to the last that are kept."""
    if kept[0][0] > 0:
        kept = [(0, get_weights(build_run(run))), *kept]
    scaled = data.scaling.apply(data.test.x[number])
    passes = [
        forward(run.model, {name: np.asarray(each, np.float32) for name, each in weights.items()}, scaled)
        for _, weights in kept
    ]
    answers = [_answer(run, each[-1]) for each in passes]
    sample = {
        **_sample(run, data, outputs, number),
        "sentence": f"Test sample no. {number}"
        + ("" if run.regression else f": it is {run.data.class_names[int(data.test.y[number])]}"),
    }
    return {
        "epochs": [epoch for epoch, _ in kept],
        "sample": sample,
        "answers": answers,
        "kernels": _kernels(run, [weights for _, weights in kept]),
        "layers": _maps(run, passes),
    }


def _answer(run: RunSpec, output: Values) -> list[float]:
    shares = class_shares(output, run.binary)
    return [float(share) for share in np.nan_to_num(shares)]


def _kernels(run: RunSpec, weights: Sequence[Arrays]) -> dict[str, Any] | None:
    """Kernels of the first layer as pictures, where the first layer with weights sees pixels."""
    if run.data.kind != "images":
        return None
    for name, layer in zip(run.model.layer_names(), run.model.layers, strict=True):
        if isinstance(layer, Conv2D):
            pictures = [np.moveaxis(np.asarray(each[f"{name}/kernel"]), -1, 0) for each in weights]
            return _gallery(f"Kernels of {name}", pictures, KERNEL_SIDE, "filter", note="kernels")
        if isinstance(layer, Dense):
            shape = (*run.data.input_shape, layer.units)
            pictures = [np.moveaxis(np.asarray(each[f"{name}/kernel"]).reshape(shape), -1, 0) for each in weights]
            return _gallery(f"Weights of {name}", pictures, MAP_SIDE, "unit", note="dense_kernels")
        if not isinstance(layer, Flatten):
            return None
    return None


def _gallery(title: str, pictures: list[Any], side: int, word: str, **more: Any) -> dict[str, Any]:
    """Pictures `(count, height, width, channels)` of each epoch, in one range, 0 in its middle."""
    limit = max(float(np.abs(each).max()) for each in pictures) or 1.0
    if pictures[0].shape[-1] not in (1, 3):
        pictures = [each.mean(axis=-1, keepdims=True) for each in pictures]
    pictures = [each[:MOST_KERNELS] for each in pictures]
    levels = [np.rint(127.5 + 127.5 * np.clip(np.nan_to_num(each) / limit, -1, 1)) for each in pictures]
    return {
        "title": title,
        "side": side,
        "signed": True,
        "shape": list(pictures[0].shape[1:]),
        "count": len(pictures[0]),
        "names": [f"{word} {number}" for number in range(len(pictures[0]))],
        "levels": [_bytes(each) for each in levels],
        **more,
    }


def _maps(run: RunSpec, passes: Sequence[Sequence[Values]]) -> list[dict[str, Any]]:
    """Maps of the layers that give maps: the strongest channels after the last epoch, each layer in one range."""
    found: list[dict[str, Any]] = []
    for place, name in enumerate(run.model.layer_names()):
        maps = [each[place] for each in passes]
        drops = run.model.layers[place].only_training
        if maps[0].ndim != 3 or drops or len(found) == MOST_LAYERS:
            continue
        strongest = np.sort(np.argsort(-np.abs(maps[-1]).mean(axis=(0, 1)), kind="stable")[:MOST_MAPS])
        chosen = [np.nan_to_num(np.moveaxis(each[..., strongest], -1, 0)) for each in maps]
        low, high = min(float(each.min()) for each in chosen), max(float(each.max()) for each in chosen)
        signed = low < 0
        high = max(high, -low) if signed else high
        low = -high if signed else 0.0
        levels = [np.rint(255 * (each - low) / ((high - low) or 1.0)) for each in chosen]
        found.append(
            {
                "title": f"Output of {name}",
                "side": MAP_SIDE,
                "signed": signed,
                "shape": [*chosen[0].shape[1:], 1],
                "count": len(strongest),
                "names": [f"channel {channel}" for channel in strongest.tolist()],
                "levels": [_bytes(each) for each in levels],
            }
        )
    return found


# --- the description -----------------------------------------------------------------------------------------------


def _layers(run: RunSpec) -> list[list[str]]:
    return [
        [
            row.name,
            " × ".join(f"{axis:,}" for axis in row.output_shape or ()),
            f"{row.parameters.total:,}",
            ", ".join(f"{name} {value}" for name, value in plain(row.layer).items()),
        ]
        for row in run.model.trace
    ]


def _settings(run: RunSpec) -> list[list[str]]:
    facts = {"dataset": run.dataset.title, "source": run.dataset.source, "licence": run.dataset.licence}
    options = {name: value for name, value in changed(run.data).items() if name != "dataset"}
    training = in_use(run.training)
    if run.data.folds:
        del training["validation_split"]
    start = {}
    if run.start is not None:
        start = {"went on from": f"epoch {run.start.epoch} of the run {run.start.run}"}
        start |= {"frozen": ", ".join(run.frozen)} if run.frozen else {}
        start |= {"changed by hand": describe_changes(from_text(run.start.by_hand))} if run.start.by_hand else {}
    return [[name, str(value)] for name, value in {**facts, **options, **training, **start}.items()]
