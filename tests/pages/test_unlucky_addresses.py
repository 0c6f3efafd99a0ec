"""Values in an address that no program of ours writes: no page ends in an exception."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
VALUES = {
    "inf": "inf", "minus inf": "-inf", "nan": "nan", "beyond float": "1e400", "beyond int": str(10**30), "nothing": "",
    "a space": " ", "5,000 digits": "9" * 5_000, "another script": "٣", "markup": "<b>\0*x*", "twice": ["inf", "nan"],
}  # fmt: skip
# What a page must be asked for, so that all of its widgets are there.
WAYS = {
    "flattening": [{"logits_from": "own"}],
    "images": [{"part": part} for part in ("pixels", "scaling", "labels", "classes", "split", "augmentation")],
    "pooling": [{}, {"subject": "dot"}],
}
# Parameters that are no widget's key; and that of a widget of Results, which shows none without a run.
OTHERS = {
    "weights", "run", "dataset", "layers", "samples", "points_seed", "epochs", "seed", "kernel", "part", "view", "flip",
    "loss_kind", "surface", "true_class", "network", "row", "column", "map", "held", "step", "scale",
    "threshold", "others", "label", "other", "formula", "drawing", "taken", "before", "code", "task", "shown",
}  # fmt: skip
WIDGETS = ("slider", "number_input", "selectbox", "select_slider", "text_input", "button_group", "toggle", "radio")


def address(way, keys, value):
    return {**dict.fromkeys(sorted(keys - set(way)), value), **way}


def keys_of(page):
    """Keys of a page's widgets: their names in the address, and some that have none."""
    return {widget.key for kind in WIDGETS for widget in getattr(page, kind) if widget.key}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_with_any_value_in_its_address(name, open_page):
    script, broken = f"pages/{name}.py", []
    for way in WAYS.get(name, [{}]):
        keys = keys_of(open_page(script, **way)) | OTHERS
        for case, value in VALUES.items():
            page = open_page(script, **address(way, keys, value))
            if page.exception:
                broken.append((case, *way.values()))
    assert not broken


def test_no_widget_that_stands_in_an_address_was_left_out(open_page):
    ways = [(name, way) for name in PAGES for way in WAYS.get(name, [{}])]
    seen = {key for name, way in ways for key in keys_of(open_page(f"pages/{name}.py", **way))}
    assert bound_keys() <= seen | OTHERS


@cache
def bound_keys():
    """Keys of the widgets that Streamlit binds to the address, where the code says them outright."""
    found = set()
    for path in (ROOT / "lib" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given = {each.arg: each.value for each in node.keywords} if isinstance(node, ast.Call) else {}
            if "bind" in given and isinstance(given["key"], ast.Constant):
                found.add(given["key"].value)
    return found
