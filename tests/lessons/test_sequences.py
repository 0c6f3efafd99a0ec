import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts.cell_walk import answers
from lib.data.fitted.sentence_weights import CELLS, VOCABULARY
from lib.data.preparing import prepare
from lib.data.text import tokenise
from lib.figures.learn.sequences import make_row
from lib.specs.data import DataSpec
from lib.ui.learn.sequences.networks import bundled

PAGE = "sequences"
FIRST, SECOND = "The acting is good but the story is bad", "The story is bad but the acting is good"


def read(cell, sentence, length=12, padding="pre", truncating="pre"):
    """The row, and the probability of praise."""
    network = bundled(cell, length, padding, truncating)
    row = make_row(tokenise(sentence), network.vocabulary, length, padding, truncating)
    return row, float(answers(network.model, network.weights, row.ids[None])[0])


def praise(cell, sentence, **reading):
    return read(cell, sentence, **reading)[1]


def test_experiment_1_the_simple_rnn_listens_to_the_end_and_the_lstm_to_the_beginning():
    experiment(PAGE, 1, f"*{FIRST}*", f"*{SECOND}*")
    passage("sequences.task_1_rnn_good", "it listens more to the end")
    passage("sequences.task_1_lstm_good", "it prefers what came first")
    assert praise("SimpleRNN", FIRST) < 0.5 < praise("SimpleRNN", SECOND)
    assert praise("LSTM", FIRST) > 0.5 > praise("LSTM", SECOND)
    assert sorted(tokenise(FIRST)) == sorted(tokenise(SECOND))  # an average of their vectors is the same


@pytest.mark.parametrize("cell", CELLS)
def test_experiment_2_not_lowers_good_and_bad(cell):
    experiment(PAGE, 2, "*good* and *not good*, then *bad* and *not bad*")
    passage("sequences.task_2_bad", "For all three cells, *not* lowers both")
    assert praise(cell, "not good") < praise(cell, "good")
    assert praise(cell, "not bad") < praise(cell, "bad")
    assert len(CELLS) == 3


@pytest.mark.parametrize("cell", CELLS)
def test_experiment_3_what_is_cut_off_turns_the_answer_round(cell):
    experiment(PAGE, 3, f"*{FIRST}*", "length to 4", "`pre`, then to `post`")
    passage("sequences.task_3_start", "its answer turns round")
    end, end_praise = read(cell, FIRST, length=4, truncating="pre")
    start, start_praise = read(cell, FIRST, length=4, truncating="post")
    assert (end.words, start.words) == (("the", "story", "is", "bad"), ("the", "acting", "is", "good"))
    assert end_praise < 0.5 < start_praise


@pytest.mark.parametrize("cell", CELLS)
def test_answer_1_the_end_of_the_padding_changes_nothing(cell):
    answer(PAGE, 1, "Nothing", "the cell skips the marked steps", right=True)
    assert praise(cell, "good film", padding="post") == praise(cell, "good film", padding="pre")
    assert bundled(cell, 12, "pre", "pre").model.layers[0].mask_zero


@pytest.mark.parametrize("cell", CELLS)
def test_answer_2_without_the_mask_zeros_at_the_end_would_change_it(cell):
    answer(PAGE, 2, "It changes", "in a network without the mask")
    network = bundled(cell, 12, "post", "pre")
    first, *rest = network.model.layers
    unmasked = type(network.model)(network.model.input_shape, (type(first)(first.input_dim, first.output_dim), *rest))
    row, masked = read(cell, "good film", padding="post")
    assert abs(float(answers(unmasked, network.weights, row.ids[None])[0]) - masked) > 0.05


def test_answer_3_padding_keeps_the_order():
    answer(PAGE, 3, "It turns round", "keeps their order")
    for end in ("pre", "post"):
        row, _ = read("LSTM", "good film", padding=end)
        assert [word for word in row.words if word != "[PAD]"] == ["good", "film"]


@pytest.mark.slow
def test_a_shorter_row_is_judged_worse_than_the_length_that_was_measured():
    passage("sequences.judged", "in rows of {length} ids", "Guessing would reach 50%")
    passage("sequences.judged_shorter", "the network is right less often")
    assert bundled("GRU", 12, "pre", "pre").measured_length == 40
    right = []
    for length in (40, 8):
        test = prepare(DataSpec(dataset="movies", vocabulary=VOCABULARY, length=length), 0.1).test
        network = bundled("GRU", length, "pre", "pre")
        said = answers(network.model, network.weights, test.x[:400]) > 0.5
        right.append(float(np.mean(said == test.y[:400])))
        assert np.mean(test.y) == pytest.approx(0.5, abs=0.02)
    assert right[0] > right[1] + 0.03


def test_all_unknown_words_are_id_1():
    passage("sequences.unknown", "one and the same unknown word, id 1")
    row, _ = read("LSTM", "Donaudampfschiff Rindfleisch")
    assert row.ids[-2:].tolist() == [1, 1]
