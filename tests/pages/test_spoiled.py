"""Data that are spoiled on purpose are told aloud wherever a run's figures stand."""

import json
import re

import numpy as np
import pytest
from helpers.waiting import wait_for_status

from lib.data.preparing import part_to_test
from lib.data.spoiling import shuffled_pixels
from lib.engine.runs.snapshot import RunRow
from lib.specs.codec import from_query
from lib.specs.data import SPOILED, DataSpec
from lib.ui.inside import view
from lib.ui.kit import lessons, words
from lib.ui.results import samples
from lib.ui.session import past_runs, visitor

OWNER = "e" * 32
ASKED = {
    "dataset": "mnist", "samples": "500", "layers": "Flatten;Dense(units=10,activation=softmax)", "epochs": "1",
    "spoiled": "shuffled_pixels",
}  # fmt: skip
NOTICE = "spoiled on purpose: their pixels are shuffled"


@pytest.fixture(scope="module")
def shuffled(engine):
    """A trained run on shuffled pixels."""
    return wait_for_status(engine, engine.submit(from_query(ASKED), OWNER), "done")


@pytest.mark.engine
@pytest.mark.parametrize("spoiled", SPOILED)
def test_build_says_how_the_draft_is_spoiled_and_leads_back_to_honest_data(open_page, prose, spoiled):
    page = open_page("pages/build.py", **{**ASKED, "spoiled": spoiled})
    assert not page.exception
    if spoiled == "none":
        assert "on purpose" not in prose(page)
        return
    assert lessons.text(f"spoiled.{spoiled}", absent="`4`") in [each.value for each in page.warning]
    if spoiled == "leaked":
        page.button(key="use_honest_data").click().run()
        assert not page.exception
        assert "on purpose" not in prose(page)
        assert "spoiled" not in page.query_params
        assert page.query_params["samples"] in ("500", ["500"])


@pytest.mark.engine
def test_a_spoiled_run_does_not_look_honest_below_an_honest_draft(open_page, prose, shuffled, monkeypatch):
    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    page = open_page("pages/build.py", run=shuffled.id)
    below = "The data of the run below are spoiled on purpose: shuffled pixels."
    assert NOTICE in prose(page)
    assert below not in prose(page)
    page.button(key="use_honest_data").click().run()
    assert not page.exception
    assert NOTICE not in prose(page)
    assert below in prose(page)


@pytest.mark.engine
def test_another_dataset_is_an_honest_one(open_page, prose):
    page = open_page("pages/build.py", **ASKED)
    page.selectbox(key="dataset").set_value("fashion_mnist").run()
    assert "on purpose" not in prose(page)
    assert "spoiled" not in page.query_params


@pytest.mark.engine
def test_results_say_it_and_show_the_images_that_the_network_saw(open_page, prose, shuffled, monkeypatch):
    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    shown, draw = {}, samples.to_data_url

    def noting(pixels, scale):
        shown[pixels.tobytes()] = pixels
        return draw(pixels, scale)

    monkeypatch.setattr(samples, "to_data_url", noting)
    samples._drawn.cache_clear()
    page = open_page("pages/results.py", run=shuffled.id)
    assert not page.exception
    assert NOTICE in prose(page)
    assert lessons.text("spoiled.shuffled_pixels_mark") in page.selectbox(key="run_picker").options[0]
    honest = part_to_test(DataSpec())
    assert shown
    assert set(shown) <= {image.tobytes() for image in shuffled_pixels(honest.x)}
    assert not set(shown) & {image.tobytes() for image in honest.x}


@pytest.mark.engine
def test_inside_says_it_and_gives_the_network_what_it_was_tested_with(open_page, prose, shuffled, engine, monkeypatch):
    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    given, answer = [], view.answer
    monkeypatch.setattr(view, "answer", lambda run, sample, outputs: given.append((sample, outputs)) or answer(
        run, sample, outputs))  # fmt: skip
    page = open_page("pages/inside.py", run=shuffled.id, sample="7")
    assert not page.exception
    assert NOTICE in prose(page)
    sample, outputs = given[-1]
    np.testing.assert_array_equal(sample.values, shuffled_pixels(part_to_test(DataSpec()).x[7]))
    np.testing.assert_allclose(outputs, engine.probabilities(shuffled.id)[7], atol=1e-5)


@pytest.mark.engine
def test_a_drawing_is_shuffled_too(open_page, prose, shuffled, monkeypatch):
    from lib.ui.inside import image_input

    monkeypatch.setattr(visitor, "owner", lambda: OWNER)
    pad = np.zeros((280, 280, 1), np.uint8)
    pad[40:240, 130:160] = 255
    monkeypatch.setattr(image_input, "drawing", lambda key: pad)
    given, made = [], image_input.Input
    monkeypatch.setattr(image_input, "Input", lambda *all_of, **more: given.append(made(*all_of, **more)) or given[-1])
    page = open_page("pages/inside.py", run=shuffled.id, input="draw")
    assert not page.exception
    assert lessons.text("spoiled.shuffled_too") in prose(page)
    np.testing.assert_array_equal(given[-1].values, shuffled_pixels(given[-1].steps.centred[..., None]))


def test_a_list_of_runs_marks_the_spoiled_ones_whatever_they_are_called():
    row = RunRow("a" * 16, OWNER, "A fine network", "done", "mnist", 0.0, 3, 0.99, 0.1, "leaked")
    assert "leaked validation images" in past_runs.title(row)
    assert past_runs.title(row).startswith("99")
    marks = {lessons.text(f"spoiled.{name}_mark") for name in SPOILED[1:]}
    assert len(marks) == len(SPOILED) - 1
    assert all(re.match("spoiled on purpose: .+", mark) for mark in marks)


@pytest.mark.engine
def test_the_engine_tells_of_each_run_in_its_list_whether_it_is_spoiled(engine, shuffled):
    assert [row.spoiled for row in engine.runs(OWNER) if row.id == shuffled.id] == ["shuffled_pixels"]


@pytest.mark.engine
def test_a_notebook_and_a_report_say_it_in_their_title(engine, shuffled, monkeypatch):
    from lib.ui.results import written

    monkeypatch.setattr(written, "engine", lambda: engine)
    mark = lessons.text("spoiled.shuffled_pixels_mark")
    first = json.loads(written.notebook_of(shuffled))["cells"][0]
    assert words.escaped(mark) in "".join(first["source"])
    assert mark in written.report_of(shuffled, 0)
