import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras.utils import pad_sequences

from lib.data.bundled.sentences import decode, encode, labels, load_sentences
from lib.data.text import Vocabulary, composed, pad, tokenise
from lib.errors import DataError
from lib.specs.datasets import MOVIES

MARKED = st.text("ae\u0301\u0316\u0308\u0344\u1100\u1161\u11a8がか\u3099", max_size=30)
WORDS = st.text("abc'é漢न", min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \t\n ", []),
        ("...!?", []),
        ("😀 👍🏽 ❤️ 🏳️‍🌈", []),
        ("Eh.", ["eh"]),
        ("''Conan'' isn’t o'er 'quoted' rock'n'roll'", ["conan", "isn't", "o'er", "quoted", "rock'n'roll"]),
        ("new''Conan", ["new", "conan"]),
        ("well-made, co/writer a_b", ["well", "made", "co", "writer", "a", "b"]),
        ("Touché! E\u0301te\u0301", ["touché", "été"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("Хороший фильм, très bon", ["хороший", "фильм", "très", "bon"]),
        ("今天天气很好。", ["今天天气很好"]),
        ("\x00\ud800 x", ["x"]),
    ],
)
def test_words_of_any_alphabet_are_found_and_symbols_are_dropped(text, tokens):
    assert tokenise(text) == tokens


@pytest.mark.slow
@given(st.text())
def test_tokens_are_lower_case_words_that_tokenise_to_themselves(text):
    tokens = tokenise(text)
    assert all(token and not token.startswith("'") and not token.endswith("'") for token in tokens)
    assert len(tokens) <= len(text)
    assert tokenise(" ".join(tokens)) == tokens


def test_a_sentence_of_10000_words_becomes_a_row_of_the_usual_length():
    tokens = tokenise("good film " * 5_000)
    assert len(tokens) == 10_000
    row = pad([Vocabulary(("film", "good")).encode(tokens)], length=100)
    assert row.shape == (1, 100)
    assert row[0, -2:].tolist() == [3, 2]


def test_a_sentence_without_words_becomes_padding_only():
    assert pad([Vocabulary(("film",)).encode(tokenise("😀"))], length=4).tolist() == [[0, 0, 0, 0]]


def test_a_word_that_is_there_twice_is_refused_with_its_name():
    with pytest.raises(ValueError, match="'film' is in the vocabulary twice"):
        Vocabulary(("a", "film", "film"))


@given(st.lists(WORDS, unique=True), st.lists(WORDS))
def test_decoding_gives_back_the_known_words_and_marks_the_others(known, tokens):
    vocabulary = Vocabulary(tuple(known))
    ids = vocabulary.encode(tokens)
    assert all(1 <= number < len(vocabulary) for number in ids)
    assert vocabulary.decode(ids) == [token if token in known else "[UNK]" for token in tokens]


@pytest.mark.parametrize("number", [-1, 4])
def test_an_id_that_no_word_has_is_refused(number):
    with pytest.raises(ValueError, match=f"no id {number}; ids go from 0 to 3"):
        Vocabulary(("a", "b")).decode([number])


@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("length", [1, 3, 7])
def test_padding_and_truncating_give_what_keras_gives(length, padding, truncating):
    random = np.random.default_rng(length)
    rows = [random.integers(1, 99, size).tolist() for size in (0, 1, 2, 3, 4, 7, 8, 30)]
    expected = pad_sequences(rows, maxlen=length, padding=padding, truncating=truncating)
    ours = pad(rows, length, padding, truncating)
    assert ours.dtype == expected.dtype == np.int32
    np.testing.assert_array_equal(ours, expected)


def test_a_row_of_no_length_and_an_unknown_end_are_refused():
    with pytest.raises(ValueError, match="length is 0"):
        pad([[1]], length=0)
    with pytest.raises(ValueError, match="truncating must be 'pre' or 'post', but is 'middle'"):
        pad([[1]], length=3, truncating="middle")


def test_the_bundled_sentences_are_those_that_were_published():
    sentences = load_sentences()
    assert (len(sentences.train), len(sentences.test)) == (8_605, 2_000)
    ids = np.concatenate([sentences.train.ids, sentences.test.ids])
    assert np.array_equal(np.sort(ids), np.arange(1, 10_606))
    by_id = dict(zip(sentences.train.ids.tolist(), sentences.train.texts, strict=True))
    by_id |= dict(zip(sentences.test.ids.tolist(), sentences.test.texts, strict=True))
    assert by_id[3] == "Effective but too tepid biopic"
    ratings = np.concatenate([sentences.train.ratings, sentences.test.ratings])
    assert (ratings.min(), ratings.max()) == (-3.875, np.float32(3.94117647059))
    assert (int((ratings > 0).sum()), int((ratings < 0).sum())) == (5_242, 5_326)


def test_both_parts_have_the_same_share_of_praise_and_no_text_is_in_both():
    sentences = load_sentences()
    shares = [float(labels(part.ratings)[1].mean()) for part in (sentences.train, sentences.test)]
    assert shares[0] == pytest.approx(shares[1], abs=0.005)
    assert set(sentences.train.texts).isdisjoint(sentences.test.texts)
    assert {text for text in sentences.train.texts if "&amp;" in text} == set()


def test_the_sign_of_the_rating_is_the_label_and_a_rating_of_0_has_none():
    kept, y = labels(np.array([1.5, -0.1, 0.0, 0.2, -3.0], np.float32))
    assert kept.tolist() == [0, 1, 3, 4]
    assert [MOVIES.class_names[label] for label in y] == ["positive", "negative", "positive", "negative"]
    assert y.dtype == np.uint8


def test_ratings_nearer_to_0_than_the_threshold_are_dropped():
    ratings = load_sentences().train.ratings
    kept, y = labels(ratings, threshold=1.0)
    assert len(kept) == len(y) == int((np.abs(ratings) >= 1).sum()) < len(labels(ratings)[0])
    assert np.abs(ratings[kept]).min() >= 1


def test_packing_sentences_gives_them_back_and_the_same_bytes_each_time():
    rows = [("train", 2, "-0.25", "Touché – it's “good”"), ("test", 1, "3.9", "x"), ("train", 5, "0.0", "z")]
    content = encode(rows)
    assert content == encode(rows)
    sentences = decode(content)
    assert sentences.train.texts == ("Touché – it's “good”", "z")
    assert sentences.train.ids.tolist() == [2, 5]
    assert sentences.train.ratings.tolist() == [-0.25, 0.0]
    assert (sentences.test.texts, sentences.test.ids.tolist()) == (("x",), [1])


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\u2028b"])
def test_a_text_that_would_tear_the_file_is_not_packed(text):
    with pytest.raises(ValueError, match="sentence 7 of train holds a tab or a line break"):
        encode([("train", 7, "1", text)])


def test_a_damaged_file_of_sentences_is_named_with_its_remedy(tmp_path):
    path = tmp_path / MOVIES.file
    path.write_bytes(b"\x1f\x8b not the file")
    with pytest.raises(
        DataError, match=rf"{MOVIES.file} of Movie sentences is damaged.*{MOVIES.sha256[:12]}.*assets/data"
    ):
        load_sentences(path)


def test_loaded_sentences_are_shared_and_cannot_be_written_to():
    sentences = load_sentences()
    assert load_sentences() is sentences
    with pytest.raises(ValueError, match="read-only"):
        sentences.train.ratings[0] = 1


@given(MARKED)
def test_a_text_with_as_many_marks_as_people_write_is_composed_as_unicode_says(text):
    assert composed(text) == unicodedata.normalize("NFC", text)


def test_of_thousands_of_marks_on_one_letter_thirty_stay():
    assert composed("xe\u0301" + "\u0316\u0301" * 10_000 + "y") == unicodedata.normalize(
        "NFC", "xe\u0301" + "\u0316\u0301" * 14 + "\u0316y"
    )
