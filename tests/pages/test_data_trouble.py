"""A damaged file and a download without a network: told in a sentence, and the rest of the page goes on."""

import shutil

import pytest
from helpers.waiting import wait_until

from lib.data import loading
from lib.specs.datasets import DATASETS


@pytest.fixture
def damaged_digits(tmp_path, monkeypatch):
    """The bundled files, the digits among them with one byte flipped."""
    folder = tmp_path / "data"
    shutil.copytree(loading.DATA_FOLDER, folder)
    file = folder / DATASETS["mnist"].file
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)
    monkeypatch.setattr(loading, "DATA_FOLDER", folder)


def shown(page):
    return " ".join(element.value for kind in (page.error, page.warning) for element in kind)


def test_a_damaged_bundled_file_is_named_and_other_datasets_still_work(damaged_digits, open_page):
    page = open_page("pages/build.py")
    page.session_state["dataset_card"] = True
    page.run()
    assert not page.exception
    assert "mnist.zip" in shown(page)
    page.selectbox(key="dataset").set_value("fashion_mnist").run()
    assert not page.exception
    assert "mnist.zip" not in shown(page)
    assert not page.button(key="train").disabled


def test_results_of_a_run_on_a_damaged_file_say_so(trained, damaged_digits, open_page):
    page = open_page("pages/results.py", run=trained.id)
    assert not page.exception
    assert "mnist.zip" in shown(page)


def test_a_download_without_a_network_says_so_and_the_bundled_part_can_be_trained(open_page, monkeypatch):
    monkeypatch.setenv("LAYERLAB_DATASETS_URL", "http://127.0.0.1:9")
    page = open_page("pages/build.py", dataset="fashion_mnist")
    page.session_state["dataset_card"] = True
    page.run()
    page.button(key="fetch_full").click().run()

    def told():
        page.run()
        return "could not be downloaded" in shown(page)

    wait_until(told, every=0.5)
    assert "bundled part" in shown(page)
    assert not page.exception
    assert not page.button(key="train").disabled
