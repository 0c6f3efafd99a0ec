import numpy as np
import pytest

from lib.concepts.cell_walk import answers
from lib.concepts.forward import check_weights
from lib.data.fitted.sentence_weights import CELLS, PATH, VOCABULARY, sentence_model, sentence_weights
from lib.data.preparing import prepare
from lib.specs.data import DataSpec


@pytest.fixture(scope="module")
def parts():
    return prepare(DataSpec(dataset="movies", vocabulary=VOCABULARY, length=40), 0.1)


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
def test_the_networks_are_as_often_right_as_the_file_says(cell, parts):
    learned = sentence_weights()
    said = answers(sentence_model(cell, 40), learned.weights[cell], parts.test.x)
    assert len(said) == learned.about["test_sentences"]
    assert ((said > 0.5) == parts.test.y).mean() == pytest.approx(learned.accuracy[cell], abs=0.001)
    assert learned.accuracy[cell] > 0.73


@pytest.mark.parametrize("cell", CELLS)
def test_the_weights_fit_their_model(cell):
    check_weights(sentence_model(cell, 12), sentence_weights().weights[cell])


def test_the_vocabulary_comes_from_the_training_sentences(parts):
    assert sentence_weights().vocabulary == parts.reading.vocabulary


def test_nobody_can_change_the_shared_weights():
    with pytest.raises(ValueError, match="read-only"):
        sentence_weights().weights["GRU"]["gru/kernel"][0, 0] = 1


def test_the_file_is_small_and_holds_no_python_objects():
    assert PATH.stat().st_size <= 200_000
    with np.load(PATH, allow_pickle=False) as file:
        assert {file[name].dtype.str for name in file} <= {"<f2", "|u1"}
