"""Make `assets/pictures/simple_cnn.npz`: the weights that the front page's picture shows.

Trains the Simple CNN recipe as it stands (10 epochs on the bundled digits) with LayerLab's own engine, in a home that
is thrown away: `python -m tools.train_hero`.
"""

from __future__ import annotations

import dataclasses
import tempfile
import time
from pathlib import Path

from lib.arrays import pack
from lib.engine.api import open_engine
from lib.settings import Settings
from lib.specs.recipes import RECIPES

TARGET = Path(__file__).parents[1] / "assets" / "pictures" / "simple_cnn.npz"


def main() -> None:
    """Train, write, and say what was reached."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = dataclasses.replace(
            Settings.from_environment(), home=home, database_url=f"sqlite:///{home / 'runs.sqlite3'}"
        )
        engine = open_engine(settings)
        try:
            run_id = engine.submit(RECIPES["simple_cnn"].run, "hero")
            while engine.snapshot(run_id).changing:
                time.sleep(0.5)
            now = engine.snapshot(run_id)
            weights = engine.weights(run_id)
        finally:
            engine.close()
    if now.evaluation is None or weights is None:
        raise SystemExit(f"the training ended as {now.status}: {now.message}")
    TARGET.write_bytes(pack(weights))
    print(f"{TARGET.name}: test accuracy {now.evaluation.accuracy:.4f}")


if __name__ == "__main__":
    main()
