"""Named arrays as bytes and back, without pickle."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[np.generic]]


def pack(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """Arrays as the bytes of an uncompressed `.npz` file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, values in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(values), allow_pickle=False)
    return stream.getvalue()


def unpack(data: bytes) -> Arrays:
    """Read `pack` again.

    Raises:
        ValueError: the bytes are no such file, or hold Python objects.

    >>> unpack(pack({"dense/kernel": np.zeros((2, 3))}))["dense/kernel"].shape
    (2, 3)
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, OSError, EOFError, KeyError, ValueError) as error:
        raise ValueError(f"these {len(data)} bytes hold no arrays: {error}") from None
