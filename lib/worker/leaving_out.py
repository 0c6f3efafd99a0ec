"""A model's answers to a few samples, computed where no page waits: plain data in, plain data out.

As `lib.worker.tasks`, this module may be imported anywhere; Dask sends its functions by name.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from lib.arrays import unpack


def answers(model: dict[str, Any], weights: bytes, samples: NDArray[Any]) -> NDArray[Any]:
    """What `lib.concepts.leaving_out.answers` says.

    Args:
        model: the codec's plain data.
        weights: packed, by name.
        samples: as they go into the first layer, `(samples, *shape)`.
    """
    from lib.concepts import leaving_out
    from lib.specs.codec import model_from_dict

    arrays = {name: values.astype("float32") for name, values in unpack(weights).items()}
    return leaving_out.answers(model_from_dict(model), arrays, samples)
