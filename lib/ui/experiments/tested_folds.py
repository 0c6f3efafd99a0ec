"""What the test part says of the networks of a k-fold validation, once it is open."""

from __future__ import annotations

import streamlit as st

from lib.concepts.measures import MEASURES
from lib.concepts.spread import spread
from lib.engine.experiments.snapshot import ExperimentSnapshot
from lib.ui.experiments.outcome import measure_name
from lib.ui.kit import lessons, words


def tested_folds(experiment: ExperimentSnapshot) -> None:
    """Draw every network's figure on the test part beside that of its own fold, and their mean."""
    name = measure_name(experiment.plan)
    measure = MEASURES[name]
    tested = [(each, each.run.evaluation) for each in experiment.members if each.run is not None and each.complete]
    figures = [
        (each.label, each.loss if name == "loss" else each.accuracy, found.loss if name == "loss" else found.accuracy)
        for each, found in tested
        if found is not None
    ]
    rows = [
        [label, measure.value(own), measure.value(test)]
        for label, own, test in figures
        if own is not None and test is not None
    ]
    if not rows:
        return
    st.markdown(words.table(["network of", f"{measure.title} on its fold", f"test {measure.title}"], rows))
    found = spread([test for _, _, test in figures if test is not None])
    deviation = "" if found.deviation is None else measure.differences([found.deviation], signed=False)[0]
    lessons.show("folds.tested", mean=measure.value(found.mean), deviation=deviation + measure.unit)
