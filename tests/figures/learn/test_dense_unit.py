import numpy as np
import pytest

from lib.figures.learn.dense_unit import product_map, weight_images

RNG = np.random.default_rng(0)
IMAGE = RNG.random((4, 3), dtype=np.float32)
WEIGHTS = RNG.normal(size=(4, 3)).astype(np.float32)
NAMES = tuple("0123456")


@pytest.mark.parametrize(
    ("factor", "expected"), [("image", IMAGE), ("weights", WEIGHTS), ("products", IMAGE * WEIGHTS)]
)
def test_each_map_shows_its_factor_and_tells_the_whole_product(factor, expected):
    cells = product_map(IMAGE, WEIGHTS, factor).data[0]
    assert np.array_equal(cells.z, expected)
    assert np.array_equal(cells.customdata, np.stack([IMAGE, WEIGHTS, IMAGE * WEIGHTS], axis=-1))


def test_weights_and_products_share_a_scale():
    weights, products = (product_map(IMAGE, WEIGHTS, factor).data[0] for factor in ("weights", "products"))
    assert weights.zmax == products.zmax == pytest.approx(np.abs(WEIGHTS).max())


def test_every_unit_is_an_image_under_its_own_name():
    kernel = RNG.normal(size=(12, 7)).astype(np.float32)
    figure = weight_images(kernel, (4, 3), NAMES, chosen=6)
    sheet = figure.data[0].z
    for unit, note in enumerate(figure.layout.annotations):
        left, top = round(note.x - 1), note.y + 1
        assert np.array_equal(sheet[top : top + 4, left : left + 3], kernel[:, unit].reshape(4, 3))
        assert note.text == NAMES[unit]
    assert np.isfinite(sheet).sum() == kernel.size


def test_the_frame_goes_round_the_chosen_unit():
    figure = weight_images(RNG.normal(size=(12, 7)).astype(np.float32), (4, 3), NAMES, chosen=6)
    frame, name = figure.layout.shapes[0], figure.layout.annotations[6]
    assert frame.x0 < name.x < frame.x1
    assert frame.y0 == name.y
