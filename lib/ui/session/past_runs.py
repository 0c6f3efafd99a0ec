"""The runs that a person can look at: which one first, and each in one line."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping

from lib.engine.runs.snapshot import RunRow, RunSnapshot
from lib.ui.kit import words
from lib.ui.kit.spoiled import mark
from lib.ui.session import draft
from lib.ui.session.engine import find_run
from lib.ui.session.state import CHOSEN_RUN


def first_to_show(rows: Mapping[str, RunRow]) -> RunSnapshot | None:
    """The run chosen before; else the one that Build follows; else the newest with a test result; else the newest.

    Args:
        rows: this visitor's own runs by id, newest first.
    """
    wanted = [CHOSEN_RUN.get(), draft.attached_run()]
    wanted += [row.id for row in rows.values() if row.test_loss is not None][:1] + list(rows)[:1]
    for run_id in wanted:
        found = find_run(run_id) if run_id else None
        if found is not None:
            CHOSEN_RUN.set(found.id)
            return found
    return None


def titles(rows: Mapping[str, RunRow]) -> dict[str, str]:
    """Each run in one line that no other one has: a list of Streamlit's tells its entries apart by their words."""
    lines = {run_id: title(row) for run_id, row in rows.items()}
    often = Counter(lines.values())
    return {run_id: line if often[line] == 1 else f"{line} · {run_id}" for run_id, line in lines.items()}


def row_of(run: RunSnapshot) -> RunRow:
    """A run as it stands in a list of runs."""
    found = run.evaluation
    accuracy, loss = (found.accuracy, found.loss) if found is not None else (None, None)
    return RunRow(
        run.id, run.owner, run.title, run.status, run.spec.data.dataset, run.created_at, run.epochs_trained, accuracy,
        loss, run.spec.data.spoiling,
    )  # fmt: skip


def title(row: RunRow) -> str:
    """A run in one line: its result, whether its data are spoiled, what was trained, how long, and when."""
    when = datetime.datetime.fromtimestamp(row.created_at, datetime.UTC).strftime("%d %b %H:%M UTC")
    parts = [_result(row), mark(row.spoiled), row.title, f"{row.epochs_trained:,} epochs", when]
    return " · ".join(part for part in parts if part)


def _result(row: RunRow) -> str:
    """A run's test accuracy, or its state before a test. A predicted number has no accuracy: its loss is shown."""
    if row.test_loss is None:
        return row.status
    return f"loss {row.test_loss:.4f}" if row.test_accuracy is None else words.percent(row.test_accuracy)
