"""What comes back in: our own descriptions and weights; everything else gets a sentence."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from helpers.waiting import wait_for_status

from lib.arrays import pack
from lib.engine.errors import EngineError
from lib.specs.codec import from_query, to_json
from lib.specs.layers.known import Dense
from lib.ui.results import bring_back as brought

pytestmark = pytest.mark.engine
RESULTS = "pages/results.py"
JSON, BYTES = "application/json", "application/octet-stream"


def words_of(page):
    kinds = (page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def bring(page, description=None, weights=None):
    if description is not None:
        page.file_uploader(key="bring_spec").set_value(("run.json", description, JSON))
    if weights is not None:
        page.file_uploader(key="bring_weights").set_value(("weights.npz", weights, BYTES))
    page.run()
    assert not page.exception
    return page


def zipped():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("config.json", "{}")
    return stream.getvalue()


REFUSED = {
    "a .keras file": (zipped(), "never opens such files"),
    "an HDF5 file": (b"\x89HDF\r\n\x1a\n", "never opens such files"),
    "a pickle": (pickle.dumps({"layers": []}), "never opens such files"),
    "a picture": (b"\xff\xd8\xff\xe0", "this file is no text"),
    "no JSON": (b"hello", "must be JSON"),
    "another program's JSON": (json.dumps({"config": {"layers": []}}).encode(), "a run has no part"),
    "a layer that is none": (b'{"layers": [{"kind": "Lambda"}]}', "there is no layer"),
    "a long text": (b" " * 50_000, "at most 8,000 letters"),
    "deep JSON": (b"[" * 7_000, "must be JSON"),
    "data that are gone": (b'{"data": {"dataset": "own-0123456789abcdef"}}', "not here any more"),
    "HTML": (b'{"<img src=x onerror=alert(1)>": 1}', "a run has no part"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_whatever_is_no_description_is_refused_with_a_sentence(open_page, trained, what):
    content, sentence = REFUSED[what]
    page = bring(open_page(RESULTS, run=trained.id), content)
    assert sentence in page.error[-1].value
    assert "<img" not in page.error[-1].value.replace(r"\<", "")


def test_the_page_says_why_model_files_are_not_opened(open_page, trained):
    assert "Such a file can hold a\nprogram" in words_of(open_page(RESULTS, run=trained.id))


def test_weights_alone_ask_for_their_description(open_page, trained, engine):
    page = bring(open_page(RESULTS, run=trained.id), weights=engine.export_weights(trained.id))
    assert "Bring the description" in words_of(page)


def test_weights_of_another_network_are_refused_where_they_are_tested(open_page, trained):
    page = bring(open_page(RESULTS, run=trained.id), to_json(trained.spec).encode(), pack({"a": np.ones(1)}))
    page.button(key="bring_test").click().run()
    assert not page.exception
    assert "belongs to another network" in page.error[-1].value


def test_brought_weights_are_tested_and_can_be_trained_on(engine, trained):
    weights = engine.weights(trained.id)
    run_id = engine.bring(trained.spec, weights, "c" * 32)
    now = wait_for_status(engine, run_id, "done")
    assert now.brought
    assert not engine.snapshot(trained.id).brought
    assert now.epochs_trained == 0
    assert now.evaluation.accuracy == trained.evaluation.accuracy
    np.testing.assert_allclose(engine.probabilities(run_id), engine.probabilities(trained.id), atol=1e-6)
    assert engine.epochs_kept(run_id) == [0]
    engine.add_epoch(run_id)
    more = wait_for_status(engine, run_id, "done")
    assert more.epochs_trained == 1
    assert more.brought
    assert more.epoch_points[0].loss < trained.epoch_points[0].loss
    assert not np.array_equal(engine.weights(run_id)["dense/kernel"], weights["dense/kernel"])


def test_a_brought_run_offers_no_notebook_because_its_seed_did_not_make_its_first_weights(open_page, engine, trained):
    run_id = engine.bring(trained.spec, engine.weights(trained.id), "c" * 32)
    wait_for_status(engine, run_id, "done")
    keys = [button.proto.label for button in open_page(RESULTS, run=run_id).get("download_button")]
    assert "Report (HTML)" in keys
    assert "Notebook (.ipynb)" not in keys
    assert "Notebook (.ipynb)" in [b.proto.label for b in open_page(RESULTS, run=trained.id).get("download_button")]


def test_the_engine_refuses_weights_that_do_not_fit_and_networks_that_are_too_large(engine, trained):
    with pytest.raises(EngineError, match="lack 'dense/kernel'"):
        engine.bring(trained.spec, {}, "c" * 32)
    large = from_query({"dataset": "mnist", "layers": "Flatten;Dense(units=2048);Dense(units=2048);Dense(units=10)"})
    assert isinstance(large.model.layers[-1], Dense)
    with pytest.raises(EngineError, match="trains at most"):
        engine.bring(large, {}, "c" * 32)


def test_a_description_is_read_as_it_was_written(trained):
    assert brought.read_description(to_json(trained.spec).encode()) == trained.spec
    assert brought.read_description(b"\xef\xbb\xbf" + to_json(trained.spec).encode()) == trained.spec
