import io

import numpy as np
import pytest
from helpers.written_sums import written_sums
from PIL import Image

from lib.concepts.pooling import pool2d, share_changed, shifted
from lib.data.loading import load

SCRIPT = "pages/pooling.py"


def formula(page):
    return written_sums(page)[0]


def changes(page):
    return {metric.label: metric.value for metric in page.metric}


def png(height, width):
    file = io.BytesIO()
    Image.fromarray(np.arange(height * width, dtype=np.uint8).reshape(height, width)).save(file, "PNG")
    return "tiny.png", file.getvalue(), "image/png"


def test_the_page_opens_with_the_sums_of_its_first_picture(open_page):
    page = open_page(SCRIPT)
    assert not page.exception
    assert "floor((28 + 2*0 - 2)/2) + 1 = 14" in formula(page)
    assert "28*28*1 = 784 -> 14*14*1 = 196 (25.0% are left)" in formula(page)
    assert written_sums(page)[1] == "layers.MaxPooling2D(2)"


@pytest.mark.parametrize(
    ("query", "size", "code"),
    [
        ({"pool_size": "3", "stride": "4"}, "floor((28 + 2*0 - 3)/4) + 1 = 7", "layers.MaxPooling2D(3, strides=4)"),
        ({"padding": "same", "stride": "3"}, "ceil(28/3) = 10", "layers.MaxPooling2D(2, strides=3, padding='same')"),
        ({"pool_type": "average"}, "= 14", "layers.AveragePooling2D(2)"),
        ({"pool_type": "global_max"}, "one window of 28x28", "layers.GlobalMaxPooling2D()"),
        ({"pool_type": "global_average"}, "1*1*1 = 1 (0.1% are left)", "layers.GlobalAveragePooling2D()"),
    ],
)
def test_an_address_opens_with_what_it_says(open_page, query, size, code):
    page = open_page(SCRIPT, **query)
    assert size in formula(page)
    assert written_sums(page)[1] == code


@pytest.mark.parametrize("query", [{"pool_size": "99"}, {"stride": "x"}, {"pool_type": "median"}, {"padding": "1"}])
def test_an_address_that_makes_no_sense_opens_the_usual_picture(open_page, query):
    page = open_page(SCRIPT, **query)
    assert not page.exception
    assert "floor((28 + 2*0 - 2)/2) + 1 = 14" in formula(page)


def test_min_shows_the_trick_with_the_numbers_of_one_window(open_page):
    page = open_page(SCRIPT, pool_type="min")
    assert written_sums(page)[1].startswith("min(")
    assert ") = -max(" in written_sums(page)[1]
    assert written_sums(page)[2] == "-layers.MaxPooling2D(2)(-x)"


def test_a_global_pooling_has_no_window_to_choose(open_page):
    page = open_page(SCRIPT, pool_type="global_max")
    assert page.slider(key="pool_size").disabled
    assert page.slider(key="stride").disabled


def test_the_shares_are_those_of_the_concepts(open_page):
    page = open_page(SCRIPT)
    page.slider(key="shift").set_value(3).run()
    page.slider(key="shift_down").set_value(2).run()
    before = load("mnist").test.x[0].astype(np.float32) / 255
    after = shifted(before, 3, 2)
    pooled = share_changed(pool2d(before, "max", 2, 2), pool2d(after, "max", 2, 2))
    assert list(changes(page).values()) == [f"{share_changed(before, after):.0%}", f"{pooled:.0%}"]


@pytest.mark.parametrize(
    ("subject", "stride", "shift", "plain", "pooled", "verdict"),
    [
        ("dot", 2, 0, "0%", "0%", "Nothing has moved"),
        ("dot", 2, 1, "100%", "0%", "Pooling hides this move"),
        ("dot", 2, 2, "100%", "100%", "does not help here"),
        ("picture", 2, 1, "31%", "20%", "Pooling helps here"),
        ("stripes", 4, 1, "50%", "0%", "Pooling hides this move"),
        ("stripes", 4, 2, "100%", "100%", "does not help here"),
        ("stripes", 2, 1, "50%", "50%", "does not help here"),
    ],
)
def test_the_page_says_honestly_whether_pooling_helped(open_page, subject, stride, shift, plain, pooled, verdict):
    page = open_page(SCRIPT, subject=subject, stride=str(stride), shift=str(shift))
    assert list(changes(page).values()) == [plain, pooled]
    assert any(verdict in text.value for text in page.markdown)


@pytest.mark.parametrize(
    ("query", "verdict"),
    [
        ({"pool_type": "global_average"}, "Pooling hides this move"),
        ({"pool_type": "min", "pool_size": "3", "stride": "1"}, "With a [stride](glossary#stride) of 1"),
        ({"pool_size": "1", "stride": "1"}, "With a [stride](glossary#stride) of 1"),
        ({"pool_type": "min"}, "With a [stride](glossary#stride) above 1"),
    ],
)
def test_the_reason_that_is_given_fits_the_pooling(open_page, query, verdict):
    page = open_page(SCRIPT, **query)
    assert any(verdict in text.value for text in page.markdown)


@pytest.mark.parametrize(
    ("down", "pooled", "verdict"), [("0", "0%", "empty before and after"), ("2", "100%", "does not help here")]
)
def test_an_empty_pooled_map_is_not_called_a_success(open_page, down, pooled, verdict):
    page = open_page(SCRIPT, subject="dot", stride="4", shift="2", shift_down=down)
    assert list(changes(page).values()) == ["100%", pooled]
    assert any(verdict in text.value for text in page.markdown)


def test_a_window_larger_than_the_picture_is_told_and_the_last_picture_stays(open_page):
    page = open_page(SCRIPT, pool_size="7")
    known = formula(page)
    page.segmented_control(key="picture_source").set_value("upload").run()
    page.file_uploader(key="picture_upload").set_value(png(3, 5)).run()
    assert not page.exception
    assert "A window of 7 pixels does not fit into 3x5" in page.warning[0].value
    assert formula(page) == known
    page.segmented_control(key="pool_padding").set_value("same").run()
    assert not page.warning
    assert "height ceil(3/2) = 2; width ceil(5/2) = 3" in formula(page)


def test_a_colour_picture_is_pooled_channel_by_channel(open_page):
    page = open_page(SCRIPT, picture_dataset="cifar10")
    assert "32*32*3 = 3,072 -> 16*16*3 = 768" in formula(page)
