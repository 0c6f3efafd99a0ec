"""Tables: samples that are rows of numbers. Some are bundled; a person's own comes from `lib.data.own.table`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np

from lib.data.bundled.bundle import DATA_FOLDER, read_checked
from lib.data.parts import Part
from lib.specs.datasets import Dataset


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of numbers and the class of each row.

    Attributes:
        columns: what each number is called.
        class_names: label i is called `class_names[i]`.
        part: all rows, in the order of the file: x float32 `(rows, len(columns))`, y uint8 `(rows,)`.

    Raises:
        ValueError: there are not as many names as columns, or a label has no name.
    """

    columns: tuple[str, ...]
    class_names: tuple[str, ...]
    part: Part

    def __post_init__(self) -> None:
        if self.part.x.ndim != 2 or self.part.x.shape[1] != len(self.columns):
            raise ValueError(f"{len(self.columns)} names for rows of shape {self.part.x.shape}")
        if len(self.part) and int(self.part.y.max()) >= len(self.class_names):
            raise ValueError(f"label {self.part.y.max()} has no name among {self.class_names}")


@cache
def load_table(dataset: Dataset) -> Table:
    """Open a bundled table, once for each process.

    Test rows are cut from it by `lib.data.parts.split_validation`; scaling is fitted to what is left.

    Raises:
        DataError: the file is missing or damaged.
    """
    return decode(read_checked(DATA_FOLDER / dataset.file, dataset.title, dataset.sha256))


def decode(content: bytes) -> Table:
    """Read a table whose first row names the columns and whose last column is the class."""
    header, *rows = csv.reader(content.decode().splitlines())
    class_names = tuple(sorted({row[-1] for row in rows}))
    y = np.array([class_names.index(row[-1]) for row in rows], np.uint8)
    return Table(tuple(header[:-1]), class_names, Part(np.array([row[:-1] for row in rows], np.float32), y))
