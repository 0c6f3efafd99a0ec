"""Suspicious labels against the rule written out sample by sample, and against labels that were planted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from lib.concepts.suspects import self_confidence, suspects


def by_the_book(shares, labels):
    """Northcutt, Jiang, Chuang 2021, equations 1 and 2, with a loop for each sum."""
    classes = len(shares[0])
    thresholds = []
    for label in range(classes):
        own = [row[label] for row, given in zip(shares, labels, strict=True) if given == label]
        thresholds.append(sum(own) / len(own) if own else float("inf"))
    found = []
    for number, (row, label) in enumerate(zip(shares, labels, strict=True)):
        above = [(row[other], other) for other in range(classes) if row[other] >= thresholds[other]]
        said = max(above)[1] if above else label
        if said != label and row[said] > row[label]:
            found.append((row[label] - row[said], number, said))
    return sorted(found)


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 60))
def test_the_suspects_are_those_of_the_rule_written_out(seed, classes, samples):
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.full(classes, 0.4), samples)
    labels = random.integers(0, classes, samples)
    found = suspects(shares, labels)
    expected = by_the_book(shares.tolist(), labels.tolist())
    assert [(number, said) for _, number, said in expected] == list(
        zip(found.numbers.tolist(), found.said.tolist(), strict=True)
    )
    np.testing.assert_allclose(found.margins, [-margin for margin, _, _ in expected], atol=1e-12)


def test_a_class_without_samples_is_never_said():
    shares = [[0.1, 0.0, 0.9], [0.9, 0.1, 0.0], [0.2, 0.8, 0.0]]
    assert self_confidence(shares, [0, 0, 1]).tolist() == [0.5, 0.8, float("inf")]
    assert suspects(shares, [0, 0, 1]).numbers.tolist() == []


def test_what_are_no_probabilities_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        suspects([[1.5, -0.5]], [0])
    with pytest.raises(ValueError, match="do not fit together"):
        suspects([[0.5, 0.5]], [0, 1])


def test_planted_labels_are_found_with_another_kind_of_classifier_too():
    """5% of scikit-learn's own digits get another label; their neighbours answer for samples they have not seen."""
    x, y = load_digits(return_X_y=True)
    random = np.random.default_rng(0)
    planted = random.choice(len(y), 90, replace=False)
    labels = y.copy()
    labels[planted] = (y[planted] + random.integers(1, 10, len(planted))) % 10
    answers = cross_val_predict(KNeighborsClassifier(10), x, labels, cv=StratifiedKFold(5), method="predict_proba")
    found = suspects(answers, labels)
    hits = np.isin(found.numbers, planted)
    assert hits.sum() >= 0.7 * len(planted)  # 67 of 90
    assert hits.mean() >= 0.85  # of 75
    right = found.said[hits] == y[found.numbers[hits]]
    assert right.mean() >= 0.95
