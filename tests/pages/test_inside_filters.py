"""Beyond one sample, on Inside: kernels, what excites a filter, dead filters, near words, the confusion matrix then."""

import numpy as np
import pytest
from helpers.inside import drawn_until, prose
from helpers.waiting import wait_for_status

from lib.concepts.forward import forward
from lib.concepts.metrics import confusion_matrix
from lib.data.loading import load
from lib.engine.errors import EngineError
from lib.errors import DataError
from lib.figures.inside.filters import kernel_picture
from lib.specs.codec import from_query
from lib.ui.inside import bars, confusion_then, filters_view, near_words
from lib.ui.kit import lessons
from lib.ui.session import asked
from lib.ui.session.state import LOOKED_AT

pytestmark = pytest.mark.engine
INSIDE = "pages/inside.py"
MAPS = "Conv2D(filters=4,strides=2);Conv2D(filters=3,strides=2);Flatten;Dense(units=10,activation=softmax)"
SOFTMAX_OF_3 = "Dense(units=3,activation=softmax)"


@pytest.fixture(scope="module")
def maps(engine):
    """A run with two layers of filters."""
    spec = from_query({"dataset": "mnist", "samples": "500", "layers": MAPS, "epochs": "2", "learning_rate": "0.01"})
    return wait_for_status(engine, engine.submit(spec, "a" * 32), "done")


@pytest.fixture
def galleries(monkeypatch):
    """What the galleries were made of last, by the words that say what they are."""
    fed, make = {}, filters_view.gallery

    def noting(pictures, label, **more):
        fed[label] = list(pictures)
        return make(pictures, label, **more)

    monkeypatch.setattr(filters_view, "gallery", noting)
    return fed


def test_the_page_begins_with_its_sample_and_asks_no_worker_about_others(open_page, maps, engine, monkeypatch):
    monkeypatch.setattr(engine.looks, "_about_many", None)
    page = open_page(INSIDE, run=maps.id)
    assert not page.exception
    assert page.button_group(key="inside_more").value == "sample"
    assert lessons.text("inside.filters") not in prose(page)


@pytest.mark.parametrize("epoch", [1, 2])
def test_kernels_are_those_of_the_chosen_epoch_in_the_last_ones_colours(open_page, maps, engine, galleries, epoch):
    page = open_page(INSIDE, run=maps.id, more="filters", epoch=str(epoch), filter_unit="2")
    drawn_until(page, lambda: "what excites filter 2 most" in galleries)
    kernel, newest = (np.asarray(engine.weights(maps.id, at)["conv2d/kernel"]) for at in (epoch, 2))
    shown = galleries["the kernels of conv2d"]
    assert len(shown) == 4
    for place, picture in enumerate(shown):
        np.testing.assert_array_equal(picture.image, kernel_picture(kernel[:, :, 0, place], np.abs(newest).max()))


def test_a_deeper_filter_has_a_kernel_for_each_channel_and_the_patches_that_excite_it_most(
    open_page, maps, engine, galleries
):
    page = open_page(INSIDE, run=maps.id, more="filters", filter_layer="conv2d_1", filter_unit="1")
    drawn_until(page, lambda: "what excites filter 1 most" in galleries)
    assert [picture.name for picture in galleries["the kernel of filter 1, by channel"]] == ["0", "1", "2", "3"]
    patches = galleries["what excites filter 1 most"]
    assert len(patches) == 9
    weights, number = engine.weights(maps.id), int(patches[0].note.removeprefix("no. "))
    image = load("mnist").test.x[number]
    outputs = forward(maps.spec.model, weights, image / np.float32(255))[1][..., 1]
    assert float(patches[0].name) == pytest.approx(float(outputs.max()), rel=1e-2)
    row, column = np.unravel_index(int(outputs.argmax()), outputs.shape)
    # Two windows of 3 with strides of 2 see 7 pixels, from 4 pixels to the next.
    np.testing.assert_array_equal(patches[0].image[..., :1], image[4 * row : 4 * row + 7, 4 * column : 4 * column + 7])
    assert "7 × 7 pixels" in prose(page)


