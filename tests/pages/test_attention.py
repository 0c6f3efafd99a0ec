import base64
import json
import re

import numpy as np
import pytest
from helpers.keras_twins import random_weights
from helpers.told_runs import tell
from helpers.written_sums import written_sums

from lib.arrays import pack
from lib.concepts.attention import Variant
from lib.concepts.attention_walk import walk
from lib.data.fitted.attention_weights import attention_model, attention_weights
from lib.data.preparing import prepare
from lib.data.text import tokenise
from lib.figures.learn.sequences import make_row
from lib.specs.codec import from_query
from lib.ui.learn.attention.controls import DEFAULT

PAGE = "pages/attention.py"
OWN = {
    "dataset": "movies", "samples": "500", "vocabulary": "500", "length": "14", "padding": "post", "epochs": "1",
    "layers": "Embedding(input_dim=500,output_dim=6,mask_zero=true);TransformerBlock(num_heads=3,key_dim=4);"
    "TransformerBlock(num_heads=1,key_dim=4);GlobalAveragePooling1D;Dense(units=1,activation=sigmoid)",
    "loss": "binary_crossentropy",
}  # fmt: skip


def scene(page):
    """What the component was fed."""
    found = [json.loads(each.proto.json) for each in page.get("bidi_component")]
    return next(data[0] for data in found if isinstance(data, list) and "restTotal" in data[0])


def array(page, name):
    packed = scene(page)[name]
    return np.frombuffer(base64.b64decode(packed["data"]), "<f4").reshape(packed["shape"])


def columns(page):
    return [column["word"] for column in scene(page)["columns"]]


def said(page):
    return next(each.value for each in page.markdown if "The network's answer" in each.value)


def read(sentence, positions=True, **variant):
    learned = attention_weights()
    row = make_row(tokenise(sentence), learned.vocabulary, 32, "pre", "pre")
    return walk(attention_model(), learned.weights, row.ids, Variant(**variant), positions)


def praise(sentence, **otherwise):
    return f"probability of praise **{read(sentence, **otherwise).outputs[-1][0]:.3f}**"


def told(page):
    return [warning.value.replace("\\", "").replace("\u2060", "") for warning in page.warning]


def test_the_page_opens_with_the_shipped_networks_numbers(open_page):
    page = open_page(PAGE)
    assert not page.exception
    assert columns(page) == tokenise(DEFAULT)
    (steps,) = read(DEFAULT).blocks.values()
    np.testing.assert_array_equal(array(page, "query"), steps.attention.query[-9:, 0])
    np.testing.assert_array_equal(array(page, "outputs"), steps.output[-9:])
    assert praise(DEFAULT) in said(page)
    assert "As trained" not in said(page)
    assert "TransformerBlock parameters: MultiHeadAttention 2,128" in " ".join(written_sums(page))


def test_each_control_does_what_it_says_and_stands_in_the_address(open_page):
    page = open_page(PAGE)
    page.segmented_control(key="attention_head").set_value(1).run()
    assert scene(page)["head"] == 1
    page.toggle(key="uniform_attention").set_value(True).run()
    assert scene(page)["uniform"]
    assert page.slider(key="attention_temperature").disabled
    assert praise(DEFAULT, uniform=True) in said(page)
    page.toggle(key="uniform_attention").set_value(False).run()
    page.toggle(key="causal_mask").set_value(True).run()
    assert scene(page)["allowed"][:2] == ["100000000", "110000000"]
    page.toggle(key="show_padding").set_value(True).run()
    assert columns(page)[:4] == ["[PAD]"] * 3 + ["the"]
    page.slider(key="attention_temperature").set_value(2.0).run()
    page.segmented_control(key="head_off").set_value("1").run()
    page.segmented_control(key="places").set_value("untold").run()
    assert scene(page)["off"]
    assert praise(DEFAULT, positions=False, causal=True, temperature=2.0, heads_off=(1,)) in said(page)
    assert "As trained it says 0." in said(page)
    address = {name: text if isinstance(text, str) else text[0] for name, text in page.query_params.items()}
    assert address == {
        "attention_head": "1", "causal_mask": "true", "show_padding": "true", "head_off": "1", "places": "untold",
    }  # fmt: skip
    again = open_page(PAGE, attention_temperature="2.0", **address)  # which the browser writes
    assert not again.warning
    assert scene(again) == scene(page)


def test_shuffled_words_get_the_same_answer_without_places_and_the_page_says_both(open_page):
    page = open_page(PAGE, places="untold")
    page.button(key="shuffle_words").click().run()
    assert not page.exception
    assert columns(page) != tokenise(DEFAULT)
    assert sorted(columns(page)) == sorted(tokenise(DEFAULT))
    assert page.query_params["sentence"] in (" ".join(columns(page)), [" ".join(columns(page))])
    now = f"{read(DEFAULT, positions=False).outputs[-1][0]:.3f}"
    assert f"**{now}**" in said(page)
    assert f"Before the words were shuffled it said {now}." in said(page)
    page.text_input(key="attention_sentence").set_value("a fine film").run()
    assert "shuffled" not in said(page)


def test_leaving_a_word_out_is_what_the_network_answers_without_it(open_page):
    page = open_page(PAGE, sentence="a good film")
    (bars,) = [each.proto.body for each in page.get("html") if 'class="influence"' in each.proto.body]
    numbers = re.findall(r">([+-]?\d\.\d{3})<", bars)
    attention, change = numbers[::2], numbers[1::2]
    (steps,) = read("a good film").blocks.values()
    shares = steps.attention.weights[:, -3:, -3:].mean(axis=(0, 1))
    assert [f"{share:.3f}" for share in shares] == attention
    usual = read("a good film").outputs[-1][0]
    without = [read(text).outputs[-1][0] - usual for text in ("good film", "a film", "a good")]
    assert [f"{each:+.3f}" for each in without] == change
    assert any("Leaving out “good” moves the answer most" in each.value for each in page.markdown)


