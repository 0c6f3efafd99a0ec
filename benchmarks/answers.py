"""Train what the answers on the page Questions give figures of: other seeds, learning rates and batch sizes.

`python -m benchmarks.answers`; some minutes on 2 cores.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from benchmarks.recipes import passing_engine, reached
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.recipes import RECIPES, Recipe

SEEDS = (1, 2, 3, 4, 5)
CHANGES = {
    "simple_cnn": [("seed", seed) for seed in SEEDS],
    "dense_128": [
        *(("seed", seed) for seed in SEEDS),
        *(("learning_rate", rate) for rate in (0.00001, 0.001, 0.1)),
        *(("batch_size", size) for size in (8, 128, 1_024)),
    ],
}
"""What is changed of each recipe, one setting at a time."""


def changed() -> Iterator[tuple[Recipe, str, float]]:
    """Each recipe with one other setting, the setting's name, and its value."""
    for name, changes in CHANGES.items():
        recipe = RECIPES[name]
        for setting, value in changes:
            training = dataclasses.replace(recipe.run.training, **{setting: value})  # type: ignore[arg-type]
            yield dataclasses.replace(recipe, run=dataclasses.replace(recipe.run, training=training)), setting, value


def row(recipe: Recipe, setting: str, value: float, now: RunSnapshot) -> str:
    """What a run reached, as a row of a table."""
    if now.evaluation is None or now.evaluation.accuracy is None:
        raise SystemExit(f"{recipe.title} ended as {now.status}: {now.message}")
    first, last = now.epoch_points[0], now.epoch_points[-1]
    lower = [point.epoch for point in now.epoch_points if point.val_loss is not None and point.val_loss < point.loss]
    cells = [
        recipe.title, f"{setting} {value:g}", f"{first.loss:.2f}", f"{first.val_loss or 0:.2f}",
        f"{last.val_accuracy or 0:.4f}", f"{now.evaluation.accuracy:.4f}", f"{len(lower)} of {last.epoch}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def main() -> None:
    print("| recipe | setting | loss, epoch 1 | validation loss, epoch 1 | validation | test | validation loss lower |")
    print("|---|---|---|---|---|---|---|")
    with passing_engine() as engine:
        for recipe, setting, value in changed():
            print(row(recipe, setting, value, reached(engine, recipe)), flush=True)


if __name__ == "__main__":
    main()
