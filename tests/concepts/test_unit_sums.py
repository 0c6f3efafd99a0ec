import numpy as np
import pytest

from lib.concepts.unit_sums import unit_sums


@pytest.mark.parametrize("named", [1, 10, 784, 2_000])
def test_the_named_products_the_rest_and_the_bias_add_up_to_the_units_number(named):
    random = np.random.default_rng(0)
    values, kernel = random.normal(size=784).astype(np.float32), random.normal(size=(784, 6)).astype(np.float32)
    bias = random.normal(size=6).astype(np.float32)
    sums = unit_sums(values, kernel, bias, named)
    np.testing.assert_allclose(sums.totals, values @ kernel + bias, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(sums.products.sum(axis=1) + sums.rest + bias, sums.totals, rtol=1e-4, atol=1e-4)
    assert sums.others + sums.places.shape[1] == 784
    for unit in range(6):
        weightiest = np.sort(np.abs(values * kernel[:, unit]))[::-1][: sums.places.shape[1]]
        np.testing.assert_allclose(np.abs(sums.products[unit]), weightiest)
