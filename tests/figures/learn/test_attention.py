"""What the page's component is sent is enough for every sum, and the sums are those of the network."""

import base64

import numpy as np
import pytest
from helpers.keras_twins import random_weights

from lib.concepts.attention import Variant, cell_sum
from lib.concepts.attention_walk import walk
from lib.concepts.normalization import layer_normalization
from lib.data.fitted.attention_weights import attention_model, attention_weights
from lib.data.text import Vocabulary, tokenise
from lib.figures.learn.attention import attention_data, logit_layer, places_data, shown_steps
from lib.figures.learn.sequences import make_row
from lib.specs.layers.known import Dense, Embedding, GlobalAveragePooling1D, PositionEmbedding, TransformerBlock
from lib.specs.model import ModelSpec

TEXT = "the acting is good but the donaudampfschiff is bad"
SIGMOID = Dense(units=1, activation="sigmoid")
VARIANTS = [
    Variant(), Variant(causal=True), Variant(temperature=0.5), Variant(uniform=True), Variant(heads_off=(1,)),
    Variant(causal=True, temperature=2.5, heads_off=(0,)), Variant(causal=True, uniform=True),
]  # fmt: skip


def random_network(length, mask_zero):
    model = ModelSpec(
        (length,),
        (
            Embedding(input_dim=60, output_dim=6, mask_zero=mask_zero), PositionEmbedding(),
            TransformerBlock(num_heads=3, key_dim=4, intermediate_dim=5), GlobalAveragePooling1D(), SIGMOID,
        ),
    )  # fmt: skip
    return model, random_weights(model, seed=2), Vocabulary(tuple(f"w{number}" for number in range(58)))


def sent(model, weights, row, head, variant, padding=False):
    """What the component gets, unpacked; the walk; and the name of the block."""
    (block,) = [name for name in model.layer_names() if name.startswith("transformer")]
    walked = walk(model, weights, row.ids, variant)
    shown = shown_steps(row, walked.mask is not None, padding)
    data = attention_data(model, weights, walked, block, head, variant, row, shown, "words", ("no", "yes"))
    return unpacked(data), walked, block, shown


def unpacked(data):
    return {
        name: np.frombuffer(base64.b64decode(value["data"]), "<f4").reshape(value["shape"]).astype(float)
        if isinstance(value, dict) and "shape" in value
        else unpacked(value) if isinstance(value, dict) else value
        for name, value in data.items()
    }  # fmt: skip


def by_hand(data, row, column):
    """The sums of one cell and what follows from its row, from the sent numbers alone."""
    asks, head = data["rows"][row], data["head"]
    products = data["key"] @ data["query"][asks]
    scores = products / (data["root"] * data["temperature"])
    allowed = np.array(list(data["allowed"][row])) == "1"
    powers = np.where(allowed, np.exp((0 if data["uniform"] else scores) - data["largest"][row]), 0)
    shares = powers / (powers.sum() + data["restTotal"][row])
    mixed = np.zeros(data["value"].shape[1]) if data["off"] else shares @ data["value"] + data["restMixed"][row]
    joined = data["joined"][asks].copy()
    joined[head * len(mixed) : (head + 1) * len(mixed)] = mixed
    attended = data["inputs"][asks] + joined @ data["outputKernel"] + data["outputBias"]
    first = layer_normalization(attended, data["firstGamma"], data["firstBeta"])
    inner = np.maximum(first @ data["innerKernel"] + data["innerBias"], 0)
    summed = first + inner @ data["outerKernel"] + data["outerBias"]
    return products[column], scores[column], shares[column], layer_normalization(
        summed, data["secondGamma"], data["secondBeta"]
    )  # fmt: skip


