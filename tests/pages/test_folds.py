"""K-fold validation on the page of experiments, with real trainings behind it."""

import re
from urllib.parse import urlencode

import numpy as np
import pytest
from helpers.own_files import wine_csv
from helpers.waiting import wait_until

from lib.data.own import shelf
from lib.data.own.dataset import table_of
from lib.data.training_part import folds_of, training_part
from lib.engine.experiments.folds import FoldsPlan
from lib.specs.codec import from_query, to_query
from lib.ui.kit import lessons
from lib.ui.session.state import DRAFT, Draft

PAGE = "pages/experiments.py"
TINY = from_query(
    {"dataset": "mnist", "samples": "500", "epochs": "2", "layers": "Flatten;Dense(units=10,activation=softmax)"}
)
WINES = from_query({"dataset": "wine", "samples": "12", "epochs": "1", "layers": "Dense(units=3,activation=softmax)"})


def prose(page):
    shown = [*page.markdown, *page.caption, *page.info, *page.warning, *page.error]
    return " ".join(each.value for each in shown).replace("\\", "")


def _one(values):
    return values if isinstance(values, str) else values[0]


def with_draft(page, spec):
    page.session_state[DRAFT.name] = Draft(spec, tuple(range(len(spec.model.layers))))
    return page.run()


def settled(page):
    """The page when the workers have answered all that it asks."""
    wait_until(lambda: "LayerLab asks the network" not in prose(page.run()) and not page.get("progress"), 60)
    assert not page.exception
    return page


def done(engine, plan, owner):
    name = engine.experiments.start(plan, owner)
    wait_until(lambda: engine.experiment(name).status == "done", 240)
    return name


def as_owner(page, name, owner="a" * 32):
    page.session_state["visitor_owner"] = owner
    page.query_params["experiment"] = name
    return settled(page)


@pytest.fixture(scope="module")
def three_folds(engine):
    """A 3-fold validation that is over; half of what it says a person has guessed."""
    return done(engine, FoldsPlan(TINY, 3, 0.4), "a" * 32)


def test_a_newcomer_sets_up_a_k_fold_validation_from_the_draft_and_starts_it(open_page, engine):
    page = with_draft(open_page(PAGE, experiment_kind="folds"), TINY)
    page.slider(key="number_of_folds").set_value(3).run()
    page.button_group(key="folds_guessed").set_value("yes").run()
    page.number_input(key="folds_guess").set_value(70.0).run()
    assert [_one(page.query_params[name]) for name in ("k", "guessed", "mean")] == ["3", "yes", "70.0"]
    page.button(key="start_experiment").click().run()
    owner = page.session_state["visitor_owner"]
    (now,) = engine.experiments.of(owner)
    engine.experiments.stop(now.id, owner)
    assert now.plan == FoldsPlan(TINY, 3, 0.7)
    assert _one(page.query_params["experiment"]) == now.id
    assert "k" not in page.query_params
    assert not page.exception


def test_more_folds_than_the_rarest_class_has_are_refused_before_they_start(open_page):
    page = with_draft(open_page(PAGE, experiment_kind="folds", k="5"), WINES)
    assert "5 folds need 5 samples of each class" in prose(page)
    assert page.button(key="start_experiment").disabled
    page.slider(key="number_of_folds").set_value(3).run()
    assert not page.button(key="start_experiment").disabled


def test_a_link_may_describe_the_network_and_nonsense_in_it_changes_nothing(open_page, trained):
    page = open_page(PAGE, experiment_kind="folds", a=urlencode(to_query(trained.spec)), k="4")
    plan = page.session_state["experiment_a"]
    assert (plan, page.slider(key="number_of_folds").value) == (trained.spec, 4)
    odd = open_page(PAGE, experiment_kind="folds", a="nobody", k="99", mean="abc", guessed="maybe")
    assert (odd.selectbox(key="experiment_source").value, odd.slider(key="number_of_folds").value) == ("draft", 5)
    assert not odd.exception


