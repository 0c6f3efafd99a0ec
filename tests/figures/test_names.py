"""Names that a person wrote, in every picture that plotly draws: shown letter by letter, never read as markup."""

import html
import inspect
import json
import pkgutil
import re
from importlib import import_module

import numpy as np
import plotly.graph_objects as go
import pytest

import lib.figures
from lib.figures.base.names import literal
from lib.figures.build.architecture import architecture
from lib.figures.build.dataset import class_balance, describe_class_balance
from lib.figures.inside.parts import describe_parts, part_bars
from lib.figures.inside.space import describe_space, space
from lib.figures.learn.dense_unit import describe_weights, weight_images
from lib.figures.learn.softmax_bars import describe_softmax, softmax_bars
from lib.figures.results.answered_points import answered_points, describe_answered_points
from lib.figures.results.confusion import describe_confusion
from lib.figures.results.predictions import describe_probabilities, probabilities
from lib.specs.layers.known import Dense, Flatten
from lib.specs.model import ModelSpec

HOSTILE = ('<a href="https://example.org">OK</a>', "<b>%{x}</b><br>", "&lt;i&gt; &#60;u>&amp;amp;")
OURS = re.compile(r"</?b>|<br>|<extra></extra>|<sup>|</sup>")
SHARES = np.array([0.7, 0.2, 0.1], np.float32)

FIGURES = {
    "class_balance": lambda names: class_balance([5, 6, 7], [1, 2, 3], names),
    "probabilities": lambda names: probabilities(SHARES, names, 1),
    "softmax_bars": lambda names: softmax_bars(names, SHARES, SHARES),
    "answered_points": lambda names: answered_points(np.zeros((3, 2)), [0, 1, 2], [1, 1, 0], names),
    "weight_images": lambda names: weight_images(np.ones((4, 3), np.float32), (2, 2), names, 0),
    "part_bars": lambda names: part_bars(names, np.array([0.25, -0.5, 0.1], np.float32)),
    "space": lambda names: space(np.zeros((3, 2)), [4, 5, 6], [0, 1, 2], [1, 1, 0], names, ((-1, 1), (-1, 1))),
    "architecture": lambda names: architecture(ModelSpec((8, 8, 1), (Flatten(), Dense(units=3))), names),
}
DESCRIPTIONS = {
    "describe_class_balance": lambda names: describe_class_balance([5, 6, 7], [1, 2, 3], names),
    "describe_confusion": lambda names: describe_confusion(np.array([[1, 9, 0], [1, 1, 1], [0, 1, 1]]), names),
    "describe_probabilities": lambda names: describe_probabilities(SHARES, names, 1),
    "describe_softmax": lambda names: describe_softmax(names, SHARES, 1),
    "describe_answered_points": lambda names: describe_answered_points([0, 1, 2], [1, 1, 0], names),
    "describe_parts": lambda names: describe_parts(names, np.array([0.25, -0.5, 0.1], np.float32)),
    "describe_space": lambda names: describe_space([0, 1, 2], [1, 1, 0], names, "dense"),
    "describe_weights": lambda names: describe_weights(names, 0),
}
# Their names are ours: keys of tables in the code.
WITH_NAMES_OF_OURS = {
    "curves_and_slopes", "describe_curves", "chain_products", "describe_chain", "convolution_scene", "hero",
    "describe_hero", "inputs_at_places",
}  # fmt: skip
# For components, which write names as text: tests/browser/test_hostile_names.py looks at them.
OF_COMPONENTS = {"Scene", "hero_scene", "layer_scene", "names_before", "network", "confusion_matrix"}


def texts(part):
    """Every text of a figure, wherever it stands."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for inner in part.values():
            yield from texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from texts(inner)


def plain(figure):
    """A figure as the browser gets it."""
    return json.loads(figure.to_json()) if isinstance(figure, go.Figure) else figure


@pytest.mark.parametrize("figure", FIGURES)
def test_no_tag_and_no_entity_of_a_name_reaches_plotly(figure):
    found = list(texts(plain(FIGURES[figure](HOSTILE))))
    for text in found:
        rest = OURS.sub("", text)
        assert "<" not in rest
        assert "example.org" not in rest or "&lt;a" in rest
        assert html.escape(html.unescape(rest), quote=False) == rest
    shown = " ".join(html.unescape(OURS.sub(" ", text)) for text in found)
    assert all(name in shown for name in HOSTILE)


@pytest.mark.parametrize("figure", FIGURES)
def test_no_name_becomes_a_part_of_a_template(figure):
    def templates(part):
        for key, inner in part.items() if isinstance(part, dict) else enumerate(part):
            if isinstance(inner, str) and str(key).endswith("template"):
                yield inner
            elif isinstance(inner, dict | list):
                yield from templates(inner)

    assert not [text for text in templates(plain(FIGURES[figure](HOSTILE))) if "&lt;" in text or "OK" in text]


@pytest.mark.parametrize("description", DESCRIPTIONS)
def test_an_alt_text_has_the_names_as_they_are(description):
    """It is an attribute, and read aloud."""
    text = DESCRIPTIONS[description](HOSTILE)
    assert any(name in text for name in HOSTILE)
    assert "&amp;lt;" not in text


def test_every_figure_that_takes_names_is_tested_here():
    takers = set()
    for module in pkgutil.walk_packages(lib.figures.__path__, "lib.figures."):
        for name, function in vars(import_module(module.name)).items():
            if name.startswith("_") or not callable(function) or getattr(function, "__module__", "") != module.name:
                continue
            if any("names" in parameter for parameter in inspect.signature(function).parameters):
                takers.add(name)
    assert takers - {"literals"} == {*FIGURES, *DESCRIPTIONS, *WITH_NAMES_OF_OURS, *OF_COMPONENTS}


@pytest.mark.parametrize("name", ["cat", "猫 😀", "a & b", "&lt;", "<b>", "a < b > c", "100%", "$x$", '"'])
def test_plotly_shows_what_the_name_was(name):
    assert html.unescape(literal(name)) == name
