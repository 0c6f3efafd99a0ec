from urllib.parse import urlencode

import numpy as np
import pytest
from helpers.written_sums import written_sums

from lib.data.loading import load
from lib.data.own.pictures import Picture
from lib.specs.codec import to_query
from lib.ui.learn.images.pixels import reference, statistics
from lib.ui.learn.images.with_and_without import with_and_without

PARTS = ("pixels", "scaling", "labels", "classes", "split", "augmentation")
DATASETS = ("mnist", "fashion_mnist", "cifar10")


def words(page):
    return "\n".join([*(part.value for part in (*page.markdown, *page.code)), *written_sums(page)])


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("part", PARTS)
def test_each_part_opens_for_each_dataset(open_page, part, dataset):
    page = open_page("pages/images.py", part=part, picture_dataset=dataset)
    assert not page.exception
    assert not page.error


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("source", ["draw", "upload"])
def test_each_part_opens_for_a_picture_of_ones_own(open_page, part, source):
    assert not open_page("pages/images.py", part=part, picture_source=source).exception


def test_a_part_that_does_not_exist_opens_the_first(open_page):
    assert "One number for each pixel" in words(open_page("pages/images.py", part="../x"))


def test_the_label_becomes_a_one_hot_vector_and_the_distance_to_another_is_written_out(open_page):
    page = open_page("pages/images.py", part="labels")
    assert "to_categorical(9, 10) = [0 0 0 0 0 0 0 0 0 1]" in words(page)
    page.selectbox(key="label_mnist_9").set_value(3).run()
    page.selectbox(key="other_mnist").set_value(8).run()
    assert "to_categorical(3, 10) = [0 0 0 1 0 0 0 0 0 0]" in words(page)
    assert "$|3 - 8| = 5$" in words(page)
    assert "1.414" in words(page)
    page.selectbox(key="other_mnist").set_value(3).run()
    assert r"\sqrt{0}" in words(page)


def test_the_validation_share_is_counted_out(open_page):
    page = open_page("pages/images.py", part="split")
    assert "round(8,000 * 0.10) = 800" in words(page)
    page.slider(key="validation_share").set_value(0.25).run()
    assert "round(8,000 * 0.25) = 2,000" in words(page)
    assert "8,000 - 2,000 = 6,000" in words(page)


def test_without_validation_all_samples_are_for_training(open_page):
    assert "8,000 - 0 = 8,000" in words(open_page("pages/images.py", part="split", validation_share="0.0"))


def test_the_nearest_average_is_named_with_all_distances(open_page):
    page = open_page("pages/images.py", part="classes", picture_number="3")
    assert "is nearest to the average of" in words(page)
    assert len(written_sums(page)[0].splitlines()) == 10


def test_the_augmentation_shows_its_keras_layers_and_numbers(open_page):
    page = open_page("pages/images.py", part="augmentation")
    page.slider(key="rotation").set_value(90).run()
    page.slider(key="pixel_noise").set_value(0.1).run()
    assert "RandomRotation(0.25" in words(page)
    assert "GaussianNoise(0.1)" in words(page)
    assert "$0.1 \\times 28 = 2.8$" in words(page)


def test_a_flip_warns_for_digits_but_not_for_photos(open_page):
    assert open_page("pages/images.py", part="augmentation", flip="horizontal").warning
    photo = open_page("pages/images.py", part="augmentation", flip="horizontal", picture_dataset="cifar10")
    assert not photo.warning
    assert 'RandomFlip("horizontal")' in words(photo)


def test_eight_others_are_drawn_on_request(open_page):
    page = open_page("pages/images.py", part="augmentation")
    picture, variants = (image.proto.imgs[0].url for image in page.get("image"))
    page.button(key="others").click().run()
    same, others = (image.proto.imgs[0].url for image in page.get("image"))
    assert same == picture
    assert others != variants


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_the_statistics_are_those_of_the_training_part(name):
    planes = np.moveaxis(load(name).train.x, -1, 0)
    mean, deviation = statistics(name)
    np.testing.assert_allclose(mean, [plane.mean() / 255 for plane in planes])
    np.testing.assert_allclose(deviation, [plane.std() / 255 for plane in planes])


def test_a_picture_of_ones_own_is_measured_with_a_dataset_of_as_many_channels():
    assert reference(Picture(np.zeros((4, 4, 1), np.uint8), "mine")) == "mnist"
    assert reference(Picture(np.zeros((4, 4, 3), np.uint8), "mine")) == "cifar10"
    assert reference(Picture(np.zeros((4, 4, 1), np.uint8), "a shoe", "fashion_mnist", 7)) == "fashion_mnist"


def test_the_question_about_augmentation_opens_as_an_experiment(open_page):
    a, b = (urlencode(to_query(run)) for run in with_and_without("mnist"))
    page = open_page("pages/experiments.py", a=a, b=b)
    assert not page.exception
    assert page.session_state["experiment_b"] == with_and_without("mnist")[1]
