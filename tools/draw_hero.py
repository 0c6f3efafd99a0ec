"""Make the network of Home's picture, and the picture that stands there until the moving one has come.

Trains the network of `lib/data/fitted/home_network.py` on the bundled digits with LayerLab's own engine, in a home that
is thrown away: `python -m tools.draw_hero` writes `assets/data/home_network.npz`, `assets/pictures/hero.png` and its
description, `hero.txt`. With `--picture` it draws the picture of the network that is there.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from streamlit.elements.lib.image_utils import MAXIMUM_CONTENT_WIDTH

from lib.concepts.forward import forward
from lib.data.fitted.home_network import MODEL, PATH, home_network
from lib.data.loading import load
from lib.engine.api import open_engine
from lib.figures.base.images import to_png
from lib.figures.hero import describe_hero, hero
from lib.settings import Settings
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec

TARGET = Path(__file__).parents[1] / "assets" / "pictures" / "hero.png"
_SIMPLE_CNN = RECIPES["simple_cnn"].run
RUN = RunSpec(_SIMPLE_CNN.data, MODEL, dataclasses.replace(_SIMPLE_CNN.training, epochs=30, batch_size=64))
ORDER = (8, 5, 0, 7, 4, 2, 9, 1, 6, 3)
"""The classes in the order in which their digits pass."""


def train() -> tuple[dict[str, NDArray[Any]], float]:
    """Weights after the training, and the accuracy on the test part."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'runs.sqlite3'}"
        engine = open_engine(dataclasses.replace(Settings.from_environment(), home=home, database_url=url))
        try:
            run_id = engine.submit(RUN, "hero")
            while engine.snapshot(run_id).changing:
                time.sleep(0.5)
            now, weights = engine.snapshot(run_id), engine.weights(run_id)
        finally:
            engine.close()
    if now.evaluation is None or now.evaluation.accuracy is None or weights is None:
        raise SystemExit(f"the training ended as {now.status}: {now.message}")
    return weights, now.evaluation.accuracy


def save(weights: dict[str, NDArray[Any]], accuracy: float) -> None:
    """Write the network with the first test digit of each class."""
    test = load("mnist").test
    first = [int(np.flatnonzero(test.y == label)[0]) for label in ORDER]
    kept = {"digits": test.x[first, :, :, 0], "labels": np.array(ORDER), "accuracy": np.array(accuracy)}
    np.savez_compressed(PATH, **{name: np.asarray(values, np.float32) for name, values in weights.items()}, **kept)  # type: ignore[arg-type]
    content = PATH.read_bytes()
    print(f"{hashlib.sha256(content).hexdigest()}  {PATH.name}  {len(content):,} bytes, accuracy {accuracy:.4f}")


def as_shown(png: bytes) -> bytes:
    """The picture no wider than Streamlit shows it (wider ones are shrunk at every visit), in 256 colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.thumbnail((MAXIMUM_CONTENT_WIDTH, picture.height), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.quantize(256, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def draw() -> None:
    """Write the picture of the first digit, and its description."""
    network, names = home_network(), RUN.dataset.class_names
    outputs = forward(MODEL, network.weights, network.digits[0][..., None] / np.float32(255))
    TARGET.write_bytes(as_shown(to_png(hero(network.digits[0][..., None], outputs, MODEL, names))))
    description = describe_hero(outputs, MODEL, names, names[network.labels[0]])
    TARGET.with_suffix(".txt").write_text(description, encoding="utf-8")


def main() -> None:
    """Train, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", action="store_true", help="draw only, no training")
    if not parser.parse_args().picture:
        save(*train())
        home_network.cache_clear()
    draw()


if __name__ == "__main__":
    main()
