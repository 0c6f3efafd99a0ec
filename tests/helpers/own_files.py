"""Files as a person brings them, made of data that are bundled."""

from __future__ import annotations

import io
import zipfile

import numpy as np
from PIL import Image

from lib.data.bundled.bundle import DATA_FOLDER
from lib.data.loading import load


def digits_zip(classes=("zero", "one", "two"), of_each=20, folder="my digits"):
    """Real digits as PNG files, one folder for each class."""
    test = load("mnist").test
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for label, name in enumerate(classes):
            for number in np.flatnonzero(test.y == label)[:of_each]:
                picture = io.BytesIO()
                Image.fromarray(test.x[number, ..., 0]).save(picture, "PNG")
                archive.writestr(f"{folder}/{name}/{number}.png", picture.getvalue())
    return stream.getvalue()


def wine_csv():
    """The bundled wines, whose last column is the class."""
    return (DATA_FOLDER / "wine.csv").read_bytes()