NETWORKS = {
    "shipped": lambda: (attention_model(), attention_weights().weights, attention_weights().vocabulary, TEXT),
    "unmasked": lambda: (*random_network(12, False), "w1 w2 w3 w4"),
    "long": lambda: (*random_network(50, True), " ".join(f"w{number % 58}" for number in range(48))),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_arithmetic_of_random_cells_adds_up_to_the_networks_own_numbers(name):
    model, weights, vocabulary, text = NETWORKS[name]()
    row = make_row(tokenise(text), vocabulary, model.input_shape[0], "pre", "pre")
    rng = np.random.default_rng(0)
    for variant in VARIANTS:
        head = int(rng.integers(2))
        data, walked, block, shown = sent(model, weights, row, head, variant, padding=bool(rng.integers(2)))
        steps = walked.blocks[block]
        for _ in range(15):
            asks, seen = int(rng.integers(len(shown.asking))), int(rng.integers(len(shown.columns)))
            product, score, share, output = by_hand(data, asks, seen)
            cell = cell_sum(steps.attention, head, shown.asking[asks], shown.columns[seen], variant)
            told = (cell.product, cell.score, cell.weight) if cell.allowed else (cell.product, score, 0.0)
            assert (product, score, share) == pytest.approx(told, abs=1e-5)
            np.testing.assert_allclose(output, steps.output[shown.asking[asks]], atol=2e-4)
        means = (data["outputs"][data["rows"]].sum(axis=0) + data["restPooled"]) / data["counted"]
        logit = means @ data["tail"]["kernel"][:, 0] + data["tail"]["bias"][0]
        assert 1 / (1 + np.exp(-logit)) == pytest.approx(float(walked.outputs[-1][0]), abs=1e-5)


def test_the_numbers_of_query_key_and_value_come_from_what_goes_in():
    model, weights, vocabulary, text = NETWORKS["shipped"]()
    row = make_row(tokenise(text), vocabulary, 32, "pre", "pre")
    data, *_ = sent(model, weights, row, 1, Variant())
    for part, name in enumerate(("query", "key", "value")):
        sums = data["inputs"] @ data["projection"][part] + data["projectionBias"][part]
        np.testing.assert_allclose(sums, data[name], atol=1e-5)


def test_words_padding_and_what_has_no_column():
    model, weights, vocabulary, text = NETWORKS["shipped"]()
    row = make_row(tokenise(text), vocabulary, 32, "pre", "pre")
    data, *_ = sent(model, weights, row, 0, Variant(), padding=True)
    assert [column["word"] for column in data["columns"]] == ["[PAD]"] * 3 + tokenise(text)
    assert [column["kind"] for column in data["columns"]][3:].count("unknown") == 1
    assert [column["step"] for column in data["columns"]][:4] == [20, 21, 22, 23]
    assert set(data["allowed"]) == {"000" + "1" * 9}
    plain, *_ = sent(model, weights, row, 0, Variant())
    assert (len(plain["columns"]), plain["hidden"], plain["counted"]) == (9, 0, 9)
    model, weights, vocabulary, text = NETWORKS["long"]()
    data, *_ = sent(model, weights, make_row(tokenise(text), vocabulary, 50, "post", "post"), 0, Variant())
    assert (len(data["rows"]), data["hidden"], data["counted"]) == (40, 8, 48)


def test_the_logit_is_written_out_where_only_a_mean_stands_between():
    names = random_network(5, True)[0].layer_names()
    assert logit_layer(random_network(5, True)[0], names[2]) == names[-1]
    first = (Embedding(input_dim=9), TransformerBlock(), TransformerBlock(), GlobalAveragePooling1D())
    two = ModelSpec((5,), (*first, SIGMOID))
    assert [logit_layer(two, name) for name in two.layer_names()[1:3]] == [None, two.layer_names()[-1]]
    deeper = ModelSpec((5,), (*first, Dense(units=3), SIGMOID))
    assert logit_layer(deeper, deeper.layer_names()[2]) is None


def test_the_rows_for_places_are_sent_as_they_are_with_a_range_that_has_zero_in_its_middle():
    table = np.array([[0.5, -2.0], [1.0, 0.25]], np.float32)
    data = unpacked(places_data(table, "two rows"))
    assert data["values"].tolist() == table.tolist()
    assert (data["names"], data["range"], data["label"]) == (["word 0", "word 1"], [-2, 2], "two rows")
    assert places_data(0 * table, "")["range"] == [-1, 1]
