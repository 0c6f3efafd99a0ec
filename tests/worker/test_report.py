"""What a report shows is what the run was: its answers, kernels and maps after each kept epoch."""

import base64
import json

import numpy as np
import pytest

from lib.arrays import pack
from lib.concepts.forward import forward
from lib.data.preparing import prepare
from lib.export.report import PASSAGES, report
from lib.specs.codec import from_query, to_dict
from lib.worker import tasks
from lib.worker.build import build_model
from lib.worker.report import MOST_MAPS, content
from lib.worker.weights import get_weights

TOLD = {"title": "A run", "texts": dict.fromkeys(PASSAGES, "text"), "figures": [["Test loss", "1"]], "points": []}
NUMBER = 5
ASKED = {
    "maps": {
        "dataset": "mnist", "layers": "Conv2D(filters=20);MaxPooling2D;Flatten;Dense(units=10,activation=softmax)",
    },
    "colours": {"dataset": "cifar10", "layers": "Conv2D(filters=4);Flatten;Dense(units=10,activation=softmax)"},
    "branches": {"dataset": "mnist", "layers": "ParallelConv2D;Flatten;Dense(units=10,activation=softmax)"},
    "units": {"dataset": "mnist", "layers": "Flatten;Dense(units=12);Dense(units=10,activation=softmax)"},
    "sentences": {
        "dataset": "movies", "vocabulary": "500", "length": "20", "loss": "binary_crossentropy", "samples": "500",
        "layers": "Embedding(input_dim=500,output_dim=4);GlobalAveragePooling1D;Dense(units=1,activation=sigmoid)",
    },
    "wines": {"dataset": "wine", "layers": "Dense(units=3,activation=softmax)"},
    "plane": {
        "dataset": "points", "points_kind": "regression_plane", "loss": "mean_squared_error",
        "layers": "Dense(units=1,activation=linear)",
    },
}  # fmt: skip


def levels(gallery, step):
    shape = (gallery["count"], *gallery["shape"])
    return np.frombuffer(base64.b64decode(gallery["levels"][step]), np.uint8).reshape(shape)


@pytest.fixture(params=ASKED)
def made(request):
    """A run, weights of two epochs, its outputs for the first test samples, and the report's content."""
    run = from_query(ASKED[request.param])
    kept = [(epoch, get_weights(build_model(run.model, seed=epoch + 10))) for epoch in (2, 4)]
    data = prepare(run.data, run.training.validation_split)
    last = [forward(run.model, kept[1][1], data.scaling.apply(row))[-1] for row in data.test.x[:30]]
    outputs = np.stack(last)
    outputs = np.hstack([1 - outputs, outputs]) if run.binary else outputs
    outputs = np.concatenate([outputs, np.repeat(outputs[:1], len(data.test) - 30, axis=0)])
    return request.param, run, kept, data, outputs, content(run, TOLD, kept, outputs, NUMBER)


@pytest.mark.slow
def test_the_time_machine_begins_with_the_first_weights_and_ends_with_what_the_run_said(made):
    kind, run, _, data, outputs, shown = made
    machine = shown["machine"]
    assert machine["epochs"] == [0, 2, 4]
    np.testing.assert_allclose(machine["answers"][2], outputs[NUMBER], atol=1e-5)
    first = get_weights(build_model(run.model, run.training.seed))
    answer = forward(run.model, first, data.scaling.apply(data.test.x[NUMBER]))[-1]
    np.testing.assert_allclose(machine["answers"][0][-len(answer) :], answer, atol=1e-5)
    assert (machine["kernels"] is not None) == (kind in ("maps", "colours", "units"))
    assert bool(machine["layers"]) == (kind in ("maps", "colours", "branches"))


@pytest.mark.slow
def test_pictures_are_the_numbers_in_256_steps(made):
    kind, run, kept, data, _, shown = made
    machine = shown["machine"]
    if kind in ("maps", "colours"):
        kernel = np.moveaxis(kept[1][1]["conv2d/kernel"], -1, 0)
        found = levels(machine["kernels"], 2) / 127.5 - 1
        assert np.corrcoef(found.ravel(), kernel.ravel())[0, 1] > 0.999
    if kind == "units":
        assert machine["kernels"]["shape"] == [28, 28, 1]
        assert machine["kernels"]["count"] == 12
    if kind == "maps":
        outputs = forward(run.model, kept[1][1], data.scaling.apply(data.test.x[NUMBER]))[0]
        gallery = machine["layers"][0]
        assert gallery["count"] == MOST_MAPS
        channels = [int(name.split()[1]) for name in gallery["names"]]
        assert set(channels) == set(np.argsort(-outputs.mean(axis=(0, 1)))[:MOST_MAPS].tolist())
        wanted = np.moveaxis(outputs[..., channels], -1, 0)[..., None]
        assert np.abs(levels(gallery, 2) * wanted.max() / levels(gallery, 2).max() - wanted).max() < wanted.max() / 200


@pytest.mark.slow
def test_any_run_becomes_a_page_with_its_samples_its_layers_and_its_counts(made):
    kind, run, kept, data, outputs, shown = made
    assert len(shown["samples"]) == 20
    assert shown["layers"][-1][2] == f"{run.model.parameter_counts()[-1]:,}"
    assert json.loads(shown["json"]) == to_dict(run)
    if run.regression:
        assert shown["predicted"][3] == pytest.approx([data.test.y[3], outputs[3, 0]])
    else:
        assert sum(map(sum, shown["confusion"])) == len(data.test)
        assert shown["samples"][3]["truth"] == data.test.y[3]
    field = {"sentences": "text", "wines": "values", "plane": "values"}.get(kind, "image")
    assert all(sample[field] for sample in shown["samples"])
    packed = [(epoch, pack(weights)) for epoch, weights in kept]
    page = tasks.report(to_dict(run), TOLD, packed, pack({"probabilities": outputs}), NUMBER)
    assert page == report(content(run, TOLD, kept, outputs, NUMBER))
    assert "://" not in page.replace("http://www.w3.org/2000/svg", "").split('id="data"')[0]


@pytest.mark.slow
def test_without_kept_weights_there_is_no_time_machine():
    run = from_query(ASKED["wines"])
    assert content(run, TOLD, [], np.full((44, 3), 1 / 3, np.float32), 0)["machine"] is None
