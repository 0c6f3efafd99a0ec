"""The page Inside for points, tables and sentences: its numbers are the engine's and those of a direct computation."""

import re

import numpy as np
import pytest
from helpers.inside import KINDS, prose
from helpers.waiting import wait_for_status, wait_until

from lib.concepts.forward import forward
from lib.data.bundled.points import features
from lib.data.preparing import prepare
from lib.data.text import pad, tokenise
from lib.specs.codec import from_query
from lib.ui.inside import bars, network_view, plane_view, steps, why_words
from lib.ui.kit import lessons

pytestmark = pytest.mark.engine
INSIDE = "pages/inside.py"
CLASSES = ["points", "three points", "table", "mean of words", "cell"]
ONE_OF_EACH = ["points", "table", "mean of words"]
BOTH_WAYS = (
    "Embedding(input_dim=1000,output_dim=4);LSTM(units=3,bidirectional=true,return_sequences=true);"
    "GRU(units=2,bidirectional=true);Dense(units=2,activation=softmax)"
)
WATCHED = (
    (network_view, "network"), (network_view, "layer_scene"), (steps, "cell_data"),
    (steps, "tokens_data"), (plane_view, "plane"), (bars, "part_bars"),
    (why_words, "words_data"),
)  # fmt: skip


@pytest.fixture
def fed(monkeypatch):
    """What the page's pictures were made of last, and what came out, by the function's name."""
    seen = {}

    def watch(module, name):
        make = getattr(module, name)

        def noting(*given, **more):
            seen[name] = given, make(*given, **more)
            return seen[name][1]

        monkeypatch.setattr(module, name, noting)

    for module, name in WATCHED:
        watch(module, name)
    return seen


def heading(page):
    """What stands large: a class and its percentage, or a number; "" while there is none."""
    return next((each.value for each in page.markdown if re.match(r"## (.*%|-?\d)", each.value)), "")


def percent(page):
    return float(re.search(r"([\d.]+)%", heading(page))[1])


def of_run(run):
    return prepare(run.spec.data, run.spec.training.validation_split)


def shares(run, weights, values):
    """A direct computation: a probability a class, or the predicted number."""
    output = forward(run.spec.model, weights, of_run(run).scaling.apply(np.asarray(values)))[-1]
    return np.array([1 - output[0], output[0]]) if run.spec.binary else output


@pytest.mark.parametrize("kind", CLASSES)
def test_a_test_sample_gets_the_answer_that_keras_gave_it(open_page, run_of, engine, kind):
    run = run_of(kind)
    page = open_page(INSIDE, run=run.id, sample="7")
    assert not page.exception
    said = engine.probabilities(run.id)[7]
    assert run.spec.data.class_names[said.argmax()] in heading(page)
    assert percent(page) == pytest.approx(100 * said.max(), abs=0.02)
    assert "it is **" in prose(page)
    assert page.number_input(key="inside_sample").value == 7


def test_a_predicted_number_is_told_without_percent(open_page, run_of, engine):
    run = run_of("regression")
    page = open_page(INSIDE, run=run.id, sample="3")
    assert not page.exception
    said, truth = float(engine.probabilities(run.id)[3, 0]), float(of_run(run).test.y[3])
    assert float(heading(page).removeprefix("## ")) == pytest.approx(said, abs=1e-4)
    assert f"it is **{truth:.4f}** · {abs(said - truth):.3f}" in prose(page)


@pytest.mark.parametrize("kind", ["points", "three points", "regression"])
def test_a_place_in_the_plane_stands_in_the_address_and_on_the_picture(open_page, run_of, engine, fed, kind):
    run = run_of(kind)
    page = open_page(INSIDE, run=run.id, input="place", x="1.25", y="-3")
    assert not page.exception
    assert not page.warning
    assert (page.number_input(key="inside_x").value, page.number_input(key="inside_y").value) == (1.25, -3)
    seen = features(np.array([[1.25, -3]], np.float32), run.spec.data.features.split("-"))[0]
    told = float(heading(page).removeprefix("## ")) if kind == "regression" else percent(page) / 100
    assert told == pytest.approx(float(shares(run, engine.weights(run.id), seen).max()), abs=2e-4)
    assert fed["plane"][1]["place"] == [1.25, -3]
    assert "it is **" not in prose(page)


