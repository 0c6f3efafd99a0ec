"""The questions: their page, their notes where they arise, and what one sees where each of them leads."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from helpers.waiting import wait_until

from lib.engine.runs.snapshot import EpochPoint, RunSnapshot
from lib.specs.codec import from_query
from lib.ui.build.arising import of_curves, of_layer, of_row
from lib.ui.kit import lessons, questions
from lib.ui.kit.question_entries import QUESTIONS, THEMES
from lib.ui.kit.questions import matching

ROOT = Path(__file__).parents[2]
PAGE = "pages/questions.py"


def parts_of(node):
    """The elements and blocks of a page, but nothing that stands in a popover: not what an answer says itself."""
    for child in node.children.values():
        yield child
        if hasattr(child, "children") and child.type != "popover":
            yield from parts_of(child)


def notes_on(page):
    return [
        part.proto.popover.label.removeprefix(":small[")[:-1] for part in parts_of(page.main) if part.type == "popover"
    ]


def words_on(page):
    """All that a page says: texts, labels and figures."""
    said = []
    for part in parts_of(page.main):
        said += [getattr(part, name, None) for name in ("value", "label", "body")]
    return "\n".join(each for each in said if isinstance(each, str))


def says(*words):
    def missing(page):
        said = words_on(page)
        return [each for each in words if each not in said]

    return missing


def draft_is(holds):
    """The draft that the page's address says."""

    def missing(page):
        query = {name: text if isinstance(text, str) else text[0] for name, text in page.query_params.items()}
        return [] if holds(from_query(query)) else [query]

    return missing


def moves_to_the_left(page):
    scene = page.session_state["convolution_last"][0]
    return [] if np.array_equal(scene.output[:, :, 0], scene.input[1:-1, 2:, 0]) else [scene.kernel]


# What the page shows, to which a question's link leads.
SEEN = {
    "epoch": says("`ceil(7,200 / 128) = 57` batches in an epoch"),
    "how_many_layers": says(lessons.text("sweep.new").split(".")[0]),
    "bigger": says("407,050 parameters", "validation `0.639`"),
    "gpu": says("Training time"),
    "which_samples": says("In the validation part each class keeps its share"),
    "validation_or_test": says("2,000 test\nimages are for one measurement"),
    "near_copies": says("3.25%", "Barz and Denzler"),
    "divide_by_255": says(lessons.text("images.scaling_use")),
    "channels_last": says("32 × 32 × 3"),
    "how_many_images": says("4,000 training pictures", "85.4%"),
    "does_augmentation_help": says("92.2%", "93.6%", "78.8%", "73.6%"),
    "why_none": says("(None, 26, 26, 32)"),
    "count_parameters": says("3*3*1*32 + 32 = 320", "1600*10 + 10 = 16,010"),
    "without_flatten": says("28 × 28 × 10", "1*10 + 10 = 20"),
    "really_convolution": moves_to_the_left,
    "even_kernel": says("zeros added: 0 above and 1 below, 0 left and 1 right"),
    "smaller_maps": says("floor((28 + 2*0 - 3)/1) + 1 = 26"),
    "units_and_steps": says("LSTM parameters: 4*("),
    "return_sequences": says("40 × 32", "4*((32 + 32)*32 + 32) = 8,320"),
    "why_relu": says("**relu** `1 * 1 * 1 * ... = 1`"),
    "dropout_when_used": says("50% of the hidden units in every step"),
    "lower_validation": says("training `1.040`, validation `1.199`, training with dropout on `1.450`"),
    "both_rise": says("validation `0.639`", "validation `82.0%`"),
    "is_it_overfitting": says("training `0.017`, validation `0.639`"),
    "how_many_epochs": says("**epoch 37 of 42**"),
    "why_1875": says("`ceil(6,000 / 32) = 188` batches in an epoch"),
    "two_runs": says(lessons.text("experiments.first_seed"), "pairs"),
    "penalty": says(lessons.text("craft.l2")),
    "learning_rate": says("SGD left the picture at step"),
    "batch_size": says("`ceil(7,200 / 1,024) = 8` batches in an epoch"),
    "stays_at_ten": says("BatchNormalization"),
    "loss_nan": draft_is(lambda run: run.regression and run.training.learning_rate == 1),
    "which_crossentropy": draft_is(lambda run: run.binary and run.training.loss == "binary_crossentropy"),
    "from_logits": says("from_logits"),
    "one_image": says("keras.Input((28, 28, 1))"),
    "digit_misread": says(lessons.text("picture_source.draw")),
    "sure_and_wrong": says("it is a **2**, with 99%"),
    "what_is_a_logit": says("p(0) = exp(2/1 - 2)", "= 65.9%"),
    "does_it_learn_from_me": says("LayerLab saves it nowhere"),
    "below_published": says("published: **validation .9912, test .9895, loss .0283**", "here you train with 8,000"),
}
# Their notes stand where a training has ended, or behind something that a person opens.
NOTED_ELSEWHERE = {
    "how_many_layers", "stays_at_ten", "loss_nan", "which_crossentropy", "from_logits",
    "below_published", "epoch",
}  # fmt: skip


