from types import SimpleNamespace

import pytest
from helpers.spreading import pytest_cmdline_main, pytest_collection_modifyitems, slowest


def asked(*args, testpaths=("tests", "lib"), **options):
    """The configuration of a call of pytest, after the plugin has seen it."""
    known = {"numprocesses": None, "dist": "no", "usepdb": False, **options}
    config = SimpleNamespace(args=list(args or testpaths), getini=lambda _: list(testpaths), option=None)
    config.option = SimpleNamespace(**known)
    return config


def spread(config):
    pytest_cmdline_main(config)
    return config.option.numprocesses, config.option.dist


@pytest.mark.parametrize(("cores", "processes"), [(1, 2), (2, 2), (3, 3), (64, 4), (None, 2)])
def test_the_whole_suite_is_spread_in_groups_over_two_to_four_processes(monkeypatch, cores, processes):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    assert spread(asked()) == (processes, "loadgroup")


def test_files_that_are_named_run_in_one_process_unless_more_are_asked_for():
    assert spread(asked("tests/concepts")) == (None, "no")
    assert spread(asked("tests/concepts", numprocesses=3)) == (3, "loadgroup")
    assert spread(asked("tests/concepts", numprocesses=3, dist="load")) == (3, "load")
    assert spread(asked(numprocesses=0)) == (0, "no")
    assert spread(asked(usepdb=True)) == (None, "no")


def test_a_process_that_takes_part_starts_no_others():
    config = asked()
    config.workerinput = {}
    assert spread(config) == (None, "no")


def test_tests_that_share_a_fixture_are_marked_and_stay_together():
    class Item:
        def __init__(self, *fixturenames):
            self.fixturenames, self.marks = fixturenames, []

        def add_marker(self, mark):
            self.marks.append(mark)

    items = [Item("app", "page"), Item("open_page", "engine"), Item("tmp_path"), object()]
    pytest_collection_modifyitems(items)
    assert [item.marks for item in items[:3]] == [
        ["browser", pytest.mark.xdist_group("browser")], ["engine", pytest.mark.xdist_group("engine")], []
    ]  # fmt: skip


def test_what_a_file_took_is_the_sum_over_its_tests_and_their_fixtures():
    seconds = {"a.py::x": 1.0, "a.py::y[2]@engine": 2.0, "b.py::z": 2.5}
    assert slowest([SimpleNamespace(nodeid=name, duration=each) for name, each in seconds.items()]) == [
        ("a.py", 3.0), ("b.py", 2.5)
    ]  # fmt: skip
