"""The two runs that a new experiment compares: chosen on the page, elsewhere, or by an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from lib.specs.codec import MAX_TEXT, from_query, to_query
from lib.specs.fields import Number, Rule, SpecError, Switch
from lib.specs.one_change import ADD, REMOVE, applied, changes, read_value, rule_of, value_of
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice, went_back
from lib.ui.kit.key import Key
from lib.ui.kit.options import number_field, option, pin, steps_of
from lib.ui.session import draft, own_visit, past_runs, visitor
from lib.ui.session.engine import engine, find_run
from lib.ui.session.state import EXPERIMENT_A, EXPERIMENT_B

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

GIVEN = "given"
"""Stands among the changes, and among what A may be, for what was chosen elsewhere."""
_DRAFT = "draft"
_MOST_RUNS = 30
_SOURCE = Key("experiment_source", _DRAFT)
_VALUES: Key[dict[str, Any]] = Key("change_values", {})
"""What each change was given; the values of a change that is not on the page are not forgotten."""
_WRITTEN: Key[tuple[str, str]] = Key("experiment_written", ("", ""))
"""What the address said of A and B when we wrote it last."""
_TOLD_GIVEN: Key[RunSpec | None] = Key("experiment_given", None)
_TROUBLE = Key("experiment_address_trouble", "")
_A_FEW_TIMES = 10.0
_MOST_STEPS = 40


def a_and_b() -> tuple[RunSpec, RunSpec, str]:
    """Ask what is compared with what.

    Returns:
        A, B, and why B cannot be made of A, or "".
    """
    if EXPERIMENT_B.get() is not None and _TOLD_GIVEN.get() != EXPERIMENT_B.get():
        _SOURCE.set(GIVEN)  # both were chosen elsewhere
    _read_address()
    trouble = _TROUBLE.get()
    if trouble:
        st.warning(trouble)
    left, middle, right = st.columns(3)
    with left:
        a = _first("A", lessons.text("experiments.help_a"))
    b, why = _second(a, middle, right)
    _write_address(a, b if EXPERIMENT_B.get() is not None else None)
    return a, b, why


def first_network(label: str, help: str) -> RunSpec:
    """Ask for one network alone: the draft, one that was trained before, or what the address says.

    Args:
        label: of the list.
        help: what the network is for.
    """
    _read_address()
    if _TROUBLE.get():
        st.warning(_TROUBLE.get())
    network = _first(label, help)
    _write_address(network, None)
    return network


# --- A -------------------------------------------------------------------------------------------------------------


def _first(label: str, help: str) -> RunSpec:
    rows = {row.id: row for row in engine().runs(visitor.owner(), limit=_MOST_RUNS)}
    titles = {_DRAFT: lessons.text("experiments.the_draft"), **past_runs.titles(rows)}
    given = EXPERIMENT_A.get()
    if given is not None:
        titles[GIVEN] = lessons.text("experiments.as_given")
    ids = list(titles)
    shown = _SOURCE.get() if _SOURCE.get() in ids else _DRAFT
    pin(_SOURCE.name, shown)
    st.selectbox(
        label, ids, ids.index(shown), key=_SOURCE.name, format_func=titles.__getitem__, on_change=_choose_first,
        help=help,
    )  # fmt: skip
    if shown == GIVEN and given is not None:
        return given
    run = find_run(shown) if shown != _DRAFT else None
    return draft.current().spec if run is None else run.spec.from_seed


def _choose_first() -> None:
    """Another A: what was given as B belonged to the A before."""
    _forget_b()
    if _SOURCE.get() != GIVEN:
        EXPERIMENT_A.drop()


# --- B -------------------------------------------------------------------------------------------------------------


def _second(a: RunSpec, middle: DeltaGenerator, right: DeltaGenerator) -> tuple[RunSpec, str]:
    given = EXPERIMENT_B.get()
    labels = {change: _label(change) for change in changes(a)}
    if given is not None:
        labels = {GIVEN: lessons.text("experiments.b_as_given"), **labels}
        if _TOLD_GIVEN.get() != given:
            _TOLD_GIVEN.set(given)
            Key("change", "").set(GIVEN)
    usual = GIVEN if given is not None else "learning_rate"
    with middle:
        change = Choice("change", labels, usual).listed(lessons.text("experiments.change"), on_change=_choose_change)
    if change == GIVEN and given is not None:
        return given, ""
    rule = rule_of(a, change)
    with right:
        value = None if rule is None else _value(a, change, rule)
    try:
        return applied(a, change, value), ""
    except SpecError as error:
        return a, str(error)


def _choose_change() -> None:
    if Key("change", "").get() != GIVEN:
        _forget_b()


def _forget_b() -> None:
    """Drop what was given as B, so that the same one may be given once more."""
    EXPERIMENT_B.drop()
    _TOLD_GIVEN.drop()


def _label(change: str) -> str:
    """A change as people read it.

    >>> [_label(change) for change in ("learning_rate", "conv2d.filters", "add.Dropout", "remove.flatten")]
    ['learning_rate', 'conv2d: filters', 'add a layer: Dropout', 'remove the layer flatten']
    """
    part, _, name = change.partition(".")
    if part == ADD:
        return f"add a layer: {name}"
    if part == REMOVE:
        return f"remove the layer {name}"
    return f"{part}: {name}" if name else change


def _value(a: RunSpec, change: str, rule: Rule) -> Any:
    """Ask for the new value; the address says it, too."""
    now = value_of(a, change)
    values = _VALUES.get()
    asked = st.query_params.get("value", "")
    if asked and (change not in values or went_back()):
        try:
            values = {**values, change: rule.check(change, read_value(rule, asked[:60]))}
        except SpecError as error:
            _TROUBLE.set(lessons.text("experiments.unusable_address", why=words.escaped(str(error))))
            st.warning(_TROUBLE.get())
    value = values.get(change, suggested(rule, now))
    _VALUES.set({**values, change: value})

    def report(new: Any) -> None:
        _VALUES.set({**_VALUES.get(), change: new})
        st.query_params["value"] = _text(new)

    key, label = f"change_to_{change}".replace(".", "_"), lessons.text("experiments.new_value", now=_text(now))
    if isinstance(rule, Number) and isinstance(rule.step, int) and len(steps_of(rule)) > _MOST_STEPS:
        number_field(label, rule, value, key, report)
    else:
        option(label, rule, value, key, report)
    if st.query_params.get("value") != _text(value):
        st.query_params["value"] = _text(value)
    return value


def suggested(rule: Rule, now: Any) -> Any:
    """A value that is another one, and worth a try: ten times a small number, twice a whole one, the next name.

    >>> suggested(Number(1e-6, 10.0, 0.0001), 0.001), suggested(Number(1, 512), 32), suggested(Switch(), False)
    (0.01, 64, True)
    >>> from lib.specs.fields import Choice as OneOf
    >>> suggested(Number(0.0, 0.9, 0.05), 0.9), suggested(OneOf(("adam", "sgd")), "sgd")
    (0.45, 'adam')
    """
    if isinstance(rule, Switch):
        return not now
    if not isinstance(rule, Number):
        names = rule.names
        return names[(names.index(now) + 1) % len(names)] if now in names else names[0]
    times = 2 if isinstance(rule.step, int) or rule.high <= 1 else _A_FEW_TIMES
    more = now * times if now else (rule.low + rule.high) / 2
    if more > rule.high:
        more = now / 2
    return int(more) if isinstance(rule.step, int) else float(f"{more:.6g}")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- the address ---------------------------------------------------------------------------------------------------


def _read_address() -> None:
    """Take over what the address says of A and B, unless we wrote it ourselves."""
    asked = (st.query_params.get("a", ""), st.query_params.get("b", ""))
    if asked == ("", "") or asked == _WRITTEN.get():
        return
    _WRITTEN.set(asked)
    _TROUBLE.drop()
    try:
        a, b = (_spec(text) if text else None for text in asked)
    except SpecError as error:
        _TROUBLE.set(lessons.text("experiments.unusable_address", why=words.escaped(str(error))))
        return
    if a is not None:
        EXPERIMENT_A.set(a)
        _SOURCE.set(GIVEN)
    if b is not None:
        EXPERIMENT_B.set(b)


def _spec(text: str) -> RunSpec:
    """A run as it stands in the address.

    Raises:
        SpecError: no run, or on data that this visitor may not see.
    """
    if len(text) > MAX_TEXT:
        raise SpecError(f"the text of a run may have at most {MAX_TEXT} letters, not {len(text)}")
    try:
        spec = from_query(dict(parse_qsl(text, strict_parsing=True)))
    except ValueError as error:  # a SpecError is one, too
        raise SpecError(str(error)) from None
    if own_visit.closed(spec.data.dataset):
        raise SpecError(lessons.text("own_data.closed"))
    return spec


def _write_address(a: RunSpec, b: RunSpec | None) -> None:
    """Make the address say A where it is not the draft, and B where it does not follow from the change."""
    texts = (
        "" if _SOURCE.get() == _DRAFT and b is None else urlencode(to_query(a)),
        "" if b is None else urlencode(to_query(b)),
    )
    _WRITTEN.set(texts)
    for name, text in zip("ab", texts, strict=True):
        if not text:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != text:
            st.query_params[name] = text
