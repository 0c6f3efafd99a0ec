import dataclasses

import numpy as np
import pytest
from palmerpenguins import load_penguins
from sklearn.datasets import load_wine

from lib.data.bundled import table
from lib.data.bundled.table import Table, load_table
from lib.data.parts import Part, split_validation
from lib.data.scaling import fit_scaling
from lib.errors import DataError
from lib.specs.datasets import PENGUINS, WINE


def test_the_bundled_table_is_the_one_of_scikit_learn():
    wines, published = load_table(WINE), load_wine()
    assert list(wines.columns) == published.feature_names
    assert wines.class_names == ("cultivar 1", "cultivar 2", "cultivar 3")
    np.testing.assert_array_equal(wines.part.x, published.data.astype(np.float32))
    np.testing.assert_array_equal(wines.part.y, published.target)
    assert (wines.part.x.dtype, wines.part.y.dtype) == (np.float32, np.uint8)


def test_the_penguins_are_those_of_the_package_that_were_measured():
    birds, published = load_table(PENGUINS), load_penguins().dropna(subset=list(PENGUINS.columns))
    assert (birds.columns, birds.class_names) == (PENGUINS.columns, PENGUINS.class_names)
    np.testing.assert_array_equal(birds.part.x, published[list(birds.columns)].to_numpy(np.float32))
    assert [birds.class_names[label] for label in birds.part.y] == published["species"].tolist()


def test_the_split_keeps_each_class_in_its_share():
    train, test = split_validation(load_table(WINE).part, 0.2, seed=0)
    assert np.bincount(train.y).tolist() == [47, 57, 38]
    assert np.bincount(test.y).tolist() == [12, 14, 10]


def test_standardisation_knows_the_training_rows_only():
    train, test = split_validation(load_table(WINE).part, 0.2, seed=0)
    spoilt = Part(test.x + 1_000_000, test.y)
    scaling = fit_scaling("standard", train)
    np.testing.assert_allclose(scaling.apply(train.x).mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaling.apply(train.x).std(axis=0), 1, atol=1e-5)
    np.testing.assert_allclose(1 / np.array(scaling.scale), train.x.std(axis=0), rtol=1e-4)
    # With the test rows among them, the mean and the spread would be others.
    everything = Part(np.concatenate([train.x, spoilt.x]), np.concatenate([train.y, spoilt.y]))
    assert np.abs(fit_scaling("standard", everything).apply(train.x).mean(axis=0)).min() > 0.1


def test_a_missing_or_damaged_file_is_named_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "DATA_FOLDER", tmp_path)
    missing, damaged = (dataclasses.replace(WINE, name=name) for name in ("missing", "damaged"))
    with pytest.raises(DataError, match=rf"{WINE.file} of Wines cannot be read.*assets/data"):
        load_table(missing)
    (tmp_path / WINE.file).write_text("a,b\n1,x\n")
    with pytest.raises(DataError, match=rf"{WINE.file} of Wines is damaged.*{WINE.sha256[:12]}"):
        load_table(damaged)


def test_a_table_whose_names_do_not_fit_is_refused():
    part = Part(np.zeros((2, 3), np.float32), np.array([0, 2], np.uint8))
    with pytest.raises(ValueError, match=r"2 names for rows of shape \(2, 3\)"):
        Table(("a", "b"), ("c", "d", "e"), part)
    with pytest.raises(ValueError, match="label 2 has no name"):
        Table(("a", "b", "c"), ("d", "e"), part)
