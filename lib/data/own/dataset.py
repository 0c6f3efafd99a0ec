"""A person's own dataset: what was read from an upload, split, named, and as plain data."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from lib.arrays import pack, unpack
from lib.data.own.delimited import TableLimits
from lib.data.own.images import ZipLimits, read_zip
from lib.data.own.pictures import printable
from lib.data.own.table import read_csv
from lib.data.parts import Part, split_validation
from lib.specs.datasets import Dataset, Kind

SIDES = (28, 32, 64)
TEST_SHARE = 0.2
ZIP_MB = 25
_SEED = 0
_TITLE = 40
_PARTS = ("x_train", "y_train", "x_test", "y_test")


@dataclass(frozen=True, slots=True, eq=False)
class OwnData:
    """A person's own dataset.

    Attributes:
        facts: as of any dataset; `name` is `own-` and 16 hexadecimal digits.
        train, test: shuffled once, with the same class balance.
    """

    facts: Dataset
    train: Part
    test: Part

    @property
    def size_mb(self) -> float:
        """Memory of the samples."""
        return float((self.train.x.nbytes + self.test.x.nbytes) / 1e6)


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """What became of an upload.

    Attributes:
        data: what can be trained on.
        notes: what was left out or guessed, a sentence each.
        label: of a table: the column that the classes come from.
    """

    data: OwnData
    notes: tuple[str, ...]
    label: str = ""


def images_of(content: bytes, file_name: str, side: int, channels: Literal[1, 3]) -> Understood:
    """Images from a zip with one folder for each class.

    Args:
        content: the zip.
        file_name: becomes the title.
        side: height and width that all images get, in pixels.
        channels: 1 for grey, 3 for colour.

    Raises:
        DataError: it cannot be used; the sentence says why.
    """
    read = read_zip(content, (side, side), channels, ZipLimits(file_mb=ZIP_MB))
    return Understood(_split(file_name, "images", read.part, read.class_names, ()), read.notes)


def table_of(content: bytes, file_name: str, label: str | None) -> Understood:
    """A table of numbers with one column of classes.

    Args:
        content: the file.
        file_name: becomes the title.
        label: name of the class column; the last one if None.

    Raises:
        DataError: it cannot be used; the sentence says why.
    """
    read = read_csv(content, label, TableLimits())
    table = read.table
    data = _split(file_name, "table", table.part, table.class_names, table.columns)
    return Understood(data, read.notes, read.label)


def _name(part: Part, names: tuple[str, ...]) -> str:
    """A name made of the samples: when the same data are brought again, they fit the runs trained on them before."""
    digest = hashlib.sha256(repr((part.x.shape, names)).encode())
    digest.update(part.x.tobytes())
    digest.update(part.y.tobytes())
    return f"own-{digest.hexdigest()[:16]}"


def title_of(file_name: str) -> str:
    """A file's name as a title, without its ending and without any sign that Markdown would read.

    >>> title_of("my_*best*_digits [2].zip")
    'my best digits 2'
    """
    stem = file_name.rpartition(".")[0] or file_name
    words = " ".join(re.sub(r"[\W_]+", " ", printable(stem)).split())
    return words[:_TITLE].strip() or "your data"


def _split(file_name: str, kind: Kind, part: Part, class_names: tuple[str, ...], columns: tuple[str, ...]) -> OwnData:
    train, test = split_validation(part, TEST_SHARE, _SEED)
    random = np.random.default_rng(_SEED)
    # An upload comes class by class: without this the first test samples would all be of one class.
    train, test = (half.at(random.permutation(len(half))) for half in (train, test))
    facts = Dataset(
        name=_name(part, class_names + columns), title=title_of(file_name), input_shape=part.x.shape[1:],
        class_names=class_names, file="", sha256="",
        bundled_train=len(train), bundled_test=len(test), full_train=len(train), full_test=len(test),
        source="a person who brought them", source_url="", licence="not known", citation="none", kind=kind,
        columns=columns,
    )  # fmt: skip
    return OwnData(facts, train, test)


# --- as plain data -------------------------------------------------------------------------------------------------


def facts_to_dict(facts: Dataset) -> dict[str, Any]:
    """Facts as what JSON can hold."""
    return asdict(facts)


def facts_from_dict(values: Mapping[str, Any]) -> Dataset:
    """Read `facts_to_dict` again, also after JSON made lists of its tuples."""
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Dataset(**plain)


def to_plain(data: OwnData) -> dict[str, Any]:
    """`facts` and `samples`, for another process or the store; the samples are an `.npz` file."""
    arrays = (data.train.x, data.train.y, data.test.x, data.test.y)
    samples = pack(dict(zip(_PARTS, arrays, strict=True)))
    return {"facts": facts_to_dict(data.facts), "samples": samples}


def from_plain(plain: Mapping[str, Any]) -> OwnData:
    """Read `to_plain` again.

    Raises:
        ValueError: the bytes are no such file.
    """
    samples: Any = unpack(plain["samples"])
    train, test = (Part(samples[f"x_{half}"], samples[f"y_{half}"]) for half in ("train", "test"))
    return OwnData(facts_from_dict(plain["facts"]), train, test)
