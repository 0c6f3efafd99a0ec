"""Long runs of anything, for all that reads what comes from outside: time grows with the length, not with its square.

Each bound is what a reader takes, hundreds of times over. It is no test of speed: a reader that goes over its text
again for each character takes minutes.
"""

import io
import time
import zipfile
from contextlib import suppress

import pytest

from lib.data.own.dataset import title_of
from lib.data.own.delimited import number
from lib.data.own.images import read_zip
from lib.data.own.pictures import decode, printable
from lib.data.own.table import read_csv
from lib.data.text import composed, tokenise
from lib.errors import DataError
from lib.specs.codec import from_json, from_query, layers_from_text
from lib.specs.data import DataSpec
from lib.specs.datasets import find
from lib.ui.kit import glossary_entries, lessons, questions, words
from lib.ui.learn.convolution.kernel_editor import from_text
from lib.ui.learn.flattening.softmax import parse_logits
from lib.ui.session.own_visit import is_own

SECONDS = 2.0
LENGTH = 24_000
MARKS = "\u0301\u0316"  # above and below: in the wrong order, as a run of both is
RUNS = {
    "digits": "1" * LENGTH,
    "digits, then a letter": "1" * LENGTH + "x",
    "digits, a point, digits, then a letter": "1" * LENGTH + "." + "1" * LENGTH + "x",
    "exponents": "1e" * LENGTH,
    "signs": "+-" * LENGTH,
    "points": "." * LENGTH,
    "letters": "a" * LENGTH,
    "capitals": "A" * LENGTH,
    "lower and upper case": "aB" * LENGTH,
    "letters, then a sign": "a" * LENGTH + "!",
    "short words": "a " * LENGTH,
    "spaces": " " * LENGTH + "x",
    "tabs": "\t" * LENGTH + "x",
    "line ends": "\n" * LENGTH + "x",
    "returns": "\r" * LENGTH + "x",
    "zero bytes": "\0" * LENGTH,
    "quotes": '"' * LENGTH,
    "apostrophes": "'" * LENGTH + "x",
    "commas": "," * LENGTH,
    "semicolons": ";" * LENGTH,
    "bars": "|" * LENGTH,
    "slashes": "/" * LENGTH,
    "backslashes": "\\" * LENGTH,
    "folders": "a/" * LENGTH,
    "up": "../" * LENGTH,
    "opening": "(" * LENGTH,
    "closing": ")" * LENGTH,
    "brackets": "[" * LENGTH,
    "lists in JSON": '{"layers":' * LENGTH,
    "layers": "Flatten;" * LENGTH,
    "options": "Dense(units=1,units=2" * LENGTH,
    "links": "[x](y)" * LENGTH,
    "underscores": "_" * LENGTH,
    "stars": "*" * LENGTH,
    "hyphens": "-" * LENGTH,
    "own names": "own-0123456789abcdef" * LENGTH,
    "percent": "%ff" * LENGTH,
    "marks of one kind": "a" + MARKS[0] * LENGTH,
    "marks in turns": "a" + MARKS * LENGTH,
    "marks in the wrong order": "a" + MARKS[0] * LENGTH + MARKS[1] * LENGTH,
    "Hangul": "\u1100\u1161\u11a8" * LENGTH,
    "ideographs": "\u4e00" * LENGTH,
    "emoji": "\U0001f600\ufe0f\u200d" * LENGTH,
    "what grows when it is lowered": "\u0130\u1e9e\ufb03" * LENGTH,
    "what grows when it is composed": "\ufdfa\u0344" * LENGTH,
    "no character": "\ud800" * LENGTH,
    "from right to left": "\u202e\u05d0" * LENGTH,
}


def as_table(text):
    row = f"{text},1,a\n"
    return f"{row}{text},1,b\n{row * 20}".encode("utf-8", "replace")


def as_one_column(text):
    return (text + "\n").encode("utf-8", "replace")


def as_zip(text):
    """A zip with the text as names of folders and of images, as long as a zip can say them."""
    name = text.encode("utf-8", "replace")[:60_000].decode("utf-8", "ignore")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, suppress(ValueError):
        for place in range(4):
            archive.writestr(zipfile.ZipInfo(f"a{place}/{name}"), b"x")
            archive.writestr(zipfile.ZipInfo(f"{place}{name}/b.png"), b"x")
    return file.getvalue()


READERS = {
    "number": number,
    "table": lambda text: read_csv(as_table(text)),
    "table with such names": lambda text: read_csv(f"{text},{text},b\n{text},1,2\n".encode("utf-8", "replace")),
    "table of one column": lambda text: read_csv(as_one_column(text)),
    "table's class column": lambda text: read_csv(as_table("1"), text),
    "zip": lambda text: read_zip(as_zip(text), (8, 8), 1),
    "picture": lambda text: decode(text.encode("utf-8", "replace"), text, 28),
    "name": printable,
    "title": title_of,
    "composed": composed,
    "words": tokenise,
    "dataset": find,
    "dataset of a spec": lambda text: DataSpec(dataset=text),
    "features of a spec": lambda text: DataSpec(features=text),
    "own name": is_own,
    "run in JSON": lambda text: from_json(text[:8_000]),
    "address": lambda text: from_query({"dataset": text[:8_000]}),
    "address's layers": lambda text: from_query({"layers": text[:7_990]}),
    "address's number": lambda text: from_query({"samples": text[:7_990]}),
    "address's key": lambda text: from_query({text: ""}),
    "layers": layers_from_text,
    "kernel": from_text,
    "logits": parse_logits,
    "glossary": glossary_entries.matching,
    "questions": questions.matching,
    "anchor": lessons.slug,
    "Markdown": words.escaped,
    "code": words.coded,
}
REFUSALS = (DataError, ValueError)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_a_long_run_takes_no_reader_long(reader):
    read, slow = READERS[reader], {}
    for name, text in RUNS.items():
        started = time.process_time()
        with suppress(*REFUSALS):
            read(text)
        taken = time.process_time() - started
        if taken > SECONDS:
            slow[name] = round(taken, 1)
            break  # the others would take as long
    assert not slow
