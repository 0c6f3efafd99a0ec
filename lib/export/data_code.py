"""The part of an exported script that gets the data: `x_train`, `y_train`, `x_test` and `y_test`."""

from __future__ import annotations

from collections.abc import Sequence

from lib.data import spoiling
from lib.data.bundled import points
from lib.export.fold_code import cut_lines, splitter
from lib.export.sources import source_lines
from lib.specs.run import RunSpec

_FEATURES = {
    "x": "a", "y": "b", "x_squared": "a * a", "y_squared": "b * b", "x_times_y": "a * b", "sin_x": "np.sin(a)",
    "sin_y": "np.sin(b)",
}  # fmt: skip


def data_lines(run: RunSpec) -> list[str]:
    """Lines that get a run's data and make numbers of it.

    Args:
        run: any run.

    Returns:
        Python. Points are the very points of the run; everything else is the published dataset, whole. With folds the
        validation part `x_val`, `y_val` is one of them.
    """
    if run.dataset.own:
        lines = _own(run)
    else:
        lines = {"images": _images, "text": _text, "table": _table, "points": _points}[run.data.kind](run)
    parts = ("train", "val", "test") if run.data.folds or holds_back(run) else ("train", "test")
    if not run.data.spoiling:
        return [*lines, *cut_lines(run), *number_lines(run, parts)]
    return [*spoiling_functions(run), *lines, *_held_back(run), *spoiling_lines(run), *number_lines(run, parts)]


def holds_back(run: RunSpec) -> bool:
    """Whether a script cuts the validation part off by itself, because only the rest is spoiled.

    Sorted images are left to Keras' own `validation_split`: it is what they are to show.
    """
    return run.data.spoiling not in ("", "sorted") and bool(run.training.validation_split)


def _held_back(run: RunSpec) -> list[str]:
    if not holds_back(run):
        return []
    return [
        f"rest = len(x_train) - round(len(x_train) * {run.training.validation_split!r})",
        "x_train, x_val = x_train[:rest], x_train[rest:]",
        "y_train, y_val = y_train[:rest], y_train[rest:]",
    ]


def spoiling_functions(run: RunSpec) -> list[str]:
    """LayerLab's own function that spoils the images of a run."""
    name = "by_class" if run.data.spoiling == "sorted" else run.data.spoiling
    return [*source_lines(spoiling, name), "", "", "# These images are spoiled on purpose, to see what comes of it."]


def spoiling_lines(run: RunSpec) -> list[str]:
    """Lines that spoil `x_train` and `y_train` as the run had them; they need `spoiling_functions`.

    Where labels leak they also need `x_val` and `y_val`; shuffled pixels are shuffled in all parts.
    """
    match run.data.spoiling:
        case "shuffled_pixels":
            parts = ["train", "val", "test"] if holds_back(run) else ["train", "test"]
            return [f"x_{part} = shuffled_pixels(x_{part})" for part in parts]
        case "shuffled_labels":
            return ["x_train, y_train = shuffled_labels(x_train, y_train)"]
        case "leaked" if run.training.validation_split:
            return ["x_train, y_train = leaked(x_train, y_train, x_val, y_val)"]
        case "left_out":
            absent = spoiling.absent_class(len(run.data.class_names))
            return [f"x_train, y_train = left_out(x_train, y_train, {absent})"]
        case "sorted":
            return ["x_train, y_train = by_class(x_train, y_train)"]
    return []


def number_lines(run: RunSpec, parts: Sequence[str]) -> list[str]:
    """Lines that scale the samples of these parts, and make one-hot rows of their labels where the loss wants them."""
    lines = _scaled(run, parts) if run.data.kind in ("images", "table") else []
    if run.training.one_hot and not run.binary and not run.regression:
        classes = len(run.data.class_names)
        lines += [f"y_{part} = keras.utils.to_categorical(y_{part}, {classes})" for part in parts]
    return lines


