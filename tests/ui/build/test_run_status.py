import dataclasses
from typing import get_args

import pytest

from lib.engine.runs.book import title_of
from lib.engine.runs.snapshot import Activity, EpochPoint, Evaluation, RunRow, RunSnapshot
from lib.specs.codec import from_query
from lib.specs.recipes import RECIPES
from lib.ui.build.run_status import headline, rate_in_force
from lib.ui.session import past_runs

SPEC = RECIPES["simple_cnn"].run
SAID = {
    "": "", "building": "building the model", "training": "", "validating": "validating", "testing": "",
    "stopping": "stopping",
}  # fmt: skip


@pytest.mark.parametrize("activity", get_args(Activity))
def test_a_run_under_way_says_what_it_is_doing(activity):
    run = RunSnapshot("a" * 16, "ann", "title", SPEC, "running", activity, epoch=2, epochs=5)
    said = " &nbsp;·&nbsp; ".join(part for part in (":blue-badge[running]", "epoch 2/5", SAID[activity]) if part)
    assert headline(run) == said


def test_a_paused_run_and_one_that_has_ended_say_their_state_alone():
    run = RunSnapshot("a" * 16, "ann", "title", SPEC, "paused", "stopping", epoch=2, epochs=5)
    assert "stopping" not in headline(run)
    done = RunSnapshot("a" * 16, "ann", "t", SPEC, "done", evaluation=Evaluation(0.1, 0.97, 100, 1.0))
    assert headline(done).endswith("test accuracy **97.00%**")


@pytest.mark.parametrize(
    ("spec", "title"),
    [
        (SPEC, "Simple CNN on MNIST digits"),
        (from_query({"dataset": "fashion_mnist", "layers": "Flatten;Dense(units=10,activation=softmax)"}),
         "Flatten - Dense on Fashion-MNIST"),
        (from_query({"dataset": "fashion_mnist", "layers": "Flatten;Dense;Dense(units=10,activation=softmax)"}),
         "Dense 128 on Fashion-MNIST"),
    ],
)  # fmt: skip
def test_a_runs_title_says_its_network_and_its_data_once(spec, title):
    assert title_of(spec) == title
    row = RunRow("a" * 16, "ann", title, "stopped", spec.data.dataset, 0.0, 3, None)
    assert past_runs.title(row) == f"stopped · {title} · 3 epochs · 01 Jan 00:00 UTC"


def scheduled(**settings):
    return dataclasses.replace(SPEC, training=dataclasses.replace(SPEC.training, **settings))


def test_the_rate_is_told_as_the_schedule_has_made_it():
    run = RunSnapshot("a" * 16, "ann", "t", SPEC, "running", epoch=3, epochs=5, learning_rate=0.01)
    assert rate_in_force(run) == 0.01
    stepped = dataclasses.replace(run, spec=scheduled(schedule="step_decay", decay_rate=0.1, decay_epochs=2))
    assert rate_in_force(stepped) == pytest.approx(0.001)
    lowered = EpochPoint(2, 1.0, 0.5, 1.0, 0.5, 1.0, 0.0025)
    plateau = dataclasses.replace(run, spec=scheduled(schedule="reduce_on_plateau"), epoch_points=(lowered,))
    assert rate_in_force(plateau) == 0.0025


def test_a_run_that_ended_early_is_wholly_done():
    run = RunSnapshot("a" * 16, "ann", "t", SPEC, "running", epoch=3, epochs=12, batch=5, batches=10)
    assert run.progress == pytest.approx(2.5 / 12)
    assert dataclasses.replace(run, status="done").progress == 1.0
