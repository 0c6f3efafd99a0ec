"""t-SNE piece by piece, against scikit-learn's in one go on the same images."""

import numpy as np
import pytest
from sklearn.manifold import TSNE, trustworthiness
from threadpoolctl import threadpool_limits

from lib.concepts.pca import components
from lib.data.loading import load
from lib.worker import tsne

SAMPLES = 120


@pytest.mark.slow
def test_pieces_come_as_near_to_the_neighbours_as_one_go_and_each_goes_on_from_the_last():
    values = load("mnist").test.x[:SAMPLES].reshape(SAMPLES, -1) / np.float32(255)
    parts = components(values, 20).places(values)
    first = tsne.improved(parts, None)
    second = tsne.improved(parts, first)
    third = tsne.improved(parts, second)
    np.testing.assert_array_equal(second, tsne.improved(parts, first))
    with threadpool_limits(1):
        usual = TSNE(init="pca", random_state=0, max_iter=500).fit_transform(parts)
    assert trustworthiness(parts, third) > trustworthiness(parts, usual) - 0.02
    # The last piece moves the samples less than the one before it, whose places it begins with.
    assert np.abs(third - second).mean() < np.abs(second - first).mean()


def test_few_samples_with_one_number_each_are_laid_out():
    assert np.isfinite(tsne.improved(np.arange(5, dtype=np.float32)[:, None], None)).all()
    assert np.isfinite(tsne.improved(np.zeros((6, 2), np.float32), None)).all()
