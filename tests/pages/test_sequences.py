import base64
import json

import numpy as np
import pytest
from helpers.waiting import wait_for_status
from helpers.written_sums import written_sums

from lib.concepts.cell_walk import answers
from lib.data.fitted.sentence_weights import CELLS, sentence_model, sentence_weights
from lib.data.preparing import prepare
from lib.data.text import pad, tokenise
from lib.specs.codec import from_query
from lib.ui.learn.sequences import controls

PAGE = "pages/sequences.py"


def component(page, name):
    """What one of the page's components was fed."""
    found = [json.loads(each.proto.json) for each in page.get("bidi_component")]
    return next(data[0] for data in found if isinstance(data, list) and name in data[0])


def words(page):
    return [step["word"] for step in component(page, "steps")["steps"]]


def chance(cell, text, length=12):
    learned = sentence_weights()
    row = pad([learned.vocabulary.encode(tokenise(text))], length)
    return float(answers(sentence_model(cell, length), learned.weights[cell], row)[0])


def test_the_page_opens_with_a_padded_sentence_and_the_parameters_of_the_cell(open_page):
    page = open_page(PAGE)
    assert not page.exception
    assert words(page)[:4] == ["[PAD]", "[PAD]", "[PAD]", "despite"]
    assert "LSTM parameters: 4*((8 + 8)*8 + 8) = 544" in written_sums(page)


@pytest.mark.parametrize(
    ("cell", "line"),
    [("GRU", "GRU parameters: 3*((8 + 8)*8 + 2*8) = 432"), ("SimpleRNN", "SimpleRNN parameters: (8 + 8)*8 + 8 = 136")],
)
def test_each_cell_has_its_own_rule_and_count(open_page, cell, line):
    page = open_page(PAGE)
    page.segmented_control(key="cell").set_value(cell).run()
    assert line in written_sums(page)
    assert component(page, "gates")["kind"] == cell


def test_length_padding_and_truncating_change_the_row(open_page):
    page = open_page(PAGE, sentence="one two three", row_padding="post")
    page.slider(key="row_length").set_value(4).run()
    assert words(page) == ["one", "two", "three", "[PAD]"]
    page.text_input(key="sentence").set_value("one two three four five").run()
    assert words(page) == ["two", "three", "four", "five"]
    page.segmented_control(key="row_truncating").set_value("post").run()
    assert words(page) == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("typed", "told"), [("", "nothing to read"), ("   ", "nothing to read"), ("😀 😀!", "no word")]
)
def test_without_a_word_the_page_says_so_and_keeps_the_last_sentence(open_page, typed, told):
    page = open_page(PAGE, sentence="a fine film")
    page.text_input(key="sentence").set_value(typed).run()
    assert not page.exception
    assert told in page.warning[0].value
    assert words(page)[-3:] == ["a", "fine", "film"]


def test_an_address_without_a_word_opens_the_page_with_its_own_sentence(open_page):
    page = open_page(PAGE, sentence="!!!")
    assert "no word" in page.warning[0].value
    assert words(page)[-1] == "moving"


@pytest.mark.parametrize("text", ["Хороший фильм", "良い映画", "فيلم جيد", "zzz qqq"])
def test_a_sentence_of_unknown_words_is_shown_and_told(open_page, text):
    page = open_page(PAGE, sentence=text)
    assert not page.exception
    assert "knows none of the words" in page.warning[0].value
    assert {step["id"] for step in component(page, "steps")["steps"]} <= {0, 1}


@pytest.mark.parametrize("text", ["word " * 10_000, "ж" * 50_000, "a" * 301])
def test_of_a_very_long_sentence_the_beginning_is_read_and_that_is_said(open_page, text):
    page = open_page(PAGE)
    page.session_state["sentence"] = text
    page.run()
    assert not page.exception
    assert "reads 300 characters" in page.info[0].value
    assert max(map(len, words(page))) <= 300


def test_an_address_with_ten_thousand_words_opens_the_page(open_page):
    page = open_page(PAGE, sentence="good film " * 5_000)
    assert not page.exception
    assert len(words(page)) == 12
    assert len(page.text_input(key="sentence").value) <= 300


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)> film", "**film** [x](javascript:1) $x$ :red[film] `y`"])
def test_nothing_of_a_sentence_becomes_markup(open_page, text):
    page = open_page(PAGE, sentence=text)
    assert not page.exception
    shown = [each.value for each in [*page.markdown, *page.caption, *page.warning]]
    assert not [line for line in shown if "<img" in line or "**film**" in line or ":red[" in line]
    assert "film" in words(page)


@pytest.mark.parametrize(
    "query",
    [{"row_length": "1e9"}, {"row_length": "-1"}, {"cell": "Lambda"}, {"row_padding": "x"}, {"row_length": "nan"}],
)
def test_a_hostile_address_opens_the_page_as_it_was_meant(open_page, query):
    page = open_page(PAGE, **query)
    assert not page.exception
    assert len(words(page)) == 12
    assert component(page, "gates")["kind"] == "LSTM"


def test_a_run_of_ones_own_reads_with_its_own_words_and_weights(open_page, engine):
    layers = "Embedding(input_dim=500,output_dim=4);GRU(units=3);Dense(units=1,activation=sigmoid)"
    run = from_query({
        "dataset": "movies", "samples": "1000", "vocabulary": "500", "length": "10", "padding": "post",
        "layers": layers, "loss": "binary_crossentropy", "epochs": "1",
    })  # fmt: skip
    run_id = wait_for_status(engine, engine.submit(run, "d" * 32), "done").id
    page = open_page(PAGE, sentence="a film")
    assert "sequence_network" not in page.session_state
    page.session_state["visitor_owner"] = "d" * 32
    page.run()
    page.segmented_control(key="sequence_network").set_value(run_id).run()
    assert not page.exception
    assert words(page) == ["a", "film"] + ["[PAD]"] * 8
    data = component(page, "gates")
    assert (data["kind"], data["units"], all(data["read"])) == ("GRU", 3, True)
    rows = prepare(run.data, run.training.validation_split).reading.rows(["a", "a film"])
    chances = np.frombuffer(base64.b64decode(data["chances"]["data"]), "<f4")[:2]
    assert chances.tolist() == answers(run.model, engine.weights(run_id), rows).tolist()
    # Its address shows the same to anybody.
    theirs = open_page(PAGE, network=run_id, sentence="a film")
    assert words(theirs) == words(page)
    assert component(theirs, "gates") == data


def test_the_order_experiment_comes_out_as_the_lesson_says():
    good_first, bad_first = "the acting is good but the story is bad", "the story is bad but the acting is good"
    assert chance("SimpleRNN", bad_first) > 0.5 > chance("SimpleRNN", good_first)
    assert chance("LSTM", good_first) > 0.5 > chance("LSTM", bad_first)


@pytest.mark.parametrize("cell", CELLS)
def test_the_negation_experiment_fails_as_the_lesson_says(cell):
    assert chance(cell, "not good") < chance(cell, "good")
    assert chance(cell, "not bad") < chance(cell, "bad") < 0.5


@pytest.mark.parametrize("cell", CELLS)
def test_the_quiz_is_right_that_the_end_of_the_padding_changes_nothing(cell):
    learned = sentence_weights()
    ids = [learned.vocabulary.encode(tokenise(controls.DEFAULT))]
    rows = np.concatenate([pad(ids, 12, "pre"), pad(ids, 12, "post")])
    before, behind = answers(sentence_model(cell, 12), learned.weights[cell], rows)
    assert before == behind
