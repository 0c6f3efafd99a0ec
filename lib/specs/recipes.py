"""Models and trainings that someone published, with the source and the figures they reached."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib.specs.adapting import adapted
from lib.specs.data import DataSpec
from lib.specs.datasets import Dataset, find
from lib.specs.layers.known import (
    LSTM,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    Layer,
    LayerNormalization,
    MaxPooling2D,
    ParallelConv2D,
    PositionEmbedding,
    TransformerBlock,
)
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.specs.training import TrainSpec

KERAS_MNIST = "The network of Keras' code example 'Simple MNIST convnet' (F. Chollet), for 10 epochs"
KERAS_MNIST_URL = "https://keras.io/examples/vision/mnist_convnet/"
DLWP = "Deep Learning with Python (F. Chollet), chapter 2"
DLWP_URL = "https://www.manning.com/books/deep-learning-with-python-second-edition"
TF_QUICKSTART = "TensorFlow tutorials, 'TensorFlow 2 quickstart for beginners', without its dropout"
TF_QUICKSTART_URL = "https://www.tensorflow.org/tutorials/quickstart/beginner"
TF_CNN = "After TensorFlow tutorials, 'Convolutional Neural Network (CNN)', shortened"
TF_CNN_URL = "https://www.tensorflow.org/tutorials/images/cnn"
TF_TEXT = "After TensorFlow tutorials, 'Basic text classification'"
TF_TEXT_URL = "https://www.tensorflow.org/tutorials/keras/text_classification"
KERAS_IMDB = "After Keras' code example for IMDB sentences with an LSTM of 128 units"
KERAS_IMDB_URL = "https://keras.io/examples/nlp/bidirectional_lstm_imdb/"
KERAS_TRANSFORMER = (
    "After Keras' code example 'Text classification with Transformer' (A. Nandan), with a normalisation in front, as in"
    " BERT, and more dropout"
)
KERAS_TRANSFORMER_URL = "https://keras.io/examples/nlp/text_classification_with_transformer/"
PLAYGROUND = "TensorFlow Playground (Smilkov and others, 2017)"
PLAYGROUND_URL = "https://playground.tensorflow.org"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A named run.

    Attributes:
        published: figures of the source (or "-"), reached with the full-size dataset.
        parameters: weights, as the source or Keras counts them.
    """

    name: str
    title: str
    run: RunSpec
    parameters: int
    published: str
    source: str
    source_url: str = ""


def _run(dataset: str | DataSpec, layers: tuple[Layer, ...], **training: object) -> RunSpec:
    data = DataSpec(dataset=dataset) if isinstance(dataset, str) else dataset
    return RunSpec(data, ModelSpec(data.input_shape, layers), TrainSpec(**training))  # type: ignore[arg-type]


def _points(kind: str, *units: int, features: str = "x-y", activation: str = "tanh", **training: object) -> RunSpec:
    hidden = tuple(Dense(units=n, activation=activation) for n in units)
    options = {"loss": "binary_crossentropy", "epochs": 1_000, "batch_size": 10, "validation_split": 0.0, **training}
    return _run(DataSpec(dataset="points", points_kind=kind, features=features), (*hidden, _SIGMOID), **options)


def _dense(*units: int) -> tuple[Layer, ...]:
    return (Flatten(), *(Dense(units=n) for n in units), Dense(units=10, activation="softmax"))


def _words(vocabulary: int, size: int, mask_zero: bool = False) -> Embedding:
    return Embedding(input_dim=vocabulary, output_dim=size, mask_zero=mask_zero)


def _conv_blocks(*filters: int) -> tuple[Layer, ...]:
    return tuple(layer for n in filters for layer in (Conv2D(filters=n), MaxPooling2D()))


_SIGMOID = Dense(units=1, activation="sigmoid")
_SOFTMAX = Dense(units=10, activation="softmax")
_TEXT = {"loss": "binary_crossentropy", "batch_size": 64}

