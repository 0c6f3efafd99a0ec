"""Results of really trained small runs of every kind of data."""

import io
import json

import numpy as np
import pytest
from helpers.waiting import wait_for_status
from sklearn import metrics as reference
from streamlit import dataframe_util

from lib.concepts.forward import forward, weight_shapes
from lib.data.own import shelf
from lib.data.own.dataset import table_of
from lib.data.preparing import prepare
from lib.errors import DataError
from lib.export import formats
from lib.specs.codec import from_query
from lib.ui.results import run_answers
from lib.ui.results.downloads import curves_csv, vocabulary_text
from lib.ui.session import visitor

pytestmark = pytest.mark.engine
RESULTS = "pages/results.py"
OWNER = "b" * 32
ASKED = {
    "movies": {
        "dataset": "movies", "samples": "500", "vocabulary": "2000", "length": "20",
        "layers": "Embedding(input_dim=2000,output_dim=8);LSTM(units=8);Dense(units=1,activation=sigmoid)",
        "loss": "binary_crossentropy", "epochs": "2", "learning_rate": "0.01",
    },
    "wine": {
        "dataset": "wine", "scaling": "standard", "epochs": "8", "learning_rate": "0.01",
        "layers": "Dense(units=8);Dense(units=3,activation=softmax)",
    },
    "circle": {
        "dataset": "points", "points_kind": "circle", "epochs": "20", "loss": "binary_crossentropy",
        "layers": "Dense(units=4,activation=tanh);Dense(units=1,activation=sigmoid)", "learning_rate": "0.03",
    },
    "plane": {
        "dataset": "points", "points_kind": "regression_plane", "epochs": "3", "loss": "mean_squared_error",
        "layers": "Dense(units=1,activation=linear)", "learning_rate": "0.03",
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def runs(engine):
    """One finished run of each kind, trained when it is first asked for."""
    known = {}

    def run_of(kind):
        if kind not in known:
            known[kind] = wait_for_status(engine, engine.submit(from_query(ASKED[kind]), OWNER), "done")
        return known[kind]

    return run_of


def words_of(page):
    """All prose of a page."""
    return "\n".join(each.value for each in [*page.markdown, *page.caption, *page.warning, *page.text])


def metric(page, label):
    return next(each.value for each in page.metric if each.label == label)


def data_of(page, key):
    """What a component was given last."""
    parts = [each for each in page.get("bidi_component") if key in each.proto.id]
    return json.loads(parts[0].proto.json)


@pytest.fixture
def results(runs, open_page):
    def opened(kind):
        page = open_page(RESULTS, run=runs(kind).id)
        assert not page.exception
        return page

    return opened


@pytest.mark.parametrize("kind", ASKED)
def test_one_sample_of_any_kind_is_computed_again_and_equals_what_keras_said(results, kind):
    page = results(kind)
    for number in (3, 17):
        page.number_input(key="sample").set_value(number).run()
        assert not page.exception
        assert "Both agree" in words_of(page)


@pytest.mark.parametrize(("kind", "name"), [("movies", "sentences"), ("wine", "rows"), ("circle", "points")])
def test_samples_are_called_what_they_are(results, kind, name):
    page = results(kind)
    assert f"test {name} that the network never learned from" in words_of(page)
    assert "image" not in words_of(page)
    assert page.number_input(key="sample").label.startswith(f"Test {name[:-1]}, 0 to")


def test_the_threshold_stands_in_the_address(open_page, runs):
    page = open_page(RESULTS, run=runs("movies").id, threshold="0.3")
    assert page.slider(key="threshold").value == 0.3
    assert "0.3" in page.query_params["threshold"]


@pytest.mark.parametrize("value", ["inf", "nan", "1e400", "9" * 5_000, "-1", "x", "", "<b>"])
def test_results_open_with_any_value_in_their_address(open_page, runs, value):
    names = ("threshold", "cell", "numbers", "filter", "class", "page", "sample")
    page = open_page(RESULTS, **dict.fromkeys(names, value), run=runs("movies").id)
    assert not page.exception
    assert page.slider(key="threshold").value == 0.5
    assert page.number_input(key="sample").value == 0


@pytest.mark.parametrize("kind", ["movies", "circle"])
def test_the_threshold_recomputes_the_figures_of_two_classes(results, runs, engine, kind):
    run, page = runs(kind), results(kind)
    true, shares = run_answers.read(run).true, engine.probabilities(run.id)[:, 1]
    middle = round(float(np.median(shares)), 2)
    for threshold in (0.5, middle):
        page.slider(key="threshold").set_value(threshold).run()
        said = shares > threshold
        scores = reference.precision_recall_fscore_support(true, said, average="binary", zero_division=0)
        for label, value in zip(("Precision", "Recall", "F1"), scores[:3], strict=True):
            assert metric(page, label) == f"{value:.3f}"
        assert metric(page, "Accuracy") == f"{100 * np.mean(said == true):.2f}%"
    table = next(each.value for each in page.markdown if each.value.startswith("| class | precision"))
    assert f"| {np.sum(true == 1):,} |" in table
    assert not page.exception


def test_at_one_half_the_accuracy_is_the_one_that_the_worker_measured(results, runs):
    page = results("movies")
    assert (
        metric(page, "Accuracy") == metric(page, "Test accuracy") == f"{100 * runs('movies').evaluation.accuracy:.2f}%"
    )


@pytest.mark.parametrize("choice", ["first", "wrong", "least_sure", "class"])
def test_sentences_are_listed_as_they_were_written(results, runs, engine, choice):
    page, run = results("movies"), runs("movies")
    page.button_group(key="filter").set_value(choice).run()
    assert not page.exception
    reading = prepare(run.spec.data, run.spec.training.validation_split).reading
    shown = data_of(page, "page_samples")["samples"]
    assert shown
    shares = engine.probabilities(run.id)
    for sample in shown:
        assert sample["text"] == reading.test_text(sample["number"])
        assert sample["shares"] == pytest.approx(shares[sample["number"]].tolist(), abs=1e-4)
        assert choice != "wrong" or sample["label"] != sample["predicted"]
        assert choice != "class" or sample["label"] == 0


def test_one_sentence_is_followed_from_its_words_to_the_answer(results, runs):
    run, page = runs("movies"), results("movies")
    ready = prepare(run.spec.data, run.spec.training.validation_split)
    page.number_input(key="sample").set_value(5).run()
    assert page.text[0].value == ready.reading.test_text(5)
    row = ready.test.x[5]
    said = words_of(page)
    assert f"{np.sum(row == 1)} unknown" in said
    assert f"{np.sum(row == 0)} places are padding" in said
    word, number = ready.reading.vocabulary.word(int(row[-1])), int(row[-1])
    assert number == 1 or f"{word} {number}]" in said
    assert "| embedding | 20 × 8 |" in said


def test_rows_are_listed_with_the_names_of_their_columns(results, runs):
    page = results("wine")
    sample = data_of(page, "page_samples")["samples"][0]
    columns = runs("wine").spec.dataset.columns
    assert [name for name, _ in sample["values"]] == list(columns)
    row = prepare(runs("wine").spec.data, 0.0).test.x[0]
    assert [value for _, value in sample["values"]] == [f"{value:g}" for value in row]
    assert "| column | value | scaled |" in words_of(page)


@pytest.mark.parametrize("kind", ASKED)
def test_no_results_make_streamlit_look_for_data_frames_with_pandas(results, monkeypatch, kind):
    looked_at = []
    monkeypatch.setattr(dataframe_util, "determine_data_format", looked_at.append)
    results(kind)
    assert looked_at == []


def test_points_have_a_picture_and_no_list(results):
    page = results("circle")
    said = words_of(page)
    assert "Where the mistakes are" in said
    assert "Every answer" not in said
    assert not any(key in each.proto.id for each in page.get("bidi_component") for key in ("page_", "cell_samples"))


def test_a_predicted_number_has_no_accuracy_and_no_matrix(results, runs, monkeypatch):
    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    page, run = results("plane"), runs("plane")
    said = words_of(page)
    true = run_answers.read(run).true
    predicted = run_answers.read(run).predicted
    assert metric(page, "Mean absolute error") == f"{reference.mean_absolute_error(true, predicted):.4f}"
    assert metric(page, "Test loss") == f"{reference.mean_squared_error(true, predicted):.4f}"
    assert "ccuracy" not in said + "".join(each.label for each in page.metric)
    assert "Which classes it mixes up" not in said
    assert any(
        option.startswith(f"loss {run.evaluation.loss:.4f}") for option in page.selectbox(key="run_picker").options
    )
    assert "accuracy" not in curves_csv(run)


@pytest.mark.parametrize("kind", ASKED)
def test_the_model_that_is_downloaded_takes_the_data_as_they_are(runs, engine, kind, tmp_path):
    import keras

    run = runs(kind)
    path = tmp_path / "model.keras"
    path.write_bytes(engine.export_keras(run.id))
    ready = prepare(run.spec.data, run.spec.training.validation_split)
    said = keras.models.load_model(path).predict(ready.test.x[:], verbose=0)
    expected = engine.probabilities(run.id)
    np.testing.assert_allclose(said, expected[:, 1:] if run.spec.binary else expected, atol=1e-4)


@pytest.mark.parametrize("kind", ASKED)
def test_the_weights_that_are_downloaded_are_plain_arrays_of_the_newest_epoch(results, runs, engine, kind):
    assert "Weights (.npz)" in [button.proto.label for button in results(kind).get("download_button")]
    run = runs(kind)
    with np.load(io.BytesIO(engine.export_weights(run.id)), allow_pickle=False) as file:
        found = {name: file[name] for name in file.files}
    sample = prepare(run.spec.data, run.spec.training.validation_split)
    outputs = forward(run.spec.model, found, sample.scaling.apply(sample.test.x[0]))[-1]
    assert {name: array.shape for name, array in found.items()} == weight_shapes(run.spec.model)
    np.testing.assert_allclose(outputs, engine.probabilities(run.id)[0][-len(outputs) :], atol=1e-5)


@pytest.mark.parametrize("missing", [True, False])
def test_a_format_whose_packages_are_missing_is_a_sentence_and_no_button(results, monkeypatch, missing):
    monkeypatch.setattr(formats, "find_spec", lambda name: None if missing and "onnx" in name else object())
    page = results("wine")
    labels = [button.proto.label for button in page.get("download_button")]
    assert ("ONNX (.onnx)" in labels) != missing
    assert "LiteRT (.tflite)" in labels
    assert ("ONNX (.onnx) needs `onnx` and `tf2onnx`" in words_of(page)) == missing


@pytest.mark.parametrize(("kind", "said"), [("movies", True), ("wine", False)])
def test_what_litert_lacks_for_recurrent_layers_is_said_where_there_are_any(results, kind, said):
    assert ("Flex delegate" in words_of(results(kind))) == said


def test_the_vocabulary_is_a_list_whose_line_numbers_are_the_ids(runs):
    run = runs("movies")
    lines = vocabulary_text(run).splitlines()
    vocabulary = prepare(run.spec.data, run.spec.training.validation_split).reading.vocabulary
    assert lines[:2] == ["[PAD]", "[UNK]"]
    assert vocabulary.encode(lines[2:50]) == list(range(2, 50))
    assert len(lines) == len(vocabulary)
    assert io.StringIO(vocabulary_text(run)).readline() == "[PAD]\n"


def test_a_test_part_of_one_class_has_figures_but_no_curves(results, monkeypatch):
    real = run_answers.read

    def all_positive(run):
        found = real(run)
        kept = np.flatnonzero(found.true == 1)
        return run_answers.replace(found, true=found.true[kept], probabilities=found.probabilities[kept]).at(0.5)

    monkeypatch.setattr(run_answers, "read", all_positive)
    page = results("circle")
    assert "all of one class" in words_of(page)
    assert metric(page, "Recall")


@pytest.fixture
def own_run(engine, request):
    """A run on somebody's own table, another for each test, and the hold that keeps the table in memory."""
    rows = "\n".join(f"{i % 7},{i % 11},{'cat' if i % 7 > 3 else 'dog'}" for i in range(80))
    data = table_of(f"a,{request.node.name},animal\n{rows}\n".encode(), "pets.csv", None).data
    hold = shelf.put(data, OWNER)
    layers = "Dense(units=4);Dense(units=2,activation=softmax)"
    asked = {"dataset": data.facts.name, "scaling": "standard", "epochs": "2", "layers": layers}
    yield wait_for_status(engine, engine.submit(from_query(asked), OWNER), "done"), hold
    hold.release()


def test_own_data_are_listed_for_the_one_who_brought_them_and_counted_for_others(own_run, open_page, monkeypatch):
    run, _ = own_run
    other = open_page(RESULTS, run=run.id)
    assert not other.exception
    assert other.warning[0].value.endswith("the page cannot list the samples themselves.")
    assert "Every answer" not in words_of(other)
    assert "| class | precision" in words_of(other)
    assert metric(other, "Accuracy") == f"{100 * run.evaluation.accuracy:.2f}%"
    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    mine = open_page(RESULTS, run=run.id)
    assert not mine.warning
    assert data_of(mine, "page_samples")["samples"][0]["values"][0][0] == "a"


def test_of_data_that_are_gone_a_sentence_says_so_and_the_answers_are_still_counted(own_run, open_page, monkeypatch):
    run, hold = own_run
    hold.release()
    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    page = open_page(RESULTS, run=run.id)
    assert not page.exception
    assert page.warning[0].value.endswith("the page cannot list the samples themselves.")
    assert "Every answer" not in words_of(page)
    assert "| class | precision" in words_of(page)
    labels = [button.proto.label for button in page.get("download_button")]
    assert labels == ["Weights (.npz)", "Description (JSON)", "Notebook (.ipynb)", "Curves (CSV)"]
    assert "The data of this run are gone" in words_of(page)


def test_without_the_labels_there_are_curves_and_downloads(results, runs, monkeypatch):
    def unreadable(run):
        raise DataError("The file is damaged.")

    monkeypatch.setattr(run_answers, "test_part", unreadable)
    page = results("wine")
    assert page.warning[0].value == "The file is damaged. Only the curves and the downloads are left to show."
    assert "Accuracy curve" in str(page.get("plotly_chart")[1].proto)
    assert "Which classes it mixes up" not in words_of(page)
