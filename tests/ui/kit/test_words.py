import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.kit.words import escaped, table

# What Streamlit 1.67 looks for in the texts of a paragraph that has been read: its own replacements, and those of GFM.
READ_AFTERWARDS = [
    r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)",
    r"(^|\W)([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)",
    r":material[_/](\w+):",
    r":streamlit:",
    r":\+1:|:-1:|:[\w-]+:",
    r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
]
MARKED = re.compile(r"\\([!-/:-@\[-`{-~])")
# In a real browser each of them comes out as it is written: alone, in bold inside a sentence, and in a table's cell.
CASES = [
    "www.x.y", "WWW.a.b", "www.", "(www.x.y)", "*www.x.y*", "http://x", "HTTPS://EX.org/a?b=1", "a.b+c@d-e.f",
    "<a@b.c>", "mailto:a@b.c", "&copy;", "&#60;b>", "&amp;lt;", ":streamlit:", ":material/home:", ":material_home:",
    ":smile:", ":+1:", ":e-mail:", ":red[x]", ":blue-badge[x]", "- x", "+ x", "* x", "1. x", "12) x", "# x", "> x",
    "-", "1.", "---", "===", "***", "~~~", "```", "~~x~~", "$x$", "a -> b", "a <-> b", "a -- b", "a >= b", "~=",
    "<!-- x -->", "<b>x</b>", "![x](y)", "[^1]", "[ ] x", "__x__", "a\\", "\\*", "a|b", "    code", "12:30", "-1.5",
    "🐈 😀",
]  # fmt: skip


def after_reading(markdown):
    """A paragraph's text once Markdown has taken the backslashes away."""
    return MARKED.sub(r"\1", markdown)


def unread(text):
    """Nothing in it has a meaning: every mark has its backslash, and nothing is found afterwards."""
    bare = MARKED.sub("", escaped(text))
    found = [pattern for pattern in READ_AFTERWARDS if re.search(pattern, after_reading(escaped(text)), re.IGNORECASE)]
    return not set(bare) & set(r"\`*_[]<>$#~|&") and not re.match(r"([-+]|\d+[.)])( |$)|=", escaped(text)) and not found


@pytest.mark.parametrize("text", CASES)
def test_what_would_be_a_link_an_icon_a_list_or_an_entity_is_shown_as_it_is(text):
    assert unread(text)
    assert after_reading(escaped(text)).replace("\u2060", "") == " ".join(text.split())


@given(st.text(st.sampled_from("aw.:/@-<>=~&;*_[]()\\ 1+#|$`!\n")))
def test_any_text_is_shown_as_it_is(text):
    assert unread(text)
    assert after_reading(escaped(text)).replace("\u2060", "") == " ".join(text.split())


@pytest.mark.parametrize("text", ["Simple CNN", "Row 14 was left out: it has 2 cells.", "0.5", "-1.5", "a/b", "x^2"])
def test_ordinary_words_and_numbers_need_no_mark(text):
    assert escaped(text).replace("\\", "") == text


def test_a_cell_cannot_end_its_row_or_begin_another():
    assert table(["a"], [["x | y\n| z |"]]).count("\n") == 2
