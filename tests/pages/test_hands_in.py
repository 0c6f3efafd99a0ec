"""Hands in at Inside: a copy is changed, everything shows it, and the run stays as it was."""

import threading

import numpy as np
import pytest
from helpers.waiting import wait_for_status, wait_until

from lib.concepts.by_hand import changed, strongest
from lib.concepts.forward import forward
from lib.data.loading import load
from lib.engine.errors import EngineError
from lib.figures.inside.network import network
from lib.specs.changes import Changes, from_text
from lib.specs.codec import from_query
from lib.specs.start import Start
from lib.ui.inside import network_view
from lib.ui.session import asked

pytestmark = pytest.mark.engine
INSIDE = "pages/inside.py"
ASKED = {
    "images": {
        "dataset": "mnist", "samples": "1000", "epochs": "1", "learning_rate": "0.01",
        "layers": "Conv2D(filters=4,strides=3);Flatten;Dense(units=10,activation=softmax)",
    },
    "points": {
        "dataset": "points", "points_kind": "regression_plane", "epochs": "3", "loss": "mean_squared_error",
        "layers": "Dense(units=4,activation=tanh);Dense(units=1,activation=linear)",
    },
    "table": {"dataset": "wine", "epochs": "5", "layers": "Dense(units=4);Dense(units=3,activation=softmax)"},
    "sentences": {
        "dataset": "movies", "samples": "500", "vocabulary": "500", "length": "10", "epochs": "1",
        "layers": "Embedding(input_dim=500,output_dim=4);LSTM(units=3);Dense(units=2,activation=softmax)",
    },
}  # fmt: skip
OFF = {"images": "off:conv2d:1", "points": "off:dense:1", "table": "off:dense:0", "sentences": "off:dense:1"}


@pytest.fixture(scope="module")
def run(engine):
    return wait_for_status(engine, engine.submit(from_query(ASKED["images"]), "a" * 32), "done")


def share(page):
    """The percentage of the answer."""
    heading = next(each.value for each in page.markdown if each.value.startswith("## ") and "%" in each.value)
    return float(heading.split("&nbsp; ")[1].rstrip("%"))


def hands(page):
    """What the address says of changes; AppTest has texts in lists now and then."""
    said = page.query_params["hands"]
    return said if isinstance(said, str) else said[-1]


def of_sample(run, weights, number=3):
    return forward(run.spec.model, weights, load("mnist").test.x[number] / np.float32(255))


def test_the_strongest_filter_is_switched_off_undone_and_put_back(open_page, run, engine, opened, prose):
    weights = engine.weights(run.id)
    before = of_sample(run, weights)
    unit = strongest(before[0])
    page = opened(open_page(INSIDE, run=run.id, sample="3"), "hands_in")
    assert share(page) == pytest.approx(100 * before[-1].max(), abs=0.02)
    page.session_state["hands_in"] = True
    page.button(key="strongest_off").click().run()
    assert not page.exception
    after = of_sample(run, changed(run.spec.model, weights, Changes(off=(("conv2d", unit),))))
    assert share(page) == pytest.approx(100 * after[-1].max(), abs=0.02)
    assert hands(page) == f"off:conv2d:{unit}"
    assert f"**Changed by hand**: conv2d {unit} switched off" in prose(page)
    assert f"As learned, the answer is {before[-1].argmax()} " in prose(page)
    opened(page, "hands_in").slider(key="hands_prune").set_value(60).run()
    assert hands(page) == f"prune:60;off:conv2d:{unit}"
    page.button(key="undo_by_hand").click().run()
    assert hands(page) == f"off:conv2d:{unit}"
    assert share(page) == pytest.approx(100 * after[-1].max(), abs=0.02)
    page.button(key="put_back").click().run()
    assert "hands" not in page.query_params
    assert "Changed by hand" not in prose(page)
    assert share(page) == pytest.approx(100 * before[-1].max(), abs=0.02)
    assert all(np.array_equal(engine.weights(run.id)[name], weights[name]) for name in weights)


def test_all_of_the_page_shows_the_changed_copy_that_an_address_asks_for(
    open_page, run, engine, monkeypatch, opened, prose
):
    fed = []
    monkeypatch.setattr(network_view, "network", lambda *all_, **more: fed.append(all_) or network(*all_, **more))
    text = "prune:50;bits:3;set:dense/bias:4:2.5;off:conv2d:2"
    page = opened(open_page(INSIDE, run=run.id, sample="3", hands=text), "hands_in")
    _, given, _, outputs = fed[-1]
    weights = changed(run.spec.model, engine.weights(run.id), from_text(text))
    assert all(np.array_equal(given[name], weights[name]) for name in weights)
    assert not outputs[0][..., 2].any()
    assert page.slider(key="hands_prune").value == 50
    assert page.select_slider(key="hands_bits").value == 3
    assert page.multiselect(key="hands_off_conv2d").value == [2]
    zeros = sum(int((weights[name] == 0).sum()) for name in ("conv2d/kernel", "dense/kernel"))
    assert f"{zeros:,} of {4 * 9 + 10 * 324:,} weights are 0" in prose(page)
    assert "3 bits a weight: 7 levels" in prose(page)


def test_one_weight_is_set(open_page, run, engine, opened):
    page = opened(open_page(INSIDE, run=run.id, sample="3"), "hands_in")
    page.session_state["hands_in"] = True
    page.selectbox(key="hands_array").select("dense/bias").run()
    opened(page, "hands_in").number_input(key="hands_place_dense/bias_0").set_value(7).run()
    field = opened(page, "hands_in").number_input(key="hands_weight_dense/bias_(7,)")
    assert field.value == pytest.approx(float(engine.weights(run.id)["dense/bias"][7]), abs=1e-5)
    field.set_value(9.5).run()
    assert hands(page) == "set:dense/bias:7:9.5"
    assert next(each.value for each in page.markdown if each.value.startswith("## ")).split("&nbsp;")[0].endswith("7 ")


