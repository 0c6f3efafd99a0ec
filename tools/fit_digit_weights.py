"""Fit the Dense layer of the page "Flatten, dense, softmax": softmax regression on the bundled MNIST digits, in numpy.

    python tools/fit_digit_weights.py

writes `assets/data/digit_weights.npz` and prints its SHA-256 and both accuracies. Two runs give the same bytes, as long
as numpy and its linear algebra are the same.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from lib.concepts.activations import softmax  # noqa: E402
from lib.concepts.dense import dense  # noqa: E402
from lib.data.fitted.digit_weights import PATH  # noqa: E402
from lib.data.loading import Part, load  # noqa: E402

STEPS = 600
LEARNING_RATE = 0.1
MOMENTUM = 0.9
# Keeps the weights of pixels that hardly any digit uses near 0, so that the weights can be read as pictures.
L2 = 2e-3

Values = NDArray[np.float32]


def inputs(part: Part) -> Values:
    """Pixels from 0 to 1, one row an image."""
    return part.x.reshape(len(part), -1).astype(np.float32) / np.float32(255)


def fit(x: Values, y: NDArray[np.uint8]) -> tuple[Values, Values]:
    """Kernel `(784, 10)` and bias `(10,)` after gradient descent with momentum on the mean crossentropy."""
    one_hot = np.eye(10, dtype=np.float32)[y]
    kernel, bias = np.zeros((x.shape[1], 10), np.float32), np.zeros(10, np.float32)
    kernel_speed, bias_speed = np.zeros_like(kernel), np.zeros_like(bias)
    for _ in range(STEPS):
        error = (softmax(dense(x, kernel) + bias) - one_hot) / np.float32(len(x))
        kernel_speed = MOMENTUM * kernel_speed - LEARNING_RATE * (x.T @ error + L2 * kernel)
        bias_speed = MOMENTUM * bias_speed - LEARNING_RATE * error.sum(axis=0)
        kernel, bias = kernel + kernel_speed, bias + bias_speed
    return kernel.astype(np.float32), bias.astype(np.float32)


def main() -> None:
    """Fit, save and judge."""
    digits = load("mnist")
    kernel, bias = fit(inputs(digits.train), digits.train.y)
    np.savez_compressed(PATH, kernel=kernel, bias=bias)
    content = PATH.read_bytes()
    print(f"{hashlib.sha256(content).hexdigest()}  {PATH.name}  {len(content):,} bytes")
    for name, part in (("training", digits.train), ("test", digits.test)):
        right = (dense(inputs(part), kernel) + bias).argmax(axis=1) == part.y
        print(f"{name} accuracy {right.mean():.4f} on {len(part):,} digits")


if __name__ == "__main__":
    main()
