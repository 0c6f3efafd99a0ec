import numpy as np
import pytest

from lib.concepts.attention import Variant
from lib.concepts.attention_walk import walk
from lib.concepts.forward import check_weights
from lib.data.fitted.attention_weights import LENGTH, PATH, VOCABULARY, attention_model, attention_weights
from lib.data.preparing import prepare
from lib.specs.data import DataSpec

EVERY = 2


@pytest.fixture(scope="module")
def parts():
    return prepare(DataSpec(dataset="movies", vocabulary=VOCABULARY, length=LENGTH), 0.1)


def share_right(part, **otherwise):
    learned = attention_weights()
    said = [walk(attention_model(), learned.weights, row, **otherwise).outputs[-1][0] > 0.5 for row in part[0]]
    return np.mean(said == part[1])


@pytest.mark.slow
def test_the_network_is_as_often_right_as_the_file_says(parts):
    learned, test = attention_weights(), parts.test
    assert learned.about["test_sentences"] == len(test.y)
    assert share_right((test.x, test.y)) == pytest.approx(learned.accuracy, abs=0.001)
    few = test.x[::EVERY], test.y[::EVERY]
    assert share_right(few, variant=Variant(uniform=True)) == pytest.approx(learned.uniform_accuracy, abs=0.03)
    assert share_right(few, positions=False) == pytest.approx(learned.unordered_accuracy, abs=0.03)
    assert 0.74 < learned.uniform_accuracy < learned.unordered_accuracy < learned.accuracy


def test_the_weights_fit_their_model_and_nobody_can_change_them():
    learned = attention_weights()
    check_weights(attention_model(), learned.weights)
    with pytest.raises(ValueError, match="read-only"):
        next(iter(learned.weights.values()))[0] = 1


def test_the_vocabulary_comes_from_the_training_sentences(parts):
    assert attention_weights().vocabulary == parts.reading.vocabulary


def test_the_file_is_small_and_holds_no_python_objects():
    assert PATH.stat().st_size <= 300_000
    with np.load(PATH, allow_pickle=False) as file:
        assert {file[name].dtype.str for name in file} <= {"<f2", "|u1"}
