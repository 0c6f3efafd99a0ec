"""What the table of a sweep takes over from a browser, which may send anything."""

from types import SimpleNamespace

import pytest

from lib.ui.experiments import sweep_table

ONE, OTHER = "a" * 16, "b" * 16


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ([], [""]),
        ([ONE], [ONE]),
        ([ONE, OTHER], [f"{ONE}-{OTHER}"]),
        (["strange"], []),
        (None, []),
        ([1], []),
        (ONE, []),
    ],
)  # fmt: skip
def test_runs_are_picked_and_let_go_and_nonsense_changes_nothing(monkeypatch, told, taken):
    monkeypatch.setattr(sweep_table, "_TABLE", SimpleNamespace(get=lambda: SimpleNamespace(picked=told)))
    noted = []
    known = {"", ONE, f"{ONE}-{OTHER}"}
    sweep_table._pick(SimpleNamespace(read=lambda text: text if text in known else None, set=noted.append))
    assert noted == taken
