import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.spreading import (
    SECOND_TRY,
    pytest_cmdline_main,
    pytest_collection_modifyitems,
    pytest_make_parametrize_id,
    slowest,
)

from lib.worker.preload import NICE


def asked(*args, testpaths=("tests", "lib"), **options):
    """The configuration of a call of pytest, after the plugin has seen it."""
    known = {"numprocesses": None, "usepdb": False, **options}
    config = SimpleNamespace(args=list(args or testpaths), getini=lambda _: list(testpaths), option=None)
    config.option = SimpleNamespace(**known)
    return config


def spread(config):
    pytest_cmdline_main(config)
    return config.option.numprocesses


@pytest.mark.parametrize(("cores", "processes"), [(1, 1), (2, 2), (4, 4), (16, 4), (None, 1)])
def test_the_whole_suite_is_spread_over_the_processors_as_far_as_there_are_groups(monkeypatch, cores, processes):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert spread(asked()) == processes


def test_files_that_are_named_run_in_one_process_unless_more_are_asked_for():
    assert spread(asked("tests/concepts")) is None
    assert spread(asked("tests/concepts", numprocesses=3)) == 3
    assert spread(asked(numprocesses=0)) == 0
    assert spread(asked(usepdb=True)) is None


def test_a_process_that_takes_part_starts_no_others():
    config = asked()
    config.workerinput = {}
    assert spread(config) is None


def test_tests_that_share_a_fixture_are_marked_and_stay_together():
    class Item:
        def __init__(self, file, *fixturenames):
            self.nodeid, self.fixturenames, self.marks = f"{file}::test", fixturenames, []

        def add_marker(self, mark):
            self.marks.append(mark)

    items = [
        Item("a", "app", "page"), Item("b", "app"), Item("a", "app"), Item("c", "app"),
        Item("d", "engine", "open_page"), Item("e", "engine"), Item("f", "tmp_path"),
    ]  # fmt: skip
    pytest_collection_modifyitems(items)
    group = pytest.mark.xdist_group
    first, second = ["browser", group("browser"), SECOND_TRY], ["browser", group("second browser"), SECOND_TRY]
    assert [item.marks for item in items] == [
        first, second, first, first, ["engine", group("pages")], ["engine", group("engine")], []
    ]  # fmt: skip


def test_a_name_holds_no_long_value_and_so_no_time_at_which_a_file_was_made():
    assert pytest_make_parametrize_id(b"PK" * 100, "data") == "data"
    assert pytest_make_parametrize_id("x" * 500, "text") == "text"
    assert pytest_make_parametrize_id("short", "text") is None
    assert pytest_make_parametrize_id(7, "number") is None


TWO_GROUPS = """
import os, pathlib, pytest

@pytest.fixture
def app(): ...

@pytest.fixture
def engine(): ...

def told(group):
    with open(pathlib.Path(__file__).parent / "told", "a") as file:
        file.write(f"{group} {os.environ['PYTEST_XDIST_WORKER']} {os.nice(0)}\\n")

@pytest.mark.parametrize("number", range(6))
def test_browser(app, number): told("browser")

@pytest.mark.parametrize("number", range(5))
def test_engine(engine, number): told("engine")
"""


@pytest.mark.slow
def test_each_group_really_runs_in_one_process_that_gives_way_as_workers_do(tmp_path):
    """pytest and xdist together have lost the groups before, without a word."""
    (tmp_path / "test_groups.py").write_text(TWO_GROUPS)
    root = Path(__file__).parents[1]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n2",
        "-q",
        "-p",
        "helpers.spreading",
        "-c",
        str(root / "pyproject.toml"),
    ]
    command += ["-c", str(root / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(root / "tests")))}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    told = (tmp_path / "told").read_text().splitlines()
    assert len(told) == 11
    assert len(set(told)) == 2
    assert {line.split()[-1] for line in told} == {str(max(NICE, os.nice(0)))}


def test_what_a_file_took_is_the_sum_over_its_tests_and_their_fixtures():
    seconds = {"a.py::x": 1.0, "a.py::y[2]@engine": 2.0, "b.py::z": 2.5}
    assert slowest([SimpleNamespace(nodeid=name, duration=each) for name, each in seconds.items()]) == [
        ("a.py", 3.0), ("b.py", 2.5)
    ]  # fmt: skip
