import numpy as np

from lib.figures.base.colours import DIVERGING
from lib.figures.base.value_map import value_map

VALUES = np.array([[0, 0.5, 1], [1, 0, 0]], np.float32)


def test_a_map_shows_each_number_with_the_first_row_on_top():
    figure = value_map(VALUES, 1, signed=False)
    assert np.array_equal(figure.data[0].z, VALUES)
    assert figure.layout.yaxis.autorange == "reversed"
    assert figure.layout.yaxis.scaleanchor == "x"


def test_intensities_begin_at_black_and_signed_values_have_white_in_the_middle():
    grey, signed = (value_map(VALUES, 2, signed=choice).data[0] for choice in (False, True))
    assert (grey.zmin, grey.zmax, grey.colorscale[0][1]) == (0, 2, "#000000")
    assert (signed.zmin, signed.zmax) == (-2, 2)
    assert [tuple(stop) for stop in signed.colorscale] == DIVERGING
