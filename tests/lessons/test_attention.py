import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts.attention import Variant
from lib.concepts.attention_walk import walk
from lib.data.fitted.attention_weights import attention_model, attention_weights
from lib.data.text import tokenise
from lib.figures.learn.sequences import make_row
from lib.specs.tasks.known import TASKS
from lib.ui.learn.attention.controls import DEFAULT

PAGE = "attention"
SHUFFLED = "story bad is the acting but good the is"


def read(sentence, positions=True, **variant):
    """The probability of praise, and each head's shares."""
    learned = attention_weights()
    row = make_row(tokenise(sentence), learned.vocabulary, 32, "pre", "pre")
    walked = walk(attention_model(), learned.weights, row.ids, Variant(**variant), positions)
    (steps,) = walked.blocks.values()
    return float(walked.outputs[-1][0]), steps.attention.weights[:, walked.mask][:, :, walked.mask]


def test_experiment_1_the_causal_mask_turns_the_answer():
    experiment(PAGE, 1, "Switch on the causal mask")
    passage("attention.task_1_turned", "no longer sees “bad”", "the answer turns to praise", "only one cell")
    (trained, _), (causal, shares) = read(DEFAULT), read(DEFAULT, causal=True)
    assert trained < 0.5 < causal
    assert tokenise(DEFAULT)[-1] == "bad"
    assert shares[0, 0].tolist() == [1] + [0] * 8


def test_experiment_2_below_1_the_largest_wins_and_above_1_all_become_alike():
    experiment(PAGE, 2, "Set the temperature to 0.2, then to 5", "near to uniform attention")
    passage("attention.task_2_cold", "Below 1 the largest share wins: nearly all of a row")
    passage("attention.task_2_hot", "Above 1 all shares become alike", "near to that of uniform attention")
    cold, usual, hot = (read(DEFAULT, temperature=each)[1] for each in (0.2, 1.0, 5.0))
    assert (cold.max(axis=-1) >= usual.max(axis=-1)).all()
    assert (usual.max(axis=-1) >= hot.max(axis=-1)).all()
    even = read(DEFAULT, uniform=True)
    assert abs(hot - even[1]).max() < 0.1 < abs(cold - even[1]).max()
    assert abs(read(DEFAULT, temperature=5.0)[0] - even[0]) < abs(read(DEFAULT, temperature=0.2)[0] - even[0])


def test_experiment_3_without_places_the_order_does_not_matter():
    experiment(PAGE, 3, "The places are not told now", "Then tell the places")
    passage("attention.task_3_moves", "With places the order counts, though only a little")
    assert sorted(SHUFFLED.split()) == sorted(tokenise(DEFAULT))
    assert read(SHUFFLED, positions=False)[0] == pytest.approx(read(DEFAULT, positions=False)[0], abs=1e-5)
    assert 0.01 < abs(read(SHUFFLED)[0] - read(DEFAULT)[0]) < 0.1


def test_experiment_4_attention_and_leaving_out_name_different_words():
    experiment(PAGE, 4, "one word gets most attention", "another one moves the answer most when it is left out")
    words = tokenise(TASKS["attention"][3].sightings[0].address["sentence"])
    usual, shares = read(" ".join(words))
    without = [read(" ".join(words[:place] + words[place + 1 :]))[0] - usual for place in range(len(words))]
    assert words[int(shares.mean(axis=(0, 1)).argmax())] == "despite"
    assert words[int(np.abs(without).argmax())] == "moving"


def test_answer_1_uniform_attention_is_right_nearly_as_often():
    answer(PAGE, 1, "Nearly as often as before", "74.3%", "75.6%", right=True)
    learned = attention_weights()
    assert (f"{learned.uniform_accuracy:.1%}", f"{learned.accuracy:.1%}") == ("74.3%", "75.6%")


def test_answer_2_the_words_own_numbers_go_past_attention():
    answer(PAGE, 2, "About half of the time", "on the residual connection")
    assert attention_weights().uniform_accuracy > 0.7


def test_answer_3_even_shares_are_shares():
    answer(PAGE, 3, "Never", "Even shares are shares")
    np.testing.assert_allclose(read(DEFAULT, uniform=True)[1], 1 / 9, rtol=1e-5)


def test_counted_words_do_better_than_this_network():
    passage("attention.judged", "Counting words without any order reaches 77%")
    assert 0.5 < attention_weights().accuracy < 0.7729
