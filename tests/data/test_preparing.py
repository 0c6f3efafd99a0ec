import numpy as np
import pytest

from lib.data import preparing
from lib.data.full.file import full_path
from lib.data.full.text import load_reviews, write_reviews
from lib.data.preparing import prepare
from lib.data.text import tokenise
from lib.errors import DataError
from lib.specs.data import DataSpec
from lib.specs.datasets import MOVIES


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
    test_words = {word for text in ready.reading.test_texts for word in tokenise(text)}
    assert test_words - known
    assert (ready.test.x == 1).any()
    assert not (ready.train.x == 1).any()


def test_a_sentence_is_read_the_same_way_on_a_page_as_for_training():
    ready = prepare(DataSpec(dataset="movies", length=20, padding="post", truncating="post"), 0.1)
    assert ready.reading is not None
    np.testing.assert_array_equal(ready.reading.rows(ready.reading.test_texts[:50]), ready.test.x[:50])


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


def test_downloaded_reviews_come_back_as_they_were_and_a_damaged_file_is_removed(tmp_path, monkeypatch):
    monkeypatch.setenv("LAYERLAB_HOME", str(tmp_path))
    facts = type("Facts", (), {"name": "movies", "title": MOVIES.title, "full_train": 2, "full_test": 1})()
    path = full_path("movies")
    write_reviews(path, facts, {"train": (["a good\tfilm", "bad"], [1, 0]), "test": (["fine"], [1])})
    reviews = load_reviews(facts)
    assert reviews.train.texts == ("a good film", "bad")
    assert reviews.train.ratings.tolist() == [4, -4]
    load_reviews.cache_clear()
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(DataError, match="damaged and was removed"):
        load_reviews(facts)
    assert not path.exists()


def test_reviews_that_are_not_the_published_ones_are_refused(tmp_path):
    with pytest.raises(DataError, match="has 1 reviews"):
        write_reviews(tmp_path / "x", MOVIES, {"train": (["a"], [1]), "test": ([], [])})
