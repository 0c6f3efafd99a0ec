import numpy as np
import pytest
from sklearn import metrics as reference

from lib.concepts.metrics import (
    average_precision,
    confusion_matrix,
    mean_absolute_error,
    per_class,
    roc_area,
    sweep_thresholds,
)


@pytest.mark.parametrize("seed", range(5))
def test_counts_and_rates_are_those_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    true, predicted = rng.integers(0, 7, 200), rng.integers(0, 7, 200)
    true[true == 3] = 4  # class 3 never occurs,
    predicted[predicted == 5] = 6  # class 5 is never predicted
    counts = confusion_matrix(true, predicted, 8)  # and class 7 is neither
    assert np.array_equal(counts, reference.confusion_matrix(true, predicted, labels=range(8)))
    rates = per_class(counts)
    expected = reference.precision_recall_fscore_support(true, predicted, labels=range(8), zero_division=0)
    for ours, theirs in zip((rates.precision, rates.recall, rates.f1, rates.support), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_rows_are_true_classes():
    assert confusion_matrix([2, 2], [0, 1], 3).tolist() == [[0, 0, 0], [0, 0, 0], [1, 1, 0]]


def test_no_samples_give_zeros():
    counts = confusion_matrix([], [], 2)
    assert counts.sum() == 0
    assert per_class(counts).f1.tolist() == [0, 0]


@pytest.mark.parametrize(("true", "predicted"), [([0, 3], [0, 0]), ([0], [-1])])
def test_a_label_that_is_no_class_is_refused(true, predicted):
    with pytest.raises(ValueError, match="labels must be from 0 to 2"):
        confusion_matrix(true, predicted, 3)


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="one length"):
        confusion_matrix([0, 1], [0], 2)


def scored(seed, samples=120):
    """Random labels and scores; every second seed has scores that tie often."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 2, samples)
    scores = np.clip(0.3 * true + rng.normal(0.4, 0.3, samples), 0, 1)
    return true, np.round(scores, 1) if seed % 2 else scores


@pytest.mark.parametrize("seed", range(12))
def test_curves_of_two_classes_and_their_areas_are_those_of_scikit_learn(seed):
    true, scores = scored(seed)
    ours = sweep_thresholds(true, scores)
    false_rate, true_rate, thresholds = reference.roc_curve(true, scores, drop_intermediate=False)
    np.testing.assert_allclose(ours.false_positive_rate, false_rate)
    np.testing.assert_allclose(ours.recall, true_rate)
    np.testing.assert_array_equal(ours.scores, thresholds)
    precision, recall, _ = reference.precision_recall_curve(true, scores)
    np.testing.assert_allclose(ours.precision[::-1], precision)
    np.testing.assert_allclose(ours.recall[::-1], recall)
    assert roc_area(ours) == pytest.approx(reference.roc_auc_score(true, scores))
    assert average_precision(ours) == pytest.approx(reference.average_precision_score(true, scores))


@pytest.mark.parametrize("samples", [2, 3, 5])
def test_the_area_is_the_chance_that_a_positive_gets_the_higher_score(samples):
    true = np.array([0] * samples + [1] * samples)
    for seed in range(20):
        scores = np.random.default_rng(seed).integers(0, 4, 2 * samples)
        above = scores[true == 1][:, None] - scores[true == 0]
        assert roc_area(sweep_thresholds(true, scores)) == pytest.approx(np.mean(np.sign(above) + 1) / 2)


def test_where_a_class_has_no_sample_an_area_is_no_number():
    only_positives, only_negatives = sweep_thresholds([1, 1], [0.2, 0.7]), sweep_thresholds([0, 0], [0.2, 0.7])
    assert np.isnan([roc_area(only_positives), roc_area(only_negatives), average_precision(only_negatives)]).all()
    assert average_precision(only_positives) == 1
    assert sweep_thresholds([], []).scores.tolist() == [np.inf]


@pytest.mark.parametrize(
    ("true", "scores", "words"), [([0, 2], [0, 1], "0 or 1"), ([0], [0, 1], "one length"), ([0], [np.nan], "not a num")]
)
def test_scores_that_cannot_be_compared_are_refused(true, scores, words):
    with pytest.raises(ValueError, match=words):
        sweep_thresholds(true, scores)


def test_the_mean_absolute_error_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    true, predicted = rng.normal(size=(2, 50))
    assert mean_absolute_error(true, predicted) == pytest.approx(reference.mean_absolute_error(true, predicted))
    with pytest.raises(ValueError, match="as long as"):
        mean_absolute_error([], [])
