"""What people read is plain: short sentences, one thought in each, common words.

The lists stand in the folder `plain_words`. `long_sentences.txt`, `double_sentences.txt` and `rare_words.txt` are the
exceptions that are left: nothing may be added to them, and what is mended must be taken out, so that they only shrink.
"""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from helpers.prose import length, refused, sentences, shown, stems, told, words

from lib.ui.kit import lessons

ROOT = Path(__file__).parents[2]
LISTS = Path(__file__).parent / "plain_words"
MOST_WORDS = 25
"""In one sentence; what a reader of school English keeps in mind at once."""


def listed(name):
    """The lines of a list, without its comments."""
    lines = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def lesson_texts():
    """Each passage of the lessons with its name."""
    passages = {}
    for path in sorted(lessons.FOLDER.glob("*.md")):
        _, *parts = re.split(r"^## (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        passages |= {f"{path.stem}.{name.strip()}": text for name, text in zip(parts[::2], parts[1::2], strict=True)}
    return passages


@cache
def code_texts():
    """What the code says to people, by file: labels and helps of widgets, what errors say, and all whole sentences."""
    found = defaultdict(list)
    for folder, read in (("pages", shown), ("lib/ui", shown), ("lib", refused), ("lib", told)):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found[str(path.relative_to(ROOT))] += [text for _, text in read(path.read_text(encoding="utf-8"))]
    return found


def all_sentences():
    """Each sentence with the passage or the file that it stands in."""
    for name, text in lesson_texts().items():
        yield from ((name, sentence) for sentence in sentences(text))
    for name, texts in code_texts().items():
        yield from ((name, sentence) for text in texts for sentence in sentences(text))


@cache
def known_words():
    """Common words, words of the glossary, and words that are taught where they stand."""
    terms = re.findall(r"^### (.*)$", lesson_texts()["glossary.terms"], flags=re.MULTILINE)
    taught = [word for line in (*listed("taught_words"), *terms) for word in words(line)]
    return {*listed("common_words"), *taught}


def is_rare(word):
    return len(word) > 1 and known_words().isdisjoint(stems(word))


def only_listed(name, found, instead):
    """Make sure that what was found is just what a list of exceptions says."""
    exceptions = set(listed(name))
    assert sorted(set(found) - exceptions) == [], f"{instead} (nothing new may stand in {name}.txt)"
    assert sorted(exceptions - set(found)) == [], f"mended: take these lines out of {name}.txt"


@pytest.mark.slow
def test_no_sentence_is_longer_than_what_one_keeps_in_mind():
    long = [f"{name}: {sentence}" for name, sentence in all_sentences() if length(sentence) > MOST_WORDS]
    only_listed("long_sentences", long, f"cut these sentences: they have more than {MOST_WORDS} words")


def test_a_sentence_of_a_lesson_holds_one_thought():
    double = [
        f"{name}: {sentence}"
        for name, text in lesson_texts().items()
        for sentence in sentences(text)
        if ";" in sentence
    ]
    only_listed("double_sentences", double, "make two sentences of each of these, without a semicolon")


def test_words_are_common_or_taught():
    rare = {word for _, sentence in all_sentences() for word in words(sentence) if is_rare(word)}
    only_listed("rare_words", rare, "use common words instead, or teach these in the glossary")


def test_what_is_taught_is_used():
    used = {stem for _, sentence in all_sentences() for word in words(sentence) for stem in stems(word)}
    taught = {word for line in listed("taught_words") for word in line.split()}
    assert sorted(taught - used) == [], "no text uses these any more: take them out of taught_words.txt"


@pytest.mark.slow
def test_no_text_holds_a_riddle():
    texts = [(name, sentence.lower()) for name, sentence in all_sentences()]
    found = [(riddle, name) for riddle in listed("riddles") for name, sentence in texts if riddle in sentence]
    assert found == []


@pytest.mark.parametrize("word", ["pooling", "kernels", "largest", "doesn't", "LayerLab", "hidden", "tries"])
def test_an_ordinary_word_is_not_rare(word):
    assert not is_rare(word.lower())


@pytest.mark.parametrize("word", ["linger", "perspicuous", "bemoaning", "zigzags"])
def test_an_unusual_word_is_rare(word):
    assert is_rare(word)
