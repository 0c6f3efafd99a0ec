"""Notes hold each entry of the glossary, and no mark of Markdown that a browser would show as it is."""

import json
import re

from lib.ui.kit import glossary_entries, notes


def test_each_entry_is_a_note_that_says_all_its_words():
    made = json.loads(json.dumps(notes._notes()))
    assert list(made) == [entry.slug for entry in glossary_entries.entries()]
    for entry in glossary_entries.entries():
        note = made[entry.slug]
        told = [words for paragraph in note["paragraphs"] for _, words, _ in paragraph]
        plain = re.sub(r"\]\([^)]*\)|[`*$\[\]]", "", entry.meaning)
        assert note["term"] == entry.term
        assert re.sub(r"[\s*\[\]]", "", "".join(told)) == re.sub(r"\s", "", plain)


def test_no_mark_is_left_in_what_a_note_shows():
    shown = [
        (entry.term, piece.words)
        for entry in glossary_entries.entries()
        for piece in notes.pieces(entry.meaning)
        if piece.kind != "code"
    ]
    assert [each for each in shown if re.search(r"[`*\]\[$<]|^#", each[1])] == []


def test_a_link_leads_within_the_app():
    addresses = {
        piece.address
        for entry in glossary_entries.entries()
        for piece in notes.pieces(entry.meaning)
        if piece.kind == "link"
    }
    assert "glossary#chain-rule" in addresses
    assert [each for each in addresses if not re.fullmatch(r"[a-z_]+(\?[\w=&]+)?(#[a-z0-9-]+)?", each)] == []


def test_marks_that_do_not_close_are_words():
    assert [piece[:2] for piece in notes.pieces("2 * 3 $ [a] <b>x</b> `y")] == [
        ("text", "2 * 3 $ [a] <b>x</b> `y")
    ]  # fmt: skip
    assert [piece[:2] for piece in notes.pieces("**so**: $x^2$")] == [
        ("strong", "so"),
        ("text", ": "),
        ("formula", "x^2"),
    ]
