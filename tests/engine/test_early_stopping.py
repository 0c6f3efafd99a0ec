"""A run that ends by itself: it is done, says why, and can be made longer."""

import pytest
from helpers.waiting import wait_for_status

from lib.engine.runs import messages
from lib.engine.runs.snapshot import EpochPoint, RunSnapshot
from lib.specs.codec import from_query
from lib.ui.results import written

pytestmark = [pytest.mark.engine, pytest.mark.slow]
ASKED = {
    "dataset": "wine", "scaling": "standard", "layers": "Dense(units=6);Dense(units=3,activation=softmax)",
    "epochs": "40", "batch_size": "32", "learning_rate": "0.3", "early_stopping": "true", "patience": "3",
}  # fmt: skip


def test_a_run_that_ends_by_itself_is_done_says_why_and_takes_one_more_epoch(engine):
    run_id = engine.submit(from_query(ASKED), "early")
    wait_for_status(engine, run_id, "done")
    run = engine.snapshot(run_id)
    trained = run.epochs_trained
    assert trained < 40
    assert run.progress == 1.0
    assert run.best_epoch == trained - 3
    assert run.message.startswith(f"It ended by itself after epoch {trained} of 40: val_loss had not become better")
    assert f"The weights are those of epoch {trained - 3}, the best one: val_loss was 0." in run.message
    assert run.evaluation is not None
    assert written.trained(run).best_epoch == trained - 3
    engine.add_epoch(run_id)
    wait_for_status(engine, run_id, "done")
    longer = engine.snapshot(run_id)
    assert longer.epochs_trained == trained + 1
    assert (longer.message, longer.best_epoch) == ("", 0)


@pytest.mark.parametrize(
    ("ending", "text", "best_epoch"),
    [
        (None, "", 0),
        ({"early": False, "best_epoch": 2, "best": 0.5, "restored": True}, "", 0),
        (
            {"early": False, "best_epoch": 1, "best": 0.5, "restored": True},
            "All 2 epochs are trained. The weights are those of epoch 1, the best one: val_loss was 0.5000.",
            1,
        ),
        (
            {"early": True, "best_epoch": 1, "best": 0.5, "restored": False},
            "It ended by itself after epoch 2 of 40: val_loss had not become better for 3 epochs. Epoch 1 was the best"
            " one: val_loss was 0.5000. The weights are those of epoch 2.",
            0,
        ),
    ],
)
def test_what_is_said_of_the_end(ending, text, best_epoch):
    points = tuple(EpochPoint(epoch, 1.0, 0.5, 1.0, 0.5, 1.0, 0.3) for epoch in (1, 2))
    run = RunSnapshot("a" * 16, "ann", "t", from_query(ASKED), "running", epoch=2, epochs=40, epoch_points=points)
    told = messages.done(run, ending)
    assert (told.message, told.best_epoch) == (text, best_epoch)
