"""A Jupyter notebook that trains a run once more: the same samples, the same first weights, the same batches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.export.craft_code import class_weight_lines, mistaken_loss_lines, schedule_code
from lib.export.fold_code import splitter
from lib.export.keras_code import compile_arguments, model_lines
from lib.export.run_data import packed_line, preprocessing_lines, sample_lines, validated, way_of
from lib.specs.run import RunSpec

PASSAGES = (
    "title", "embedded", "published", "reviews", "points", "own", "preprocessing", "model", "training", "curves",
    "test", "confusion", "predicted", "went_on", "on_test", "folds",
)  # fmt: skip
"""Names of the texts between the code."""
_TOLD = 20  # lines that a training prints


@dataclass(frozen=True)
class Trained:
    """What a run did beyond its description.

    Attributes:
        epochs: complete ones.
        rates: the learning rate from an epoch on, where it was changed by hand or on a plateau.
        accuracy: of the test part; None where a number is predicted.
        loss: of the test part.
        best_epoch: the one whose weights it ended with, where it went back to the best ones; else 0.
    """

    epochs: int
    loss: float
    accuracy: float | None = None
    rates: Mapping[int, float] = field(default_factory=dict)
    best_epoch: int = 0


def notebook(run: RunSpec, trained: Trained, texts: Mapping[str, str]) -> str:
    """The notebook as nbformat 4.5 has it, without outputs.

    Args:
        run: a run whose stack has no problem.
        trained: what became of it.
        texts: Markdown for each of `PASSAGES`.

    Raises:
        DataError: the bundled samples cannot be read.
    """
    cells = [
        {"id": f"cell-{number}", **cell, "source": "\n".join(cell["source"]).splitlines(keepends=True)}
        for number, cell in enumerate(_cells(run, trained, texts), start=1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}, indent=1)


def _cells(run: RunSpec, trained: Trained, texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    way = way_of(run)
    yield _text(texts["title"])
    yield _code(*_imports(run))
    yield _text(texts[way], *_of_validation(run, texts))
    if way == "embedded":
        yield _code(packed_line(run), metadata={"jupyter": {"source_hidden": True}})
    yield _code(*sample_lines(run), "", "print(len(x_train), 'samples to train with,', len(x_test), 'to test with')")
    yield _text(texts["preprocessing"])
    yield _code(*preprocessing_lines(run))
    yield _text(texts["model" if run.start is None else "went_on"])
    # XLA makes small convolutions several times slower on a CPU.
    compiled = f"model.compile({compile_arguments(run)}, jit_compile=False)"
    seed = f"keras.utils.set_random_seed({run.training.seed})"
    yield _code(*mistaken_loss_lines(run), seed, *model_lines(run), compiled)
    yield _text(texts["training"])
    yield _code(*_training(run, trained))
    yield _text(texts["curves"])
    yield _code(*_curves(run))
    yield _text(texts["test"])
    yield _code(*_test(run, trained))
    yield _text(texts["predicted" if run.regression else "confusion"])
    yield _code(*(_predicted() if run.regression else _confusion(run)))


def _of_validation(run: RunSpec, texts: Mapping[str, str]) -> list[str]:
    """What needs saying of the validation part."""
    if run.data.folds:
        return ["", texts["folds"]]
    return ["", texts["on_test"]] if run.data.validates_on_test else []


def _text(*lines: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": list(lines)}


def _code(*lines: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    code: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": metadata or {}, "outputs": []}
    return {**code, "source": list(lines)}


def _imports(run: RunSpec) -> list[str]:
    standard = {
        "images": ["base64", "io", "json", "zipfile"], "text": ["base64", "collections", "gzip"],
        "table": ["base64", "csv"],
    }  # fmt: skip
    needed = standard[run.data.kind] if way_of(run) == "embedded" else []
    more = ["from PIL import Image"] if "zipfile" in needed else []
    more += [f"from sklearn.model_selection import {splitter(run)}"] if run.data.folds else []
    return [
        *(f"import {name}" for name in needed),
        *([""] if needed else []),
        "import keras",
        "import matplotlib.pyplot as plt",
        "import numpy as np",
        "from keras import layers",
        *more,
    ]


def _training(run: RunSpec, trained: Trained) -> list[str]:
    training = run.training
    part = "val" if validated(run) else "test" if run.data.validates_on_test else ""
    validation = f", validation_data=(x_{part}, y_{part})" if part else ""
    epochs = max(1, trained.epochs)
    weighted = ", class_weight=class_weight" if run.balances else ""
    schedule = schedule_code(training)
    rates, change = [], []
    if trained.rates:
        rates = [f"rates = {dict(trained.rates)!r}  # from which epoch on"]
        change = ["    if epoch in rates:", "        model.optimizer.learning_rate = rates[epoch]"]
    elif schedule:
        rates = [f"schedule = {schedule}  # its steps are epochs"]
        change = ["    model.optimizer.learning_rate = float(schedule(epoch - 1))"]
    return [
        *class_weight_lines(run),
        "history = []",
        *([f"best_epoch = {trained.best_epoch}"] if trained.best_epoch else []),
        *rates,
        f"for epoch in range(1, {epochs + 1}):",
        *change,
        f"    order = np.random.default_rng([{training.seed}, epoch]).permutation(len(x_train))",
        "    fitted = model.fit(",
        f"        x_train[order], y_train[order], batch_size={training.batch_size}, shuffle=False{validation},",
        f"        verbose=0{weighted},",
        "    )",
        "    history.append({name: values[0] for name, values in fitted.history.items()})",
        *(["    if epoch == best_epoch:", "        best_weights = model.get_weights()"] if trained.best_epoch else []),
        f"    if epoch % {-(-epochs // _TOLD)} == 0:",
        "        print(epoch, {name: round(value, 4) for name, value in history[-1].items()})",
        *(["model.set_weights(best_weights)  # as restore_best_weights does"] if trained.best_epoch else []),
    ]


def _curves(run: RunSpec) -> list[str]:
    names = ["loss"] if run.regression else ["loss", "accuracy"]
    return [
        f"figure, axes = plt.subplots(1, {len(names)}, figsize=({5 * len(names)}, 3.5), squeeze=False)",
        f"for axis, name in zip(axes[0], {names!r}):",
        "    for line, style in ((name, '-'), ('val_' + name, '--')):",
        "        if line in history[0]:",
        "            axis.plot(range(1, len(history) + 1), [each[line] for each in history], style, label=line)",
        "    axis.set_xlabel('epoch')",
        "    axis.legend()",
        "plt.show()",
    ]


def _test(run: RunSpec, trained: Trained) -> list[str]:
    if trained.accuracy is None:
        return [
            "test_loss = model.evaluate(x_test, y_test, verbose=0)",
            f"print(f'test loss {{test_loss:.4f}}; in LayerLab {trained.loss:.4f}')",
        ]
    return [
        "test_loss, test_accuracy = model.evaluate(x_test, y_test, verbose=0)",
        f"print(f'test accuracy {{test_accuracy:.4f}}; in LayerLab {trained.accuracy:.4f}')",
    ]


def _confusion(run: RunSpec) -> list[str]:
    names = list(run.data.class_names)
    said = "(outputs[:, 0] > 0.5).astype(int)" if run.binary else "outputs.argmax(axis=1)"
    return [
        f"names = {names!r}",
        "outputs = model.predict(x_test, verbose=0)",
        f"predicted = {said}",
        "confusion = np.zeros((len(names), len(names)), int)",
        "np.add.at(confusion, (true.astype(int), predicted), 1)",
        "figure, axis = plt.subplots(figsize=(6, 6))",
        "axis.imshow(confusion, cmap='Blues')",
        "for row, column in np.ndindex(confusion.shape):",
        "    dark = confusion[row, column] > confusion.max() / 2",
        "    axis.text(column, row, confusion[row, column], ha='center', va='center', color='w' if dark else 'k')",
        "axis.set_xticks(range(len(names)), names, rotation=90)",
        "axis.set_yticks(range(len(names)), names)",
        "axis.set_xlabel('predicted')",
        "axis.set_ylabel('true')",
        "plt.show()",
    ]


def _predicted() -> list[str]:
    return [
        "predicted = model.predict(x_test, verbose=0)[:, 0]",
        "plt.plot(true, predicted, 'o', alpha=0.5)",
        "plt.xlabel('true')",
        "plt.ylabel('predicted')",
        "plt.show()",
    ]
