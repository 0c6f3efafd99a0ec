"""What the address of a Learn page can say: a place in a picture, a network, a search; and what it cannot."""

from types import SimpleNamespace

import pytest

from lib.data.loading import load
from lib.ui.kit.drawn_text import to_text
from lib.ui.learn.address import ELSEWHERE
from lib.ui.learn.sequences import controls

# For each page an address in which all can be used, and ways to open it in which some controls are not there.
FULL = {
    "images": ("row=3&column=28&scale=unit&part=scaling", ["part=split", "picture_source=draw"]),
    "convolution": ("row=25&column=0&map=3&held=1&kernel=edge_detectors&padding=0", ["picture_source=draw"]),
    "pooling": ("row=13&column=13&held=1&pool_type=average&padding=same&subject=dot", ["picture_source=draw"]),
    "flattening": ("row=5&column=8&filters=2&unit=3&logits_from=own&logits=1,2", ["logits_from=units"]),
    "activations": ("functions=relu&functions=gelu&x=-2.5&truth=0&true_class=2&z1=1.0", []),
    "gradient_descent": ("surface=saddle&step=7&steps=10&rate=0.05&optimizers=SGD&start_y=1.5", ["view=scene"]),
    "backpropagation": ("step=12&derivative=v2&w11=0.250&step_rate=0.5&loss_kind=binary_crossentropy", []),
    "overfitting": ("degree=11&fit_points=40&l2=1e-05&fit_seed=7&remedy=l2&units=32", []),
    "sequences": ("step=12&unit=3&cell=GRU&row_length=12&row_padding=post&sentence=fine+film", []),
    "attention": ("sentence=fine+film&attention_head=1&causal_mask=1&row=30&column=31&held=1&number=7&feature=9", []),
    "glossary": ("search=stride", []),
    "questions": ("question=why_none", ["question_search=epoch"]),
}
DRAWN = to_text(load("mnist").test.x[3])
USABLE = {  # something usable for the parameters that such a way hides
    "picture_source": "sample", "picture_dataset": "cifar10", "picture_number": "3", "row": "2", "column": "2",
    "scale": "unit", "validation_share": "0.2", "translation": "0.2", "rotation": "90", "zoom": "0.3",
    "flip": "horizontal", "pixel_noise": "0.1", "weights": "1,2,3,4,5,6,7,8,9", "logits": "1,2", "x": "2",
    "depth": "5", "weight": "2", "label": "3", "other": "4", "others": "5", "formula": "SGD", "drawing": DRAWN,
    "step": "3", "cell": "GRU", "row_length": "8", "row_padding": "post", "row_truncating": "post",
    "question": "why_none",
}  # fmt: skip


def parameters(text):
    """An address as `open_page` takes it."""
    found = {}
    for part in text.split("&"):
        name, value = part.split("=")
        found.setdefault(name, []).append(value.replace("+", " "))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def unusable(page):
    return [warning.value for warning in page.warning if "which this page cannot use" in warning.value]


@pytest.mark.parametrize("name", FULL)
def test_an_address_that_can_be_used_is_used_without_a_word(open_page, name):
    page = open_page(f"pages/{name}.py", **parameters(FULL[name][0]))
    assert not page.exception
    assert unusable(page) == []
    assert unusable(page.run()) == []


@pytest.mark.parametrize(("name", "way"), [(name, way) for name, (_, ways) in FULL.items() for way in ways])
def test_nothing_is_said_of_a_control_that_is_not_there_at_the_moment(open_page, name, way):
    hidden = {known: USABLE[known] for known in ELSEWHERE[name]}
    page = open_page(f"pages/{name}.py", **{**hidden, **parameters(way)})
    assert not page.exception
    assert unusable(page) == []


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("pooling", {"pool_size": "99"}, "pool_size=99"),
        ("pooling", {"pool_type": "median"}, "pool_type=median"),
        ("pooling", {"pool_sise": "3"}, "pool_sise=3"),
        ("pooling", {"row": "14"}, "row=14"),
        ("convolution", {"kernel": "trained"}, "kernel=trained"),
        ("convolution", {"column": "-1", "held": "yes"}, "column=-1, held=yes"),
        ("images", {"scale": "log"}, "scale=log"),
        ("images", {"picture_number": "inf"}, "picture_number=inf"),
        ("flattening", {"unit": "10"}, "unit=10"),
        ("activations", {"functions": ["relu", "zz"]}, "functions=zz"),
        ("gradient_descent", {"step": "41"}, "step=41"),
        ("gradient_descent", {"rate": "0.123"}, "rate=0.123"),
        ("backpropagation", {"step": "one"}, "step=one"),
        ("backpropagation", {"derivative": "w33"}, "derivative=w33"),
        ("overfitting", {"fit_seed": "10000"}, "fit_seed=10000"),
        ("sequences", {"network": "own"}, "network=own"),
        ("sequences", {"unit": "16"}, "unit=16"),
        ("attention", {"row": "3", "attention_head": "99"}, "row=3, attention_head=99"),
        ("glossary", {"serach": "stride"}, "serach=stride"),
        ("questions", {"question": "why_not"}, "question=why_not"),
        ("questions", {"question": "x" * 10_000}, "question=" + "x" * 31 + "…"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence_and_is_still_said_after_a_rerun(open_page, name, query, said):
    page = open_page(f"pages/{name}.py", **query)
    for _ in range(2):
        assert not page.exception
        (sentence,) = unusable(page)
        assert said in sentence.replace("\\", "").replace("\u2060", "")
        page.run()


def test_the_sentence_goes_with_the_address(open_page):
    page = open_page("pages/pooling.py", pool_type="median")
    assert unusable(page)
    page.segmented_control(key="pool_type").set_value("average").run().run()
    assert page.query_params["pool_type"] in ("average", ["average"])
    assert unusable(page) == []


def test_only_some_of_very_much_is_named_and_nothing_is_read_as_markup(open_page):
    query = {f"{place}[a](b)": "<b>" + "*" * 500 for place in range(9)}
    (sentence,) = unusable(open_page("pages/pooling.py", **query))
    assert "and 5 more" in sentence
    assert "](b)" not in sentence.replace("\\]", "")
    assert len(sentence) < 800


def test_the_answers_of_an_own_network_can_be_linked(open_page, monkeypatch):
    run = SimpleNamespace(id="f" * 16, title="mine")
    monkeypatch.setattr(controls, "own_run", lambda: run)
    monkeypatch.setattr(controls, "network_of", lambda run: controls.bundled("GRU", 8, "pre", "pre"))
    page = open_page("pages/sequences.py", network="own")  # as addresses once said
    assert page.segmented_control(key="sequence_network").value == run.id
    assert unusable(page) == []
    assert page.query_params["network"] in (run.id, [run.id])
    page.segmented_control(key="sequence_network").set_value("small").run()
    assert "network" not in page.query_params


def test_a_search_in_the_address_is_made(open_page):
    page = open_page("pages/glossary.py", search="dilation")
    assert "## Dilation" in "".join(each.value for each in page.markdown)
    assert "### Adam" not in "".join(each.value for each in page.markdown)


def test_the_chosen_derivative_stands_in_the_address(open_page):
    page = open_page("pages/backpropagation.py", derivative="v2")
    assert page.segmented_control(key="derivative").value == "v2"
    page.segmented_control(key="derivative").set_value("b1").run()
    assert page.query_params["derivative"] in ("b1", ["b1"])