CLICKED = {"place": [2.345, 9]}


@pytest.mark.parametrize("told", [CLICKED, {"place": ["x", 1]}, {"place": [float("nan"), 1]}, {"place": None}, None])
def test_a_click_on_the_plane_asks_about_that_place_and_anything_else_is_nothing(monkeypatch, told):
    asked_about = []
    monkeypatch.setattr(plane_view, "ask_about", lambda x, y: asked_about.append((x, y)))
    monkeypatch.setattr(type(plane_view._PLANE), "get", lambda key: told)
    plane_view._choose()
    assert asked_about == ([(2.345, 6.0)] if told is CLICKED else [])


@pytest.mark.parametrize(
    ("kind", "query", "sentence"),
    [
        ("points", {"input": "place", "x": "nan"}, "x=nan"),
        ("points", {"input": "place", "y": "7"}, "y=7"),
        ("points", {"input": "upload"}, "input=upload"),
        ("table", {"sample": "86"}, "sample=86"),
        ("mean of words", {"sample": "-1"}, "sample=-1"),
        ("table", {"layer": "dense", "unit": "5"}, "dense 5, but its numbers go from 0 to 4"),
        ("cell", {"layer": "lstm", "unit": "3"}, "lstm 3, but its numbers go from 0 to 2"),
        ("regression", {"layer": "conv2d"}, "the layer conv2d, which this network does not have"),
        ("table", {"epoch": "77"}, "epoch 77, but LayerLab did not keep its weights"),
    ],
)
def test_an_address_that_makes_no_sense_shows_the_usual_and_a_sentence(open_page, run_of, kind, query, sentence):
    page = open_page(INSIDE, run=run_of(kind).id, **query)
    assert not page.exception
    assert [sentence in each.value for each in page.warning] == [True]
    assert heading(page)


