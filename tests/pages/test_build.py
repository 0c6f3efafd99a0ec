import threading

import pytest
from helpers.waiting import wait_until

from lib.engine.question_line import QuestionLine
from lib.specs.codec import to_query
from lib.specs.layers.known import Conv2D, Dense, Flatten, MaxPooling2D
from lib.specs.recipes import RECIPES
from lib.ui.session import asked

BUILD = "pages/build.py"


def words_of(page):
    """All that a visitor reads on a page."""
    kinds = (page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def button(page, key):
    return page.button(key=key)


def opened(page, place):
    """The page run with the layer at a place (from 1) opened: AppTest itself forgets open expanders between runs."""
    page.session_state[f"layer_open_{page.session_state['draft'].ids[place - 1]}"] = True
    return page.run()


def widget(page, kind, place, name):
    layer_id = page.session_state["draft"].ids[place - 1]
    return getattr(page, kind)(key=f"layer_{layer_id}_{name}")


def test_a_newcomer_finds_the_simple_cnn_ready_to_train(open_page, spec_of):
    page = open_page(BUILD)
    assert not page.exception
    assert spec_of(page) == RECIPES["simple_cnn"].run
    assert page.selectbox(key="recipe").value == "simple_cnn"
    assert not button(page, "train").disabled
    assert all(button(page, key).disabled for key in ("pause", "stop", "add_epoch"))
    assert next(metric.value for metric in page.metric) == "34,826"


@pytest.mark.parametrize("name", RECIPES)
def test_each_recipe_round_trips_through_the_address(open_page, spec_of, name):
    run = RECIPES[name].run
    page = open_page(BUILD, **to_query(run))
    assert not page.exception
    assert not page.warning
    assert spec_of(page) == run
    assert page.selectbox(key="recipe").value == name
    assert page.selectbox(key="dataset").value == run.data.dataset


def test_choosing_a_recipe_shows_what_its_source_published_and_with_how_many_images(open_page, spec_of):
    page = open_page(BUILD)
    page.selectbox(key="recipe").set_value("dense_512").run()
    assert spec_of(page) == RECIPES["dense_512"].run
    assert "test .9785" in words_of(page)
    assert "60,000 images" in words_of(page)
    assert "here you train with 8,000" in words_of(page)


def test_another_dataset_keeps_the_layers_where_they_fit_and_brings_its_own_recipe_where_not(open_page, spec_of):
    page = open_page(BUILD)
    page.selectbox(key="dataset").set_value("fashion_mnist").run()
    assert spec_of(page).model == RECIPES["simple_cnn"].run.model
    page.selectbox(key="dataset").set_value("cifar10").run()
    assert spec_of(page).model == RECIPES["cifar10_cnn"].run.model
    assert not page.exception


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"layers": "Conv2D(filters=99999999999999)"}, "Conv2D.filters"),
        ({"layers": "Conv2D", "colour": "red"}, "'colour'"),
        ({"layers": "__import__('os')"}, "__import__"),
        ({"epochs": "1e999"}, "epochs"),
        ({"epochs": "ten"}, "'ten'"),
        ({"dataset": "<script>alert(1)</script>"}, "dataset"),
        ({"learning_rate": "nan"}, "learning_rate"),
        ({"layers": "Flatten;" * 1_010}, "8000 characters"),
        ({"run": "../../etc/passwd"}, "../../etc/passwd"),
        ({"run": "0123456789abcdef"}, "0123456789abcdef"),
    ],
)
def test_a_junk_address_is_named_in_a_warning_and_the_usual_settings_stand(open_page, spec_of, query, named):
    page = open_page(BUILD, **query)
    assert not page.exception
    assert any(named in warning.value.replace("\\", "") for warning in page.warning)
    assert spec_of(page) == RECIPES["simple_cnn"].run
    assert "run" not in page.query_params
    assert not button(page, "train").disabled


def test_an_address_without_layers_gets_those_of_the_datasets_recipe(open_page, spec_of):
    page = open_page(BUILD, dataset="cifar10", epochs="3")
    assert spec_of(page).model == RECIPES["cifar10_cnn"].run.model
    assert spec_of(page).training.epochs == 3


def test_an_impossible_stack_is_explained_at_the_layer_that_breaks_it_and_cannot_be_trained(open_page):
    page = open_page(BUILD, dataset="mnist", layers="MaxPooling2D(pool_size=8,strides=8);Conv2D(kernel_size=5);Flatten")
    assert not page.exception
    assert button(page, "train").disabled
    at_the_layer, beside_train = "Conv2D would shrink 3x3 below 1", "Layer 2, conv2d: Conv2D would shrink 3x3 below 1"
    errors = [error.value for error in page.error]
    assert any(error.startswith(at_the_layer) for error in errors)
    assert any(error.startswith(beside_train) for error in errors)
    labels = [expander.label for expander in page.expander]
    assert any("2 · " in label and "does not fit" in label for label in labels)
    assert any("3 · " in label and "waits" in label for label in labels)