def of_one_address():
    """The questions that lead to the same place of a page, together, so that each place is opened once."""
    found = defaultdict(list)
    for name, question in QUESTIONS.items():
        found[question.see.page, tuple(question.see.query.items())].append(name)
    return list(found.values())


@pytest.mark.parametrize("names", of_one_address(), ids=",".join)
def test_a_link_opens_a_page_that_shows_what_the_answer_says(open_page, names):
    see = QUESTIONS[names[0]].see
    page = open_page(f"pages/{see.page}.py", **see.query)
    assert not page.exception
    assert [each.value for each in page.warning if "address" in each.value] == []
    assert [each.value for each in page.error] == []
    if see.page == "build":
        assert not page.button(key="train").disabled
    if "why_none" in names:
        wait_until(lambda: "Asking Keras" not in words_on(page.run()), 60)
    assert {name: SEEN[name](page) for name in names} == {name: [] for name in names}
    there = notes_on(page)
    assert [name for name in names if name not in NOTED_ELSEWHERE and questions.asked(name) not in there] == []


def test_every_question_has_its_words_its_theme_and_something_to_see():
    written = lessons._passages("questions")
    assert set(SEEN) == set(QUESTIONS) == set(written) - {"title", "none", "part", "among_all"}
    assert {question.theme for question in QUESTIONS.values()} == set(THEMES)
    assert len({questions.asked(name) for name in QUESTIONS}) == len(QUESTIONS) >= 30
    for name in QUESTIONS:
        assert questions.asked(name).endswith("?"), name
        assert len(QUESTIONS[name].see.label) <= 36, f"{name}: a phone would cut the words of this link off"
        sentences = re.split(r"(?<=[.!?])\s+", questions.answer(name))
        assert 3 <= len(sentences) <= 8, name
        assert not [each for each in sentences if len(each.split()) > 30], name


@pytest.mark.slow
def test_every_question_is_asked_where_it_arises():
    files = [*(ROOT / "pages").glob("*.py"), *(ROOT / "lib" / "ui").rglob("*.py")]
    trees = [ast.parse(path.read_text()) for path in files if path.name != "question_entries.py"]
    named = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(QUESTIONS) - named == set()


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_page_lists_all_questions_and_each_has_an_anchor_and_a_link(open_page):
    page = open_page(PAGE)
    assert not page.exception
    assert [header.value for header in page.header] == list(THEMES.values())
    assert [header.value for header in page.subheader] == [
        questions.asked(name) for theme in THEMES for name in QUESTIONS if QUESTIONS[name].theme == theme
    ]
    anchors = {header.proto.anchor for header in page.subheader}
    listed = {target for each in page.markdown for target in re.findall(r"\]\(#(\w+)\)", each.value)}
    assert anchors == listed == set(QUESTIONS)
    assert len(page.get("link_button")) >= len(QUESTIONS)


def test_an_address_with_a_question_shows_it_first(open_page):
    page = open_page(PAGE, question="why_none")
    assert page.header[0].value == questions.asked("why_none")
    assert len(page.subheader) == len(QUESTIONS)


@pytest.mark.parametrize("question", ["why_not", "", "x" * 10_000, "[a](b) <b>", "__class__"])
def test_an_unknown_question_gets_a_sentence_and_the_page(open_page, question):
    page = open_page(PAGE, question=question)
    assert not page.exception
    assert "which this page cannot use" in page.warning[0].value
    assert len(page.warning[0].value) < 400
    assert len(page.subheader) == len(QUESTIONS)


