"""Sweeps on the page of experiments, with a really trained small one."""

import json
from urllib.parse import urlencode

import pytest
from helpers.waiting import wait_until

from lib.engine.experiments.sweep import SweepPlan
from lib.specs import combining
from lib.specs.codec import from_query, to_query
from lib.specs.sweeping import Range, Several
from lib.ui.session.state import ASKED_KIND, CHOSEN_EXPERIMENT, DRAFT, EXPERIMENT_A, EXPERIMENT_B
from lib.worker import tasks

PAGE = "pages/experiments.py"
TINY = from_query(
    {"dataset": "mnist", "samples": "500", "epochs": "2", "layers": "Flatten;Dense(units=10,activation=softmax)"}
)
VARIED = (Range("learning_rate", 0.0001, 0.01, 2), Several("optimizer", ("adam", "sgd")))
SWEEP = {"experiment_kind": "sweep", "a": urlencode(to_query(TINY))}
OWNER = "a" * 32


def prose(page):
    shown = [*page.markdown, *page.caption, *page.info, *page.warning, *page.error, *page.success]
    return " ".join(each.value for each in shown).replace("\\", "")


def _one(values):
    """A parameter of the address: AppTest gives a list once a script has set it."""
    return values if isinstance(values, str) else values[0]


def finished(engine, plan, owner=OWNER):
    name = engine.experiments.start(plan, owner)
    wait_until(lambda: engine.experiment(name).status == "done", 240, otherwise=lambda: engine.experiment(name).message)
    return engine.experiment(name)


@pytest.fixture(scope="module")
def four_runs(engine):
    """A grid that is over: two rates with two optimizers."""
    return finished(engine, SweepPlan(TINY, VARIED))


def opened(open_page, experiment, owner=OWNER, **query):
    page = open_page(PAGE)
    page.session_state["visitor_owner"] = owner
    page.query_params.update({"experiment": experiment.id, **query})
    page.run()
    assert not page.exception
    return page


def test_a_newcomer_sets_a_sweep_starts_it_and_finds_the_best_run(open_page, engine):
    page = open_page(PAGE, **SWEEP, vary="learning_rate:0.0001:0.01:2")
    assert not page.exception
    assert "The grid takes 0.0001, 0.01" in prose(page)
    assert page.button(key="start_experiment").label == "Train 2 runs"
    page.select_slider(key="vary_learning_rate").set_value((0.001, 0.1)).run()
    assert "The grid takes 0.001, 0.1" in prose(page)
    page.slider(key="vary_learning_rate_count").set_value(3).run()
    assert _one(page.query_params["vary"]) == "learning_rate:0.001:0.1:3"
    page.multiselect(key="vary").set_value(["learning_rate", "optimizer"]).run()
    assert page.button(key="start_experiment").label == "Train 6 runs"
    page.multiselect(key="vary").set_value(["learning_rate"]).run()
    page.button_group(key="sweep_guess").set_value("0.01").run()
    assert _one(page.query_params["guess"]) == "0.01"
    page.button(key="start_experiment").click().run()
    (now,) = engine.experiments.of(page.session_state["visitor_owner"])
    assert now.plan.guess == "0.01"
    assert (now.plan.base, now.plan.varied) == (TINY, (Range("learning_rate", 0.001, 0.1, 3),))
    assert _one(page.query_params["experiment"]) == now.id
    assert "vary" not in page.query_params
    wait_until(lambda: engine.experiment(now.id).status == "done", 240)
    page.run()
    assert not page.exception
    assert "3/3 runs" in prose(page)
    assert "**Best: validation accuracy" in prose(page)
    assert "the best of many is partly luck" in prose(page)
    best = max(engine.experiment(now.id).members, key=lambda member: member.accuracy)
    right = best.run.spec.training.learning_rate == 0.01
    assert ("Your guess was right" in prose(page), "Your guess was wrong" in prose(page)) == (right, not right)
    assert "significant" not in prose(page)
    alts = [chart.proto.alt for chart in page.get("plotly_chart")]
    assert [alt.split(".")[0] for alt in alts] == [
        "3 runs over learning_rate",
        "Validation accuracy over learning_rate",
    ]


def test_the_best_run_is_the_one_with_the_highest_validation_accuracy(open_page, four_runs):
    best = max(four_runs.members, key=lambda member: member.accuracy)
    page = opened(open_page, four_runs)
    assert f"**Best: validation accuracy {100 * best.accuracy:.2f}%** with {best.label}" in prose(page)
    assert "4 trained to their end." in prose(page)


