"""What is asked about an answer: which scores, and with which sign."""

import numpy as np
import pytest

from lib.specs.data import DataSpec
from lib.specs.layers.known import Conv2D, Dense, Flatten, MaxPooling2D
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec
from lib.ui.inside.why_question import Question, digest, fields_before

IMAGE = np.zeros((28, 28, 1), np.float32)


def question(spec, label, other=None):
    return Question(spec, IMAGE.astype(np.uint8), IMAGE, label, other)


def test_a_class_is_asked_about_by_its_own_unit_and_a_difference_by_two():
    model = ModelSpec((28, 28, 1), (Flatten(), Dense(units=10, activation="softmax")))
    spec = RunSpec(DataSpec(dataset="mnist"), model, TrainSpec())
    assert question(spec, 3).direction.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert question(spec, 3, 8).direction.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, -1, 0]
    assert question(spec, 3, 8).units == (3, 8, 1)


@pytest.mark.parametrize(("label", "sign"), [(0, -1), (1, 1)])
def test_one_unit_for_two_classes_speaks_for_the_second_and_against_the_first(label, sign):
    model = ModelSpec((2,), (Dense(units=1, activation="sigmoid"),))
    spec = RunSpec(DataSpec(dataset="points"), model, TrainSpec(loss="binary_crossentropy"))
    assert spec.binary
    assert question(spec, label).direction.tolist() == [sign]
    # The unit's score is already the difference of the two.
    assert question(spec, label, 1 - label).direction.tolist() == [sign]
    assert question(spec, label).units == (0, None, sign)


def test_a_cell_of_the_last_maps_is_the_pixels_that_it_sees_and_of_the_image_one_pixel():
    model = ModelSpec((28, 28, 1), (Conv2D(), MaxPooling2D(), Conv2D(), Flatten(), Dense(), Dense(units=10)))
    assert [(field.size, field.step, field.start) for field in fields_before(model, 3)] == [(8, 2, 0)] * 2
    assert [(field.size, field.step, field.start) for field in fields_before(model, 0)] == [(1, 1, 0)] * 2


def test_other_numbers_are_another_question():
    one, two = np.arange(4.0), np.arange(4.0)
    assert digest(one, IMAGE) == digest(two, IMAGE)
    two[3] = 4
    assert digest(one, IMAGE) != digest(two, IMAGE)