def test_too_many_parameters_are_refused_with_the_limit(open_page):
    page = open_page(BUILD, dataset="mnist", layers="Flatten;" + "Dense(units=2048);" * 3 + "Dense(units=10)")
    assert button(page, "train").disabled
    assert any("5,000,000" in error.value for error in page.error)


def test_turning_an_option_changes_shapes_sums_and_address_at_once(open_page, spec_of):
    page = opened(open_page(BUILD), 1)
    assert "`3*3*1*32 + 32 = 320`" in words_of(page)
    assert "`floor((28 + 2*0 - 3)/1) + 1 = 26`" in words_of(page)
    widget(page, "select_slider", 1, "filters").set_value(8).run()
    assert spec_of(page).model.layers[0] == Conv2D(filters=8)
    assert "`3*3*1*8 + 8 = 80`" in words_of(opened(page, 1))
    widget(opened(page, 1), "slider", 1, "kernel_size").set_value(5).run()
    assert "`floor((28 + 2*0 - 5)/1) + 1 = 24`" in words_of(opened(page, 1))


def test_an_option_that_a_layer_cannot_have_beside_its_others_is_taken_back_with_the_reason(open_page, spec_of):
    page = opened(open_page(BUILD, dataset="mnist", layers="Conv2D(strides=2);Flatten;Dense(units=10)"), 1)
    widget(page, "slider", 1, "dilation_rate").set_value(2).run()
    assert not page.exception
    assert any("dilation_rate must be 1" in warning.value for warning in page.warning)
    assert widget(opened(page, 1), "slider", 1, "dilation_rate").value == 1
    assert spec_of(page).model.layers[0] == Conv2D(strides=2)


def test_layers_can_be_added_where_they_work_moved_and_removed(open_page, spec_of):
    page = open_page(BUILD, dataset="mnist", layers="Flatten;Dense(units=10,activation=softmax)")
    page.selectbox(key="new_layer").set_value("Conv2D").run()
    button(page, "add_layer").click().run()
    last = Dense(units=10, activation="softmax")
    assert spec_of(page).model.layers == (Conv2D(), Flatten(), last)
    page.selectbox(key="new_layer").set_value("MaxPooling2D").run()
    button(page, "add_layer").click().run()
    page.selectbox(key="new_layer").set_value("Dense").run()
    button(page, "add_layer").click().run()
    assert spec_of(page).model.layers == (Conv2D(), MaxPooling2D(), Flatten(), Dense(), last)
    widget(opened(page, 2), "button", 2, "up").click().run()
    assert spec_of(page).model.layers[:2] == (MaxPooling2D(), Conv2D())
    widget(opened(page, 1), "button", 1, "remove").click().run()
    assert spec_of(page).model.layers == (Conv2D(), Flatten(), Dense(), last)
    assert not page.exception


def test_a_stack_without_layers_can_be_built_up_again(open_page, spec_of):
    page = opened(open_page(BUILD, dataset="mnist", layers="Flatten"), 1)
    widget(page, "button", 1, "remove").click().run()
    assert not page.exception
    assert button(page, "train").disabled
    page.selectbox(key="new_layer").set_value("Flatten").run()
    button(page, "add_layer").click().run()
    assert spec_of(page).model.layers == (Flatten(),)


@pytest.mark.parametrize("by", ["up", "down"])
def test_a_layer_that_is_moved_stays_open(open_page, by):
    page = opened(open_page(BUILD, dataset="mnist", layers="Conv2D;Conv2D;Conv2D;Flatten"), 2)
    layer_id = page.session_state["draft"].ids[1]
    button(page, f"layer_{layer_id}_{by}").click().run()
    assert page.session_state["draft"].ids[0 if by == "up" else 2] == layer_id
    assert page.session_state[f"layer_open_{layer_id}"]


def test_only_layers_that_can_stand_in_the_stack_are_offered(open_page):
    page = open_page(BUILD, **to_query(RECIPES["points_circle"].run))
    assert page.selectbox(key="new_layer").options == [
        "Flatten", "Dense", "Dropout", "BatchNormalization", "LayerNormalization", "GaussianNoise",
    ]  # fmt: skip
    assert "fit nowhere in your network, so they are not in the list: Conv2D" in words_of(page)
    page.selectbox(key="dataset").set_value("mnist").run()
    assert not page.exception
    assert "Conv2D" in page.selectbox(key="new_layer").options


