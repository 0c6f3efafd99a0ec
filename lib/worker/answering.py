"""A model's answers to many samples, computed by Keras where no page waits: plain data in, plain data out.

As `lib.worker.tasks`, this module may be imported anywhere; Dask sends its functions by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lib.arrays import pack, unpack

if TYPE_CHECKING:
    from lib.data.scaling import Scaling

BATCH = 250


def outputs(
    model: dict[str, Any],
    weights: bytes,
    scaling: tuple[tuple[float, ...], tuple[float, ...]],
    samples: NDArray[Any],
) -> NDArray[np.float32]:
    """What the last layer gives for each sample.

    Args:
        model: the codec's plain data.
        weights: packed, by name.
        scaling: scale and offset of each channel or column.
        samples: before scaling, `(samples, *shape)`.

    Returns:
        `(samples, outputs)`.
    """
    from lib.data.scaling import Scaling
    from lib.specs.codec import model_from_dict
    from lib.worker.build import build_model
    from lib.worker.weights import set_weights

    built = build_model(model_from_dict(model))
    set_weights(built, unpack(weights))
    rows = [
        answered(built, Scaling(*scaling), samples[start : start + BATCH]) for start in range(0, len(samples), BATCH)
    ]
    return np.concatenate(rows)


def changed(model: dict[str, Any], weights: bytes, text: str) -> bytes:
    """A copy of weights changed by hand; see `lib.concepts.by_hand.changed`.

    Args:
        model: the codec's plain data.
        weights: packed, by name.
        text: the changes, see `lib.specs.changes`.

    Returns:
        Packed, by name.
    """
    from lib.concepts import by_hand
    from lib.specs.changes import from_text
    from lib.specs.codec import model_from_dict

    arrays = {name: values.astype("float32") for name, values in unpack(weights).items()}
    return pack(by_hand.changed(model_from_dict(model), arrays, from_text(text)))


def answered(built: Any, scaling: Scaling, samples: NDArray[Any]) -> NDArray[np.float32]:
    """What a Keras model says of one batch of samples that are not scaled yet."""
    import keras

    values: NDArray[np.float32] = keras.ops.convert_to_numpy(built(scaling.apply(samples), training=False))
    return values.astype(np.float32)
