import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.data.parts import Part, class_counts, class_shares, split_validation, stratified, take
from lib.errors import DataError


def numbered_part(counts):
    """Samples that carry their own number in their pixels, so that each can be found again."""
    y = np.repeat(np.arange(len(counts), dtype=np.uint8), counts)
    y = np.random.default_rng(0).permutation(y)
    numbers = np.arange(len(y))
    return Part(np.stack([numbers % 256, numbers // 256], axis=1).astype(np.uint8).reshape(-1, 1, 2, 1), y)


def numbers_of(part):
    pixels = part.x.reshape(len(part), 2).astype(int)
    return (pixels[:, 0] + 256 * pixels[:, 1]).tolist()


class_sizes = st.lists(st.integers(0, 60), min_size=1, max_size=10).filter(lambda counts: sum(counts) > 0)


@given(class_sizes, st.floats(0, 0.99), st.integers(0, 2**32))
def test_a_split_loses_no_sample_uses_none_twice_and_keeps_each_label_with_its_image(counts, fraction, seed):
    part = numbered_part(counts)
    if round(len(part) * fraction) == len(part):
        return
    training, validation = split_validation(part, fraction, seed)
    assert len(validation) == round(len(part) * fraction)
    assert sorted(numbers_of(training) + numbers_of(validation)) == list(range(len(part)))
    for cut in (training, validation):
        assert cut.y.tolist() == part.y[numbers_of(cut)].tolist()


@given(class_sizes, st.data())
def test_each_class_keeps_its_share_to_within_one_sample(counts, data):
    samples = data.draw(st.integers(0, sum(counts)))
    shares = class_shares(np.array(counts), samples)
    exact = np.array(counts) * samples / sum(counts)
    assert shares.sum() == samples
    assert np.abs(shares - exact).max() < 1
    assert (shares <= counts).all()


def test_the_same_seed_splits_the_same_way_and_another_seed_does_not():
    part = numbered_part([50, 30, 20])
    first, again, other = (numbers_of(split_validation(part, 0.2, seed)[1]) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_fraction_of_0_leaves_everything_for_training_and_an_empty_validation_part():
    part = numbered_part([5, 5])
    training, validation = split_validation(part, 0, seed=1)
    assert numbers_of(training) == list(range(10))
    assert validation.x.shape == (0, 1, 2, 1)
    assert len(validation) == 0


@pytest.mark.parametrize("fraction", [-0.1, 1, 1.5, float("nan")])
def test_a_fraction_outside_its_range_is_refused_with_its_value(fraction):
    with pytest.raises(DataError, match=rf"at least 0 and below 1, but is {fraction}"):
        split_validation(numbered_part([5, 5]), fraction, seed=1)


def test_a_fraction_that_leaves_nothing_to_train_with_is_refused():
    with pytest.raises(DataError, match="leaves none of 2 samples"):
        split_validation(numbered_part([1, 1]), 0.9, seed=1)


def test_taking_0_samples_takes_all():
    part = numbered_part([5, 5])
    assert take(part, 0, seed=1) is part


def test_taking_some_keeps_the_balance_and_repeats_with_the_seed():
    part = numbered_part([60, 30, 10])
    taken = take(part, 50, seed=3)
    assert class_counts(taken, 3).tolist() == [30, 15, 5]
    assert numbers_of(taken) == numbers_of(take(part, 50, seed=3))
    assert numbers_of(taken) != numbers_of(take(part, 50, seed=4))


@pytest.mark.parametrize("samples", [11, -1])
def test_taking_more_than_there_is_or_less_than_nothing_is_refused_with_the_range(samples):
    with pytest.raises(DataError, match=r"there are 10. Choose 0 \(all\) to 10"):
        take(numbered_part([5, 5]), samples, seed=1)


def test_choosing_is_not_the_first_samples_of_each_class():
    y = np.repeat(np.arange(2, dtype=np.uint8), 100)
    assert stratified(y, 20, seed=0).tolist() != [*range(10), *range(100, 110)]


def test_counting_includes_classes_without_samples_and_refuses_labels_beyond_them():
    part = numbered_part([2, 0, 1])
    assert class_counts(part, 5).tolist() == [2, 0, 1, 0, 0]
    with pytest.raises(ValueError, match="label 2 is not one of 2 classes"):
        class_counts(part, 2)


def test_a_part_cannot_be_written_to_and_the_array_it_was_made_of_still_can():
    mine = np.zeros((2, 3, 3, 1), np.uint8)
    part = Part(mine, np.zeros(2, np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        part.x[0] = 1
    mine[0] = 1


@pytest.mark.parametrize(
    ("x", "y", "complaint"),
    [
        (np.zeros((2, 3, 3, 1), np.float64), np.zeros(2, np.uint8), "float64"),
        (np.zeros((2, 3, 3, 1), np.uint8), np.zeros(2, np.int64), "int64"),
        (np.zeros((2, 3, 3), np.uint8), np.zeros(2, np.uint8), "do not fit"),
        (np.zeros((2, 3, 3, 1), np.uint8), np.zeros(3, np.uint8), "do not fit"),
    ],
)
def test_arrays_that_are_no_images_with_labels_are_refused(x, y, complaint):
    with pytest.raises(ValueError, match=complaint):
        Part(x, y)
