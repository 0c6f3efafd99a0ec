import keras
import numpy as np
import pytest
from helpers.waiting import wait_for_status
from helpers.written_sums import written_sums

from lib.concepts.kernels import kernel_named
from lib.specs.codec import from_query
from lib.ui.learn.convolution import kernel_editor

PAGE = "pages/convolution.py"


def formula(page):
    return written_sums(page)[0]


def shown(page):
    return page.session_state["convolution_last"][0]


def test_the_page_opens_on_a_digit_with_its_sums_written_out(open_page):
    page = open_page(PAGE)
    assert not page.exception
    assert "output size: floor((28 + 2*0 - 3)/1) + 1 = 26" in formula(page)
    assert "parameters: (3*3*1 + 1)*1 = 10" in formula(page)
    assert shown(page).output.shape == (26, 26, 1)
    assert shown(page).input.max() == 1


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("kernel_size", 5, "output size: floor((28 + 2*0 - 5)/1) + 1 = 24"),
        ("stride", 3, "output size: floor((28 + 2*0 - 3)/3) + 1 = 9"),
        ("dilation", 2, "reach of the kernel: 2*(3 - 1) + 1 = 5 pixels"),
    ],
)
def test_each_slider_answers_with_the_formula(open_page, key, value, line):
    page = open_page(PAGE)
    page.slider(key=key).set_value(value).run()
    assert line in formula(page)


@pytest.mark.parametrize(
    ("padding", "line", "rows"),
    [("same", "output size: ceil(28/1) = 28", 28), ("2", "output size: floor((28 + 2*2 - 3)/1) + 1 = 30", 30),
     ("0", "output size: floor((28 + 2*0 - 3)/1) + 1 = 26", 26)],
)  # fmt: skip
def test_padding_may_be_a_name_or_a_number(open_page, padding, line, rows):
    page = open_page(PAGE, padding=padding)
    assert line in formula(page)
    assert shown(page).output.shape == (rows, rows, 1)


@pytest.mark.parametrize(("dilation", "told"), [("1", False), ("2", True)])
def test_what_keras_would_refuse_is_told(open_page, dilation, told):
    page = open_page(PAGE, stride="2", dilation=dilation)
    assert any("Keras refuses" in each.value for each in page.markdown) == told


def test_bias_and_activation_reach_the_output(open_page):
    page = open_page(PAGE, bias="1.5", activation="relu")
    scene = shown(page)
    assert scene.bias.tolist() == [1.5]
    assert np.array_equal(scene.output, np.maximum(scene.sums, 0))
    assert scene.output[0, 0, 0] == 1.5


def test_random_filters_are_drawn_as_keras_draws_those_of_a_layer(open_page):
    page = open_page(PAGE, kernel="random_filters", kernel_size="3")
    assert not page.exception
    assert any("(3*3*1 + 1)*8 = 80" in lines for lines in written_sums(page))
    ours, theirs = shown(page).kernel, np.asarray(keras.initializers.GlorotUniform(seed=0)((3, 3, 1, 8)))
    assert ours.shape == theirs.shape
    limit = np.sqrt(6 / (9 + 9 * 8))  # 9 numbers go into each sum, and each pixel goes into 72
    for kernel in (ours, theirs):
        assert 0.9 * limit < np.abs(kernel).max() < limit
        assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.2)
        assert len(np.unique(kernel)) == kernel.size


def test_several_filters_make_several_maps_of_a_colour_picture(open_page):
    page = open_page(PAGE, kernel="edge_detectors", picture_dataset="cifar10", kernel_size="5")
    assert not page.exception
    assert shown(page).kernel.shape == (5, 5, 3, 4)
    assert shown(page).filter_names == ("Sobel x", "Sobel y", "Laplacian", "emboss")
    assert "parameters: (5*5*3 + 1)*4 = 304" in formula(page)


def test_a_kernel_that_needs_more_taps_is_explained_and_the_last_picture_stays(open_page):
    page = open_page(PAGE, kernel="laplacian")
    before = shown(page)
    page.slider(key="kernel_size").set_value(1).run()
    assert "Laplacian compares neighbours, so it needs kernel_size 3 or more, not 1" in page.warning[0].value.replace(
        "\\", ""
    )
    assert shown(page) is before
    page.slider(key="kernel_size").set_value(3).run()
    assert not page.warning