def test_undo_and_redo_walk_over_data_layers_and_settings(open_page, spec_of):
    page = open_page(BUILD)
    start = spec_of(page)
    assert button(page, "undo").disabled
    assert button(page, "redo").disabled
    page.selectbox(key="dataset").set_value("cifar10").run()
    page.selectbox(key="new_layer").set_value("Dropout").run()
    button(page, "add_layer").click().run()
    page.number_input(key="epochs").set_value(3).run()
    end = spec_of(page)
    for _ in range(3):
        button(page, "undo").click().run()
    assert spec_of(page) == start
    assert page.number_input(key="epochs").value == 10
    assert button(page, "undo").disabled
    for _ in range(3):
        button(page, "redo").click().run()
    assert spec_of(page) == end
    assert button(page, "redo").disabled
    assert not page.exception


def test_own_layers_that_cannot_take_other_data_are_told_with_an_undo(open_page, spec_of):
    page = open_page(BUILD, dataset="mnist", layers="Conv2D;Flatten;Dense(units=10,activation=softmax)")
    start = spec_of(page)
    page.selectbox(key="dataset").set_value("movies").run()
    assert "Your own layers do not work with Movie" in words_of(page)
    button(page, "undo_other_data").click().run()
    assert spec_of(page) == start
    assert "do not work with" not in words_of(page)
    page.selectbox(key="dataset").set_value("cifar10").run()
    assert spec_of(page).model.layers == start.model.layers


@pytest.mark.parametrize("name", ["simple_cnn", "dense_128"])
def test_a_recipe_is_not_called_after_other_data_than_those_chosen(open_page, name):
    page = open_page(BUILD, **to_query(RECIPES[name].run))
    page.selectbox(key="dataset").set_value("fashion_mnist").run()
    assert page.selectbox(key="recipe").value == name
    assert not any("MNIST" in option for option in page.selectbox(key="recipe").options)


def test_settings_go_into_the_address_and_an_optimizer_brings_its_own_rate(open_page, spec_of):
    page = open_page(BUILD)
    page.number_input(key="epochs").set_value(3).run()
    page.select_slider(key="batch_size").set_value(64).run()
    page.selectbox(key="optimizer").set_value("sgd").run()
    page.slider(key="momentum").set_value(0.9).run()
    training = spec_of(page).training
    assert (training.epochs, training.batch_size, training.optimizer) == (3, 64, "sgd")
    assert (training.learning_rate, training.momentum) == (0.01, 0.9)
    page.select_slider(key="learning_rate").set_value(0.05).run()
    assert page.query_params["learning_rate"] == "0.05"
    page.selectbox(key="optimizer").set_value("adam").run()
    assert spec_of(page).training.learning_rate == 0.05
    assert "momentum" not in [slider.key for slider in page.slider]


def test_all_other_settings_are_there_when_opened(open_page, spec_of):
    page = open_page(BUILD)
    changes = (
        ("selectbox", "loss", "mean_squared_error"),
        ("slider", "validation_split", 0.2),
        ("selectbox", "scaling", "standard"),
        ("select_slider", "samples", 1_000),
        ("number_input", "seed", 7),
    )
    for kind, key, value in changes:
        page.session_state["more_settings"] = True
        getattr(page.run(), kind)(key=key).set_value(value).run()
    spec = spec_of(page)
    assert (spec.training.loss, spec.training.validation_split, spec.training.seed) == ("mean_squared_error", 0.2, 7)
    assert (spec.data.scaling, spec.data.samples) == ("standard", 1_000)
    assert not page.exception


def test_folds_are_chosen_and_say_which_of_them_is_held_back(open_page, opened, spec_of):
    page = open_page(BUILD)
    for kind, key, value in (("select_slider", "folds", 5), ("slider", "fold", 4), ("select_slider", "folds", 3)):
        getattr(opened(page, "more_settings"), kind)(key=key).set_value(value).run()
    assert (spec_of(page).data.folds, spec_of(page).data.fold) == (3, 3)
    assert "fold 3 of 3 is held back" in words_of(page)
    assert "validation_split" not in [slider.key for slider in opened(page, "more_settings").slider]
    page.select_slider(key="folds").set_value(0).run()
    assert (page.query_params.get("folds"), page.query_params.get("fold")) == (None, None)
    assert not page.exception


