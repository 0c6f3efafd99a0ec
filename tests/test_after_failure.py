import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

LEFT_BEHIND = """
import pytest
from helpers.after_failure import when_failed

line, cleared = [], []

@pytest.fixture(scope="session")
def engine(request):
    when_failed(request, lambda: (cleared.append(list(line)), line.clear()))

def test_leaves_a_training_behind(engine):
    line.append("training")
    assert False

def test_finds_the_line_empty(engine):
    assert (line, cleared) == ([], [["training"]])
    line.append("its own")

def test_that_passed_is_not_cleared_after(engine):
    assert (line, cleared) == (["its own"], [["training"]])

def test_without_the_engine_fails_alone():
    assert False

def test_is_left_in_peace(engine):
    assert line == ["its own"]

@pytest.mark.flaky(reruns=1)
def test_second_try_begins_anew(engine):
    assert line != ["its own"]

@pytest.fixture(scope="module")
def trained(engine):
    line.append("of a fixture")
    raise RuntimeError

def test_whose_fixture_fails(trained): ...

def test_finds_nothing_of_the_fixture(engine):
    assert line == []
"""


def test_what_a_failed_test_leaves_behind_is_cleared_before_the_next(tmp_path):
    (tmp_path / "test_left_behind.py").write_text(LEFT_BEHIND)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "helpers.after_failure", "-c", str(ROOT / "pyproject.toml")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    command += ["--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    failed = {line.split("::")[1].split(" ")[0] for line in done.stdout.splitlines() if line.startswith("FAILED")}
    assert failed == {"test_leaves_a_training_behind", "test_without_the_engine_fails_alone"}, done.stdout
    assert "5 passed, 1 error, 1 rerun" in done.stdout
    assert "RERUN test_left_behind.py::test_second_try_begins_anew" in done.stdout
