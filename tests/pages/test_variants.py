"""Build shows what the layers in front make of a training image."""

import pytest

from lib.specs.layers.known import LAYERS
from lib.ui.build.variants import _ABOUT
from lib.ui.kit import lessons

BUILD = "pages/build.py"
REST = "Flatten;Dense(units=10,activation=softmax)"


def urls(page):
    """Addresses of the pictures on the page: their names are made of their pixels."""
    return [image.proto.imgs[0].url for image in page.get("image")]


def words_of(page):
    return "\n".join(element.value for kind in (page.markdown, page.caption, page.warning) for element in kind)


def test_variants_of_a_chosen_image_are_shown_and_others_on_request(open_page):
    page = open_page(BUILD, dataset="mnist", layers=f"RandomTranslation;RandomRotation(factor=0.1);{REST}")
    assert not page.exception
    assert "What the network gets to see" in words_of(page)
    assert not page.warning
    image, sheet = urls(page)
    page.button(key="other_variants").click().run()
    same, others = urls(page)
    assert (same, others != sheet) == (image, True)
    page.number_input(key="varied_image").set_value(8_000).run()
    assert urls(page)[0] != image
    page.selectbox(key="dataset").set_value("fashion_mnist").run()
    assert len(urls(page)) == 2
    assert not page.exception


def test_a_mirrored_or_turned_digit_is_warned_of_and_such_a_shoe_is_not(open_page):
    for dataset, warned in (("mnist", True), ("fashion_mnist", False)):
        layers = f"RandomFlip;RandomRotation(factor=0.3);GaussianNoise;{REST}"
        page = open_page(BUILD, dataset=dataset, scaling="standard", layers=layers)
        assert ("This flip teaches wrong labels" in words_of(page)) == warned
        assert ("This rotation teaches wrong labels" in words_of(page)) == warned
        assert len(urls(page)) == 2
        assert not page.exception


@pytest.mark.parametrize(
    "query",
    [
        {"dataset": "wine", "layers": "GaussianNoise;Dense(units=3,activation=softmax)"},
        {"dataset": "mnist", "layers": f"Flatten;GaussianNoise;{REST}"},
    ],
)
def test_where_no_image_is_varied_none_is_shown(open_page, query):
    page = open_page(BUILD, **query)
    assert not page.exception
    assert "What the network gets to see" not in words_of(page)


def test_an_opened_layer_says_what_it_is_for_and_has_its_options(open_page, spec_of):
    page = open_page(BUILD, dataset="cifar10", layers=f"RandomFlip;RandomContrast;{REST}")
    ids = page.session_state["draft"].ids
    for layer_id in ids[:2]:
        page.session_state[f"layer_open_{layer_id}"] = True
    page.run()
    assert lessons.text("augmenting.flip") in words_of(page)
    assert lessons.text("augmenting.contrast") in words_of(page)
    page.selectbox(key=f"layer_{ids[0]}_mode").set_value("vertical").run()
    page.slider(key=f"layer_{ids[1]}_factor").set_value(0.5).run()
    assert spec_of(page).model.layers[0].mode == "vertical"
    assert spec_of(page).model.layers[1].factor == 0.5
    assert not page.exception


def test_every_layer_that_makes_variants_is_told_about():
    assert set(_ABOUT) == {name for name, kind in LAYERS.items() if kind.makes_variants}
