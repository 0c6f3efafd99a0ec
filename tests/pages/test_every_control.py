"""Every control of every page: set to something else it stands in the address, and the address shows the same again."""

import ast
from pathlib import Path

import pytest
from helpers.every_control import address, controls, says, set_another

from lib.data.loading import load
from lib.ui.app.frame import LEARN
from lib.ui.inside.parameters import KNOWN as INSIDE_KNOWN
from lib.ui.kit.drawn_text import to_text
from lib.ui.session.address import VIEW

ROOT = Path(__file__).parents[2]
NAMES = ["dense"]
PRESS = object()
"""Stands for a button that is pressed."""
DRAWN = to_text(load("mnist").test.x[1])
POINTS = {"layers": "Dense(units=3,activation=tanh);Dense(units=1,activation=sigmoid)", "loss": "binary_crossentropy"}
VARIED = "RandomRotation(factor=0.1);Flatten;Dense(units=10,activation=softmax)"

# By Learn page: addresses at which its controls are there, each with what cannot be left to chance. A page that is not
# named here is opened without an address, and any other value will do.
WAYS = {
    "images": [
        ({}, {}),
        ({"part": "labels"}, {}),
        ({"part": "split"}, {}),
        ({"part": "augmentation"}, {}),
    ],
    "convolution": [({}, {}), ({"kernel": "random"}, {})],
    "pooling": [({}, {}), ({"pool_type": "average"}, {})],
    "flattening": [({}, {}), ({"logits_from": "own"}, {"logits": "3, 1, 2"})],
    "gradient_descent": [({}, {"optimizers": ["SGD", "Adam"]})],
    "sequences": [({}, {"sentence": "a fine film of the year"})],
    "glossary": [({}, {"search": "stride"})],
}
PRESSED = {"images": ["picture_another", "others"], "convolution": ["draw_others"], "backpropagation": ["take_step"]}
# What is no control of the picture: answers to questions, and where a drawing or a file would be asked for.
LEFT_OUT = ("_answer", "picture_source", "kernel_editor")


def told_of_the_address(page):
    return [each.value for each in page.warning if "address says" in each.value]


def same(script, page, open_page):
    """Whether a fresh session at the address of this one shows the same."""
    fresh = open_page(script, **address(page))
    assert not fresh.exception
    assert not told_of_the_address(fresh)
    now, then = says(page.run()), says(fresh)
    assert {key: (value, then.get(key)) for key, value in now.items() if value != then.get(key)} == {}


def set_all(page, special, left_out):
    """Set each control of a page to something else, also those that come into sight by that."""
    done = set()
    while new := [key for key in controls(page) if key not in done and not any(part in key for part in left_out)]:
        done.add(new[0])
        before = says(page)[new[0]]
        set_another(page, new[0], special.get(new[0]))
        assert new[0] not in controls(page) or says(page)[new[0]] != before, new[0]
    return done


@pytest.mark.parametrize("name", LEARN)
def test_what_is_set_on_a_learn_page_stands_in_its_address(open_page, name):
    script = f"pages/{name}.py"
    for query, special in WAYS.get(name, [({}, {})]):
        page = open_page(script, **query)
        assert set_all(page, special, (*LEFT_OUT, *query))
        for key in PRESSED.get(name, []):
            if any(button.key == key for button in page.button):
                page.button(key=key).click().run()
        same(script, page, open_page)


# --- pages about runs ------------------------------------------------------------------------------------------------

BUILD = {
    "layers and code": ({}, {"layer_open": None, "dataset_card": None, "more_settings": None, "api": None}),
    "another layer": ({}, {"new_layer": "Dropout"}),
    "own data": ({"bring": "open"}, {}),
    "sentences": ({"dataset": "movies"}, {"example": 7}),
    "points": ({"dataset": "points", "test": "1", "discrete": "1", **POINTS}, {"pace": "5", "layer_open": None}),
    "variants": ({"dataset": "mnist", "layers": VARIED}, {"varied_image": 12, "other_variants": PRESS}),
}
INSIDE = {
    "hands in": ("images", {}, {"hands_in": None, "hands_array": "dense_1/kernel", "hands_place_dense_1/kernel_1": 3}),
    "which layer": ("images", {}, {"hands_in": None, "hands_layer": "dense_1"}),
    "going on": (
        "images",
        {},
        {
            "going_on": None,
            "on_learning_rate": 0.02,
            "on_epochs": 2,
            "on_data": "fashion_mnist",
            "on_frozen": ["dense"],
        },
    ),
    "a row": ("table", {"sample": "3"}, {"inside_RUN_": 41.5}),
    "a drawing": ("images", {"input": "draw", "drawing": DRAWN}, {"inside_way": "drawn"}),
}