def test_a_dead_filter_of_weights_from_a_file_is_told_with_what_it_always_gives(open_page, maps, engine, galleries):
    weights = {**engine.weights(maps.id)}
    weights["conv2d_1/kernel"] = np.abs(weights["conv2d_1/kernel"])
    weights["conv2d_1/bias"] = np.array([0, -100, 0], np.float32)
    run_id = engine.bring(maps.spec, weights, "a" * 32)
    wait_for_status(engine, run_id, "done", "stopped")
    page = open_page(INSIDE, run=run_id, more="filters", filter_layer="conv2d_1")
    drawn_until(page, lambda: "dead" in prose(page))
    assert "**1 of 3 are dead**: 1 (always 0). Over all 50 validation images" in " ".join(prose(page).split())
    assert not page.select_slider  # the file's weights are all there are
    page.selectbox(key="filter_layer").select("conv2d").run()
    drawn_until(page, lambda: "the kernels of conv2d" in galleries)
    kernel = weights["conv2d/kernel"][:, :, 0, 3]
    expected = kernel_picture(kernel, np.abs(weights["conv2d/kernel"]).max())
    np.testing.assert_array_equal(galleries["the kernels of conv2d"][3].image, expected)
    # The first weights, which the page's numbers are computed with, are the file's, too.
    first = engine.looks.first_weights(run_id)
    assert all(np.array_equal(first[name], values) for name, values in weights.items())


def test_whoever_chooses_a_patch_looks_inside_with_its_image(open_page, maps, galleries, monkeypatch):
    page = open_page(INSIDE, run=maps.id, more="filters")
    drawn_until(page, lambda: "what excites filter 0 most" in galleries)
    number = int(galleries["what excites filter 0 most"][3].note.removeprefix("no. "))
    page.session_state[LOOKED_AT.name] = number
    page.run()
    assert page.number_input(key="inside_sample").value == number
    assert not page.exception


@pytest.mark.parametrize("told", [None, {"chosen": "1"}, {"chosen": -1}, {"chosen": 99}, {"chosen": True}, {}])
def test_a_browser_that_sends_nonsense_changes_nothing(told, monkeypatch):
    set_ = []
    monkeypatch.setattr(filters_view, "_KERNELS", type("_Told", (), {"get": lambda self: told})())
    monkeypatch.setattr(filters_view, "_PATCHES", type("_Told", (), {"get": lambda self: told})())
    monkeypatch.setattr(filters_view, "_UNIT", type("_Unit", (), {"set": lambda self, value: set_.append(value)})())
    monkeypatch.setattr(filters_view, "LOOKED_AT", filters_view._UNIT)
    filters_view._choose(4)
    filters_view._look_at((5, 6))
    assert set_ == []


def test_a_worker_that_does_not_answer_is_a_sentence_and_a_second_try(open_page, maps, engine, monkeypatch, galleries):
    def refuse(*_):
        raise EngineError("No worker answered within a minute: try again")

    asked.answers().clear()
    with monkeypatch.context() as patch:
        patch.setattr(engine.looks, "ranges", refuse)
        page = open_page(INSIDE, run=maps.id, more="filters")
        drawn_until(page, lambda: "No worker answered" in prose(page))
        assert galleries["the kernels of conv2d"]
    page.button(key="filter_dead_try").click().run()
    drawn_until(page, lambda: "what excites filter 0 most" in galleries)


@pytest.mark.parametrize("more", ["filters", "confusion"])
def test_samples_that_are_gone_are_a_sentence(open_page, maps, monkeypatch, more):
    def gone(run):
        raise DataError("These images are not here any more.")

    monkeypatch.setattr("lib.ui.inside.many.test_part", gone)
    monkeypatch.setattr("lib.ui.inside.filters_view.test_part", gone)
    page = open_page(INSIDE, run=maps.id, more=more)
    drawn_until(page, lambda: page.warning)
    assert "not here any more" in page.warning[0].value


