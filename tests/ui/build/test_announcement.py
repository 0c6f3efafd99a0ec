from dataclasses import replace

import pytest

from lib.engine.runs.snapshot import BatchCurve, Evaluation, RunSnapshot
from lib.specs.recipes import RECIPES
from lib.ui.build.announcement import sentence, step

RUN = RunSnapshot("r1", "a" * 32, "digits", RECIPES["simple_cnn"].run, "running", epoch=1, epochs=10, batches=100)
CURVE = BatchCurve((0.1, 0.2), (1.5, 1.0), (0.5, 0.625))


def at(batch_of_all, **changes):
    """The run after so many of its 1,000 batches."""
    epoch, batch = divmod(batch_of_all, 100)
    return replace(RUN, epoch=epoch + 1, batch=batch, **changes)


def test_each_tenth_is_one_step_and_nothing_else_is():
    steps = [step(at(batch, batch_curve=CURVE)) for batch in range(1_000)]
    assert list(dict.fromkeys(steps)) == [f"running {tenth}" for tenth in range(10)]
    assert steps.index("running 3") == 300


def test_the_start_and_the_tenths_are_told_with_the_accuracy_reached():
    assert sentence(at(0)) == "Training has started: epoch 1 of 10."
    assert sentence(at(305, batch_curve=CURVE)) == "30% trained. Accuracy 62.50%."


def test_the_end_is_told_with_the_accuracy_on_the_test_part():
    done = replace(RUN, status="done", epoch=10, evaluation=Evaluation(0.1, 0.9745, 2_000, 1.0))
    assert sentence(done) == "Training has ended after epoch 10 of 10. Test accuracy 97.45%."
    assert step(done) != step(replace(done, status="stopped", epoch=4))
    assert sentence(replace(done, status="stopped", epoch=4, evaluation=None)) == ("Training stopped in epoch 4 of 10.")


def test_a_run_that_goes_on_and_ends_again_is_told_again():
    done = replace(RUN, status="done", epoch=10)
    assert step(done) != step(replace(done, epoch=11, epochs=11))


def test_a_regression_has_a_loss_instead():
    points = RECIPES["points_spiral"].run
    plane = replace(points, data=replace(points.data, points_kind="regression_plane"))
    assert plane.regression
    run = replace(RUN, spec=plane, batch_curve=CURVE, epoch=6)
    assert sentence(run) == "50% trained. Loss 1.0000."
    done = replace(run, status="done", evaluation=Evaluation(0.125, None, 100, 1.0))
    assert sentence(done).endswith("Test loss 0.1250.")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "queued", "place": 2}, "Waiting in line: 2nd."),
        ({"status": "queued", "place": 0}, "Waiting in line: next."),
        ({"status": "paused", "epoch": 3}, "Training is paused in epoch 3 of 10."),
        ({"status": "failed", "message": "The worker was lost."}, "Training has failed. The worker was lost."),
        ({"status": "done", "evaluating": True}, "The network sees the test images."),
    ],
)
def test_what_else_happens_is_told_in_a_sentence(changes, words):
    assert sentence(replace(RUN, **changes)) == words
