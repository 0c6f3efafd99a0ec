"""The network on Home does what its file says."""

import numpy as np
import pytest

from lib.concepts.forward import forward
from lib.data.fitted.home_network import MODEL, home_network
from lib.data.loading import load


@pytest.mark.slow
def test_it_is_right_for_as_many_test_digits_as_the_file_says():
    network, test = home_network(), load("mnist").test
    right = [
        forward(MODEL, network.weights, image / np.float32(255))[-1].argmax() == label
        for image, label in zip(test.x, test.y, strict=True)
    ]
    assert abs(np.mean(right) - network.accuracy) <= 1 / len(test)
    assert network.accuracy > 0.97


def test_its_digits_are_the_first_of_each_class():
    network, test = home_network(), load("mnist").test
    for digit, label in zip(network.digits, network.labels, strict=True):
        assert np.array_equal(digit, test.x[np.flatnonzero(test.y == label)[0], :, :, 0])
    assert not network.digits.flags.writeable
