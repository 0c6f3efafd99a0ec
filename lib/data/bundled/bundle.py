"""The bundled files: a zip of lossless WebP sheets, 2,000 images a sheet, and `labels.json`.

Sheets of tiles beat one image a row, and WebP beats PNG, by the figures in `assets/data/PROVENANCE.md`. Sheets are
decoded one by one into one array, so that opening a file needs little more memory than its images. Anyone can unzip
the file and look at the pictures.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lib.data.parts import Bytes, Part
from lib.errors import DataError
from lib.specs.datasets import Dataset

DATA_FOLDER = Path(__file__).parents[3] / "assets" / "data"
SHEET = 2_000
COLUMNS = 50
_LABELS = "labels.json"
_LABELS_LIMIT = 1_000_000  # bytes; 12,000 labels take 24,000
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same date in every build, so that a build repeats byte by byte


def encode(parts: dict[str, Part]) -> bytes:
    """Pack parts into the bundled format.

    Args:
        parts: by name ("train", "test").

    Returns:
        The file; the same parts give the same bytes (with the same Pillow).
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        labels = {name: part.y.tolist() for name, part in parts.items()}
        _add(archive, _LABELS, json.dumps(labels, separators=(",", ":")).encode(), zipfile.ZIP_DEFLATED)
        for name, part in parts.items():
            for number, start in enumerate(range(0, len(part), SHEET)):
                sheet = Image.fromarray(to_sheet(part.x[start : start + SHEET]))
                picture = io.BytesIO()
                sheet.save(picture, "WEBP", lossless=True, quality=100, method=6, exact=True)
                _add(archive, f"{name}-{number}.webp", picture.getvalue(), zipfile.ZIP_STORED)
    return target.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, compression: int) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content, compression)


def to_sheet(images: Bytes) -> Bytes:
    """Lay images side by side as tiles.

    Args:
        images: `(samples, height, width, channels)`.

    Returns:
        `(rows * height, COLUMNS * width)` or the same with 3 channels; tiles left over are black.
    """
    samples, height, width, channels = images.shape
    rows = math.ceil(samples / COLUMNS)
    tiles = np.zeros((rows * COLUMNS, height, width, channels), np.uint8)
    tiles[:samples] = images
    sheet = tiles.reshape(rows, COLUMNS, height, width, channels).transpose(0, 2, 1, 3, 4)
    sheet = sheet.reshape(rows * height, COLUMNS * width, channels)
    return sheet[..., 0] if channels == 1 else sheet


def from_sheet(sheet: Bytes, samples: int, shape: tuple[int, ...]) -> Bytes:
    """Cut a sheet into its images, the inverse of `to_sheet`.

    Args:
        sheet: `(rows * height, COLUMNS * width, 3)`, as Pillow gives any lossless WebP.
        samples: how many of its tiles are images.
        shape: height, width and channels of an image.

    Returns:
        `(samples, height, width, channels)`.
    """
    height, width, channels = shape
    rows = sheet.shape[0] // height
    tiles = sheet[..., :channels].reshape(rows, height, COLUMNS, width, channels).transpose(0, 2, 1, 3, 4)
    return tiles.reshape(rows * COLUMNS, height, width, channels)[:samples]


def read(path: Path, dataset: Dataset) -> dict[str, Part]:
    """Open a bundled file of images.

    Args:
        path: the file.
        dataset: what it must hold.

    Returns:
        Parts by name.

    Raises:
        DataError: the file is missing, or is not the one that was bundled.
    """
    return decode(read_checked(path, dataset.title, dataset.sha256), dataset)


def read_checked(path: Path, title: str, sha256: str) -> bytes:
    """Read a bundled file and check its hash before anything in it is looked at.

    Args:
        path: the file.
        title: what a person calls the dataset.
        sha256: the hash that the file must have.

    Returns:
        Its content.

    Raises:
        DataError: the file is missing, or is not the one that was bundled.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"The bundled file {path.name} of {title} cannot be read ({error.strerror}). "
            "Get assets/data of this version of LayerLab again."
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DataError(
            f"The bundled file {path.name} of {title} is damaged: its SHA-256 begins with {found[:12]} instead "
            f"of {sha256[:12]}. Get assets/data of this version of LayerLab again."
        )
    return content


def decode(content: bytes, dataset: Dataset) -> dict[str, Part]:
    """Unpack the bundled format, the inverse of `encode`.

    Args:
        content: the file.
        dataset: what it holds.

    Returns:
        Parts by name.

    Raises:
        DataError: a sheet or the labels are larger than this dataset's can be.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _decode(archive, dataset)


def _decode(archive: zipfile.ZipFile, dataset: Dataset) -> dict[str, Part]:
    if archive.getinfo(_LABELS).file_size > _LABELS_LIMIT:
        raise DataError(f"The labels of {dataset.title} take more than {_LABELS_LIMIT:,} bytes. Build the file again.")
    labels: dict[str, Any] = json.loads(archive.read(_LABELS))
    parts = {}
    for name, values in labels.items():
        x = np.empty((len(values), *dataset.input_shape), np.uint8)
        for number, start in enumerate(range(0, len(values), SHEET)):
            samples = min(SHEET, len(values) - start)
            picture = archive.read(f"{name}-{number}.webp")
            x[start : start + samples] = _decode_sheet(picture, samples, dataset)
        parts[name] = Part(x, np.array(values, np.uint8))
    return parts


def _decode_sheet(picture: bytes, samples: int, dataset: Dataset) -> Bytes:
    height, width, _ = dataset.input_shape
    expected = (COLUMNS * width, math.ceil(samples / COLUMNS) * height)
    with Image.open(io.BytesIO(picture), formats=("WEBP",)) as sheet:
        if sheet.size != expected:  # before decoding: a small file can claim to be a huge picture
            raise DataError(
                f"A sheet of {dataset.title} has {sheet.size} pixels, not {expected}. Build the file again."
            )
        return from_sheet(np.asarray(sheet.convert("RGB")), samples, dataset.input_shape)
