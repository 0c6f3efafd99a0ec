"""Make the front page's picture, `assets/pictures/hero.png`, and its description, `hero.txt`.

Trains the Simple CNN recipe as it stands (10 epochs on the bundled digits) with LayerLab's own engine, in a home that
is thrown away, and draws what a test digit becomes inside: `python -m tools.draw_hero`.
"""

from __future__ import annotations

import dataclasses
import io
import tempfile
import time
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PIL import Image
from streamlit.elements.lib.image_utils import MAXIMUM_CONTENT_WIDTH

from lib.concepts.forward import forward
from lib.data.preparing import prepare
from lib.engine.api import open_engine
from lib.figures.base.images import to_png
from lib.figures.hero import describe_hero, hero
from lib.settings import Settings
from lib.specs.recipes import RECIPES

TARGET = Path(__file__).parents[1] / "assets" / "pictures" / "hero.png"
RUN = RECIPES["simple_cnn"].run
SAMPLE = 7


def trained_weights() -> dict[str, NDArray[Any]]:
    """Weights of the recipe after its training."""
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
    if now.evaluation is None or weights is None:
        raise SystemExit(f"the training ended as {now.status}: {now.message}")
    print(f"test accuracy {now.evaluation.accuracy:.4f}")
    return weights


def as_shown(png: bytes) -> bytes:
    """The picture no wider than Streamlit shows it: wider ones are shrunk at every visit (131 ms, 25 MB)."""
    picture = Image.open(io.BytesIO(png))
    picture.thumbnail((MAXIMUM_CONTENT_WIDTH, picture.height), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def main() -> None:
    """Train, draw, write."""
    prepared = prepare(RUN.data, RUN.training.validation_split)
    image, names = prepared.test.x[SAMPLE], RUN.dataset.class_names
    outputs = forward(RUN.model, trained_weights(), prepared.scaling.apply(image))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(as_shown(to_png(hero(image, outputs, RUN.model, names))))
    description = describe_hero(outputs, RUN.model, names, names[int(prepared.test.y[SAMPLE])])
    TARGET.with_suffix(".txt").write_text(description, encoding="utf-8")


if __name__ == "__main__":
    main()
