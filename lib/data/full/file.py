"""The full-size file of a dataset in LayerLab's home folder: written once after the download, then mapped.

An uncompressed `.npz` is a zip of plain arrays at known places. Mapped instead of read, the 184 MB of CIFAR-10 are
shared by the app and its workers, and the system takes the memory back when it is short.
"""

from __future__ import annotations

import errno
import os
import struct
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from lib.data.parts import Bytes, Part
from lib.errors import DataError
from lib.settings import Settings
from lib.specs.datasets import Dataset, find

ARRAYS = dict.fromkeys(("x_train", "y_train", "x_test", "y_test"), np.uint8)
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, ..., lengths of name and extra field (APPNOTE.TXT 4.3.7)
# What zipfile and numpy raise for a damaged file.
_DAMAGE = (zipfile.BadZipFile, ValueError, KeyError, EOFError, RuntimeError, struct.error, DataError)


def full_path(name: str) -> Path:
    """Where the full-size file of a dataset is, or will be."""
    return Settings.from_environment().home / "datasets" / f"{find(name).name}-full.npz"


def has_full(name: str) -> bool:
    """Whether the full-size file is there. Its content is checked when it is loaded."""
    return full_path(name).is_file()


def shapes(dataset: Dataset) -> dict[str, tuple[int, ...]]:
    """The shape that each array of the file must have."""
    return {
        "x_train": (dataset.full_train, *dataset.input_shape),
        "y_train": (dataset.full_train,),
        "x_test": (dataset.full_test, *dataset.input_shape),
        "y_test": (dataset.full_test,),
    }


def write(path: Path, dataset: Dataset, arrays: dict[str, Bytes]) -> None:
    """Write the file in one step: whoever looks sees none or all of it.

    Args:
        path: the file.
        dataset: what the arrays are of.
        arrays: `ARRAYS`, uint8.

    Raises:
        DataError: an array is not what was published.
    """
    check(arrays, dataset)
    write_arrays(path, arrays)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays in one step, uncompressed, so that they can be mapped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = unfinished_path(path, os.getpid())
    try:
        with unfinished.open("wb") as target:
            np.savez(target, **arrays)  # type: ignore[arg-type]
            target.flush()
            os.fsync(target.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def unfinished_path(path: Path, process: int) -> Path:
    """Where a process writes before the file is whole."""
    return path.with_name(f"{path.name}.{process}.part")


def read(path: Path, dataset: Dataset) -> dict[str, Part]:
    """Map the full-size file of images, after its checksums and shapes were checked.

    Args:
        path: the file.
        dataset: what it must hold.

    Returns:
        Parts "train" and "test".

    Raises:
        DataError: see `map_arrays`.
    """
    arrays = map_arrays(path, dataset, ARRAYS, check)
    return {
        "train": Part(arrays["x_train"], arrays["y_train"]),
        "test": Part(arrays["x_test"], arrays["y_test"]),
    }


def map_arrays(
    path: Path,
    dataset: Dataset,
    wanted: Mapping[str, type[np.generic]],
    check: Callable[[Mapping[str, NDArray[Any]], Dataset], None],
) -> dict[str, NDArray[Any]]:
    """Map the arrays of a full-size file, after its checksums were checked.

    Args:
        path: the file.
        dataset: what it must hold.
        wanted: names and types of its arrays.
        check: raises DataError where they are not what was published.

    Raises:
        DataError: it is not there; or it is damaged, and then it is removed so that it can be fetched again.
    """
    if not path.is_file():
        raise DataError(
            f"The full size of {dataset.title} was not downloaded yet. "
            "Download it on the Build page, or choose the bundled part."
        )
    try:
        arrays = _map_arrays(path, wanted)
        check(arrays, dataset)
    except _DAMAGE as error:
        raise _damaged(path, dataset, error) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a damaged offset, before the start of the file
            raise _damaged(path, dataset, error) from error
        raise DataError(
            f"The downloaded file of {dataset.title}, {path.name}, cannot be read ({error.strerror}). "
            "Go on with the bundled part, or look at the rights of LayerLab's data folder."
        ) from error
    return arrays


def _damaged(path: Path, dataset: Dataset, error: Exception) -> DataError:
    with suppress(OSError):  # a read-only folder: the message is still right
        path.unlink()
    return DataError(
        f"The downloaded file of {dataset.title}, {path.name}, is damaged and was removed ({error}). "
        "Download the full size again, or go on with the bundled part."
    )


def check(arrays: Mapping[str, NDArray[Any]], dataset: Dataset) -> None:
    """Compare arrays of images with what was published.

    Raises:
        DataError: another type, another shape, or a label beyond the classes.
    """
    for name, shape in shapes(dataset).items():
        _check_array(name, arrays[name], shape, dataset)


def _check_array(name: str, array: Bytes, shape: tuple[int, ...], dataset: Dataset) -> None:
    if array.dtype != np.uint8 or array.shape != shape:
        raise DataError(f"{name} is {array.dtype} {array.shape}, not uint8 {shape}")
    classes = len(dataset.class_names)
    if array.ndim == 1 and int(array.max()) >= classes:
        raise DataError(f"{name} has a label {array.max()}, not below {classes}")


def _map_arrays(path: Path, wanted: Mapping[str, type[np.generic]]) -> dict[str, NDArray[Any]]:
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        damaged = archive.testzip()
        if damaged:
            raise ValueError(f"the hash of {damaged} is wrong")
        return {name: _map_array(path, file, archive.getinfo(f"{name}.npy"), kind) for name, kind in wanted.items()}


def _map_array(path: Path, file: IO[bytes], entry: zipfile.ZipInfo, kind: type[np.generic]) -> NDArray[Any]:
    """Map one stored array of the zip, read only."""
    if entry.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{entry.filename} is compressed")
    file.seek(entry.header_offset)
    _, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    file.seek(name_length + extra_length, os.SEEK_CUR)
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"{entry.filename} has array format {version}")
    shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype != kind or fortran_order:
        raise ValueError(f"{entry.filename} holds {dtype}")
    return np.asarray(np.memmap(path, kind, "r", file.tell(), shape))
