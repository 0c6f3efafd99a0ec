"""A new experiment: what is compared, how often, and the guess that comes first."""

from __future__ import annotations

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.experiments.plan import DEFAULT_PAIRS, PAIRS, Guess, Plan, Winner
from lib.errors import SetUpError
from lib.specs.differences import difference, in_words
from lib.specs.run import RunSpec
from lib.ui.experiments.a_and_b import a_and_b
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.decimal_number import DecimalNumber
from lib.ui.kit.key import Key
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.session import visitor
from lib.ui.session.engine import engine, settings
from lib.ui.session.state import CHOSEN_EXPERIMENT

WINNERS: dict[Winner | str, str] = {"": "I have not guessed yet", "a": "A", "b": "B", "neither": "neither, or hardly"}
_PAIRS = WholeNumber("pairs", DEFAULT_PAIRS)
_GUESS = Choice("guess", WINNERS, "")
_BY_POINTS = DecimalNumber("guess_by", 1.0, "by")
_BY_LOSS = DecimalNumber("guess_by_loss", 0.01, "by")
_TROUBLE = Key("experiment_trouble", "")


def new_experiment() -> None:
    """Show the form."""
    lessons.show("experiments.new")
    with st.container(border=True, key="experiment_form"):
        with st.container(key="experiment_two"):
            a, b, why = a_and_b()
        _what_differs(a, b)
        left, right = st.columns([1, 2], gap="medium")
        with left:
            pairs = _pairs()
        with right:
            guess = _guess(b)
        _start(a, b, pairs, guess, why)


def _what_differs(a: RunSpec, b: RunSpec) -> None:
    """Name the change, say aloud when it is more than one, and what a layer more or less does to first weights."""
    changes = difference(a, b)
    if not changes:
        st.info(lessons.text("experiments.nothing_differs"), icon=":material/balance:")
        return
    names = "  \n".join(f"- {words.escaped(each)}" for each in in_words(changes))
    lessons.show("experiments.differs" if len(changes) == 1 else "experiments.differs_in_many", count=len(changes))
    st.markdown(names)
    if [row.name for row in a.model.trace] != [row.name for row in b.model.trace]:
        lessons.show("experiments.other_first_weights")


def _pairs() -> int:
    low, high, about = int(PAIRS.low), int(PAIRS.high), lessons.text("experiments.help_pairs")
    return _PAIRS.written(st.slider("pairs", low, high, _PAIRS.shown(low, high), key=_PAIRS.key, help=about))


def _guess(b: RunSpec) -> Guess | None:
    winner = _GUESS.segments(lessons.text("experiments.guess_question"))
    by = 0.0
    if winner in ("a", "b"):
        if b.regression:
            by = _BY_LOSS.field(lessons.text("experiments.guess_by_loss"), 0.0, 1_000.0, 0.01)
        else:
            by = _BY_POINTS.field(lessons.text("experiments.guess_by_points"), 0.0, 100.0, 0.5) / 100
    return Guess(winner, by) if winner else None  # type: ignore[arg-type]


def _start(a: RunSpec, b: RunSpec, pairs: int, guess: Guess | None, why: str) -> None:
    plan = Plan(a, b, pairs, guess or Guess("neither"))
    problem = why or plan.problem(settings())
    seconds = None if problem else [engine().estimate_seconds(spec) for spec in (a, b)]
    if seconds is not None and all(each is not None for each in seconds):
        whole = pairs * sum(each for each in seconds if each is not None)
        st.caption(lessons.text("experiments.estimate", runs=plan.members, time=words.duration(whole)))
    st.button(
        lessons.text("experiments.start", runs=plan.members), key="start_experiment", type="primary",
        icon=":material/science:", disabled=bool(problem), on_click=_begin, args=(plan, guess is not None),
    )  # fmt: skip
    trouble = _TROUBLE.take() or problem
    if trouble:
        st.error(words.escaped(trouble), icon=":material/block:")


def _begin(plan: Plan, guessed: bool) -> None:
    if not guessed:
        _TROUBLE.set(lessons.text("experiments.guess_first"))
        return
    try:
        CHOSEN_EXPERIMENT.set(engine().experiments.start(plan, visitor.owner()))
    except (EngineError, SetUpError) as error:
        _TROUBLE.set(str(error))
