"""A fair question about augmentation: the same network with and without it, as the page of experiments asks it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from lib.specs.codec import to_query
from lib.specs.data import DataSpec
from lib.specs.layers.known import RandomRotation, RandomTranslation
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES, on
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, links

DATASETS = {"mnist": "Digits with and without it", "fashion_mnist": "Clothes with and without it"}
"""The datasets of the figures in the lesson, with what the link to each question says."""
SAMPLES, EPOCHS = 500, 40


def with_and_without(dataset: str) -> tuple[RunSpec, RunSpec]:
    """Simple CNN on a few images without and with layers that move and turn them a little in training."""
    plain = on(RECIPES["simple_cnn"], DataSpec(dataset=dataset, samples=SAMPLES))
    plain = replace(plain, training=replace(plain.training, epochs=EPOCHS))
    varied = (RandomTranslation(), RandomRotation(), *plain.model.layers)
    return plain, replace(plain, model=ModelSpec(plain.model.input_shape, varied))


def questions() -> None:
    """Say what came of both questions, and link to them."""
    lessons.show("images.augmentation_helps", samples=SAMPLES, epochs=EPOCHS)
    for dataset, label in DATASETS.items():
        a, b = (urlencode(to_query(run)) for run in with_and_without(dataset))
        links.page_link("experiments", label, ":material/science:", {"a": a, "b": b})
