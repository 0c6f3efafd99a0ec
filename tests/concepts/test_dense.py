import numpy as np

from lib.concepts.dense import dense, largest_terms, terms_at


def test_the_terms_of_a_unit_add_up_to_its_number():
    rng = np.random.default_rng(0)
    values, kernel = rng.normal(size=784).astype(np.float32), rng.normal(size=(784, 10)).astype(np.float32)
    sums = [terms_at(values, kernel, unit).sum() for unit in range(10)]
    np.testing.assert_allclose(sums, dense(values, kernel), rtol=1e-4, atol=1e-4)


def test_the_weightiest_terms_come_first_and_nothings_are_left_out():
    assert largest_terms(np.array([0, 3, -5, 0, 1], np.float32), count=4) == [2, 1, 4]
