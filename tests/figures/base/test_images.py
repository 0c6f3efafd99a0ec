import base64
import io

import numpy as np
import pytest
from PIL import Image

from lib.figures.base.images import GUTTER, as_rgb, image_grid, sprite_sheet, to_data_url, to_png


def some_images(count=5, channels=1):
    return np.random.default_rng(0).integers(0, 256, (count, 4, 6, channels), dtype=np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_every_image_stands_in_its_place(channels):
    images, scale = some_images(5, channels), 3
    sheet = image_grid(images, columns=2, scale=scale)
    assert sheet.shape == ((3 * 4 + 2 * GUTTER) * scale, (2 * 6 + GUTTER) * scale, 4)
    for place, image in enumerate(images):
        top, left = (place // 2) * (4 + GUTTER) * scale, (place % 2) * (6 + GUTTER) * scale
        tile = sheet[top : top + 4 * scale : scale, left : left + 6 * scale : scale]
        assert np.array_equal(tile[..., :3], as_rgb(image))
        assert (tile[..., 3] == 255).all()


def test_gutters_and_empty_places_are_see_through():
    sheet = image_grid(some_images(5), columns=2, scale=1)
    assert not sheet[4 : 4 + GUTTER, :, 3].any()
    assert not sheet[-4:, -6:, 3].any()
    assert (sheet[..., 3] == 255).sum() == 5 * 4 * 6


def test_a_few_images_make_no_wider_sheet_than_they_need():
    assert image_grid(some_images(2), columns=10, scale=1).shape[1] == 2 * 6 + GUTTER


@pytest.mark.parametrize("channels", [1, 3])
def test_a_png_holds_each_pixel_as_a_sharp_square(channels):
    image = some_images(1, channels)[0]
    pixels = np.asarray(Image.open(io.BytesIO(to_png(image, scale=5))))
    assert pixels.shape == (20, 30, 3)
    assert np.array_equal(pixels, as_rgb(image).repeat(5, axis=0).repeat(5, axis=1))


def test_a_data_url_holds_the_png():
    image = some_images(1)[0]
    kind, data = to_data_url(image, 2).split(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data) == to_png(image, 2)


@pytest.mark.parametrize("images", [np.zeros((2, 4, 4, 1), np.float32), np.zeros((2, 4, 4, 2), np.uint8)])
def test_what_is_no_image_is_refused(images):
    with pytest.raises(ValueError, match="must be uint8"):
        image_grid(images, 2)


def test_no_images_and_no_scale_are_refused():
    with pytest.raises(ValueError, match="needs"):
        image_grid(np.zeros((0, 4, 4, 1), np.uint8), 2)
    with pytest.raises(ValueError, match="at least 1, not 0"):
        to_png(some_images(1)[0], scale=0)


@pytest.mark.parametrize(("channels", "longest", "size"), [(1, 32, (4, 6)), (3, 3, (2, 3))])
def test_a_sprite_sheet_has_each_image_in_its_cell(channels, longest, size):
    tones = np.array([10, 90, 170, 250, 130], np.uint8)
    images = np.broadcast_to(tones[:, None, None, None], (5, 4, 6, channels))
    url, (height, width) = sprite_sheet(images, columns=2, longest=longest)
    assert (height, width) == size
    sheet = np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L"), float)
    assert sheet.shape == (3 * height, 2 * width)
    for place, tone in enumerate(tones):
        top, left = place // 2 * height, place % 2 * width
        assert abs(sheet[top : top + height, left : left + width].mean() - tone) < 40
