"""The page of experiments with real trainings behind it."""

from urllib.parse import urlencode

import pytest
from helpers.waiting import wait_until

from lib.engine.experiments.comparison import ComparisonPlan, Guess
from lib.specs.codec import from_query, to_query
from lib.specs.one_change import applied
from lib.ui.experiments.guessed import guessed
from lib.ui.session.state import CHOSEN_EXPERIMENT, EXPERIMENT_A, EXPERIMENT_B

PAGE = "pages/experiments.py"
TINY = from_query(
    {"dataset": "mnist", "samples": "500", "epochs": "2", "layers": "Flatten;Dense(units=10,activation=softmax)"}
)
POINTS = from_query(
    {"dataset": "points", "points_kind": "regression_plane", "points": "100", "epochs": "3",
     "loss": "mean_squared_error", "layers": "Dense(units=1,activation=linear)"}
)  # fmt: skip
A = urlencode(to_query(TINY))


def prose(page):
    shown = [*page.markdown, *page.caption, *page.info, *page.warning, *page.error]
    return " ".join(each.value for each in shown).replace("\\", "")


def _one(values):
    """A parameter of the address: AppTest gives a list once a script has set it."""
    return values if isinstance(values, str) else values[0]


def owner_of(page):
    return page.session_state["visitor_owner"]


def finished(engine, plan, owner="a" * 32):
    name = engine.experiments.start(plan, owner)
    wait_until(lambda: engine.experiment(name).status == "done", 240)
    return name


@pytest.fixture(scope="module")
def three_pairs(engine):
    """An experiment that is over: three pairs, a faster rate in B."""
    return finished(engine, ComparisonPlan(TINY, applied(TINY, "learning_rate", 0.02), 3, Guess("b", 0.05)))


def mine(page, name, engine):
    """Open an experiment as the one who has started it."""
    page.session_state["visitor_owner"] = engine.experiment(name).owner
    page.query_params["experiment"] = name
    page.run()
    assert not page.exception
    return page


def test_a_newcomer_guesses_starts_and_reads_the_verdict(open_page, engine):
    page = open_page(PAGE, a=A, change="learning_rate", value="0.02", pairs="3")
    assert "One thing is different" in prose(page)
    assert "learning_rate 0.001 → 0.02" in prose(page)
    page.button(key="start_experiment").click().run()
    assert "Say first which one you expect to be better" in prose(page)
    assert engine.experiments.of(owner_of(page)) == ()
    page.button_group(key="guess").set_value("b").run()
    page.button(key="start_experiment").click().run()
    (now,) = engine.experiments.of(owner_of(page))
    assert _one(page.query_params["experiment"]) == now.id
    assert (now.plan.pairs, now.plan.guess) == (3, Guess("b", 0.01))
    assert "/6 runs" in prose(page)
    assert "change" not in page.query_params
    wait_until(lambda: engine.experiment(now.id).status == "done", 240)
    page.run()
    assert "6/6 runs" in prose(page)
    assert "done" in prose(page)
    assert "in all 3 pairs" in prose(page) or "of 3 pairs" in prose(page)
    assert "Your guess: **B is better**" in prose(page)
    assert "significant" not in prose(page)
    assert page.get("plotly_chart")[0].proto.alt.startswith("Validation accuracy. A, 3 runs")


def test_the_test_part_is_closed_until_its_owner_opens_it_and_each_look_is_counted(open_page, engine, three_pairs):
    page = mine(open_page(PAGE), three_pairs, engine)
    assert "still closed" in prose(page)
    assert "test accuracy" not in prose(page)
    page.button(key="open_test").click().run()
    assert "You opened the test part **once**" in prose(page)
    assert "A: test accuracy" in prose(page)
    again = mine(open_page(PAGE), three_pairs, engine)
    assert "A: test accuracy" not in prose(again)
    again.button(key="open_test").click().run()
    assert "You opened the test part **2 times**" in prose(again)


def test_a_stranger_sees_the_experiment_and_neither_opens_nor_stops_it(open_page, engine, three_pairs):
    page = open_page(PAGE, experiment=three_pairs)
    assert "6/6 runs" in prose(page)
    assert "open_test" not in [button.key for button in page.button]
    assert "stop_experiment" not in [button.key for button in page.button]


def test_an_experiment_is_stopped_from_the_page_and_what_has_ended_is_kept(open_page, engine):
    long = applied(TINY, "epochs", 5_00)
    page = open_page(PAGE)
    name = engine.experiments.start(ComparisonPlan(TINY, long, 2, Guess("neither")), owner_of(page))
    wait_until(lambda: engine.experiment(name).ended == 1)
    page.query_params["experiment"] = name
    page.run()
    page.button(key="stop_experiment").click().run()
    wait_until(lambda: not engine.experiment(name).changing)
    page.run()
    assert "stopped early, with 1 of 4 runs complete" in prose(page)