@pytest.mark.parametrize(
    ("kind", "layer", "unit", "names"),
    [
        ("points", "dense", 2, ("x", "y", "x_squared")),
        ("three points", "dense", 1, ("x", "y")),
        ("regression", "dense_1", 0, ()),
        ("table", "dense", 3, ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")),
        ("mean of words", "dense", 0, ()),
        ("cell", "dense", 1, ()),
    ],
)
def test_the_sum_that_is_written_out_is_the_unit(open_page, run_of, engine, fed, kind, layer, unit, names):
    run = run_of(kind)
    page = open_page(INSIDE, run=run.id, sample="5", layer=layer, unit=str(unit))
    assert not page.exception
    assert f"Where a number comes from: {layer}" in prose(page)
    (_, _, inputs, *_), scene = fed["layer_scene"]
    sums, weights = scene.units, engine.weights(run.id)
    assert scene.input_names == names
    total = sums.products[unit].sum() + sums.rest[unit] + sums.bias[unit]
    written = float(inputs @ weights[f"{layer}/kernel"][:, unit] + weights[f"{layer}/bias"][unit])
    assert total == pytest.approx(written, rel=1e-4, abs=1e-5)
    # Of the last layer it is what Keras has said.
    if layer == run.spec.model.layer_names()[-1]:
        said = engine.probabilities(run.id)[5]
        assert scene.output.ravel()[unit] == pytest.approx(float(said[1 if run.spec.binary else unit]), abs=1e-4)


def test_a_row_can_be_changed_and_comes_back_as_it_was(open_page, run_of, engine):
    run = run_of("table")
    page = open_page(INSIDE, run=run.id, sample="4")
    before, row = heading(page), of_run(run).test.x[4]
    mass = page.number_input(key=f"inside_{run.id}_4_3")
    assert (mass.label, mass.value) == (r"body\_mass\_g", float(row[3]))
    mass.set_value(6100.0).run()
    assert not page.exception
    changed = row.copy()
    changed[3] = 6100
    assert percent(page) == pytest.approx(100 * float(shares(run, engine.weights(run.id), changed).max()), abs=0.02)
    assert "test row 4 with 1 value changed" in prose(page)
    page.button(key="inside_undo").click().run()
    assert heading(page) == before
    assert page.number_input(key=f"inside_{run.id}_4_3").value == float(row[3])


def test_a_column_at_its_training_mean_is_a_direct_recomputation(open_page, run_of, engine, fed):
    run = run_of("table")
    page = open_page(INSIDE, run=run.id, sample="2", why="1")
    assert not page.exception
    names, parts, *_ = fed["part_bars"][0]
    weights, row = engine.weights(run.id), of_run(run).test.x[2]
    assert names == run.spec.data.facts.columns
    for column in range(len(names)):
        other = row.copy()
        other[column] = of_run(run).train.x[:, column].astype(np.float64).mean()
        usual, less = (shares(run, weights, each)[1] for each in (row, other))
        assert parts[column] == pytest.approx(usual - less, abs=1e-5)
    assert np.abs(parts).max() > 1e-3


@pytest.mark.parametrize("kind", ["mean of words", "cell"])
def test_a_sentence_without_a_word_is_a_direct_recomputation(open_page, run_of, engine, fed, kind):
    run, sentence = run_of(kind), "a truly wonderful film but flurbish"

    def shown():
        page = open_page(INSIDE, run=run.id, input="typed", sentence=sentence, why="0")
        assert not page.exception
        return fed.get("words_data")

    (words, parts, usual), _ = wait_until(shown)
    weights = engine.weights(run.id)

    def negative(tokens):
        ids = [of_run(run).reading.vocabulary.encode(tokens)]
        return float(shares(run, weights, pad(ids, run.spec.data.length)[0])[0])

    assert words == tokenise(sentence)
    assert usual == pytest.approx(negative(words), abs=1e-6)
    for place in range(len(words)):
        without = words[:place] + words[place + 1 :]
        assert parts[place] == pytest.approx(negative(words) - negative(without), abs=1e-5)


def test_a_typed_sentence_is_read_and_its_unknown_words_are_named(open_page, run_of):
    page = open_page(INSIDE, run=run_of("mean of words").id, input="typed", sentence="A *flurbish* film")
    assert not page.exception
    assert page.text_input(key="inside_sentence").value == "A *flurbish* film"
    assert "reads each of them as the same unknown word: flurbish" in prose(page)
    assert lessons.text("inside.read", words=3, cut=0, padding=17) in prose(page)
    page.text_input(key="inside_sentence").set_value("...").run()
    assert not page.exception
    assert lessons.text("inside.no_words") in prose(page)
    page.text_input(key="inside_sentence").set_value("film").run()
    assert lessons.text("inside.one_word") in prose(page)


def test_the_columns_of_a_sentence_are_words_and_pictures_of_steps(open_page, run_of, fed):
    open_page(INSIDE, run=run_of("cell").id, input="typed", sentence="a good film")
    tokens, table, state, last = fed["network"][1]["layers"]
    assert [each["word"] for each in tokens["tokens"]] == table["words"] == ["a", "good", "film"]
    assert tokens["padding"] == 17
    assert (table["shape"], table["size"], table["matrix"]) == ("20 × 4", [3, 4], True)
    assert (state["vector"], len(state["numbers"]), last["names"]) == (True, 3, ["negative", "positive"])


def test_of_an_embedding_the_rows_of_its_table_are_shown(open_page, run_of, engine, fed):
    run = run_of("cell")
    page = open_page(INSIDE, run=run.id, layer="embedding", input="typed", sentence="a good film")
    assert not page.exception
    assert lessons.text("inside.looked_up") in prose(page)
    (row, vectors), data = fed["tokens_data"]
    assert row.words[-3:] == ("a", "good", "film")
    np.testing.assert_array_equal(vectors, engine.weights(run.id)["embedding/embeddings"][row.ids])
    assert data["numbers"] == 4


@pytest.mark.parametrize("unit", [0, 2])
def test_a_cells_sums_are_those_of_the_chosen_unit_and_its_last_state_is_what_the_layer_gives(
    open_page, run_of, engine, fed, unit
):
    run = run_of("cell")
    page = open_page(INSIDE, run=run.id, layer="lstm", unit=str(unit), input="typed", sentence="a good film")
    assert not page.exception
    (walked, words, *_), data = fed["cell_data"]
    assert words[-3:] == ("a", "good", "film")
    assert (data["start"], data["noun"], data["kind"]) == (unit, "word", "LSTM")
    numbers = fed["network"][1]["layers"][2]["numbers"]
    assert walked.steps.hidden[-1].tolist() == pytest.approx(numbers, abs=1e-6)
    np.testing.assert_array_equal(walked.kernel, engine.weights(run.id)["lstm/kernel"])
    assert lessons.text("inside.own_gates") in prose(page)


def test_of_cells_that_read_both_ways_each_can_be_looked_at(open_page, engine, fed):
    spec = from_query({**KINDS["cell"], "layers": BOTH_WAYS})
    rng = np.random.default_rng(0)
    weights = {
        f"{name}/{word}": rng.normal(size=shape).astype(np.float32)
        for name, shapes in zip(spec.model.layer_names(), spec.model.own_shapes, strict=True)
        for word, shape in shapes.items()
    }
    run = wait_for_status(engine, engine.bring(spec, weights, "a" * 32), "done")
    page = open_page(INSIDE, run=run.id, layer="bidirectional", cell_reads="backward")
    assert not page.exception
    backwards, row = fed["cell_data"][0][0], of_run(run).test.x[0]
    outputs = forward(run.spec.model, engine.weights(run.id), row)
    np.testing.assert_allclose(backwards.steps.hidden[-1], outputs[1][0, 3:], atol=1e-6)
    page = open_page(INSIDE, run=run.id, layer="bidirectional_1", unit="3")
    assert lessons.text("inside.cell_back", kind="GRU") in prose(page)
    (walked, *_), data = fed["cell_data"]
    assert (data["start"], data["namedFrom"]) == (1, 2)
    assert walked.steps.hidden[-1, 1] == pytest.approx(float(outputs[2][3]), abs=1e-6)


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_the_untrained_network_is_looked_into_too(open_page, run_of, engine, kind):
    run = run_of(kind)
    first = shares(run, engine.looks.first_weights(run.id), of_run(run).test.x[1])

    def shown():
        page = open_page(INSIDE, run=run.id, epoch="0", sample="1")
        assert not page.exception
        return page if heading(page) else None

    assert percent(wait_until(shown)) == pytest.approx(100 * float(first.max()), abs=0.02)


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_somebody_elses_own_data_stay_closed(open_page, run_of, monkeypatch, kind):
    monkeypatch.setattr("lib.ui.inside.refusal.own_visit.closed", lambda name: True)
    page = open_page(INSIDE, run=run_of(kind).id, sample="3")
    assert not page.exception
    assert lessons.text("inside.closed") == page.info[0].value
    assert not page.number_input


def test_weights_beyond_all_numbers_get_a_sentence(open_page, run_of, engine, monkeypatch):
    run = run_of("points")
    grown = {name: np.full_like(values, np.nan) for name, values in engine.weights(run.id).items()}
    monkeypatch.setattr(engine, "weights", lambda run_id, epoch=None: grown)
    page = open_page(INSIDE, run=run.id)
    assert not page.exception
    assert lessons.text("inside.not_finite") == page.warning[0].value


def test_another_run_is_chosen_from_the_list_and_nothing_that_was_chosen_in_the_one_before_is_asked_of_it(
    open_page, run_of
):
    first, other = run_of("points"), run_of("table")
    page = open_page(INSIDE, run=first.id, layer="dense", unit="3")
    page.session_state["visitor_owner"] = first.owner
    picker = page.run().selectbox(key="inside_run")
    assert picker.value == first.id
    picker.set_value(other.id).run()
    assert not page.exception
    assert not page.warning
    assert page.query_params["run"] == other.id
    assert "unit" not in page.query_params
    assert "test row" in prose(page)