def _scaled(run: RunSpec, parts: Sequence[str]) -> list[str]:
    """Statistics are of the training part alone. An own column of one single value has nothing to stretch."""
    images = run.data.kind == "images"
    first, formula = [], "x_{part}.astype('float32')"
    if run.data.scaling == "standard":
        axes = "(0, 1, 2)" if images else "0"
        first = [f"mean, deviation = x_train.mean(axis={axes}), x_train.std(axis={axes})"]
        formula = "((x_{part} - mean) / deviation).astype('float32')"
        if run.dataset.own:
            first.append("deviation[deviation == 0] = 1")
    elif run.data.scaling == "unit" and images:
        formula = "x_{part}.astype('float32') / 255"
    elif run.data.scaling == "unit":
        first = ["low, spread = x_train.min(axis=0), np.ptp(x_train, axis=0)"]
        formula = "((x_{part} - low) / spread).astype('float32')"
        if run.dataset.own:
            first.append("spread[spread == 0] = 1")
    return [*first, *(f"x_{part} = {formula.format(part=part)}" for part in parts)]


def import_lines(run: RunSpec) -> list[str]:
    """Imports that the lines need beside Keras."""
    table = run.data.kind == "table" and not run.dataset.own
    names = [*([splitter(run)] if run.data.folds else []), *(["train_test_split"] if table else [])]
    split = [f"from sklearn.model_selection import {', '.join(names)}"] if names else []
    if table:
        return ["import numpy as np", *run.dataset.script_imports, *split]
    return [*(["import numpy as np"] if run.dataset.own or run.data.kind == "points" else []), *split]


def _images(run: RunSpec) -> list[str]:
    lines = [f"(x_train, y_train), (x_test, y_test) = keras.datasets.{run.data.dataset}.load_data()"]
    if run.data.samples or run.data.size == "bundled":
        lines.append(f"# LayerLab used {run.samples():,} of these {run.dataset.full_train:,} training samples.")
    if run.dataset.input_shape[-1] == 1:
        shape = ", ".join(map(str, run.dataset.input_shape))
        lines += [f"x_train = x_train.reshape(-1, {shape})", f"x_test = x_test.reshape(-1, {shape})"]
    return lines


def _text(run: RunSpec) -> list[str]:
    ends = {"maxlen": run.data.length, "padding": run.data.padding, "truncating": run.data.truncating}
    options = ", ".join(f"{name}={value!r}" for name, value in ends.items() if value != "pre")
    source = "reviews" if run.data.size == "full" else "shorter sentences"
    return [
        f"# LayerLab used {run.samples():,} {source}; these are the film reviews that Keras has, read the same way.",
        f"(x_train, y_train), (x_test, y_test) = keras.datasets.imdb.load_data(num_words={run.data.vocabulary})",
        *(f"x_{part} = keras.utils.pad_sequences(x_{part}, {options})" for part in ("train", "test")),
    ]


def _table(run: RunSpec) -> list[str]:
    return [
        *run.dataset.script_lines,
        "# LayerLab splits as evenly, but puts other rows into the test part.",
        "x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)",
    ]


def drawn_points(run: RunSpec) -> list[str]:
    """Lines that draw the very points of a run, `x` with its features and `y`, both float32, in LayerLab's order."""
    data = run.data
    draw = points.DRAWN_BY[data.points_kind].__name__
    values = ", ".join(_FEATURES[name] for name in data.number_names)
    return [
        *source_lines(points, draw),
        "",
        "",
        f"random = np.random.default_rng({data.points_seed})",
        f"x, y = {draw}({data.points}, {data.noise / 100}, random)",
        f"order = random.permutation({data.points})",
        "a, b = x[order].T",
        f"x, y = np.stack([{values}], axis=1).astype('float32'), y[order].astype('float32')",
    ]


def _points(run: RunSpec) -> list[str]:
    return [
        *drawn_points(run),
        "# The same points as in LayerLab; which of them are test points is another choice.",
        f"x_train, x_test = np.split(x, [{run.samples()}])",
        f"y_train, y_test = np.split(y, [{run.samples()}])",
    ]


def _own(run: RunSpec) -> list[str]:
    shape = ", ".join(map(str, ("samples", *run.data.input_shape)))
    return [
        "# Your own data, shuffled and saved as arrays with np.savez:",
        f"# x is ({shape}), y the class of each sample as a number.",
        "own = np.load('own_data.npz')",
        "x_train, y_train, x_test, y_test = (own[name] for name in ('x_train', 'y_train', 'x_test', 'y_test'))",
    ]
