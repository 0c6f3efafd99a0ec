"""How the whole suite is spread over processes, and which files took longest. A plugin of tests/conftest.py."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from lib.worker.preload import NICE

# fixture: the groups of the tests that share it, and their mark. A group runs in one process, because the fixture is
# made once in each process that needs it. The first fixture that a test has decides.
GROUPS = {
    "app": (("browser", "second browser"), "browser"), "open_page": (("pages",), "engine"),
    "engine": (("engine",), "engine"), "pair": (("engine",), "engine"),
}  # fmt: skip
# Of a real browser on a machine that others use, too. The summary names each test that needed it: a race to be looked
# for. All other tests have one try.
SECOND_TRY = pytest.mark.flaky(reruns=1)
SLOWEST = 10
LONGEST_NAME = 60
"""Characters of a value that stands in a test's name."""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Spread the whole suite over processes; files named on the command line run in this one, without the start-up.

    That tests of a group stay together is asked for in pyproject.toml: each process reads it there.
    """
    if hasattr(config, "workerinput"):
        return  # one of these processes, which must not start others
    options = config.option
    whole = config.args == config.getini("testpaths")
    if whole and options.numprocesses is None and not options.usepdb:
        # As many as there are processors: one test keeps one busy, with its browser, server and worker. With more,
        # nothing ends sooner, and each of them waits several times as long for its own.
        groups = {group for groups, _ in GROUPS.values() for group in groups}
        options.numprocesses = min(os.cpu_count() or 1, len(groups))


def pytest_configure(config: pytest.Config) -> None:
    """Give way as Keras workers do (`lib.worker.preload`), and so does what this process starts: servers and browsers.

    Beside four busy processes that do not, a worker has a twentieth of a core: its trainings take minutes, and whoever
    waits for them gives up.
    """
    if hasattr(config, "workerinput") and hasattr(os, "nice"):
        os.nice(max(0, NICE - os.nice(0)))


# First, because xdist writes the groups into the tests' names when its own turn comes.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the engine or a browser, and keep those together that share one.

    Of a fixture with two groups, files go to them in turn. xdist hands out the largest groups first and single tests
    afterwards: browsers, pages and engine begin side by side, and all others fill what is left.
    """
    files: dict[str, dict[str, int]] = {fixture: {} for fixture in GROUPS}
    for item in items:
        names = getattr(item, "fixturenames", ())
        for fixture, (groups, mark) in GROUPS.items():
            if fixture in names:
                seen = files[fixture]
                place = seen.setdefault(item.nodeid.partition("::")[0], len(seen))
                item.add_marker(mark)
                item.add_marker(pytest.mark.xdist_group(groups[place % len(groups)]))
                if mark == "browser":
                    item.add_marker(SECOND_TRY)
                break


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Tests have the same names in all processes, and short ones: a zip made here holds the time of its making."""
    return argname if isinstance(val, bytes | str) and len(val) > LONGEST_NAME else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the slowest files of a run of many."""
    reports = [each for kind in terminalreporter.stats.values() for each in kind if isinstance(each, pytest.TestReport)]
    files = slowest(reports)
    if len(files) == SLOWEST:
        terminalreporter.section(f"slowest {SLOWEST} files")
        for name, seconds in files:
            terminalreporter.write_line(f"{seconds:7.1f} s  {name}")


def slowest(reports: list[pytest.TestReport]) -> list[tuple[str, float]]:
    """The files that took longest, with their seconds."""
    seconds: Counter[str] = Counter()
    for report in reports:
        seconds[report.nodeid.partition("::")[0]] += report.duration
    return seconds.most_common(SLOWEST)
