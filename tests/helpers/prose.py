"""Sentences and words of the texts that people read, in lessons and in code.

Markdown is taken out. A piece of code, a formula and a placeholder count as one word each, which no list has to know.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_ONE_WORD = "…"
"""What stands for a piece of code, a formula or a placeholder."""
_TAKEN_OUT = (
    (re.compile(r"```.*?```", re.DOTALL), ""),
    (re.compile(r"^\|.*\|$", re.MULTILINE), ""),
    (re.compile(r"`[^`\n]*`"), _ONE_WORD),
    (re.compile(r"\$[^$\n]*\$"), _ONE_WORD),
    (re.compile(r"\[\[([^\]|]+)(?:\|[^\]]+)?\]\]"), r"\1"),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r":material/\w+:|&\w+;"), " "),
    (re.compile(r"\{[^{}]*\}"), _ONE_WORD),
    (re.compile(r":(?:small|green|red|blue|orange|gr[ae]y)\["), ""),
    (re.compile(r"[*\[\]]|(?<!\w)_|_(?!\w)"), ""),
)
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.|#+)\s)|(?<=\?\*\*)\n")
_MARK = re.compile(r"^\s*(?:#+|[-*]|\d+\.)\s+(?:\[[ x]\]\s+)?")
_HEADED = re.compile(r"^(\s*(?:#+ .*|- \[[ x]\] .*))\n", re.MULTILINE)
_END = re.compile(r"(?<=[.?!])[\"'”’)]*\s+(?=[\"'“(]*[A-Z0-9…])")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_COUNTED = re.compile(r"[^\s–—]*\w[^\s–—]*|…")
_NOT_SPELLED = re.compile(r"\S*\d\S*|\w*_\w+|\S+\.\w+")
"""What is no word: it has a digit, an underscore or a dot in it, such as 3x3, kernel_size or model.fit."""
_ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e"), ("er", ""),
    ("er", "e"), ("ier", "y"), ("est", ""), ("est", "e"), ("iest", "y"), ("ly", ""), ("n't", ""), ("'t", ""),
)  # fmt: skip
_WHOLE = re.compile(r"(?:\S+\s+){4,}.*[a-z}][.?]", re.DOTALL)
"""Five words or more that end as a sentence does."""
_SHOWERS = (
    "badge", "button", "caption", "checkbox", "color_picker", "download_button", "error", "expander",
    "file_uploader", "header", "info", "link_button", "markdown", "metric", "multiselect", "number_input",
    "page_link", "pills", "popover", "radio", "segmented_control", "select_slider", "selectbox", "slider",
    "spinner", "subheader", "success", "text", "text_area", "text_input", "title", "toast", "toggle", "warning",
    "write",
)  # fmt: skip
"""Functions of Streamlit whose first argument, `help` and `placeholder` people read."""


def sentences(text: str) -> list[str]:
    """The sentences of a text in Markdown; a heading and an item of a list are sentences of their own.

    >>> sentences("# Pooling\\nA **window** slides. It keeps `max(x)`:\\n- [the largest](glossary#max) number\\n- none")
    ['Pooling', 'A window slides.', 'It keeps …:', 'the largest number', 'none']
    """
    found: list[str] = []
    for block in _BLOCK.split(_HEADED.sub(r"\1\n\n", text)):
        prose = _MARK.sub("", block)
        for pattern, instead in _TAKEN_OUT:
            prose = pattern.sub(instead, prose)
        found += _END.split(" ".join(prose.split()))
    return [each for each in found if each]


def length(sentence: str) -> int:
    """How many words a sentence has; a number, a piece of code and a placeholder are one each.

    >>> length("Two spirals – and 28 × … numbers.")
    6
    """
    return len(_COUNTED.findall(sentence))


def words(sentence: str) -> list[str]:
    """The words of a sentence in small letters; a genitive loses its 's.

    >>> words("Sobel's kernel_size isn't 3x3, but well-known.")
    ['sobel', "isn't", 'but', 'well', 'known']
    """
    spelled = _WORD.findall(_NOT_SPELLED.sub(" ", sentence.rstrip(".")))
    return [word.lower().replace("’", "'").removesuffix("'s").strip("'") for word in spelled]


def stems(word: str) -> Iterator[str]:
    """The word, and what may be left when it loses a usual ending, or un- in front.

    >>> sorted(set(stems("sliding")))
    ['slid', 'slide', 'sliding']
    >>> "equal" in stems("unequally")
    True
    """
    yield word
    if word.startswith("un"):
        yield from stems(word.removeprefix("un"))
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word.removesuffix(ending) + instead
            yield stem
            if len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]


def shown(source: str) -> Iterator[tuple[int, str]]:
    """The texts that a file of Python hands to Streamlit's widgets, each with its line.

    >>> list(shown("st.slider(f'{side} of a window', help='In pixels')"))
    [(1, '{…} of a window'), (1, 'In pixels')]
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SHOWERS:
            read = [*node.args[:1], *(each.value for each in node.keywords if each.arg in ("help", "placeholder"))]
            yield from ((node.lineno, text) for each in read for text in _literals(each))


def refused(source: str) -> Iterator[tuple[int, str]]:
    """The texts of the errors that a file of Python raises, each with its line.

    >>> list(refused("raise ValueError(f'a rate of {rate} is too high')"))
    [(1, 'a rate of {…} is too high')]
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from ((node.lineno, text) for each in node.exc.args for text in _literals(each))


def told(source: str) -> Iterator[tuple[int, str]]:
    """The texts in a file of Python that are whole sentences, docstrings aside, each with its line.

    >>> list(told("def f(): 'Docstrings are for readers of code.'; return f'All {epochs} epochs are trained.'"))
    [(1, 'All {…} epochs are trained.')]
    """
    tree = ast.parse(source)
    apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    apart |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in apart:
            yield from ((node.lineno, text) for text in _literals(node) if _WHOLE.fullmatch(text))


def _literals(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in parts)
        case ast.IfExp(body=first, orelse=second):
            yield from (*_literals(first), *_literals(second))
