import numpy as np

from lib.figures.learn.pooling_shift import shift_maps

BEFORE = np.zeros((4, 6, 3), np.float32)
BEFORE[1, 2] = (0, 0.3, 0.6)
AFTER = np.roll(BEFORE, 1, axis=1)
POOLED = (np.full((2, 3, 3), 0.5, np.float32), np.full((2, 3, 3), 0.25, np.float32))


def test_both_rows_show_before_after_and_the_change():
    drawn = [trace.z for trace in shift_maps((BEFORE, AFTER), POOLED).data]
    expected = [*(values.mean(axis=2) for values in (BEFORE, AFTER, AFTER - BEFORE)),
                *(values.mean(axis=2) for values in (*POOLED, POOLED[1] - POOLED[0]))]  # fmt: skip
    for ours, values in zip(drawn, expected, strict=True):
        np.testing.assert_allclose(ours, values, atol=1e-7)


def test_only_changes_are_signed():
    lows = [trace.zmin for trace in shift_maps((BEFORE, AFTER), POOLED).data]
    assert lows == [0, 0, -1, 0, 0, -1]


def test_no_two_maps_overlap_and_all_have_square_cells():
    layout = shift_maps((BEFORE, AFTER), POOLED).layout
    boxes = [(layout[f"xaxis{n}"].domain, layout[f"yaxis{n}"].domain) for n in ("", *range(2, 7))]
    assert boxes[0][0][1] < boxes[1][0][0] < boxes[1][0][1] < boxes[2][0][0]
    assert boxes[3][1][1] < boxes[0][1][0]
    assert all(layout[f"yaxis{n}"].scaleanchor == f"x{n or ''}" for n in ("", *range(2, 7)))