@pytest.mark.parametrize("text", ["off:conv2d:4", "off:lambda:0", "set:dense/bias:10:1", "prune:nan", "<b>", "bits:1"])
def test_changes_that_cannot_be_made_are_said_and_the_learned_weights_shown(open_page, run, engine, text):
    page = open_page(INSIDE, run=run.id, sample="3", hands=text)
    assert not page.exception
    assert "is not possible" in page.warning[0].value
    assert "<b>" not in page.warning[0].value.replace("\\<", "")
    assert share(page) == pytest.approx(100 * of_sample(run, engine.weights(run.id))[-1].max(), abs=0.02)


def test_the_test_part_is_measured_by_a_worker_with_the_changed_copy_and_as_learned(open_page, run, engine, prose):
    text = "prune:97;off:conv2d:0"
    found = wait_until(
        lambda: page if "over 2,000 test images" in prose(page := open_page(INSIDE, run=run.id, hands=text)) else None
    )
    said = next(line for line in prose(found).splitlines() if line.startswith("Accuracy over 2,000"))
    test = load("mnist").test
    weights = changed(run.spec.model, engine.weights(run.id), from_text(text))
    some = np.arange(0, 2_000, 10)
    right = np.mean([of_sample(run, weights, number)[-1].argmax() == test.y[number] for number in some])
    changed_share, learned_share = (
        float(part.rstrip("%.*")) / 100 for part in (said.split("**")[1], said.split("as learned ")[1])
    )
    assert learned_share == pytest.approx(run.evaluation.accuracy, abs=1e-4)
    assert changed_share == pytest.approx(right, abs=0.12)
    assert changed_share != learned_share


def test_a_worker_that_does_not_answer_is_a_sentence(open_page, run, engine, monkeypatch, prose):
    def refuse(*_):
        raise EngineError("No worker answered within a minute: try again")

    asked.answers().clear()
    monkeypatch.setattr(engine.looks, "ask", refuse)
    page = wait_until(
        lambda: page if "No worker" in prose(page := open_page(INSIDE, run=run.id, hands="prune:3")) else None
    )
    assert not page.exception
    assert "**Changed by hand**" in prose(page)


def test_the_weights_of_a_large_network_are_changed_by_a_worker(open_page, run, engine, monkeypatch, prose):
    monkeypatch.setattr("lib.ui.inside.hand_changes._MOST_HERE", 10)
    query = {"run": run.id, "sample": "3", "hands": "prune:33;off:conv2d:0"}
    ask, may_go = engine.looks.ask, threading.Event()
    monkeypatch.setattr(engine.looks, "ask", lambda *asked: may_go.wait(30) and ask(*asked))
    wait_until(lambda: "A worker changes the weights" in prose(open_page(INSIDE, **query)))
    may_go.set()
    page = wait_until(lambda: page if "As learned" in prose(page := open_page(INSIDE, **query)) else None)
    weights = changed(run.spec.model, engine.weights(run.id), from_text(query["hands"]))
    assert share(page) == pytest.approx(100 * of_sample(run, weights)[-1].max(), abs=0.02)


@pytest.mark.parametrize("kind", ["points", "table", "sentences"])
def test_networks_for_other_data_can_be_changed_too(open_page, engine, kind, opened, prose):
    now = wait_for_status(engine, engine.submit(from_query(ASKED[kind]), "b" * 32), "done")
    page = opened(open_page(INSIDE, run=now.id, hands=OFF[kind]), "hands_in")
    assert "**Changed by hand**: dense" in prose(page)
    word = "Mean squared error over" if kind == "points" else "Accuracy over"
    wait_until(lambda: word in prose(open_page(INSIDE, run=now.id, hands=OFF[kind])))


def test_a_new_run_trains_on_from_the_changed_copy_and_says_so(open_page, run, engine, monkeypatch, prose, opened):
    made = []
    go_on = engine.go_on
    monkeypatch.setattr(engine, "go_on", lambda *all_: made.append(go_on(*all_)) or made[-1])
    text = "prune:50;off:conv2d:1"
    page = open_page(INSIDE, run=run.id, hands=text)
    opened(page, "going_on").multiselect(key="on_frozen").set_value(["dense"]).run()
    opened(page, "going_on")
    assert "frozen none → dense" in prose(page)
    page.session_state["going_on"] = True
    page.button(key="go_on").click().run()
    assert not page.exception
    now = wait_for_status(engine, made[0], "done")
    assert now.spec.start == Start(run.id, 1, ("dense",), text)
    begun = engine.weights(now.id, 0)
    expected = changed(run.spec.model, engine.weights(run.id, 1), from_text(text))
    assert all(np.array_equal(begun[name], expected[name]) for name in expected)
    # The frozen layer keeps its zeros; the filter does not come back either, because ReLU has no slope at 0.
    after = engine.weights(now.id, 1)
    assert np.array_equal(after["dense/kernel"], begun["dense/kernel"])
    assert not after["conv2d/kernel"][..., 1].any()
    assert not np.array_equal(after["conv2d/kernel"], begun["conv2d/kernel"])
    assert "Changed by hand before that: the smallest 50% of the weights are 0, conv2d 1 switched off" in prose(
        open_page(INSIDE, run=now.id)
    )
    assert "Frozen: `dense`. 3,250 of 3,290 weights stay as they were" in prose(open_page(INSIDE, run=now.id))
    assert "hands" not in open_page(INSIDE, run=now.id).query_params
