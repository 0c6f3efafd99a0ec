"""A notebook with settings of the training reaches the very weights of its run."""

import dataclasses
import json

import numpy as np
import pytest
from helpers.keras_fit import worker_fit

from lib import events
from lib.engine.runs.snapshot import EpochPoint
from lib.export.notebook import PASSAGES, Trained, notebook
from lib.specs.data import DataSpec
from lib.specs.layers.known import Dense
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
from lib.ui.results import written

pytestmark = pytest.mark.slow
DATA = DataSpec("penguins", scaling="standard")
MODEL = ModelSpec(DATA.input_shape, (Dense(units=6), Dense(units=3, activation="softmax")))
PLAIN = TrainSpec(epochs=10, batch_size=32, learning_rate=0.05, validation_split=0.2)
CASES = {
    "all at once": {
        "schedule": "cosine_decay", "alpha": 0.1, "clipping": "global_clipnorm", "clip_norm": 0.2, "l2": 0.01,
        "label_smoothing": 0.1, "class_weight": "balanced",
    },
    "softmax twice": {"loss": "sparse_categorical_crossentropy", "from_logits": True, "validation_split": 0.0},
    "plateau": {"schedule": "reduce_on_plateau", "plateau_patience": 1, "monitor": "val_accuracy"},
    "early stopping": {"early_stopping": True, "patience": 2, "monitor": "val_accuracy"},
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_notebook_trains_as_the_run_did(name):
    run = RunSpec(DATA, MODEL, dataclasses.replace(PLAIN, **CASES[name]))
    training, told, _ = worker_fit(run)
    points = tuple(
        EpochPoint(e.epoch, e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.seconds, e.learning_rate)
        for e in told
        if isinstance(e, events.Epoch)
    )
    best = training.ending.best_epoch if training.ending and training.ending.best_epoch != points[-1].epoch else 0
    assert (name == "early stopping") == bool(best)
    trained = Trained(points[-1].epoch, 0.5, 0.9, written.changed_rates(points, run.training), best)
    assert bool(trained.rates) == (name == "plateau")
    theirs = _model_of(notebook(run, trained, dict.fromkeys(PASSAGES, "")))
    for ours, other in zip(training.model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours, other, rtol=1e-4, atol=1e-5)


def _model_of(text):
    """The model after a notebook's cells, up to the training."""
    names = {}
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
        if "history" in names:
            return names["model"]
    raise AssertionError("no cell trains")
