"""The file of suspects: what stands in it of images, sentences and tables, and that no cell is run as a formula."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from lib.concepts.suspects import suspects
from lib.data.corpus import Strings
from lib.data.own import shelf
from lib.data.own.dataset import table_of
from lib.data.parts import Part
from lib.data.training_part import TrainingPart, training_part
from lib.specs.data import DataSpec
from lib.specs.recipes import RECIPES
from lib.ui.experiments.pooled import Pooled
from lib.ui.experiments.suspects_file import suspects_csv

SURE = [[0.9, 0.1], [0.8, 0.2], [0.125, 0.875], [0.25, 0.75], [0.0, 1.0]]
"""Answers to samples of the labels 0, 0, 0, 1, 0: the fifth and the third contradict their labels."""
LABELS = [0, 0, 0, 1, 0]


def read(data, part, shares=SURE):
    """The cells of the file, line by line, for the samples 1 to 5 of a part."""
    run = replace(RECIPES["mlp"].run, data=data)
    numbers, folds = np.arange(1, 6), np.array([1, 2, 3, 1, 2])
    found = Pooled(run, part, numbers, np.array(shares, np.float32), folds)
    return list(csv.reader(io.StringIO(suspects_csv(found, suspects(found.outputs, found.labels)))))


def test_the_most_suspicious_sentence_comes_first_and_none_is_a_formula():
    sentences = ["not asked", "dull", "slow", "=1+1", "fine", '@SUM(A1) "quoted", in two\nlines']
    part = Part(np.arange(6, dtype=np.int32)[:, None], np.array([1, *LABELS], np.uint8))
    head, *rows = read(DataSpec("movies"), TrainingPart(part, np.arange(6), Strings.of(sentences)))
    negative, positive = DataSpec("movies").class_names
    assert head == ["sample", "fold", "label", "said", "label_probability", "said_probability", "text"]
    assert rows == [
        ["5", "2", negative, positive, "0.0", "1.0", f"'{sentences[5]}"],
        ["3", "3", negative, positive, "0.125", "0.875", "'=1+1"],
    ]


def test_of_an_image_stands_where_it_is_to_be_found():
    part = Part(np.zeros((6, 28, 28, 1), np.uint8), np.array([1, *LABELS], np.uint8))
    head, *rows = read(DataSpec(), TrainingPart(part, np.arange(6)), [[*each, *[0.0] * 8] for each in SURE])
    assert len(head) == 6
    assert [row[:4] for row in rows] == [["5", "2", "0", "1"], ["3", "3", "0", "1"]]


def test_columns_and_classes_that_a_person_has_named_are_disarmed_too():
    text = "=A1,size,kind\n" + "".join(f"{row / 8},-{row},{'+yes' if row % 2 else 'no'}\n" for row in range(40))
    hold = shelf.put(table_of(text.encode(), "own.csv", "kind").data, "c" * 32)
    data = DataSpec(hold.name)
    whole = training_part(data)
    part = TrainingPart(Part(whole.part.x, np.array([1, *LABELS, *[0] * (len(whole.y) - 6)], np.uint8)), whole.used)
    head, *rows = read(data, part)
    assert head[6:] == ["'=A1", "size"]
    assert {row[place] for row in rows for place in (2, 3)} == {"'+yes", "no"}
    assert [list(map(float, row[6:])) for row in rows] == [pytest.approx(whole.part.x[n].tolist()) for n in (5, 3)]
    hold.release()
