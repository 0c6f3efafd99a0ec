"""What is written of a run for somebody outside LayerLab: the notebook that trains it once more, and the report."""

from __future__ import annotations

import math
from importlib.metadata import version

from lib.engine.runs.snapshot import EpochPoint, RunSnapshot
from lib.export.keras_code import FIRST_WEIGHTS
from lib.export.notebook import PASSAGES, Trained, notebook
from lib.export.report import PASSAGES as REPORT_PASSAGES
from lib.specs.schedules import factor
from lib.specs.training import TrainSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.spoiled import mark
from lib.ui.session.engine import engine


def notebook_of(run: RunSnapshot) -> str:
    """The notebook of a tested run, as JSON. It is made when its button is pressed.

    Raises:
        DataError: the bundled samples cannot be read.
    """
    facts, start = run.spec.dataset, run.spec.start
    values = {
        "title": _titled(run), "dataset": facts.title, "source": facts.source, "licence": facts.licence,
        "epochs": f"{run.epochs_trained:,}", "samples": f"{run.spec.samples():,}", "reached": reached(run),
        "keras": version("keras"), "numpy": version("numpy"), "file": FIRST_WEIGHTS,
        "epoch": str(start.epoch) if start else "", "origin": start.run if start else "",
        "fold": f"{run.spec.data.fold}", "folds": f"{run.spec.data.folds}",
    }  # fmt: skip
    shown = {name: words.escaped(value) for name, value in values.items()}
    texts = {name: lessons.text(f"notebook.{name}", **shown) for name in PASSAGES}
    return notebook(run.spec, trained(run), texts)


def report_of(run: RunSnapshot, number: int) -> str:
    """The HTML file about a tested run. A worker writes it when its button is pressed.

    Args:
        run: the run.
        number: position of the test sample that is followed through the epochs.

    Raises:
        EngineError: no worker answers, or the samples are gone.
    """
    texts = {name: lessons.text(f"report.{name}", kind=words.samples(run.spec.data.kind)) for name in REPORT_PASSAGES}
    figures = [["Epochs trained", f"{run.epochs_trained:,}"], ["Parameters", f"{run.spec.model.parameters:,}"]]
    if run.evaluation is not None:
        figures.insert(0, ["Test loss", f"{run.evaluation.loss:.4f}"])
        if run.evaluation.accuracy is not None:
            figures.insert(0, ["Test accuracy", words.percent(run.evaluation.accuracy)])
        figures.append([f"Test {words.samples(run.spec.data.kind)}", f"{run.evaluation.samples:,}"])
    told = {"title": _titled(run), "texts": texts, "figures": figures}
    return engine().looks.report(run.id, told, number)


def _titled(run: RunSnapshot) -> str:
    """What a run is called, and whether its data are spoiled: nobody shall take its figures for honest ones."""
    spoiling = run.spec.data.spoiling
    return f"{run.title} ({mark(spoiling)})" if spoiling else run.title


def trained(run: RunSnapshot) -> Trained:
    """What became of a tested run beyond its description.

    Raises:
        ValueError: it was not tested.
    """
    if run.evaluation is None:
        raise ValueError(f"run {run.id} was not tested")
    rates = changed_rates(run.epoch_points, run.spec.training)
    return Trained(run.epochs_trained, run.evaluation.loss, run.evaluation.accuracy, rates, run.best_epoch)


def changed_rates(points: tuple[EpochPoint, ...], training: TrainSpec) -> dict[int, float]:
    """The learning rate from an epoch on, where it was not the one that the training's schedule gives.

    Args:
        points: of the epochs that were told.
        training: what was asked for.

    Returns:
        Nothing where all went as the schedule says; else every change, those of the schedule too.
    """
    first = training.learning_rate
    if all(math.isclose(point.learning_rate, first * factor(training, point.epoch)) for point in points):
        return {}
    rates: dict[int, float] = {}
    for point in points:
        if point.learning_rate != first:
            rates[point.epoch] = first = point.learning_rate
    return rates


def reached(run: RunSnapshot) -> str:
    """What a tested run reached, in words."""
    if run.evaluation is None:
        return "no test yet"
    if run.evaluation.accuracy is None:
        return f"a loss of {run.evaluation.loss:.4f}"
    return f"an accuracy of {words.percent(run.evaluation.accuracy)}"
