"""Columns and cells of the score table, and the file that is made of it."""

import csv
import io
import json

import pytest

from lib.engine.runs.scores import Score
from lib.export.spreadsheet import cell, csv_text
from lib.specs.codec import from_query
from lib.specs.one_change import applied
from lib.specs.recipes import RECIPES
from lib.ui.experiments.columns import columns_of, for_browser, scores_csv

LAYERS = "Dense(units=4);Dense(units=1,activation=sigmoid)"


def score(number=1, spec=RECIPES["mlp"].run, **changes):
    values = {
        "id": f"{number:016x}", "title": f"run {number}", "status": "done", "spec": spec, "parameters": 26_506,
        "epochs_trained": 10, "train_seconds": 20.5, "val_loss": 0.2, "val_accuracy": 0.95, "best_val_loss": 0.1,
        "best_val_accuracy": 0.96, "test_loss": 0.3, "test_accuracy": 0.94, "created_at": 1e9, "kept": False,
        "note": "", "tags": (),
    }  # fmt: skip
    return Score(**values | changes)


def ids(rows):
    return [column.id for column in columns_of(rows)]


def test_settings_that_all_runs_have_alike_are_no_columns_and_the_others_are():
    mlp, cnn = RECIPES["mlp"].run, RECIPES["simple_cnn"].run
    assert "layers" not in ids([score(1), score(2)])
    shown = {column.id: column for column in columns_of([score(1, mlp), score(2, cnn)])}
    assert shown["layers"].values[1].startswith("Conv2D;")
    assert "seed" not in shown


def test_what_no_run_has_is_no_column():
    bare = score(test_accuracy=None, val_accuracy=None, best_val_accuracy=None, val_loss=None, best_val_loss=None)
    assert {"test_loss", "parameters", "title", "created_at"} <= set(ids([bare]))
    assert not {"test_accuracy", "val_loss", "best_val_accuracy", "note", "tags", "kept"} & set(ids([bare]))
    assert {"note", "tags", "kept"} <= set(ids([bare, score(note="x", tags=("a", "b"), kept=True)]))


def test_spoiled_runs_are_marked_also_where_all_of_them_are_and_never_twice():
    spoiled = applied(RECIPES["mlp"].run, "spoiled", "shuffled_labels")
    assert "spoiled" not in ids([score(1), score(2)])
    for rows, values in (
        ([score(1, spoiled), score(2, spoiled)], ("shuffled labels",) * 2),
        ([score(1), score(2, spoiled)], (None, "shuffled labels")),
    ):
        (column,) = [column for column in columns_of(rows) if column.id == "spoiled"]
        assert (column.title, column.values) == ("spoiled on purpose", values)


def test_columns_are_named_once():
    rows = [score(1), score(2, from_query({"dataset": "points", "noise": "10", "layers": LAYERS}))]
    assert len(set(ids(rows))) == len(ids(rows))


def test_the_browser_gets_numbers_as_numbers_and_plain_data_only():
    rows = [score(1), score(2, from_query({"dataset": "points", "noise": "10", "layers": LAYERS}), note="<b>")]
    sent = json.loads(json.dumps(for_browser(rows, columns_of(rows))))
    kinds = {column["id"]: column["kind"] for column in sent["columns"]}
    assert (kinds["test_accuracy"], kinds["parameters"], kinds["dataset"], kinds["created_at"]) == (
        "share", "whole", "words", "moment",
    )  # fmt: skip
    assert kinds["noise"] == "whole"
    assert [run for run, _ in sent["rows"]] == [f"{number:016x}" for number in (1, 2)]
    assert {len(cells) for _, cells in sent["rows"]} == {len(sent["columns"])}
    noise = [column["id"] for column in sent["columns"]].index("noise")
    assert [cells[noise] for _, cells in sent["rows"]] == [None, 10]


def test_the_dataset_is_called_by_its_title():
    rows = [score(1), score(2, from_query({"dataset": "points", "layers": LAYERS}))]
    (dataset,) = [column for column in columns_of(rows) if column.id == "dataset"]
    assert dataset.values == tuple(row.spec.dataset.title for row in rows)


def test_the_file_has_every_number_in_full_and_times_in_utc():
    rows = [score(test_loss=0.123456789)]
    (line,) = csv.DictReader(io.StringIO(scores_csv(rows, columns_of(rows))))
    assert (line["run"], line["test_loss"]) == (f"{1:016x}", "0.123456789")
    assert line["created_at"] == "2001-09-09T01:46:40+00:00"


HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\r=1", "＝1+1", "-x", "=A1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert cell(text) == f"'{text}"
    rows = [score(title=text, note=text, tags=(text,))]
    (line,) = csv.DictReader(io.StringIO(scores_csv(rows, columns_of(rows)), newline=""))
    assert line["title"] == line["note"] == line["tags"] == f"'{text}"


@pytest.mark.parametrize("value", [-0.5, "-0.5", "-3", "+2", "1e-05", "-1e-05", 0.1, "a=b", "x", 7])
def test_numbers_and_harmless_words_stay_as_they_are(value):
    assert cell(value) == str(value)


def test_names_with_commas_quotes_and_lines_come_back_from_the_file():
    text = 'a,"b"\nc'
    assert list(csv.reader(io.StringIO(csv_text(["x", "y"], [[text, None]]), newline=""))) == [["x", "y"], [text, ""]]
