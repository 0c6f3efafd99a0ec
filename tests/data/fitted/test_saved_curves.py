import json

import pytest

from lib.data.fitted.saved_curves import PATH, about, saved_runs

REMEDIES = {"plain", "dropout", "l2", "early_stopping", "more_data"}


def test_the_file_is_small_and_names_the_command_that_made_it():
    assert PATH.stat().st_size <= 200_000
    assert about()["command"] == "python -m tools.overfitting_curves"
    assert {"dataset", "samples", "epochs", "learning_rate", "seed", "keras"} <= set(about())


def test_there_is_a_whole_training_for_each_width_and_remedy():
    runs = saved_runs()
    widths = {units for _, units in runs}
    assert set(runs) == {(remedy, units) for remedy in REMEDIES for units in widths}
    assert len(runs) == len(json.loads(PATH.read_text())["runs"])
    for (remedy, units), run in runs.items():
        lengths = {len(run.loss), len(run.val_loss), len(run.accuracy), len(run.val_accuracy)}
        assert len(lengths) == 1
        epochs = lengths.pop()
        assert epochs == about()["epochs"] or (remedy == "early_stopping" and epochs < about()["epochs"])
        assert 1 <= run.kept_epoch <= epochs
        assert run.parameters == (784 + 1) * units + (units + 1) * 10


def test_early_stopping_kept_the_lowest_validation_loss():
    for (remedy, _), run in saved_runs().items():
        if remedy == "early_stopping":
            assert run.result("val_loss") == pytest.approx(min(run.val_loss), abs=1e-4)


def test_with_dropout_the_loss_that_keras_tells_lies_above_the_one_that_is_measured_again():
    for (remedy, units), run in saved_runs().items():
        assert len(run.running_loss) == (len(run.loss) if remedy == "dropout" else 0)
        assert all(told > again for told, again in zip(run.running_loss, run.loss, strict=False)), units
    narrow = saved_runs()["dropout", 8]
    assert all(told > validated for told, validated in zip(narrow.running_loss, narrow.val_loss, strict=True))


def test_the_lessons_say_what_the_curves_show():
    runs = saved_runs()
    widest = max(units for _, units in runs)
    plain = runs["plain", widest]
    assert plain.result("loss") < 0.02
    assert plain.result("val_loss") > 1.1 * min(plain.val_loss)
    for remedy in ("dropout", "l2", "early_stopping"):
        assert runs[remedy, widest].result("val_loss") < plain.result("val_loss"), remedy
    for units in {units for _, units in runs}:
        others = [runs[remedy, units] for remedy in REMEDIES - {"more_data"}]
        assert runs["more_data", units].result("val_accuracy") > max(run.result("val_accuracy") for run in others)
        assert min(runs["more_data", units].val_loss) < min(min(run.val_loss) for run in others)
    assert runs["more_data", widest].result("val_loss") > 1.4 * min(runs["more_data", widest].val_loss)
    assert about()["more_samples"] == 8 * about()["samples"]
    narrow = min(units for _, units in runs)
    assert runs["dropout", narrow].result("val_loss") > runs["plain", narrow].result("val_loss")
