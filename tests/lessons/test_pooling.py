import numpy as np
import pytest
from helpers.claims import answer, experiment, passage

from lib.concepts.pooling import PoolType, pool2d, share_changed, shifted
from lib.concepts.windows import window_reach
from lib.data.loading import load
from lib.ui.learn.pooling.shift import _subject

PAGE = "pooling"


def digit():
    return load("mnist").test.x[0].astype(np.float32) / 255


def changed(subject, right, pool_type: PoolType = "max", pool_size=2, stride=2):
    """Share of the pooled map that changes when the subject moves to the right."""
    before = _subject(subject, digit())
    return share_changed(*(pool2d(each, pool_type, pool_size, stride) for each in (before, shifted(before, right, 0))))


def numbers_changed(column):
    """How many pooled numbers change when a pixel at row 4 of this column moves one step to the right."""
    picture = np.zeros((28, 28, 1), np.float32)
    picture[4, column] = 1
    return np.count_nonzero(pool2d(shifted(picture, 1, 0), "max", 2, 2) - pool2d(picture, "max", 2, 2))


def test_experiment_1_the_dot_stays_in_its_window_once_and_leaves_it_once():
    experiment(PAGE, 1, "**One dot.** Max, pool size 2, stride 2", "by 1 pixel to the right, then by 2")
    passage("pooling.task_1_hidden", "no number of the pooled map changes")
    passage("pooling.task_1_moved", "100% has changed")
    assert changed("dot", 1) == 0
    assert changed("dot", 2) == 1


def test_experiment_2_stripes_go_out_once_and_their_mean_never_changes():
    experiment(PAGE, 2, "**Stripes.** Max, pool size 2, stride 4", "by 1, 2 and 3: once", "size 4 and stride 4")
    passage("pooling.task_2_same", "Its mean is always one half")
    assert [changed("stripes", right, stride=4) for right in (1, 2, 3)] == [0, 1, 0]
    assert not pool2d(shifted(_subject("stripes", digit()), 2, 0), "max", 2, 4).any()
    assert [changed("stripes", right, "average", 4, 4) for right in (1, 2, 3)] == [0, 0, 0]
    assert set(pool2d(_subject("stripes", digit()), "average", 4, 4).ravel()) == {0.5}


def test_experiment_3_min_thins_strokes_and_max_broadens_them():
    experiment(PAGE, 3, "with **min**, pool size 3, stride 1", "with **max**")
    thin, broad = (pool2d(digit(), kind, 3, 1) for kind in ("min", "max"))
    assert np.count_nonzero(thin) < 0.3 * np.count_nonzero(digit())
    assert np.count_nonzero(broad) > 1.5 * np.count_nonzero(digit())


def test_answer_1_two_numbers_change_where_the_pixel_crosses_a_border():
    answer(PAGE, 1, "two", "Windows begin at columns 0, 2, 4 and so on")
    assert numbers_changed(5) == 2


def test_answer_2_none_changes_inside_a_window():
    answer(PAGE, 2, "none", "(row 2, column 2 of the output)", "1 before and after", right=True)
    assert numbers_changed(4) == 0


def test_answer_3_it_is_so_in_half_of_all_places():
    answer(PAGE, 3, "none, wherever the pixel is", "Only half of all places")
    assert [numbers_changed(column) for column in range(4, 12)] == [0, 2] * 4


def test_a_quarter_of_the_numbers_is_left_and_a_kernel_sees_twice_as_far():
    passage("pooling.use", "leaves a quarter of the numbers", "about twice as wide")
    assert pool2d(digit(), "max", 2, 2).size == digit().size / 4
    assert 2 * (3 - 1) + window_reach(2) == 2 * window_reach(3)


@pytest.mark.parametrize("right", [1, 2, 3])
@pytest.mark.parametrize("pool_type", ["global_max", "global_average"])
def test_only_global_pooling_hides_every_move(pool_type, right):
    passage("pooling.shift_hidden", "Only global pooling has no such borders")
    assert changed("picture", right, pool_type) == pytest.approx(0, abs=1e-6)


def test_what_is_said_of_a_stride_of_1():
    passage(
        "pooling.shift_follows",
        "With max it makes bright",
        "Min makes them thinner",
        "a window of one pixel",
    )
    plain = share_changed(digit(), shifted(digit(), 1, 0))
    assert changed("picture", 1, "max", 3, 1) < plain < changed("picture", 1, "min", 3, 1)
    assert changed("picture", 1, "max", 1, 1) == plain