def test_one_pair_shows_which_samples_tell_the_two_apart(open_page, engine):
    name = finished(engine, ComparisonPlan(TINY, applied(TINY, "learning_rate", 0.02), 1, Guess("b")))
    page = mine(open_page(PAGE), name, engine)
    assert "Finished pairs so far: 1" in prose(page)
    page.button(key="open_test").click().run()
    a, b = engine.experiment(name).pairs()[0]
    table = next(each.value for each in page.markdown if "B right" in each.value)
    counts = [int(cell.replace(",", "")) for cell in table.split("|") if cell.strip().replace(",", "").isdigit()]
    assert sum(counts) == a.run.evaluation.samples
    assert counts[0] + counts[1] == round(a.run.evaluation.accuracy * sum(counts))
    assert counts[0] + counts[2] == round(b.run.evaluation.accuracy * sum(counts))


def test_where_a_number_is_predicted_losses_are_compared(open_page, engine):
    name = finished(engine, ComparisonPlan(POINTS, applied(POINTS, "learning_rate", 0.1), 3, Guess("b", 0.1)))
    page = mine(open_page(PAGE), name, engine)
    assert "loss" in page.get("plotly_chart")[0].proto.alt
    assert "For points the validation part is the test part" in prose(page)
    assert "open_test" not in [button.key for button in page.button]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"experiment": "abc"}, "There is no experiment 'abc'"),
        ({"experiment": "0" * 16}, "There is no experiment"),
        ({"a": "d"}, "cannot use a part of the address"),
        ({"a": "zzz=1"}, "the address has a setting 'zzz'"),
        ({"a": "dataset=mnist&layers=Lambda"}, "a layer 'Lambda'"),
        ({"a": "dataset=own-0123456789abcdef"}, "cannot use a part of the address"),
        ({"a": "x" * 9_000}, "cannot use a part of the address"),
        ({"change": "learning_rate", "value": "1e30"}, "learning_rate must be a number"),
        ({"change": "epochs", "value": "many"}, "epochs must be a whole number"),
        ({"change": "remove.everything", "value": "<b>"}, "learning_rate must be a number"),
    ],
)
def test_what_an_address_cannot_mean_is_said_and_the_form_is_there(open_page, query, said):
    page = open_page(PAGE, **query)
    assert not page.exception
    assert said in prose(page)
    assert not page.button(key="start_experiment").disabled


@pytest.mark.parametrize(
    "query", [{"guess": "abc"}, {"pairs": "99"}, {"pairs": "inf"}, {"guess": "b", "by": "nan"}, {"change": "%"}]
)
def test_answers_that_are_none_leave_the_usual_ones(open_page, query):
    page = open_page(PAGE, **query)
    assert not page.exception
    assert page.slider(key="pairs").value == 5


def test_a_change_that_breaks_the_stack_is_said_and_starts_nothing(open_page):
    page = open_page(PAGE, change="conv2d.kernel_size", value="7")
    page.session_state["change_values"] = {}
    broken = applied(
        from_query({"dataset": "mnist", "layers": "Conv2D;Flatten;Dense(units=10)"}), "conv2d.kernel_size", 7
    )
    page.session_state[EXPERIMENT_A.name] = broken
    page.session_state[EXPERIMENT_B.name] = from_query({"dataset": "mnist", "layers": "Dense(units=10)"})
    page.run()
    assert page.button(key="start_experiment").disabled
    assert "B cannot be trained" in prose(page)


def test_two_that_were_chosen_elsewhere_stand_in_the_form_and_in_the_address(open_page):
    other = applied(applied(TINY, "epochs", 3), "learning_rate", 0.1)
    page = open_page(PAGE)
    page.session_state[EXPERIMENT_A.name], page.session_state[EXPERIMENT_B.name] = TINY, other
    page.run()
    assert "2 things are different" in prose(page)
    assert "epochs 2 → 3" in prose(page)
    again = open_page(PAGE, a=_one(page.query_params["a"]), b=_one(page.query_params["b"]))
    assert "2 things are different" in prose(again)


def test_equal_networks_are_said_to_be_equal(open_page):
    page = open_page(PAGE, a=A, b=A)
    assert "A and B are equal" in prose(page)
    assert not page.button(key="start_experiment").disabled


def test_a_layer_more_is_said_to_shift_the_first_weights_behind_it(open_page):
    page = open_page(PAGE, a=A, change="add.Dropout")
    assert "begin with **other weights**" in prose(page)


def test_the_list_leads_to_another_experiment_and_to_a_new_one(open_page, engine, three_pairs):
    page = mine(open_page(PAGE), three_pairs, engine)
    page.button(key="new_experiment").click().run()
    assert "experiment" not in page.query_params
    assert page.button(key="start_experiment")
    page.selectbox(key="experiment_picker").set_value(three_pairs).run()
    assert _one(page.query_params["experiment"]) == three_pairs
    assert page.session_state[CHOSEN_EXPERIMENT.name] == three_pairs


def test_the_notebook_says_how_often_the_guesses_were_right(open_page, engine, three_pairs):
    page = mine(open_page(PAGE), three_pairs, engine)
    scores = {score.id: score for score in engine.scores("a" * 32)}
    over = [row for each in engine.experiments.of("a" * 32) if (row := guessed(each, scores)) is not None]
    assert f"**{sum(row.right for row in over)} of {len(over)}** experiments" in prose(page)
    assert "B differs in: learning_rate 0.001 → 0.02" in prose(page)
