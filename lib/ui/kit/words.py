"""Numbers, samples and texts as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lib.specs.layers.known import Shape

_MARKS = r"\`*_[]<>$:#~|&"
_NO_WIDTH = "\u2060"  # Unicode's word joiner: no line is broken there
_READ_AFTERWARDS = re.compile(r":(?=\S)|@(?=\S)|www(?=\.)|[-<>~](?=[-=>])", re.IGNORECASE)
# A list's mark, or a line below a heading. What else has a meaning at the beginning is one of the marks above.
_AT_THE_BEGINNING = re.compile(r"^(\d{0,9})([-+.)](?= |$)|=)")


def duration(seconds: float) -> str:
    """A time in words, no more exact than an estimate is.

    >>> duration(0.4), duration(42), duration(200), duration(4000)
    ('under 1 s', '42 s', '3 min 20 s', '1 h 6 min')
    """
    if seconds < 1:
        return "under 1 s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def shape(axes: Shape | None) -> str:
    """A shape with the sign that a person writes.

    >>> shape((26, 26, 32))
    '26 × 26 × 32'
    """
    return "?" if axes is None else " × ".join(f"{axis:,}" for axis in axes)


_SAMPLE = {"images": "image", "text": "sentence", "table": "row", "points": "point"}
_SAMPLES = {"images": "images", "text": "sentences", "table": "rows", "points": "points"}


def sample(kind: str) -> str:
    """What a person calls one sample of a kind of data.

    >>> sample("text")
    'sentence'
    """
    return _SAMPLE[kind]


def with_article(noun: str) -> str:
    """A noun with "a" or "an".

    >>> with_article("image"), with_article("row")
    ('an image', 'a row')
    """
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def samples(kind: str) -> str:
    """What a person calls the samples of a kind of data.

    >>> samples("text")
    'sentences'
    """
    return _SAMPLES[kind]


def percent(share: float) -> str:
    """A share of 1 as a percentage with two decimals.

    >>> percent(0.9745)
    '97.45%'
    """
    return f"{100 * share:.2f}%"


def megabytes(mb: float) -> str:
    """A size of memory, no more exact than an estimate is.

    >>> megabytes(0.4), megabytes(61.7), megabytes(2345)
    ('under 1 MB', '62 MB', '2.3 GB')
    """
    if mb < 1:
        return "under 1 MB"
    return f"{mb:.0f} MB" if mb < 1_000 else f"{mb / 1_000:.1f} GB"


def ordinal(place: int) -> str:
    """A place in line.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 112)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '112th']
    """
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def numbers(values: Sequence[int], most: int = 6) -> str:
    """Whole numbers that rise, neighbours as a range; in the middle of a long row some are left out.

    Args:
        values: in order.
        most: numbers and ranges that are named, at least 2.

    >>> numbers([1, 2, 3, 5, 20])
    '1 to 3, 5, 20'
    >>> numbers([17, 34, 51, 68, 85, 102, 119])
    '17, 34, 51, 68, 85, ..., 119'
    """
    parts: list[tuple[int, int]] = []
    for value in values:
        first = parts.pop()[0] if parts and parts[-1][1] == value - 1 else value
        parts.append((first, value))
    named = [f"{first} to {last}" if last > first else f"{first}" for first, last in parts]
    return ", ".join(named if len(named) <= most else [*named[: most - 1], "...", named[-1]])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, not `st.table`: that would load pandas (70 MB).

    >>> table(["a", "b|"], [["1", "*x*"]])
    '| a | b\\\\| |\\n|--|--|\\n| 1 | \\\\*x\\\\* |'
    """
    lines = [[escaped(cell) for cell in row] for row in (head, *rows)]
    shown = ["| " + " | ".join(row) + " |" for row in lines]
    return "\n".join([shown[0], "|" + "--|" * len(head), *shown[1:]])


def coded(text: str) -> str:
    """A word to put between backquotes: it has none in it, which would end the code.

    >>> coded("a`b")
    "a'b"
    """
    return text.replace("`", "'")


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: names from a URL or an error must not become formatting, links or HTML.

    Backslashes do for what Markdown itself reads. Streamlit goes over the text once more when the backslashes are gone,
    and makes links of web and mail addresses, icons of `:material/home:`, an arrow of `->`. Between such letters stands
    a character without any width. White space comes out as one space, as in every paragraph.

    >>> escaped("*x* [y](z) &copy; 1. a")
    '\\\\*x\\\\* \\\\[y\\\\](z) \\\\&copy; 1. a'
    >>> escaped("1. a"), escaped("- a"), len(escaped("www.a"))
    ('1\\\\. a', '\\\\- a', 6)
    """
    apart = _READ_AFTERWARDS.sub(lambda found: found[0] + _NO_WIDTH, " ".join(text.split()))
    marked = "".join(f"\\{letter}" if letter in _MARKS else letter for letter in apart)
    return _AT_THE_BEGINNING.sub(r"\1\\\2", marked)
