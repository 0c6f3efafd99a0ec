"""A person's own images: a zip with one folder for each class.

Nothing is ever unpacked to a disk. Whatever an entry claims is checked before it is opened, and an entry that cannot
be used is left out with a sentence that names it, as long as enough images are left.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageOps

from lib.data.own.notes import Notes
from lib.data.own.pictures import MAX_PIXELS, PictureError, declared_pixels, decode, printable
from lib.data.parts import Bytes, Part
from lib.data.text import composed
from lib.errors import DataError

MIN_CLASSES, MIN_IMAGES, MIN_IMAGES_OF_A_CLASS = 2, 10, 2
# Unpacked to packed bytes: pictures stay below this ratio, zip bombs exceed it. Zeros alone reach deflate's 1,032.
MAX_RATIO, RATIO_FREE_BYTES = 200, 1_000_000
MAX_DEPTH = 20
_SYSTEM_FILES = ("thumbs.db", "desktop.ini", "__macosx")
_SPLIT_FOLDERS = {"train", "training", "test", "testing", "val", "valid", "validation"}
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods may ask for gigabytes while unpacking
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
# What zipfile raises for bytes that are no zip, or no whole one.
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, KeyError)


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """How much of one upload is looked at.

    Attributes:
        file_mb: size of the zip.
        entries: files and folders in it.
        images: images in it.
        classes: folders with images.
        unpacked_mb: all files unpacked.
        megapixels: all images, before they are resized.
    """

    file_mb: float = 5
    entries: int = 10_000
    images: int = 5_000
    classes: int = 50
    unpacked_mb: float = 200
    megapixels: float = 400


@dataclass(frozen=True, slots=True, eq=False)
class OwnImages:
    """Images that a person brought.

    Attributes:
        part: all of them, uint8 `(samples, height, width, channels)`, and their labels.
        class_names: label i is called `class_names[i]`; the folders' names, in alphabetical order.
        notes: what was left out and why, a sentence each.
    """

    part: Part
    class_names: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file in the zip; `path` is its folders and its name, without those around the class folders."""

    info: zipfile.ZipInfo
    path: tuple[str, ...]

    @property
    def called(self) -> str:
        return printable("/".join(self.path))


def read_zip(data: bytes, size: tuple[int, int], channels: int, limits: ZipLimits | None = None) -> OwnImages:
    """Read images from a zip with one folder for each class.

    Images are brought to one size by shrinking (or enlarging) them until they cover it; what juts out on two sides is
    cut off. Folders around the class folders do not matter, nor does the case of a folder's name.

    Args:
        data: the zip.
        size: height and width that all images get, in pixels.
        channels: 1 for grey, 3 for colour.
        limits: the default ones if None.

    Raises:
        DataError: this is no zip, it exceeds a limit, or it holds too few images or classes.
    """
    limits = limits or ZipLimits()
    if len(data) > limits.file_mb * 2**20:
        raise DataError(
            f"The zip has {len(data) / 2**20:,.1f} MB. LayerLab reads at most {limits.file_mb:g} MB. "
            "Shrink the images or take fewer."
        )
    notes = Notes()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > limits.entries:
                raise DataError(
                    f"The zip has {len(archive.infolist()):,} entries. LayerLab looks at {limits.entries:,} at most. "
                    "Take fewer images."
                )
            classes = _classes(_without_outer_folders(_entries(archive, notes), notes), notes)
            _check_amounts(classes, limits)
            images = _images(archive, classes, (*size, channels), limits.megapixels, notes)
    except _DAMAGE as error:
        raise DataError(
            f"This is no zip, or a damaged one ({printable(str(error))}). Pack the folder again."
        ) from error
    return _collect(images, notes)


def _entries(archive: zipfile.ZipFile, notes: Notes) -> list[_Entry]:
    """Files that may be images; the others are noted, except those that operating systems add."""
    entries: dict[tuple[str, ...], _Entry] = {}
    for info in archive.infolist():
        name = _name(info)
        path = tuple(part for part in name.split("/") if part not in ("", "."))
        if name.endswith("/") or _of_a_system(path) or not path:
            continue
        problem = _problem(info, name, path) or ("is there twice; the first one counts" if path in entries else None)
        if problem:
            notes.add(f"“{printable(name)}” was left out: it {problem}.")
        else:
            entries[path] = _Entry(info, path)
    return list(entries.values())


def _of_a_system(path: tuple[str, ...]) -> bool:
    """Whether an operating system has added the file. Of a path that is refused for its depth not all is looked at."""
    return any(part.casefold() in _SYSTEM_FILES or re.match(r"\.[^.]", part) for part in path[: MAX_DEPTH + 1])


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: macOS writes UTF-8 without saying so, old Windows tools write backslashes."""
    name = info.filename
    if not info.flag_bits & _UTF8_FLAG:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return composed(name.replace("\\", "/"))


def _problem(info: zipfile.ZipInfo, name: str, path: tuple[str, ...]) -> str | None:
    """Why an entry is not even opened."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    checks = (
        (name.startswith("/") or re.match("[A-Za-z]:/", name), "has an absolute path"),
        (".." in path, "points outside the zip with “..”"),
        (len(path) > MAX_DEPTH, f"lies more than {MAX_DEPTH} folders deep"),
        (kind == stat.S_IFLNK, "is a link, not a file"),
        (kind not in (0, stat.S_IFREG), "is no ordinary file"),
        (info.flag_bits & _ENCRYPTED_FLAG, "is locked with a password"),
        (info.compress_type not in _METHODS, "is packed in an unusual way; use an ordinary zip"),
        (
            info.file_size > RATIO_FREE_BYTES and info.file_size > MAX_RATIO * info.compress_size,
            f"would grow to {info.file_size / 1e6:,.0f} MB, more than {MAX_RATIO} times what it is in the zip",
        ),
    )
    return next((sentence for holds, sentence in checks if holds), None)


