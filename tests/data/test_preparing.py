import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lib.data import preparing
from lib.data.full.file import full_path
from lib.data.full.text import load_reviews, write_reviews
from lib.data.preparing import prepare
from lib.data.text import tokenise
from lib.errors import DataError
from lib.specs import datasets
from lib.specs.data import DataSpec
from lib.specs.datasets import MOVIES


def texts_to_test(ready):
    """The sentences of the test part."""
    return [ready.reading.test_text(number) for number in range(len(ready.test))]


def test_a_table_is_standardised_with_statistics_of_the_training_part_only():
    ready = prepare(DataSpec(dataset="wine", scaling="standard"), 0.2)
    x = ready.scaling.apply(ready.train.x)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-4)
    everything = np.concatenate([ready.train.x, ready.validation.x, ready.test.x]).astype(np.float64)
    offset_of_all = -everything.mean(axis=0) / everything.std(axis=0)
    assert np.abs(np.array(ready.scaling.offset) - offset_of_all).max() > 0.01


def test_a_table_scaled_to_the_unit_uses_the_range_of_the_training_part():
    ready = prepare(DataSpec(dataset="wine", scaling="unit"), 0.2)
    x = ready.scaling.apply(ready.train.x)
    np.testing.assert_allclose([x.min(axis=0), x.max(axis=0)], [np.zeros(13), np.ones(13)], atol=1e-5)


def test_the_vocabulary_holds_words_of_the_training_part_only():
    choice = DataSpec(dataset="movies", vocabulary=20_000)
    ready = prepare(choice, 0.3)
    assert ready.reading is not None
    known = set(ready.reading.vocabulary.words)
    test_words = {word for text in texts_to_test(ready) for word in tokenise(text)}
    assert test_words - known
    assert (ready.test.x[:] == 1).any()
    assert not (ready.train.x[:] == 1).any()


def test_a_sentence_is_read_the_same_way_on_a_page_as_for_training():
    ready = prepare(DataSpec(dataset="movies", length=20, padding="post", truncating="post"), 0.1)
    assert ready.reading is not None
    np.testing.assert_array_equal(ready.reading.rows(texts_to_test(ready)[:50]), ready.test.x[:50])


def test_sentences_near_zero_are_dropped_when_asked_for():
    everything = prepare(DataSpec(dataset="movies"), 0.1)
    clear = prepare(DataSpec(dataset="movies", neutral=1.0), 0.1)
    assert len(clear.train) + len(clear.validation) < len(everything.train) + len(everything.validation)
    assert len(clear.test) < len(everything.test)


def test_a_longer_training_of_the_same_sentences_reads_them_once():
    preparing._read_sentences.cache_clear()
    prepare(DataSpec(dataset="movies", length=30), 0.1)
    prepare(DataSpec(dataset="movies", length=30, scaling="raw", noise=20), 0.1)
    assert preparing._read_sentences.cache_info().misses == 1


def test_points_carry_their_features_and_are_validated_with_the_test_points():
    ready = prepare(
        DataSpec(dataset="points", points_kind="spiral", features="x-sin_y", points=200, test_share=20), 0.0
    )
    assert ready.train.x.shape == (160, 2)
    assert ready.test is ready.validation
    np.testing.assert_allclose(ready.train.x[:, 1], np.sin(ready.train_points[:, 1]), rtol=1e-6)


def test_the_full_size_text_must_be_downloaded_first():
    with pytest.raises(DataError, match="not downloaded yet"):
        prepare(DataSpec(dataset="movies", size="full"), 0.1)


@pytest.fixture
def reviews(tmp_path, monkeypatch):
    """Facts and file of six downloaded reviews."""
    monkeypatch.setenv("LAYERLAB_HOME", str(tmp_path))
    facts = dataclasses.replace(MOVIES, full_train=4, full_test=2)
    monkeypatch.setitem(datasets.DATASETS, "movies", facts)
    train = ["a good\tfilm", "a bad film", "a good good one", "what a bore"], [1, 0, 1, 0]
    write_reviews(full_path("movies"), facts, {"train": train, "test": (["a fine film", "bad"], [1, 0])})
    load_reviews.cache_clear()
    preparing._read_sentences.cache_clear()
    yield facts, full_path("movies")
    load_reviews.cache_clear()
    preparing._read_sentences.cache_clear()


def test_downloaded_reviews_come_back_as_they_were_and_a_damaged_file_is_removed(reviews):
    facts, path = reviews
    corpus = load_reviews(facts)
    assert list(corpus.texts) == [
        "a good film", "a bad film", "a good good one", "what a bore", "a fine film", "bad",
    ]  # fmt: skip
    assert corpus.ratings.tolist() == [4, -4, 4, -4, 4, -4]
    load_reviews.cache_clear()
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(DataError, match="damaged and was removed"):
        load_reviews(facts)
    assert not path.exists()


def test_downloaded_reviews_are_mapped_and_no_page_cuts_them_into_words(reviews, monkeypatch):
    def refuse(text):
        raise AssertionError("cut into words again")

    monkeypatch.setattr("lib.data.corpus.tokenise", refuse)
    ready = prepare(DataSpec(dataset="movies", size="full", length=5), 0.25)
    assert (len(ready.train), len(ready.validation), len(ready.test)) == (3, 1, 2)
    assert texts_to_test(ready) == ["a fine film", "bad"]
    known = ready.reading.vocabulary
    assert known.decode(ready.test.x[1])[:4] == ["[PAD]"] * 4
    fine_film = [word if word in known.words else "[UNK]" for word in ("a", "fine", "film")]
    assert known.decode(ready.test.x[0])[2:] == fine_film
    corpus = load_reviews(reviews[0])
    for array in (corpus.texts.content, corpus.ids, corpus.ends, corpus.lexicon.content):
        assert isinstance(array.base, np.memmap)


def test_visitors_who_ask_at_the_same_moment_share_one_preparation(reviews):
    choice = DataSpec(dataset="movies", size="full", length=5)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: prepare(choice, 0.25), range(8)))
    assert all(one is found[0] for one in found)
    assert preparing._read_sentences.cache_info().misses == 1


def test_reviews_that_are_not_the_published_ones_are_refused(tmp_path):
    with pytest.raises(DataError, match="has 1 reviews"):
        write_reviews(tmp_path / "x", MOVIES, {"train": (["a"], [1]), "test": ([], [])})
