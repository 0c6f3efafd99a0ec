import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest

from lib.concepts.softmax import softmax_steps


def test_softmax_gives_what_keras_gives_at_every_temperature():
    rng = np.random.default_rng(0)
    for _ in range(200):
        logits = (rng.normal(size=rng.integers(2, 15)) * 10.0 ** rng.integers(-2, 4)).astype(np.float32)
        temperature = float(rng.uniform(0.1, 10))
        theirs = keras.ops.softmax((logits / temperature).astype(np.float32))
        ours = softmax_steps(logits, temperature)
        np.testing.assert_allclose(ours.probabilities, np.asarray(theirs), rtol=1e-5, atol=1e-7)


def test_each_step_follows_from_the_one_before():
    steps = softmax_steps(np.array([1, 4, -2], np.float32), temperature=2)
    assert steps.scaled.tolist() == [0.5, 2, -1]
    assert steps.shifted.tolist() == [-1.5, 0, -3]
    np.testing.assert_allclose(steps.exponentials, [0.22313016, 1, 0.04978707], rtol=1e-6)
    assert steps.total == pytest.approx(1.27291723)
    np.testing.assert_allclose(steps.probabilities, steps.exponentials / 1.27291723, rtol=1e-6)


def test_huge_scores_neither_overflow_nor_lose_their_order():
    with np.errstate(over="raise", invalid="raise"):
        steps = softmax_steps(np.array([1000, 999, -1000], np.float32), temperature=0.1)
    assert steps.probabilities.argsort().tolist()[-1] == 0
    assert steps.probabilities.sum() == pytest.approx(1)


def test_warmth_makes_probabilities_alike_and_cold_makes_one_win():
    logits = np.array([2, 1, 0], np.float32)
    largest = [softmax_steps(logits, temperature).probabilities.max() for temperature in (0.1, 1, 10)]
    assert largest == sorted(largest, reverse=True)
    assert largest[0] > 0.99
    assert largest[2] < 0.4


@pytest.mark.parametrize(("logits", "temperature"), [([1], 0), ([1], -1), ([1], float("nan")), ([], 1)])
def test_a_temperature_that_cannot_be_or_no_logits_are_refused(logits, temperature):
    with pytest.raises(ValueError, match=r"temperature must be above 0|at least one"):
        softmax_steps(np.array(logits, np.float32), temperature)


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_logits_that_are_no_numbers_are_refused(odd):
    with pytest.raises(ValueError, match="finite logits"):
        softmax_steps(np.array([1, odd], np.float32))
