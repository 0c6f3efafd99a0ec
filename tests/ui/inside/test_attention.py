"""What a person sees of a block inside a network: any head, any part, only the words, and attention done otherwise."""

import base64
import json

import numpy as np
import pytest
from helpers.app_tests import opened_script, run

from lib.concepts.attention import Variant
from lib.concepts.attention_walk import walk
from lib.concepts.forward import weight_shapes
from lib.specs.codec import to_json
from lib.specs.data import DataSpec
from lib.specs.layers.known import Dense, Embedding, GlobalAveragePooling1D, PositionEmbedding, TransformerBlock
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

LAYERS = (
    Embedding(input_dim=100, output_dim=6, mask_zero=True), PositionEmbedding(), TransformerBlock(num_heads=3),
    GlobalAveragePooling1D(), Dense(units=1, activation="sigmoid"),
)  # fmt: skip
RUN = RunSpec(
    DataSpec("movies", vocabulary=100, length=5), ModelSpec((5,), LAYERS), TrainSpec(loss="binary_crossentropy")
)
ROW = [0, 7, 3, 9, 5]
SCRIPT = f"""
import numpy as np
from lib.concepts.forward import forward, weight_shapes
from lib.specs.codec import from_json
from lib.ui.inside.attention import looking, positions
run = from_json({to_json(RUN)!r})
rng = np.random.default_rng(0)
weights = {{n: rng.normal(size=s).astype(np.float32) for n, s in weight_shapes(run.model).items()}}
row = np.array({ROW}, np.float32)
passed = [row, *forward(run.model, weights, row)]
mask = row != 0
looking(run, weights, passed, "transformer_block", mask, ("[PAD]", "not", "a", "good", "film"))
positions(passed[1], passed[2], mask, ())
"""


def walked(variant=Variant(), positions=True):  # noqa: B008 - frozen
    rng = np.random.default_rng(0)
    weights = {n: rng.normal(size=s).astype(np.float32) for n, s in weight_shapes(RUN.model).items()}
    return walk(RUN.model, weights, np.array(ROW), variant, positions), weights


def charts(page):
    """The numbers of the matrix, of the part and of the positions; plotly sends them as base64 of a typed array."""
    for chart in page.get("plotly_chart"):
        sent = json.loads(chart.proto.spec)["data"][0]["z"]
        raw = np.frombuffer(base64.b64decode(sent["bdata"]), sent["dtype"])
        yield raw.reshape([int(side) for side in sent["shape"].split(",")])


def assert_shows(page, attention, part, head=0):
    matrix, vectors, _ = charts(page)
    np.testing.assert_allclose(matrix, attention.weights[head][1:, 1:], atol=1e-5)
    np.testing.assert_allclose(vectors, part[1:], atol=1e-5)


def test_each_head_and_part_can_be_chosen_and_stands_in_the_address():
    (ours, weights), page = walked(), opened_script(SCRIPT)
    steps = ours.blocks["transformer_block"]
    assert_shows(page, steps.attention, steps.attention.output)
    added = list(charts(page))[2]
    np.testing.assert_allclose(added, weights["position_embedding/table_embeddings"][:4], atol=1e-5)
    page.segmented_control(key="inside_head").set_value(2)
    page.selectbox(key="inside_part").set_value("normalized")
    run(page)
    assert_shows(page, steps.attention, steps.normalized, 2)
    assert page.query_params["head"] == "2"
    assert page.query_params["part"] == "normalized"
    assert not [each.value for each in page.caption if "After this change" in each.value]


@pytest.mark.parametrize(
    ("query", "variant", "positions"),
    [
        ({"looks": "uniform"}, Variant(uniform=True), True),
        ({"looks": "causal", "temperature": "5"}, Variant(causal=True, temperature=5), True),
        ({"head_off": "1"}, Variant(heads_off=(1,)), True),
        ({"places": "untold"}, Variant(), False),
    ],
)
def test_what_is_done_otherwise_comes_from_the_address_and_its_answer_is_told(query, variant, positions):
    ours = walked(variant, positions)[0]
    page = opened_script(SCRIPT, **query)
    steps = ours.blocks["transformer_block"]
    assert_shows(page, steps.attention, steps.attention.output)
    before, after = (float(each.outputs[-1][0]) for each in (walked()[0], ours))
    name, shares = ("positive", (before, after)) if before > 0.5 else ("negative", (1 - before, 1 - after))
    (told,) = (each.value for each in page.caption if "After this change" in each.value)
    assert f"**{name}** with {shares[0]:.2%}" in told
    assert told.endswith(f"with {shares[1]:.2%}.")


@pytest.mark.parametrize("head", ["99", "-1", "1e30", "first"])
def test_a_head_that_is_not_there_gives_the_first_one_and_nonsense_is_as_trained(head):
    page = opened_script(SCRIPT, head=head, head_off=head, part="nonsense", looks="up", temperature="1e30")
    steps = walked()[0].blocks["transformer_block"]
    assert_shows(page, steps.attention, steps.attention.output)
