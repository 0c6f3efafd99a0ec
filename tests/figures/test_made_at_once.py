"""A figure gets its layout when it is made."""

from pathlib import Path

FIGURES = Path(__file__).parents[2] / "lib" / "figures"


def test_no_figure_is_changed_after_it_was_made():
    """`go.Figure(traces, layout)` took 3.4 ms of a processor where `update_layout` after it took 11.6 ms in all."""
    assert [path.name for path in FIGURES.rglob("*.py") if "figure.update_" in path.read_text(encoding="utf-8")] == []