def _without_outer_folders(entries: list[_Entry], notes: Notes) -> list[_Entry]:
    """Take away folders that lie around all class folders: a single one, or “train” and “test”."""
    while True:
        outer = {entry.path[0] for entry in entries if len(entry.path) > 1}
        split = {name.casefold() for name in outer} <= _SPLIT_FOLDERS
        if not (any(len(entry.path) > 2 for entry in entries) and (len(outer) == 1 or split)):
            return entries
        if len(outer) > 1:
            names = ", ".join(f"“{name}”" for name in sorted(outer))
            notes.add(f"Images of {names} were put together: LayerLab makes its own split.")
        entries = [replace(entry, path=entry.path[1:] if len(entry.path) > 1 else entry.path) for entry in entries]


def _classes(entries: list[_Entry], notes: Notes) -> dict[str, list[_Entry]]:
    """Entries by class, classes in alphabetical order."""
    spellings: dict[str, dict[str, None]] = {}
    classes: dict[str, list[_Entry]] = {}
    for entry in entries:
        name = printable(entry.path[0])
        if len(entry.path) == 1 or not name:
            notes.add(f"“{entry.called}” was left out: it lies in no folder with a name, so its class is not known.")
            continue
        key = " ".join(entry.path[0].casefold().split())
        classes.setdefault(key, []).append(entry)
        spellings.setdefault(key, {})[name] = None
    named = {}
    for number, key in enumerate(sorted(classes)):
        name, *others = spellings[key]
        if others:
            notes.add(f"“{name}” and “{others[0]}” were taken as one class: only case or spaces differ.")
        # Two long names may be the same once they are shortened.
        named[f"{name} ({number})" if name in named else name] = classes[key]
    return named


def _check_amounts(classes: dict[str, list[_Entry]], limits: ZipLimits) -> None:
    files = sum(map(len, classes.values()))
    unpacked = sum(entry.info.file_size for entries in classes.values() for entry in entries) / 1e6
    if len(classes) > limits.classes:
        raise DataError(f"The zip has {len(classes):,} class folders. LayerLab takes at most {limits.classes}.")
    if files > limits.images:
        raise DataError(f"The zip has {files:,} files in its class folders. LayerLab reads at most {limits.images:,}.")
    if unpacked > limits.unpacked_mb:
        raise DataError(
            f"The zip would unpack to {unpacked:,.0f} MB. LayerLab reads at most {limits.unpacked_mb:g} MB. "
            "Shrink the images or take fewer."
        )


def _images(
    archive: zipfile.ZipFile,
    classes: dict[str, list[_Entry]],
    shape: tuple[int, int, int],
    megapixels: float,
    notes: Notes,
) -> dict[str, list[Bytes]]:
    """Images of each class, all of the same shape; what is no image is noted."""
    images: dict[str, list[Bytes]] = {name: [] for name in classes}
    pixels = 0
    for name, entry in ((name, entry) for name, entries in classes.items() for entry in entries):
        try:
            content = _content(archive, entry.info)
            declared = declared_pixels(content)
            pixels += declared if declared <= MAX_PIXELS else 0  # such a picture is refused without being decoded
            if pixels > megapixels * 1e6:
                raise DataError(f"The images have more than {megapixels:g} million pixels together. Shrink them first.")
            images[name].append(_fit(content, entry.called, shape))
        except PictureError as error:
            nested = " It is a zip in the zip: unpack it first." if content.startswith(b"PK\x03\x04") else ""
            notes.add(f"{error}{nested}")
        except _DAMAGE as error:
            notes.add(f"“{entry.called}” was left out: it is damaged ({printable(str(error))}).")
    return images


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """An entry's bytes.

    Asked for everything, zipfile would unpack up to 2 GB before it looks at the size that the entry declares; asked for
    a number of bytes it stops there. An entry with more than it declares then fails its checksum.
    """
    with archive.open(info) as file:
        return file.read(info.file_size + 1)


def _fit(content: bytes, name: str, shape: tuple[int, int, int]) -> Bytes:
    height, width, channels = shape
    pixels = decode(content, name, 4 * max(height, width)).pixels
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    image = ImageOps.fit(image.convert("L" if channels == 1 else "RGB"), (width, height))
    return np.asarray(image).reshape(shape)


def _collect(images: dict[str, list[Bytes]], notes: Notes) -> OwnImages:
    """One part of all classes that have enough images."""
    for name, few in images.items():
        if len(few) < MIN_IMAGES_OF_A_CLASS:
            notes.add(
                f"Class “{name}” was left out: it has {len(few)} images that can be read, "
                f"and needs {MIN_IMAGES_OF_A_CLASS} or more."
            )
    classes = {name: some for name, some in images.items() if len(some) >= MIN_IMAGES_OF_A_CLASS}
    samples = sum(map(len, classes.values()))
    if len(classes) < MIN_CLASSES or samples < MIN_IMAGES:
        first = f" First problem: {notes.told()[0]}" if notes.told() else ""
        raise DataError(
            f"The zip has {samples} usable images in {len(classes)} classes. "
            f"It needs at least {MIN_IMAGES} images and {MIN_CLASSES} classes. Make one folder for each class.{first}"
        )
    x = np.stack([image for some in classes.values() for image in some])
    y = np.repeat(np.arange(len(classes), dtype=np.uint8), [len(some) for some in classes.values()])
    return OwnImages(Part(x, y), tuple(classes), notes.told())
