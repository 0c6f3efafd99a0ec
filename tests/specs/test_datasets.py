import hashlib
import re

import pytest

from lib.data.loading import DATA_FOLDER
from lib.specs.datasets import DATASETS

PROVENANCE = (DATA_FOLDER / "PROVENANCE.md").read_text()


BUNDLED = [dataset for dataset in DATASETS.values() if dataset.file]


@pytest.mark.parametrize("dataset", BUNDLED, ids=lambda dataset: dataset.name)
def test_each_bundled_file_has_the_hash_of_the_registry_and_of_the_provenance(dataset):
    found = hashlib.sha256((DATA_FOLDER / dataset.file).read_bytes()).hexdigest()
    assert dataset.sha256 == found
    assert re.findall(rf"`{re.escape(dataset.file)}` \| `([0-9a-f]{{64}})`", PROVENANCE) == [found]


def test_all_bundled_files_together_are_at_most_30_mb():
    sizes = [path.stat().st_size for path in DATA_FOLDER.iterdir()]
    assert len(sizes) >= len(DATASETS)
    assert sum(sizes) <= 30_000_000


def test_each_bundled_file_is_named_by_the_registry_or_says_in_the_provenance_how_it_was_made():
    names = {path.name for path in DATA_FOLDER.iterdir()} - {"PROVENANCE.md"}
    assert {dataset.file for dataset in BUNDLED} <= names
    assert {name for name in names if f"`{name}`" not in PROVENANCE} == set()


def test_each_dataset_has_different_class_names_and_is_listed_by_its_own_name():
    assert set(DATASETS) == {"mnist", "fashion_mnist", "cifar10", "movies", "points", "wine", "penguins"}
    for name, dataset in DATASETS.items():
        assert dataset.name == name
        assert len(set(dataset.class_names)) == len(dataset.class_names) >= 2
        assert dataset.bundled_train <= dataset.full_train
        assert dataset.bundled_test <= dataset.full_test


def test_each_card_names_source_licence_and_citation_and_links_to_a_home_page():
    for dataset in DATASETS.values():
        assert dataset.source
        assert dataset.licence
        assert dataset.citation
        assert dataset.source_url.startswith(("http://", "https://"))