@pytest.mark.parametrize("epoch", [0, 1, 2])
def test_the_confusion_matrix_is_that_of_the_chosen_epoch(open_page, maps, engine, monkeypatch, epoch):
    fed, make = [], confusion_then.confusion_matrix
    monkeypatch.setattr(confusion_then, "confusion_matrix", lambda *all_: fed.append(all_[0]) or make(*all_))
    page = open_page(INSIDE, run=maps.id, more="confusion", epoch=str(epoch))
    drawn_until(page, lambda: fed)
    if epoch == 2:
        said = engine.probabilities(maps.id).argmax(axis=1)
        np.testing.assert_array_equal(fed[-1], confusion_matrix(load("mnist").test.y, said, 10))
    right = int(fed[-1].trace())
    assert f"After epoch {epoch}: {right:,} of 2,000 test images are right" in prose(page)


def test_the_words_near_a_word_are_those_with_the_largest_cosine(open_page, run_of, engine, monkeypatch):
    run = run_of("mean of words")
    fed, make = [], bars.part_bars
    monkeypatch.setattr(bars, "part_bars", lambda *all_, **more: fed.append(all_) or make(*all_, **more))
    page = open_page(INSIDE, run=run.id, more="filters", word="film")
    assert not page.exception
    names, cosines, *_ = fed[-1]
    table = np.asarray(engine.weights(run.id)["embedding/embeddings"], np.float64)
    reading = near_words.prepared(run).reading
    vectors = table[2:] / np.linalg.norm(table[2:], axis=1, keepdims=True)
    expected = vectors @ vectors[reading.vocabulary.encode(["film"])[0] - 2]
    order = [place for place in np.argsort(-expected) if reading.vocabulary.words[place] != "film"][:10]
    assert names == [reading.vocabulary.words[place] for place in order]
    np.testing.assert_allclose(cosines, expected[order], rtol=1e-4)
    page.text_input(key="near_word").set_value("<b>zzzqqq").run()
    assert not page.exception
    assert "This network does not know the word “" in prose(page)


def test_a_network_that_predicts_a_number_has_no_confusion_matrix(open_page, run_of):
    run = run_of("regression")
    page = open_page(INSIDE, run=run.id, more="confusion")
    assert not page.exception
    assert page.button_group(key="inside_more").value == "sample"
    page = open_page(INSIDE, run=run.id, more="filters")
    drawn_until(page, lambda: "dead" in prose(page))


@pytest.mark.parametrize(
    ("kind", "layer", "names", "said"),
    [
        ("points", "dense", ("x", "y", "x_squared"), "one step along an axis"),
        ("three points", "dense", ("x", "y"), "one step along an axis"),
        (
            "table",
            "dense",
            ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"),
            "before normalises",
        ),
        ("table", "dense_1", ("input 0", "input 1", "input 2", "input 3", "input 4"), "outputs of the layer before"),
    ],
)
def test_a_units_weights_bear_the_names_of_what_they_are_multiplied_with(
    open_page, run_of, engine, monkeypatch, kind, layer, names, said
):
    run, fed, make = run_of(kind), [], bars.part_bars
    monkeypatch.setattr(bars, "part_bars", lambda *all_: fed.append(all_) or make(*all_))
    page = open_page(INSIDE, run=run.id, more="filters", filter_layer=layer, filter_unit="1")
    drawn_until(page, lambda: fed)
    assert tuple(fed[-1][0]) == names
    weights = engine.weights(run.id)
    np.testing.assert_array_equal(fed[-1][1], weights[f"{layer}/kernel"][:, 1])
    assert said in prose(page)
    assert f"the bias of {weights[f'{layer}/bias'][1]:.3g}" in prose(page)


def test_a_cells_weights_lie_in_no_picture_and_the_page_says_so(open_page, run_of):
    page = open_page(INSIDE, run=run_of("cell").id, more="filters", filter_layer="lstm")
    drawn_until(page, lambda: "belong to numbers that lie in no picture" in prose(page))


@pytest.mark.parametrize(("scaling", "said"), [("standard", "one standard deviation"), ("unit", "the whole range")])
def test_what_1_means_for_a_column_follows_from_its_scaling(open_page, engine, scaling, said):
    spec = from_query({"dataset": "penguins", "scaling": scaling, "epochs": "1", "layers": SOFTMAX_OF_3})
    run = wait_for_status(engine, engine.submit(spec, "a" * 32), "done")
    page = open_page(INSIDE, run=run.id, more="filters")
    drawn_until(page, lambda: said in prose(page))