def named(page, begin):
    """The key of the first control whose key begins so."""
    return next(key for key in controls(page) if key.startswith(begin))


def set_named(page, wanted):
    for begin, value in wanted.items():
        if value is PRESS:
            page.button(key=begin).click().run()
        else:
            set_another(page, named(page, begin), value)


def same_controls(script, page, open_page):
    """Whether the controls of a fresh session at this address say what these say."""
    fresh = open_page(script, **address(page))
    assert not fresh.exception
    assert not told_of_the_address(fresh)
    now, then = ({key: value for key, value in says(each).items() if key} for each in (page.run(), fresh))
    assert now == then
    return fresh


@pytest.mark.parametrize("case", BUILD)
def test_how_build_is_looked_at_stands_in_its_address(open_page, spec_of, case):
    query, wanted = BUILD[case]
    page = open_page("pages/build.py", **query)
    set_named(page, wanted)
    assert {*query} & VIEW <= {*page.query_params}
    renamed = {f"layer_open_{place}": value for place, value in enumerate(opened_rows(page))}
    fresh = open_page("pages/build.py", **address(page))
    assert not fresh.exception
    assert not told_of_the_address(fresh)
    assert renamed == {f"layer_open_{place}": value for place, value in enumerate(opened_rows(fresh))}
    assert plain_controls(page.run()) == plain_controls(fresh)
    assert spec_of(page) == spec_of(fresh)


def opened_rows(page):
    return [control.proto.expanded for key, control in controls(page).items() if key.startswith("layer_open_")]


def plain_controls(page):
    """What the controls say whose keys are the same in each session: a layer's hold a number of its own."""
    return {key: value for key, value in says(page).items() if key and not key.startswith("layer_")}


@pytest.mark.engine
@pytest.mark.parametrize("case", INSIDE)
def test_what_is_done_inside_stands_in_its_address(open_page, run_of, case):
    kind, query, wanted = INSIDE[case]
    run = run_of(kind)
    page = open_page("pages/inside.py", run=run.id, **query)
    set_named(page, {begin.replace("RUN", run.id): value for begin, value in wanted.items()})
    assert len(page.query_params) > 1
    same_controls("pages/inside.py", page, open_page)


@pytest.mark.engine
@pytest.mark.parametrize("name", ["inside", "results", "experiments"])
def test_a_word_of_the_address_that_no_control_reads_is_told_and_one_of_another_part_is_not(open_page, run_of, name):
    query = {"colour": "blue", **({} if name == "experiments" else {"run": run_of("images").id})}
    page = open_page(f"pages/{name}.py", **query)
    assert not page.exception
    (sentence,) = told_of_the_address(page)
    assert "colour=blue. This page has no control of that name" in sentence


@pytest.mark.engine
@pytest.mark.parametrize("kind", ["images", "table", "points"])
def test_whatever_an_address_says_inside_and_on_build_no_page_ends_in_an_exception(open_page, run_of, kind):
    broken, run = [], run_of(kind).id
    for value in (
        "inf",
        "nan",
        "1e400",
        "-1",
        "99",
        "",
        "9" * 10_000,
        "٣",
        "<b>\0*x*",
        "1;0:nan",
        "0.0000;set:x/y:0:1",
    ):
        for script, known in (("pages/inside.py", INSIDE_KNOWN), ("pages/build.py", VIEW)):
            page = open_page(script, **{**dict.fromkeys(known, value), "run": run})
            if page.exception:
                broken.append((script, value[:40]))
    assert not broken


def parameters_in(folder):
    """Names that the controls of a room read in the address, as far as the code says them outright."""
    places = {"Choice": 3, "WholeNumber": 2, "DecimalNumber": 2, "Place": 1, "Noted": 1, "Opened": 1}
    for path in (ROOT / "lib" / "ui" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(getattr(node, "func", None), "id", "")
            if called in places:
                given = {each.arg: each.value for each in node.keywords}
                said = given.get("parameter") or (node.args[places[called] :] or node.args[:1])[0]
                if isinstance(said, ast.Constant) and said.value:
                    yield said.value


@pytest.mark.parametrize(("folder", "known"), [("inside", INSIDE_KNOWN), ("build", VIEW)])
def test_every_parameter_that_a_control_reads_is_known_to_its_page(folder, known):
    assert set(parameters_in(folder)) - {""} <= known