def test_its_test_figure_is_closed_until_its_owner_opens_it(open_page, engine, four_runs):
    best = max(four_runs.members, key=lambda member: member.accuracy)
    page = opened(open_page, four_runs)
    figure = f"Test accuracy of the best run: **{100 * best.run.evaluation.accuracy:.2f}%**"
    assert figure not in prose(page)
    page.button(key="open_test").click().run()
    assert figure in prose(page)
    assert "winner of 4 runs" in prose(page)
    stranger = opened(open_page, four_runs, owner="b" * 32)
    assert "open_test" not in [button.key for button in stranger.button]


def test_a_picked_run_becomes_the_draft(open_page, four_runs):
    chosen = four_runs.members[2]
    page = opened(open_page, four_runs, sweep_picked=chosen.run_id)
    page.button(key="open_as_draft").click().run()
    assert page.session_state[DRAFT.name].spec == chosen.run.spec


def test_an_address_that_is_followed_later_counts_again(open_page, four_runs):
    page, chosen = opened(open_page, four_runs), four_runs.members[1]
    assert "open_as_draft" not in [button.key for button in page.button]
    page.session_state["visited_page"] = "Another page"
    page.query_params.update({"sweep_picked": chosen.run_id, "sweep_sort": "epochs"})
    page.run()
    assert not page.exception
    tables = [part.proto.json for part in page.get("bidi_component") if "score_table" in part.proto.component_name]
    (rows,) = [data for (data,) in map(json.loads, tables) if data["label"] == "Runs of this sweep"]
    assert (rows["sort"], rows["picked"]) == ("epochs", [chosen.run_id])
    assert page.button(key="open_as_draft")


def test_two_picked_runs_are_compared_with_seeds_that_the_sweep_has_not_seen(open_page, four_runs):
    one, other = four_runs.members[1], four_runs.members[3]
    page = opened(open_page, four_runs, sweep_picked=f"{one.run_id}-{other.run_id}")
    assert "You picked both out of 4 runs because they looked good with seed 1" in prose(page)
    page.button(key="compare_swept").click().run()
    assert not page.exception
    assert (page.session_state[EXPERIMENT_A.name], page.session_state[EXPERIMENT_B.name]) == (
        one.run.spec,
        other.run.spec,
    )
    assert CHOSEN_EXPERIMENT.name not in page.session_state
    assert "learning_rate 0.0001 → 0.01" in prose(page)
    assert page.number_input(key="first_seed").value == 2
    assert _one(page.query_params["first_seed"]) == "2"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"vary": "learning_rate:0.1:0.1"}, "The range of learning_rate is empty"),
        ({"vary": "nothing:1:2"}, "'nothing' is no setting"),
        ({"vary": "learning_rate:a:b"}, "learning_rate needs a range"),
        ({"vary": "optimizer:best"}, "optimizer must be one of"),
        ({"vary": "<script>"}, "no setting of this network"),
        ({"vary": "x" * 9_000}, "no setting of this network"),
        ({"vary": "learning_rate:0.1:1:3;" * 9}, "1 to 4 settings, not 5"),
        ({"a": "dataset=mnist&layers=Lambda", "vary": "learning_rate:0.1:1"}, "a layer 'Lambda'"),
    ],
)
def test_what_an_address_cannot_mean_is_said_and_the_form_is_there(open_page, query, said):
    page = open_page(PAGE, **{**SWEEP, **query})
    assert not page.exception
    assert said in prose(page)
    assert not page.button(key="start_experiment").disabled


def test_answers_that_are_none_leave_the_usual_ones(open_page):
    page = open_page(PAGE, **SWEEP, method="best", runs="10000", minutes="inf", prune="<b>", guess="nan")
    assert not page.exception
    assert page.button_group(key="method").value == "grid"
    page.button_group(key="method").set_value("tpe").run()
    assert (page.slider(key="sweep_runs").value, page.number_input(key="minutes").value) == (12, 30)