def test_an_address_whose_kernel_never_worked_still_shows_a_picture(open_page):
    page = open_page(PAGE, kernel="laplacian", kernel_size="1")
    assert len(page.warning) == 1
    assert shown(page).output.shape == (28, 28, 1)


def test_a_kernel_larger_than_the_picture_is_explained_and_the_last_picture_stays(open_page, monkeypatch):
    page = open_page(PAGE, kernel="blur")
    before = shown(page)
    # No sample is as small as that; a person's own picture may be.
    monkeypatch.setattr("lib.ui.learn.convolution.view.scaled", lambda picture: np.ones((4, 4, 1), np.float32))
    page.slider(key="kernel_size").set_value(7).run()
    assert "A window of 7 pixels does not fit into 4x4" in page.warning[0].value.replace("\\", "")
    assert shown(page) is before


def test_the_address_holds_an_edited_kernel(open_page):
    page = open_page(PAGE, kernel_size="2", weights="1,0,0.5,-2")
    assert shown(page).kernel[:, :, 0, 0].tolist() == [[1, 0], [0.5, -2]]
    assert shown(page).filter_names == ("your kernel",)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ("1,nan,0,0,0,0,0,0,0", "'nan' cannot be a kernel value"),
        ("1,1e30,0,0,0,0,0,0,0", "must be a number from -1000 to 1000"),
        ("1,<b>,0,0,0,0,0,0,0", "'<b>' cannot be a kernel value"),
        ("1,2,3", "has 3 kernel values"),
        ("1,2,3,4", "a kernel of 2x2 values, but kernel_size is 3"),
        (",".join("1" * 81), "has 81 kernel values"),
    ],
)
def test_a_bad_kernel_in_the_address_is_explained_and_the_chosen_one_shown(open_page, weights, sentence):
    page = open_page(PAGE, weights=weights)
    assert not page.exception
    assert sentence in page.warning[0].value.replace("\\", "")
    assert np.array_equal(shown(page).kernel[:, :, 0, 0], kernel_named("sobel_x", 3))


def test_an_edited_kernel_is_resized_with_its_slider_and_dropped_with_another_name(open_page):
    page = open_page(PAGE, weights="0,0,0,0,7,0,0,0,0")
    page.slider(key="kernel_size").set_value(5).run()
    assert shown(page).kernel[2, 2, 0, 0] == 7
    assert shown(page).kernel.sum() == 7
    page.selectbox(key="kernel").set_value("blur").run()
    assert np.array_equal(shown(page).kernel[:, :, 0, 0], kernel_named("blur", 5))
    assert kernel_editor.PARAMETER not in page.query_params


def test_other_random_numbers_come_on_request(open_page):
    page = open_page(PAGE, kernel="random")
    before = shown(page).kernel
    page.button(key="draw_others").click().run()
    assert not np.array_equal(shown(page).kernel, before)


def test_every_kernel_text_can_be_read_back():
    for kernel in (np.float32([[0.1, 1 / 3], [-1e-7, 1000]]), np.zeros((7, 7), np.float32)):
        assert np.array_equal(kernel_editor.from_text(kernel_editor.to_text(kernel)), kernel)


def test_the_kernels_of_a_trained_network_are_offered_to_who_trained_it(open_page, engine):
    layers = "Conv2D(filters=3,kernel_size=5);Flatten;Dense(units=10,activation=softmax)"
    run = from_query({"dataset": "mnist", "samples": "1000", "layers": layers, "epochs": "1"})
    stranger = open_page(PAGE)
    run_id = wait_for_status(engine, engine.submit(run, "c" * 32), "done").id
    page = open_page(PAGE)
    page.session_state["visitor_owner"] = "c" * 32
    page.run()
    page.selectbox(key="kernel").set_value("trained").run()
    assert np.array_equal(shown(page).kernel, engine.weights(run_id)["conv2d/kernel"])
    assert np.array_equal(shown(page).bias, engine.weights(run_id)["conv2d/bias"])
    assert "of your network" not in stranger.run().selectbox(key="kernel").options
