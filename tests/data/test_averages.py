import numpy as np

from lib.data.averages import class_averages, nearest_average
from lib.data.parts import Part


def test_the_average_of_a_class_is_the_mean_of_its_images_and_a_class_without_any_is_black():
    x = np.array([10, 20, 31, 200], np.uint8).reshape(4, 1, 1, 1).repeat(2, axis=2)
    averages = class_averages(Part(x, np.array([0, 0, 0, 2], np.uint8)), 3)
    assert averages.shape == (3, 1, 2, 1)
    assert averages[:, 0, 0, 0].tolist() == [20, 0, 200]


def test_the_nearest_average_has_the_smallest_root_of_the_mean_squared_difference():
    averages = np.array([0, 255, 51], np.uint8).reshape(3, 1, 1, 1)
    nearest, distances = nearest_average(np.full((1, 1, 1), 102, np.uint8), averages)
    assert nearest == 2
    np.testing.assert_allclose(distances, [0.4, 0.6, 0.2])