def test_an_address_opens_the_form_as_it_was(open_page):
    vary = "dropout.rate:0.1:0.4:3;optimizer:sgd:lion"
    a = urlencode({"dataset": "mnist", "layers": "Flatten;Dropout;Dense(units=10)"})
    query = {"experiment_kind": "sweep", "a": a, "vary": vary, "method": "random", "runs": "7", "minutes": "9",
             "prune": "off", "guess": "upper"}  # fmt: skip
    page = open_page(PAGE, **query)
    assert not page.exception
    assert {name: _one(page.query_params[name]) for name in query} == query
    assert page.select_slider(key="vary_dropout_rate").value == (0.1, 0.4)
    assert "vary_dropout_rate_count" not in [slider.key for slider in page.slider]  # only a grid takes a count
    assert page.button(key="start_experiment").label == "Train 7 runs"


def test_a_grid_that_is_too_large_or_hardly_possible_is_said(open_page):
    many = "l2:0.0001:0.1:8;batch_size:8:64:8;clip_norm:0.1:1.0:8"
    page = open_page(PAGE, **SWEEP, vary=many)
    assert page.button(key="start_experiment").disabled
    assert "This grid has 512 combinations, and a sweep may have 60 at most" in prose(page)
    layers = "Conv2D;MaxPooling2D(pool_size=5,strides=3);Conv2D;Flatten;Dense(units=10)"
    broken = urlencode({"dataset": "mnist", "layers": layers})
    page = open_page(
        PAGE, experiment_kind="sweep", a=broken, vary="conv2d_1.kernel_size:3:11:5;conv2d.kernel_size:3:11:5"
    )
    found = combining.grid(from_query({"dataset": "mnist", "layers": layers}), (
        Range("conv2d_1.kernel_size", 3, 11, 5), Range("conv2d.kernel_size", 3, 11, 5)))  # fmt: skip
    assert f"{found.left_out} combinations cannot train, so the sweep leaves them out" in prose(page)
    assert page.button(key="start_experiment").label == f"Train {25 - found.left_out} runs"


def test_a_setting_of_another_network_is_not_carried_over(open_page):
    deeper = urlencode({"dataset": "mnist", "layers": "Flatten;Dense(units=8);Dense(units=8);Dense(units=10)"})
    page = open_page(PAGE, experiment_kind="sweep", a=deeper, vary="learning_rate:0.001:0.1:3;dense_1.units:4:8:2")
    assert page.multiselect(key="vary").value == ["learning_rate", "dense_1.units"]
    page.selectbox(key="experiment_source").set_value("draft").run()
    assert not page.exception
    assert page.multiselect(key="vary").value == ["learning_rate"]
    assert not page.button(key="start_experiment").disabled


def test_each_kind_has_its_own_settings_in_the_address(open_page):
    page = open_page(PAGE, **SWEEP)
    assert "vary" in page.query_params
    page.button_group(key="experiment_kind").set_value("ab").run()
    assert not {"vary", "method", "experiment_kind"} & {*page.query_params}
    assert page.slider(key="pairs")
    page.button_group(key="experiment_kind").set_value("sweep").run()
    assert _one(page.query_params["experiment_kind"]) == "sweep"
    assert not {"change", "value"} & {*page.query_params}
    page.session_state[ASKED_KIND.name] = "ab"  # as when two runs are picked in the table of all runs
    page.run()
    assert page.slider(key="pairs")
    assert "experiment_kind" not in page.query_params


def test_an_owner_deletes_a_sweep_with_its_runs_and_nobody_else_does(open_page, engine):
    plan = SweepPlan(TINY, (Several("optimizer", ("adam", "sgd")),))
    now = finished(engine, plan, "c" * 32)
    stranger = opened(open_page, now, owner="b" * 32)
    assert "delete_experiment" not in [button.key for button in stranger.button]
    page = opened(open_page, now, owner="c" * 32, sweep_picked=now.members[0].run_id)
    page.toggle(key="delete_members").set_value(True).run()
    page.button(key="delete_experiment").click().run()
    assert not page.exception
    assert "You deleted the experiment, and 2 of its runs with it." in prose(page)
    assert not {"experiment", "sweep_picked"} & {*page.query_params}
    assert now.id not in {row.id for row in engine.experiments.of("c" * 32)}
    assert not {member.run_id for member in now.members} & {row.id for row in engine.runs("c" * 32)}


def test_a_real_worker_answers_what_tpe_asks(engine, four_runs):
    plan = SweepPlan(TINY, VARIED, "tpe", runs=12)
    runs = {member.place: member.run for member in four_runs.members}
    proposals = engine.looks.ask(tasks.propose, *plan.question(4, runs))
    assert len(proposals) == 20
    assert all(0.0001 <= values["learning_rate"] <= 0.01 for values in proposals)