def test_a_search_stands_in_the_address_and_says_so_when_nothing_is_left(open_page):
    page = open_page(PAGE, question_search="val_loss lower")
    assert [header.value for header in page.header] == [questions.asked("lower_validation")]
    assert page.header[0].proto.anchor == "lower_validation"
    page.text_input(key="question_search").set_value("zebra " * 1_000).run()
    assert not page.exception
    assert [header.value for header in page.header] == []
    assert page.info[0].value == lessons.text("questions.none")
    page.text_input(key="question_search").set_value("padding of a zebra").run()
    assert lessons.text("questions.part") in [each.value for each in page.caption]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Why is val_loss lower than loss?", "lower_validation"), ("validation split random", "which_samples"),
        ("from_logits", "from_logits"), ("dense without flatten", "without_flatten"),
        ("predict a single image", "one_image"), ("cross-correlation", "really_convolution"),
        ("random seed", "two_runs"), ("CIFAR duplicates", "near_copies"), ("same even kernel", "even_kernel"),
        ("LSTM units timesteps", "units_and_steps"), ("early stopping", "how_many_epochs"),
        ("regularization loss", "penalty"), ("is my picture stored", "does_it_learn_from_me"),
        ("binary or categorical", "which_crossentropy"), ("val_loss increases", "both_rise"), ("1875", "why_1875"),
        ("none", "why_none"), ("channels_first", "channels_last"), ("how many neurons", "how_many_layers"),
    ],
)  # fmt: skip
def test_a_search_with_peoples_words_finds_the_question_first(words, first):
    assert matching(words).names[0] == first


def test_a_search_without_words_shows_all_and_little_words_alone_too():
    assert matching("  ").names == matching("why is it").names == tuple(QUESTIONS)
    assert matching("?!").names == ()


# --- notes ---------------------------------------------------------------------------------------------------------


def run_with(*points, **query):
    """A run whose epochs reached (loss, accuracy, validation loss, validation accuracy)."""
    spec = from_query({"layers": "Flatten;Dense(units=10,activation=softmax)", **query})
    told = [EpochPoint(epoch, *point, seconds=1.0, learning_rate=0.001) for epoch, point in enumerate(points, 1)]
    return RunSnapshot("a", "b", "", spec, "running", epoch_points=tuple(told))


@pytest.mark.parametrize(
    ("points", "query", "asked"),
    [
        ((), {}, ()),
        (((1.2, 0.6, 0.4, 0.9),), {}, ("lower_validation",)),
        (((0.4, 0.9, 0.5, 0.8),), {}, ()),
        (((0.4, 0.9, 0.5, 0.8), (0.2, 0.95, 0.6, 0.82)), {}, ("both_rise",)),
        (((0.4, 0.9, 0.5, 0.8), (0.2, 0.95, 0.6, 0.7)), {}, ("is_it_overfitting",)),
        (((0.4, 0.9, 0.5, 0.8), (0.5, 0.85, 0.6, 0.7)), {}, ()),  # both losses rise: that is no learning by heart
        (((0.4, 0.9, 0.5, 0.8), (0.2, 0.95, 0.51, 0.82)), {}, ()),
        (((2.3, 0.1, 2.4, 0.1), (2.3, 0.11, 2.31, 0.1)), {}, ("stays_at_ten",)),
        (((2.3, 0.1, 2.4, 0.1),), {}, ()),  # one epoch says nothing
        (((0.4, 0.9, 0.5, 0.8),), {"l2": "0.01"}, ("penalty",)),
        (((1.2, 0.6, 0.4, 0.9),), {"l1": "0.01"}, ("lower_validation", "penalty")),
        (((0.4, None, None, None), (0.2, None, None, None)), {}, ()),
    ],
)
def test_curves_raise_the_questions_that_they_show(points, query, asked):
    assert of_curves(run_with(*points, **query)) == asked


def test_layers_raise_the_questions_that_they_show():
    layers = (
        "Conv2D(filters=2,kernel_size=2,padding=same);Conv2D(filters=2);Dense(units=4);Dropout;Flatten;Dense(units=10)"
    )
    rows = from_query({"layers": layers}).model.trace
    assert [of_layer(row) for row in rows] == [
        ("even_kernel",), ("smaller_maps",), (), ("dropout_when_used",), ("without_flatten",), ()
    ]  # fmt: skip
    assert [of_row(row) for row in rows] == [(), (), ("without_flatten",), (), (), ()]


def test_results_ask_what_the_curves_of_a_real_run_show(open_page, trained):
    point = trained.epoch_points[-1]
    assert point.val_loss < point.loss  # the mean over its only epoch begins with a network that knows nothing
    there = notes_on(open_page("pages/results.py", run=trained.id))
    asked = ("lower_validation", "two_runs", "validation_or_test", "sure_and_wrong", "one_image")
    assert [name for name in asked if questions.asked(name) not in there] == []
    assert questions.asked("penalty") not in there