def test_settings_behind_a_choice_are_there_where_it_needs_them(open_page, spec_of):
    page = open_page(BUILD)
    changes = (
        ("selectbox", "schedule", "step_decay"),
        ("slider", "decay_rate", 0.3),
        ("toggle", "early_stopping", True),
        ("selectbox", "monitor", "loss"),
        ("selectbox", "schedule", "reduce_on_plateau"),
        ("selectbox", "clipping", "clipnorm"),
        ("select_slider", "clip_norm", 0.5),
        ("slider", "label_smoothing", 0.1),
        ("segmented_control", "class_weight", "balanced"),
        ("select_slider", "l2", 0.001),
        ("selectbox", "kernel_initializer", "he_normal"),
    )
    for kind, key, value in changes:
        page.session_state["more_settings"] = True
        getattr(page.run(), kind)(key=key).set_value(value).run()
    training = spec_of(page).training
    assert (training.schedule, training.decay_rate) == ("reduce_on_plateau", 0.3)
    assert (training.early_stopping, training.monitor) == (True, "loss")
    assert (training.clipping, training.clip_norm, training.label_smoothing) == ("clipnorm", 0.5, 0.1)
    assert (training.class_weight, training.l2) == ("balanced", 0.001)
    assert training.kernel_initializer == "he_normal"
    assert "For large steps at first" in words_of(page)
    assert not page.exception


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist", "cifar10"])
def test_the_dataset_card_names_source_licence_and_counts(open_page, dataset):
    from lib.specs.datasets import DATASETS

    page = open_page(BUILD, dataset=dataset)
    page.session_state["dataset_card"] = True
    page.run()
    assert not page.exception
    facts = DATASETS[dataset]
    for fact in (facts.source, facts.licence, facts.citation, f"**{facts.bundled_train:,}** samples to train"):
        assert fact in words_of(page)
    assert ("test digits of MNIST" in words_of(page)) == (dataset == "mnist")


def test_the_full_size_that_is_not_here_is_explained_and_cannot_be_trained(open_page):
    page = open_page(BUILD, **to_query(RECIPES["simple_cnn"].run), size="full")
    assert button(page, "train").disabled
    assert any("does not have the full-size MNIST digits yet" in error.value for error in page.error)
    page.session_state["dataset_card"] = True
    page.run()
    assert page.button(key="fetch_full").label == "Fetch all 60,000 samples"


def test_the_keras_code_and_a_download_of_it_are_shown(open_page):
    page = open_page(BUILD)
    assert any("layers.Conv2D(64, 3, activation=" in code.value for code in page.code)
    assert page.get("download_button")


def test_browser_back_reopens_the_state_of_that_address(open_page, spec_of):
    page = open_page(BUILD)
    first = dict(page.query_params)
    page.number_input(key="epochs").set_value(3).run()
    page.number_input(key="epochs").set_value(4).run()
    page.query_params.clear()
    page.query_params.update(first)
    page.run()
    assert spec_of(page).training.epochs == 10
    assert page.number_input(key="epochs").value == 10


def test_a_browser_that_sees_only_the_second_run_of_the_page_still_gets_every_value(open_page):
    """While its code is loading, a browser skips runs; values given by session state alone were lost with the first."""
    page = open_page(BUILD, dataset="points", points="300", noise="10", epochs="77", features="x-sin_y").run()
    assert page.slider(key="points").proto.default == [300]
    assert page.slider(key="noise").proto.default == [10]
    assert page.number_input(key="epochs").proto.default == 77
    assert list(page.button_group(key="features").proto.default) == [0, 6]
    options = page.selectbox(key="points_kind").proto
    assert options.options[options.default] == "circle"


def test_a_slider_that_is_drawn_along_asks_keras_about_its_last_position_alone(open_page, engine, monkeypatch):
    asked_about, go_on = [], threading.Event()

    def summary(model):
        if not isinstance(model.layers[1], Dense):
            return "a question that a page of another test has left"
        asked_about.append(model.layers[1].units)
        assert go_on.wait(30)
        return f"Keras on {model.layers[1].units} units"

    monkeypatch.setattr(engine, "summary", summary)
    monkeypatch.setattr(engine, "line", QuestionLine(lambda: 1))  # nobody else's question is in it
    asked.answers().clear()
    try:
        page = open_page(BUILD, dataset="mnist", layers="Flatten;Dense(units=10);Dense(units=10,activation=softmax)")
        before = threading.active_count()
        for value in (16, 32, 64, 128):
            widget(opened(page, 2), "select_slider", 2, "units").set_value(value).run()
        assert threading.active_count() <= before
        go_on.set()
        wait_until(lambda: any("Keras on 128 units" in code.value for code in page.run().code))
        assert asked_about == [10, 128]
    finally:
        go_on.set()
        asked.answers().clear()
