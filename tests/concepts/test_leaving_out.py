import numpy as np
from helpers.keras_twins import keras_twin, random_weights

from lib.arrays import pack
from lib.concepts.leaving_out import answers, with_means
from lib.specs.codec import model_to_dict
from lib.specs.layers.known import LSTM, Dense, Embedding
from lib.specs.model import ModelSpec
from lib.worker import leaving_out

READER = ModelSpec((4,), (Embedding(input_dim=9), LSTM(units=3), Dense(units=2, activation="softmax")))
ROWS = np.array([[0, 3, 5, 8], [0, 0, 5, 8], [0, 0, 3, 8]], np.int32)


def test_each_answer_is_keras_own():
    weights = random_weights(READER)
    said = np.asarray(keras_twin(READER, weights)(ROWS))
    np.testing.assert_allclose(answers(READER, weights, ROWS), said, atol=1e-6)


def test_a_worker_says_the_same_of_plain_data():
    weights = random_weights(READER)
    told = leaving_out.answers(model_to_dict(READER), pack(weights), ROWS)
    np.testing.assert_array_equal(told, answers(READER, weights, ROWS))


def test_only_one_column_at_a_time_has_its_mean_and_the_row_stays_as_it_is():
    row, means = np.array([1, 2, 3], np.float32), np.array([7, 8, 9], np.float32)
    rows = with_means(row, means)
    assert rows.tolist() == [[7, 2, 3], [1, 8, 3], [1, 2, 9]]
    assert row.tolist() == [1, 2, 3]