_ALL = (
    Recipe(
        "simple_cnn",
        "Simple CNN",
        _run("mnist", (*_conv_blocks(32, 64), Flatten(), Dropout(rate=0.5), _SOFTMAX)),
        34_826,
        "validation .9912, test .9895, loss .0283",
        KERAS_MNIST,
        KERAS_MNIST_URL,
    ),
    Recipe(
        "deeper_cnn",
        "Deeper CNN",
        _run("mnist", (*_conv_blocks(32, 64, 128), Flatten(), Dense(units=128), Dropout(rate=0.5), _SOFTMAX)),
        110_474,
        "test .9869, loss .0494",
        "A third block and a Dense layer on top of the Simple CNN, as student notebooks publish it",
    ),
    Recipe(
        "mlp",
        "Two-hidden-layer MLP",
        _run("mnist", _dense(128, 64), batch_size=32),
        109_386,
        '"99%"',
        "Introductory notebooks; their 99% is the training accuracy",
    ),
    Recipe(
        "dense_512",
        "Dense 512 (Deep Learning with Python)",
        _run(
            "mnist",
            _dense(512),
            optimizer="rmsprop",
            loss="sparse_categorical_crossentropy",
            epochs=5,
            validation_split=0.0,
        ),
        407_050,
        "test .9785",
        DLWP,
        DLWP_URL,
    ),
    Recipe(
        "dense_128",
        "Dense 128",
        _run("mnist", _dense(128), batch_size=32),
        101_770,
        "-",
        TF_QUICKSTART,
        TF_QUICKSTART_URL,
    ),
    Recipe(
        "cifar10_cnn",
        "Small CNN",
        _run("cifar10", (*_conv_blocks(32, 64), Flatten(), _SOFTMAX), batch_size=64),
        42_442,
        "-",
        TF_CNN,
        TF_CNN_URL,
    ),
    Recipe(
        "two_kernels",
        "Two kernel sizes side by side",
        _run(
            "mnist",
            (
                ParallelConv2D(filters=16),
                MaxPooling2D(),
                ParallelConv2D(filters=32),
                MaxPooling2D(),
                Flatten(),
                Dropout(rate=0.5),
                _SOFTMAX,
            ),
            epochs=5,
        ),
        66_826,
        "-",
        "A small network after the Inception module of Szegedy and others (2015): Going deeper with convolutions",
        "https://arxiv.org/abs/1409.4842",
    ),
    Recipe(
        "text_average",
        "Average of word vectors (small)",
        _run(
            DataSpec(dataset="movies", vocabulary=8_000, length=50),
            (
                _words(8_000, 32, mask_zero=True),
                GlobalAveragePooling1D(),
                Dropout(rate=0.3),
                _SIGMOID,
            ),
            **_TEXT,
            epochs=6,
        ),
        256_033,
        "-",
        TF_TEXT,
        TF_TEXT_URL,
    ),
    Recipe(
        "text_lstm_small",
        "Small LSTM",
        _run(
            DataSpec(dataset="movies", vocabulary=5_000, length=40),
            (_words(5_000, 32), LSTM(units=32), _SIGMOID),
            **_TEXT,
            epochs=3,
        ),
        168_353,
        "-",
        "The published LSTM with a quarter of its units, so that two cores train it in well under two minutes",
    ),
    Recipe(
        "text_lstm",
        "LSTM (published)",
        _run(
            DataSpec(dataset="movies", vocabulary=10_000, length=100),
            (_words(10_000, 128), LSTM(units=128), _SIGMOID),
            **_TEXT,
            epochs=3,
        ),
        1_411_713,
        "-",
        KERAS_IMDB,
        KERAS_IMDB_URL,
    ),
    Recipe(
        "text_transformer",
        "Tiny Transformer",
        _run(
            DataSpec(dataset="movies", vocabulary=8_000, length=32),
            (
                _words(8_000, 32, mask_zero=True),
                PositionEmbedding(),
                LayerNormalization(),
                Dropout(rate=0.4),
                TransformerBlock(num_heads=2, key_dim=16, intermediate_dim=32, dropout=0.2),
                GlobalAveragePooling1D(),
                Dropout(rate=0.4),
                _SIGMOID,
            ),
            **_TEXT,
            epochs=3,
            learning_rate=0.0005,
        ),
        263_585,
        "-",
        KERAS_TRANSFORMER,
        KERAS_TRANSFORMER_URL,
    ),
    Recipe(
        "points_circle",
        "4 + 2 units (Playground's first network)",
        _points("circle", 4, 2, optimizer="sgd", learning_rate=0.03),
        25,
        "-",
        PLAYGROUND,
        PLAYGROUND_URL,
    ),
    Recipe(
        "points_spiral",
        "8 + 8 units for the spiral",
        _points("spiral", 8, 8, features="x-y-sin_x-sin_y", learning_rate=0.01),
        121,
        "-",
        PLAYGROUND,
        PLAYGROUND_URL,
    ),
    Recipe(
        "wine_dense",
        "Dense 16",
        _run(
            DataSpec(dataset="wine", scaling="standard"),
            (Dense(units=16), Dense(units=3, activation="softmax")),
            epochs=60,
            batch_size=16,
            learning_rate=0.005,
        ),
        275,
        "-",
        "The usual first network on a small table",
    ),
)
RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _ALL}


def fitting(dataset: str) -> dict[str, Recipe]:
    """Recipes for a dataset: MNIST recipes also fit other images of the same shape, any image recipe a person's
    own images if its stack can take them."""
    facts = find(dataset)
    return {name: recipe for name, recipe in RECIPES.items() if _fits(recipe, facts)}


def _fits(recipe: Recipe, facts: Dataset) -> bool:
    if recipe.run.data.kind != facts.kind:
        return False
    if facts.own:
        return not ModelSpec(facts.input_shape, recipe.run.model.layers).problem
    return facts.kind in ("text", "points", "table") or recipe.run.model.input_shape == facts.input_shape


def on(recipe: Recipe, data: DataSpec) -> RunSpec:
    """A recipe on the data that a person chose.

    Vocabulary, length, padding, truncating, scaling and the features of points are taken from the recipe.

    Args:
        recipe: one that fits the dataset.
        data: which dataset, which points, how many samples.
    """
    own = recipe.run.data
    features = own.features if own.kind == "points" else data.features
    chosen = replace(
        data, vocabulary=own.vocabulary, length=own.length, padding=own.padding, truncating=own.truncating,
        features=features, scaling=own.scaling,
    )  # fmt: skip
    return adapted(recipe.run, chosen)


def matching(run: RunSpec) -> Recipe | None:
    """The recipe whose layers a run has, on any data that it fits. The training may differ from the recipe's."""
    recipes = fitting(run.data.dataset).values()
    return next((recipe for recipe in recipes if adapted(recipe.run, run.data).model == run.model), None)
