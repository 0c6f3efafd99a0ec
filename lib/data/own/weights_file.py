"""Weights that a person brings back: an `.npz` file of plain arrays, of which nothing is believed unchecked.

No array is made before its name, type and shape are those that the network needs; Python objects are never unpickled.
"""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from lib.arrays import Arrays
from lib.errors import DataError

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods may ask for gigabytes while unpacking
_ENCRYPTED = 0x1
_HEADER_BYTES = 1_024  # numpy writes 128
_NUMBER_BYTES = 8  # of the widest type that is read, float64
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, KeyError)


def read_weights(content: bytes, shapes: Mapping[str, tuple[int, ...]]) -> Arrays:
    """Read the weights of a network.

    Args:
        content: the file.
        shapes: name and shape of each array that the network needs.

    Returns:
        float32 arrays by name.

    Raises:
        DataError: it is no such file, or not of this network; the sentence says why.
    """
    largest = sum(math.prod(shape) for shape in shapes.values()) * _NUMBER_BYTES
    most = largest + len(shapes) * 2 * _HEADER_BYTES + 1_000_000
    if len(content) > most:
        raise DataError(
            f"The file has {len(content):,} bytes. The weights of this network take at most {most:,}."
            " Bring the file that belongs to this description."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _entries(archive, shapes)
            return {name: _array(archive, entries[name], name, shape) for name, shape in shapes.items()}
    except _DAMAGE as error:
        raise DataError(f"This is no whole .npz file ({error}). Download it again, and bring it as it is.") from None


def _entries(archive: zipfile.ZipFile, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, zipfile.ZipInfo]:
    """The entry of each array, if there are exactly those that are needed."""
    listed = archive.infolist()
    if len(listed) > len(shapes):
        raise DataError(f"The file holds {len(listed):,} arrays; this network has {len(shapes)}.")
    found = {entry.filename.removesuffix(".npy"): entry for entry in listed}
    missing = next((name for name in shapes if name not in found), None)
    if missing is not None:
        raise DataError(
            f"The file has no array {missing!r}. It belongs to another network: bring the description that was"
            " downloaded with it."
        )
    return found


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, shape: tuple[int, ...]) -> Any:
    most = math.prod(shape) * _NUMBER_BYTES + _HEADER_BYTES
    if entry.compress_type not in _METHODS or entry.flag_bits & _ENCRYPTED:
        raise DataError(f"The array {name!r} is packed in a way that is not opened here: save it with numpy.savez.")
    if entry.file_size > most:
        raise DataError(f"The array {name!r} takes {entry.file_size:,} bytes; one of shape {shape} takes {most:,}.")
    with archive.open(entry) as member:
        kind = _header(member, name, shape)
        size = math.prod(shape) * kind.itemsize
        data = member.read(size + 1)  # whatever the archive said of its size
    if len(data) != size:
        raise DataError(f"The array {name!r} ends early or goes on too long: download the file again.")
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is refused below
        values = np.frombuffer(data, kind).reshape(shape).astype(np.float32)
    if not np.isfinite(values).all():
        raise DataError(f"The array {name!r} holds something that is no finite number (NaN or infinity).")
    if name.endswith("moving_variance") and (values < 0).any():
        raise DataError(f"The array {name!r} holds a variance below 0.")
    return values


def _header(member: IO[bytes], name: str, shape: tuple[int, ...]) -> np.dtype[Any]:
    """The type of the numbers, if they are numbers in the right shape."""
    version = np.lib.format.read_magic(member)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in readers:
        raise DataError(f"The array {name!r} has the format {version}: save it with numpy.savez.")
    found, fortran, kind = readers[version](member, max_header_size=_HEADER_BYTES)
    if kind.hasobject or kind.kind != "f" or kind.itemsize > _NUMBER_BYTES:
        what = "Python objects, which are never opened here" if kind.hasobject else f"{kind}, not floating numbers"
        raise DataError(f"The array {name!r} holds {what}.")
    if found != shape or (fortran and len(shape) > 1):
        order = " in Fortran's order" if fortran else ""
        raise DataError(f"The array {name!r} has the shape {found}{order}; the network needs {shape}.")
    return kind
