"""What seems wrong with a training: first the evidence, then its name, then a change that may cure it, as a button."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from lib.engine.diagnosis.cures import CURES, cures
from lib.engine.diagnosis.facts import facts_of
from lib.engine.diagnosis.hints import Hint, hints
from lib.engine.diagnosis.rules import FEW_TO_VALIDATE, RULES
from lib.engine.diagnosis.so_far import lost_its_numbers
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError
from lib.specs.layers.known import Dense
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.question_note import ask
from lib.ui.session import comparing, own_visit
from lib.ui.session.engine import settings

_EVIDENCE = {name: f"diagnosis.{name}_evidence" for name in RULES}
_NAMES = {name: f"diagnosis.{name}_name" for name in RULES}
_MEANS = {name: f"diagnosis.{name}_means" for name in RULES}
_CURES = {name: f"diagnosis.cure_{name}" for name in CURES}
_BASELINES = {name: f"diagnosis.baseline_{name}" for name in ("class_means", "counted_words")}
_QUESTIONS = {
    "diverged": "loss_nan",
    "rate_too_high": "learning_rate",
    "rate_too_low": "learning_rate",
    "vanishing_gradients": "why_relu",
    "not_learning": "stays_at_ten",
    "overfitting": "is_it_overfitting",
    "underfitting": "bigger",
    "unscaled_input": "divide_by_255",
    "too_few_samples": "how_many_images",
}
"""The question that arises where a rule finds something."""
_SHARES = ("accuracy", "share")
"""Evidence whose name ends so is a share of 1."""


def diagnosis(run: RunSnapshot) -> None:
    """Show what the rules find in a run's curves; nothing where they find nothing.

    Args:
        run: under way or ended.
    """
    found = _found(run)
    if not found:
        return
    with st.container(key="diagnosis", gap="small"):
        offered = 0
        for hint in found:
            with st.container(key=f"hint_{hint.name}", border=True, gap="xsmall"):
                offered += _show(run.spec, hint)
        if offered:
            st.caption(lessons.text("diagnosis.compare"))


def _show(spec: RunSpec, hint: Hint) -> int:
    """Show one hint, and say how many changes it offers.

    The button of the first change has the key `apply_cure_<hint>`, those of others `apply_cure_<hint>_<change>`.
    """
    st.markdown(f":material/stethoscope: {evidence(spec, hint)}")
    st.markdown(f"**{lessons.text(_NAMES[hint.name])}**")
    st.caption(lessons.text(_MEANS[hint.name]))
    if hint.name in _QUESTIONS:
        ask(_QUESTIONS[hint.name])
    offered = {name: cured for name, cured in cures(spec, hint).items() if not cured.problem(settings())}
    if not offered:
        return 0
    with st.container(horizontal=True, gap="small"):
        for number, (name, cured) in enumerate(offered.items()):
            key = f"apply_cure_{hint.name}" + (f"_{name}" if number else "")
            # Without help: beside a tooltip Streamlit draws a button twice, and hides one of the two.
            if st.button(label(name, spec, cured), key=key, icon=":material/healing:"):
                comparing.compare(spec, cured)
    return len(offered)


# --- what the rules find -------------------------------------------------------------------------------------------


class _Moment:
    """A run as far as its hints depend on it: several drawings between two epochs share one judgement."""

    __slots__ = ("_name", "run")

    def __init__(self, run: RunSnapshot) -> None:
        self.run = run
        curve, points = run.batch_curve.loss, run.epoch_points
        self._name = (run.id, run.epochs, len(points), points[-1:], curve[:1], run.inside[-1:], lost_its_numbers(run))

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Moment) and self._name == other._name


def _found(run: RunSnapshot) -> tuple[Hint, ...]:
    """A run's hints; none where its data are not for this visitor, or gone."""
    if own_visit.closed(run.spec.data.dataset):
        return ()
    try:
        return _hints(_Moment(run))
    except DataError:
        return ()


@lru_cache(maxsize=64)
def _hints(moment: _Moment) -> tuple[Hint, ...]:
    return hints(moment.run, facts_of(moment.run.spec.data))


# --- in words ------------------------------------------------------------------------------------------------------


def evidence(spec: RunSpec, hint: Hint) -> str:
    """What a hint rests on, in a sentence, as Markdown."""
    known = hint.evidence
    told = {name: _word(name, value) for name, value in known.items()} | {"epoch": f"{hint.epoch:,}"}
    if spec.data.validates_on_test and known.get("part") == "validation":
        told["part"] = "test"
    match hint.name:
        case "diverged" if "loss" not in known:
            return lessons.text("diagnosis.diverged_lost_evidence", **told)
        case "rate_too_high" if "update" in known:
            return lessons.text("diagnosis.large_steps_evidence", **told)
        case "rate_too_low" if "update" in known:
            return lessons.text("diagnosis.small_steps_evidence", **told)
        case "rate_too_high" if spec.regression:
            return lessons.text("diagnosis.rate_too_high_number_evidence", **told)
        case "not_learning" if spec.regression:
            return lessons.text("diagnosis.not_learning_number_evidence", **told)
        case "unscaled_input" if "start_loss" in known and "chance_loss" in known:
            return lessons.text("diagnosis.unscaled_input_loss_evidence", **told)
        case "too_few_samples":
            return _too_few(spec, known, told)
        case "overfitting":
            told["gl"] = f"{float(known['gl']):,.0f}%"
            told["validation"] = "loss on the test points" if spec.data.validates_on_test else "validation loss"
        case "underfitting":
            told["method"] = lessons.text(_BASELINES[str(known["method"])])
    return lessons.text(_EVIDENCE[hint.name], **told)


def _too_few(spec: RunSpec, known: Mapping[str, float | str], told: Mapping[str, str]) -> str:
    validation = float(known["validation_samples"])
    if 0 < validation < FEW_TO_VALIDATE:
        return lessons.text("diagnosis.too_few_samples_evidence", **told, worth=f"{1 / validation:.0%}")
    if spec.regression:
        return lessons.text("diagnosis.too_few_samples_training_number_evidence", **told)
    return lessons.text("diagnosis.too_few_samples_training_evidence", **told)


def _word(name: str, value: float | str) -> str:
    """One piece of evidence as a person reads it. Names of classes may be anything."""
    if isinstance(value, str):
        return words.escaped(value)
    if name.endswith(_SHARES):
        return words.percent(value)
    if name == "rate":
        return f"{value:.6g}"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def label(name: str, spec: RunSpec, cured: RunSpec) -> str:
    """What the button of a change says.

    Args:
        name: of the change, one of `CURES`.
        spec: the run without it.
        cured: the run with it.
    """
    data, training = cured.data, cured.training
    units = [layer.units for layer in cured.model.layers if isinstance(layer, Dense) and layer not in spec.model.layers]
    varied = [layer.kind for layer in cured.model.layers if layer.makes_variants]
    return lessons.text(
        _CURES[name], varied=" and ".join(varied), rate=f"{training.learning_rate:.6g}", scaling=data.scaling,
        epochs=f"{training.epochs:,}", units=f"{units[0]:,}" if units else "",
        validation=f"{training.validation_split:.0%}",
        samples=f"{data.available if data.kind == 'points' else cured.samples():,}",
    )  # fmt: skip
