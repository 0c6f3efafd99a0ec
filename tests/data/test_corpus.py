from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.data.bundled.sentences import load_sentences
from lib.data.corpus import Rows, Strings, tokenised
from lib.data.text import Vocabulary, pad, tokenise

TEXTS = st.lists(st.text("ab é'", max_size=12), max_size=8)


def corpus_of(texts):
    return tokenised(texts, np.ones(len(texts)), len(texts))


def words_of(texts, size):
    corpus = corpus_of(texts)
    return corpus.vocabulary(np.arange(len(texts)), size)[0]


def counted(texts, size):
    """The same vocabulary by counting words one by one."""
    counts = Counter(word for text in texts for word in tokenise(text))
    return Vocabulary(tuple(sorted(counts, key=lambda word: (-counts[word], word))[: size - 2]))


@given(TEXTS, st.integers(2, 8))
def test_the_vocabulary_is_the_one_that_counting_gives(texts, size):
    assert words_of(texts, size) == counted(texts, size)


def test_the_vocabulary_of_many_texts_is_counted_some_at_a_time():
    texts = list(load_sentences().train.texts)
    chosen = np.arange(0, len(texts), 2)
    assert corpus_of(texts).vocabulary(chosen, 5_000)[0] == counted([texts[i] for i in chosen], 5_000)


def test_the_most_frequent_words_get_the_first_ids_and_ties_are_alphabetical():
    vocabulary = words_of(["b a c", "c d"], 5)
    assert vocabulary.words == ("c", "a", "b")
    assert len(vocabulary) == 5
    assert vocabulary.encode(["c", "a", "b", "d"]) == [2, 3, 4, 1]


def test_a_vocabulary_larger_than_all_words_holds_all_words():
    assert words_of(["a"], 100).words == ("a",)
    assert words_of([], 2).words == ()


def test_a_vocabulary_without_room_for_padding_and_unknown_is_refused():
    with pytest.raises(ValueError, match="size is 1"):
        words_of(["a"], 1)


@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("length", [1, 3, 30])
def test_rows_are_those_that_encoding_and_padding_give(length, padding, truncating):
    texts = ["", *load_sentences().train.texts[:60], "", "one"]
    corpus, places = corpus_of(texts), np.array([0, 62, 5, 61, 7, 5, 62])
    vocabulary, numbers = corpus.vocabulary(np.arange(40), 50)
    rows = Rows(corpus, places, numbers, length, padding, truncating)
    expected = pad([vocabulary.encode(tokenise(texts[i])) for i in places], length, padding, truncating)
    assert (rows.shape, rows.dtype, rows.ndim) == (expected.shape, expected.dtype, expected.ndim)
    np.testing.assert_array_equal(rows[:], expected)
    np.testing.assert_array_equal(rows[2], expected[2])
    np.testing.assert_array_equal(rows[1:3], expected[1:3])
    np.testing.assert_array_equal(rows[np.array([3, 0])], expected[[3, 0]])


def test_a_string_that_is_not_there_is_refused():
    with pytest.raises(IndexError, match="no string 2; there are 2"):
        Strings.of(["a", "b"])[2]
