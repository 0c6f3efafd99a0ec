"""Tasks of the page Sequences. It tells the cell, the words that it reads, and how likely it takes them for praise."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task

_FIRST = "The acting is good but the story is bad"
_SECOND = "The story is bad but the acting is good"


def _reads(facts: Facts, cell: str, sentence: str) -> bool:
    """Whether a cell reads the whole of a sentence."""
    return bool(facts["cell"] == cell and facts["sentence"] == facts["read"] == sentence.lower())


def _alone(facts: Facts, word: str) -> bool:
    """Whether a cell reads this word and nothing else."""
    return bool(facts["sentence"] == facts["read"] == word)


def _lowered(facts: Facts, sentence: str) -> bool:
    """Whether *not* makes a sentence less likely praise than the same one without it."""
    return bool(facts["sentence"] == sentence and facts["praise"] < facts["praise_without_not"])


TASKS = (
    Task(
        "sequences.task_1",
        {"cell": "SimpleRNN"},
        (
            Sighting(
                "sequences.task_1_rnn_bad",
                lambda f: _reads(f, "SimpleRNN", _FIRST) and f["praise"] < 0.5,
                {"cell": "SimpleRNN", "sentence": _FIRST},
            ),
            Sighting(
                "sequences.task_1_rnn_good",
                lambda f: _reads(f, "SimpleRNN", _SECOND) and f["praise"] > 0.5,
                {"cell": "SimpleRNN", "sentence": _SECOND},
            ),
            Sighting(
                "sequences.task_1_lstm_good",
                lambda f: _reads(f, "LSTM", _FIRST) and f["praise"] > 0.5,
                {"cell": "LSTM", "sentence": _FIRST},
            ),
            Sighting(
                "sequences.task_1_lstm_bad",
                lambda f: _reads(f, "LSTM", _SECOND) and f["praise"] < 0.5,
                {"cell": "LSTM", "sentence": _SECOND},
            ),
        ),
    ),
    Task(
        "sequences.task_2",
        {},
        (
            Sighting("sequences.task_2_good_alone", lambda f: _alone(f, "good"), {"sentence": "good"}),
            Sighting("sequences.task_2_good", lambda f: _lowered(f, "not good"), {"sentence": "not good"}),
            Sighting("sequences.task_2_bad_alone", lambda f: _alone(f, "bad"), {"sentence": "bad"}),
            Sighting("sequences.task_2_bad", lambda f: _lowered(f, "not bad"), {"sentence": "not bad"}),
        ),
    ),
    Task(
        "sequences.task_3",
        {"sentence": _FIRST},
        (
            Sighting(
                "sequences.task_3_end",
                lambda f: f["read"] == "the story is bad" != f["sentence"] and f["praise"] < 0.5,
                {"sentence": _FIRST, "row_length": "4"},
            ),
            Sighting(
                "sequences.task_3_start",
                lambda f: f["read"] == "the acting is good" != f["sentence"] and f["praise"] > 0.5,
                {"sentence": _FIRST, "row_length": "4", "row_truncating": "post"},
            ),
        ),
    ),
)
