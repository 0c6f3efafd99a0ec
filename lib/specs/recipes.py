"""Models and trainings that someone published, with the source and the figures they reached."""

from __future__ import annotations

from dataclasses import dataclass

from lib.data.registry import DATASETS
from lib.specs.data import DataSpec
from lib.specs.layers import Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D
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


def _run(dataset: str, layers: tuple[Layer, ...], **training: object) -> RunSpec:
    return RunSpec(
        DataSpec(dataset=dataset),
        ModelSpec(DATASETS[dataset].input_shape, layers),
        TrainSpec(**training),  # type: ignore[arg-type]
    )


def _dense(*units: int) -> tuple[Layer, ...]:
    return (Flatten(), *(Dense(units=n) for n in units), Dense(units=10, activation="softmax"))


def _conv_blocks(*filters: int) -> tuple[Layer, ...]:
    return tuple(layer for n in filters for layer in (Conv2D(filters=n), MaxPooling2D()))


_SOFTMAX = Dense(units=10, activation="softmax")

_ALL = (
    Recipe(
        "simple_cnn",
        "Simple CNN (MNIST)",
        _run("mnist", (*_conv_blocks(32, 64), Flatten(), Dropout(rate=0.5), _SOFTMAX)),
        34_826,
        "validation .9912, test .9895, loss .0283",
        KERAS_MNIST,
        KERAS_MNIST_URL,
    ),
    Recipe(
        "deeper_cnn",
        "Deeper CNN (MNIST)",
        _run("mnist", (*_conv_blocks(32, 64, 128), Flatten(), Dense(units=128), Dropout(rate=0.5), _SOFTMAX)),
        110_474,
        "test .9869, loss .0494",
        "A third block and a Dense layer on top of the Simple CNN, as student notebooks publish it",
    ),
    Recipe(
        "mlp",
        "Two-hidden-layer MLP (MNIST)",
        _run("mnist", _dense(128, 64), batch_size=32),
        109_386,
        '"99%"',
        "Introductory notebooks; their 99% is the training accuracy",
    ),
    Recipe(
        "dense_512",
        "Dense 512 (MNIST; Deep Learning with Python)",
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
        "Dense 128 (MNIST)",
        _run("mnist", _dense(128), batch_size=32),
        101_770,
        "-",
        TF_QUICKSTART,
        TF_QUICKSTART_URL,
    ),
    Recipe(
        "cifar10_cnn",
        "CIFAR-10 CNN",
        _run("cifar10", (*_conv_blocks(32, 64), Flatten(), _SOFTMAX), batch_size=64),
        42_442,
        "-",
        TF_CNN,
        TF_CNN_URL,
    ),
)
RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _ALL}


def fitting(dataset: str) -> dict[str, Recipe]:
    """Recipes published for a dataset's images: MNIST recipes also fit other datasets of the same shape."""
    shape = DATASETS[dataset].input_shape
    return {name: recipe for name, recipe in RECIPES.items() if recipe.run.model.input_shape == shape}


def matching(run: RunSpec, training: bool = True) -> Recipe | None:
    """The recipe that a run follows, on whatever part of its dataset.

    Args:
        run: any run.
        training: whether the training must be the recipe's too, or its model alone decides.
    """
    for recipe in RECIPES.values():
        same_model = (recipe.run.model, recipe.run.data.dataset) == (run.model, run.data.dataset)
        if same_model and (not training or recipe.run.training == run.training):
            return recipe
    return None