@pytest.mark.parametrize(
    ("typed", "warned", "words"),
    [
        ("", "nothing to read", ["a", "fine", "film"]),
        ("😀 !", "no word in that", ["a", "fine", "film"]),
        ("فيلم جيد", "knows none of the words", ["فيلم", "جيد"]),
        ("zzz qqq", "knows none of the words", ["zzz", "qqq"]),
    ],
)
def test_a_sentence_that_cannot_be_read_gets_a_sentence_and_the_last_picture_stays(open_page, typed, warned, words):
    page = open_page(PAGE, sentence="a fine film")
    page.text_input(key="attention_sentence").set_value(typed).run()
    assert not page.exception
    assert warned in told(page)[0]
    assert columns(page) == words


def test_one_word_and_ten_thousand_characters_are_read(open_page, prose):
    page = open_page(PAGE, sentence="good")
    assert not page.exception
    assert columns(page) == ["good"]
    assert "nothing to leave out" in prose(page)
    page = open_page(PAGE, sentence="moving film " * 900)
    assert not page.exception
    assert len(columns(page)) == 32
    assert "reads 300 characters" in page.info[0].value
    assert "18 words of this sentence were cut off" in prose(page)


def test_nothing_of_a_sentence_becomes_markup(open_page, prose):
    page = open_page(PAGE, sentence="<img src=x> **film** :red[good] $x$")
    assert not page.exception
    assert "<img" not in prose(page)
    assert "**film**" not in prose(page)


def test_an_address_that_makes_no_sense_opens_the_usual_page_and_is_told(open_page):
    page = open_page(
        PAGE, attention_head="99", uniform_attention="1e30", attention_temperature="1e30", run="x", row="99",
        places="1e30", weight="1e30",
    )  # fmt: skip
    assert not page.exception
    (warning,) = told(page)
    for part in ("attention_head=99", "uniform_attention=1e30", "attention_temperature=1e30", "run=x"):
        assert part in warning
    assert (scene(page)["head"], scene(page)["uniform"], scene(page)["temperature"]) == (0, False, 1.0)


def test_a_run_of_ones_own_opens_with_its_words_weights_and_blocks(open_page, engine):
    run = tell(engine._book, "e1" * 8, "e" * 32, spec=from_query(OWN))
    checkpoint = {"epoch": 3, "batch": 0, "sums": (1, 2, 3), "state": b""}
    learned = random_weights(run.spec.model, seed=3)
    engine._book.store.add_checkpoint(run.id, {**checkpoint, "weights": pack(learned)})
    page = open_page(PAGE, run=run.id, sentence="a film", block="transformer_block_1")
    assert not page.exception
    assert told(page) == []
    assert columns(page) == ["a", "film"]
    assert page.selectbox(key="attention_network").value == run.id
    spec = run.spec
    ids = prepare(spec.data, spec.training.validation_split).reading.rows(["a film"])[0]
    walked = walk(spec.model, learned, ids)
    np.testing.assert_allclose(array(page, "outputs"), walked.blocks["transformer_block_1"].output[:2], atol=1e-5)
    assert f"**{walked.outputs[-1][0]:.3f}**" in said(page)
    assert scene(page)["tail"]["yes"] == "praise"
    page.segmented_control(key="attention_block").set_value("transformer_block").run()
    page.segmented_control(key="attention_head").set_value(2).run()
    assert (scene(page)["head"], scene(page)["tail"]) == (2, None)
    page.selectbox(key="attention_network").set_value("small").run()
    assert "run" not in page.query_params
    assert scene(page)["head"] == 0


def test_inside_and_build_lead_from_a_run_with_a_block_to_this_page(open_page, engine):
    run = tell(engine._book, "e2" * 8, "f" * 32, spec=from_query(OWN))
    for script, query, label in (
        ("pages/inside.py", {"layer": "transformer_block", "input": "typed"}, "Every sum of this block"),
        ("pages/build.py", {}, "See who looks at whom"),
    ):
        page = open_page(script, run=run.id, **query)
        assert not page.exception
        links = [each.proto for kind in ("page_link", "link_button") for each in page.get(kind)]
        (link,) = [each for each in links if label in each.label]
        assert f"run={run.id}" in str(link)


def test_a_run_whose_weights_are_no_numbers_is_told_and_the_small_network_stays(open_page, engine):
    run = tell(engine._book, "e3" * 8, "f" * 32, spec=from_query(OWN))
    broken = {name: np.full_like(values, np.nan) for name, values in random_weights(run.spec.model, seed=3).items()}
    checkpoint = {"epoch": 3, "batch": 0, "sums": (1, 2, 3), "state": b"", "weights": pack(broken)}
    engine._book.store.add_checkpoint(run.id, checkpoint)
    page = open_page(PAGE, run=run.id)
    assert not page.exception
    assert "no numbers" in told(page)[0]
    assert praise(DEFAULT) in said(page)


def test_a_run_without_a_block_is_told_and_the_small_network_stays(open_page, engine):
    page = open_page(PAGE, run=tell(engine._book, "e4" * 8, "f" * 32).id)
    assert not page.exception
    assert any("no Transformer block" in each for each in told(page))
    assert columns(page) == tokenise(DEFAULT)
