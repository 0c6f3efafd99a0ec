import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from lib.data.loading import load
from lib.ui.kit.drawing import from_base64
from lib.ui.kit.picture_source import sample

SCRIPT = """
import streamlit as st
from lib.ui.kit.picture_source import picture_source
st.session_state["shown"] = picture_source(side={side})
"""


def opened(side=64, **query):
    script = AppTest.from_string(SCRIPT.format(side=side), default_timeout=60)
    script.query_params.update(query)
    return script.run()


def shown(script):
    assert not script.exception
    return script.session_state["shown"]


def png(size, colour, name="mine.png"):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return name, file.getvalue(), "image/png"


def test_a_visit_begins_with_a_test_digit():
    picture = shown(opened())
    np.testing.assert_array_equal(picture.pixels, load("mnist").test.x[0])
    assert picture.name == "MNIST digits: 9 (test image 0)"


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_an_address_opens_any_test_image(name):
    picture = shown(opened(picture_dataset=name, picture_number="321"))
    np.testing.assert_array_equal(picture.pixels, load(name).test.x[321])


@pytest.mark.parametrize(
    "query",
    [{"picture_number": "999999"}, {"picture_dataset": "x"}, {"picture_source": "../x"}, {"picture_number": "-1"}],
)
def test_an_address_that_names_nothing_opens_the_first_image(query):
    assert shown(opened(**query)).name == sample("mnist", 0).name


def test_another_is_the_next_image_of_the_same_class_and_after_the_last_comes_the_first():
    labels = load("mnist").test.y
    places = np.flatnonzero(labels == labels[0])
    script = opened()
    shown(script.button(key="picture_another").click().run())
    assert script.number_input(key="picture_number").value == places[1]
    script.number_input(key="picture_number").set_value(int(places[-1])).run()
    shown(script.button(key="picture_another").click().run())
    assert script.number_input(key="picture_number").value == places[0]


def test_choosing_a_class_shows_an_image_of_it_and_a_number_shows_its_class():
    script = opened()
    assert ": 3 (" in shown(script.selectbox(key="picture_class_mnist").set_value(3).run()).name
    shown(script.number_input(key="picture_number").set_value(1).run())
    assert script.selectbox(key="picture_class_mnist").value == load("mnist").test.y[1]


def test_an_upload_is_shown_and_a_refused_one_leaves_the_last_good_picture():
    script = opened(picture_source="upload")
    assert shown(script).name == sample("mnist", 0).name
    uploader = script.file_uploader(key="picture_upload")
    picture = shown(uploader.set_value(png((200, 100), (9, 8, 7))).run())
    assert picture.pixels.shape == (32, 64, 3)
    assert picture.name == "mine.png"
    script.file_uploader(key="picture_upload").set_value(("*bad*.png", b"not a picture", "image/png")).run()
    assert shown(script).name == "mine.png"
    assert [error.value for error in script.error] == [
        r"“\*bad\*.png” is not a picture in PNG, JPEG, WebP, GIF or BMP format. Save it as one of these."
    ]


def test_an_upload_is_there_again_after_a_look_at_a_sample():
    script = opened(picture_source="upload")
    script.file_uploader(key="picture_upload").set_value(png((20, 10), "red")).run()
    script.button_group(key="picture_source").set_value("sample").run()
    assert shown(script).name == sample("mnist", 0).name
    assert shown(script.button_group(key="picture_source").set_value("upload").run()).name == "mine.png"


def test_a_page_gets_no_larger_picture_than_it_wants():
    assert shown(opened(side=16)).pixels.shape == (16, 16, 1)


def test_an_empty_pad_is_a_black_picture():
    picture = shown(opened(picture_source="draw"))
    assert picture.pixels.shape == (28, 28, 1)
    assert picture.pixels.max() == 0


def test_a_drawing_comes_back_as_it_was_sent():
    pixels = np.random.default_rng(0).integers(0, 256, (28, 28, 1), np.uint8)
    np.testing.assert_array_equal(from_base64(base64.b64encode(pixels.tobytes()).decode()), pixels)


@given(
    st.none()
    | st.integers()
    | st.text(max_size=2000)
    | st.binary(max_size=900).map(lambda b: base64.b64encode(b).decode())
)
def test_what_a_browser_makes_up_is_a_drawing_of_the_right_size_or_none(text):
    pixels = from_base64(text)
    assert pixels is None or (pixels.shape == (28, 28, 1) and pixels.dtype == np.uint8)


@pytest.mark.parametrize("length", [783, 785, 786])
def test_a_drawing_of_another_length_is_refused(length):
    assert from_base64(base64.b64encode(bytes(length)).decode()) is None


@pytest.mark.parametrize("text", ["é" * 1048, "=" * 1048, "A" * 1044 + "!!!="])
def test_what_is_no_base64_is_refused(text):
    assert from_base64(text) is None