def test_mean_spread_guess_and_what_all_folds_say_together_stand_on_the_page(open_page, engine, three_folds):
    page = as_owner(open_page(PAGE), three_folds)
    told = engine.experiment(three_folds)
    figures = [member.accuracy for member in told.members]
    assert f"Mean of 3 folds: accuracy {100 * np.mean(figures):.2f}%" in prose(page)
    assert f"standard deviation {100 * np.std(figures, ddof=1):.2f} percentage points" in prose(page)
    assert "share 50% of what they have learned from" in prose(page)
    assert "Bengio & Grandvalet" in prose(page)
    assert "Your guess was **40.00%**" in prose(page)
    assert page.get("plotly_chart")[0].proto.alt.startswith("Validation accuracy, 3 folds")
    # What each network says of its own fold, put together, is what the page counts, and what was told after the epoch.
    labels, folds = training_part(TINY.data).y, folds_of(FoldsPlan(TINY, 3).base.data, training_part(TINY.data))
    counted, told_of, near_ties = [], [], 0
    for member in told.members:
        mine = labels[folds == member.place + 1]
        assert engine.epochs_kept(member.run_id) == [1, 2]
        answers = engine.looks.held_back(member.run_id, 2, (0, len(mine)))
        counted.append(int((answers.argmax(axis=1) == mine).sum()))
        told_of.append(round(member.accuracy * len(mine)))
        best, second = np.sort(answers, axis=1)[:, :-3:-1].T
        near_ties += int((best - second < 1e-3).sum())  # another batch size may round these otherwise
    assert re.findall(r"\*\*(\d+) of (\d+)\*\* images right", prose(page)) == [(str(sum(counted)), "500")], counted
    assert abs(sum(counted) - sum(told_of)) <= near_ties < 20, (counted, told_of)
    assert "suspects only" in prose(page)
    (share,) = re.findall(r"have such a label \((\d+\.\d+)%\)", prose(page))
    assert ("So many suspects say more about these networks" in prose(page)) == (float(share) > 10)
    assert "fold 2 of 3" in prose(page)
    assert [each.proto.label for each in page.get("download_button")].count("All suspects (CSV)") == 1


def test_the_test_part_stays_closed_until_it_is_opened(open_page, three_folds):
    page = as_owner(open_page(PAGE), three_folds)
    assert "test accuracy" not in prose(page)
    page.button(key="open_test").click().run()
    assert "You opened the test part **once**" in prose(page)
    assert "accuracy on its fold" in prose(page)
    assert "Test part, mean of these networks" in prose(page)


def test_each_network_is_validated_on_its_own_fold_with_the_same_seed(engine, three_folds):
    runs = [member.run for member in engine.experiment(three_folds).members]
    assert [(run.spec.data.folds, run.spec.data.fold) for run in runs] == [(3, 1), (3, 2), (3, 3)]
    assert {run.spec.training.seed for run in runs} == {TINY.training.seed}
    first = [engine.looks.first_weights(run.id)["dense/kernel"] for run in runs]
    assert all((each == first[0]).all() for each in first)


def test_of_own_data_nobody_else_sees_suspects_or_has_the_networks_asked(open_page, engine, monkeypatch):
    data, owner = table_of(wine_csv(), "wine.csv", None).data, "c" * 32
    hold = shelf.put(data, owner)
    layers = "Dense(units=8);Dense(units=3,activation=softmax)"
    spec = from_query({"dataset": hold.name, "scaling": "standard", "epochs": "1", "layers": layers})
    name = done(engine, FoldsPlan(spec, 3), owner)
    asked = []
    answer = engine.looks.held_back
    monkeypatch.setattr(engine.looks, "held_back", lambda *told: asked.append(told) or answer(*told))
    stranger = settled(open_page(PAGE, experiment=name))
    assert "All folds together" in prose(stranger)
    assert lessons.text("own_data.closed") in prose(stranger)
    assert "rows right" not in prose(stranger)
    assert asked == []
    assert f"of {len(data.train)}** rows right" in prose(as_owner(open_page(PAGE), name, owner))
    assert len(asked) == 3
    hold.release()


def test_folds_of_points_leave_the_test_points_closed_and_pool_their_numbers(open_page, engine):
    points = {"dataset": "points", "points_kind": "regression_plane", "points": "100", "test_share": "40"}
    layers = "Dense(units=1,activation=linear)"
    spec = from_query({**points, "loss": "mean_squared_error", "layers": layers, "epochs": "1"})
    page = as_owner(open_page(PAGE), done(engine, FoldsPlan(spec, 3), "a" * 32))
    assert "Mean of 3 folds: loss" in prose(page)
    assert "Each of 60 samples once" in prose(page)
    assert "Suspicious labels" not in prose(page)
    page.button(key="open_test").click().run()
    assert "test loss" in prose(page)
