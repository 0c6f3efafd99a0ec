"""What a failed test has left behind is cleared away before the next one: one failure must not become twenty.

A training that goes on without its test holds the line of the shared engine, or of the app, and each test after it
would wait for it in vain. A plugin of tests/conftest.py.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from helpers.waiting import wait_until

if TYPE_CHECKING:
    from lib.engine.api import Engine

_FAILED = pytest.StashKey[bool]()
_CLEARING = pytest.StashKey[dict[str, Callable[[], object]]]()
EMPTY_SECONDS = 60
"""For the workers to obey; whoever comes next finds the line as it is then."""


def when_failed(request: pytest.FixtureRequest, clear: Callable[[], object]) -> None:
    """Have this done after each failed test that uses the fixture which asks for it."""
    request.session.stash.setdefault(_CLEARING, {})[str(request.fixturename)] = clear


def empty_line(engine: Engine) -> None:
    """Stop all trainings and experiments of an engine, and wait until none is left."""
    from lib.engine.errors import EngineError  # not before a test has opened an engine

    for owner in {row.owner for row in engine.runs(limit=1000)}:
        for row in engine.experiments.of(owner):
            with suppress(EngineError):  # it is over
                engine.experiments.stop(row.id, owner)

    def empty() -> bool:
        for row in engine.runs(limit=1000):
            if row.status in ("queued", "running", "paused"):
                with suppress(EngineError):  # it has just ended
                    engine.stop(row.id)
        return engine.state().running + engine.state().waiting == 0

    with suppress(AssertionError):
        wait_until(empty, EMPTY_SECONDS, every=0.5)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test has failed."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Clear away what a failed test has left, once its own fixtures are gone."""
    try:
        return (yield)
    finally:
        if item.stash.get(_FAILED, False):
            item.stash[_FAILED] = False  # it may have a second try
            for fixture, clear in item.session.stash.get(_CLEARING, {}).items():
                if fixture in getattr(item, "fixturenames", ()):
                    clear()
