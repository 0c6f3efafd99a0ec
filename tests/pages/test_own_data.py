import dataclasses
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from helpers.own_files import digits_zip, wine_csv
from helpers.waiting import wait_for_status, wait_until
from PIL import Image, ImageEnhance
from streamlit.runtime import caching
from streamlit.testing.v1 import AppTest

from lib.data import preparing
from lib.data.loading import Loaded
from lib.data.near_duplicates import near_duplicates
from lib.data.own import shelf
from lib.data.own.dataset import images_of, to_plain
from lib.data.parts import Part
from lib.errors import DataError
from lib.specs.codec import to_query
from lib.specs.data import DataSpec
from lib.specs.datasets import MNIST
from lib.ui.kit import lessons
from lib.ui.results import samples
from lib.ui.session import asked, own_visit

BUILD, INSIDE, RESULTS = "pages/build.py", "pages/inside.py", "pages/results.py"
ZIP, CSV = "application/zip", "text/csv"


def end_visit():
    """Close the browser and let the time of grace pass. All sessions under AppTest are one to Streamlit's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "release_later", lambda holds, _: [hold.release() for hold in list(holds)])
        caching.clear_session_resource_cache("test session id")


@pytest.fixture(autouse=True)
def ended_visits():
    yield
    end_visit()


def words_of(page):
    kinds = (page.markdown, page.caption, page.error, page.warning, page.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def bring(page, name, content, kind=ZIP):
    page.selectbox(key="dataset").set_value("bring").run()
    return page.file_uploader(key="own_data").set_value((name, content, kind)).run()


def class_column(page):
    return next(each for each in page.selectbox if each.label == "Column of the classes")


def use(page):
    page.button(key="use_own_data").click().run()
    assert not page.exception
    return page


def packed(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_a_zip_is_previewed_used_trained_and_its_results_open(open_page, spec_of, engine):
    page = bring(open_page(BUILD), "My_digits.zip", digits_zip())
    assert not page.exception
    shown = words_of(page)
    assert "**My digits**: 60 images in 3 classes, each cut and scaled to 28 × 28 × 1" in shown
    assert "| zero | 20 |" in shown
    assert "Nothing was left out" in shown
    assert spec_of(page).data.dataset == "mnist"

    use(page)
    spec = spec_of(page)
    assert spec.data.dataset.startswith("own-")
    assert spec.model.shapes()[-1] == (3,)
    assert "My digits (yours)" in page.selectbox(key="dataset").options
    assert page.selectbox(key="recipe").value == "simple_cnn"
    assert not page.button(key="train").disabled
    page.number_input(key="epochs").set_value(1).run()
    page.button(key="train").click().run()
    run_id = page.query_params["run"]
    assert wait_for_status(engine, run_id, "done").evaluation.samples == 12

    results = open_page(RESULTS, run=run_id)
    results.session_state["visitor_owner"] = page.session_state["visitor_owner"]
    results.run()
    assert not results.exception
    assert not results.error


def test_options_change_what_becomes_of_the_pictures(open_page, spec_of):
    page = bring(open_page(BUILD), "digits.zip", digits_zip())
    page.button_group(key="own_side").set_value(64).run()
    page.button_group(key="own_channels").set_value(3).run()
    assert "64 × 64 × 3" in words_of(page)
    assert spec_of(use(page)).data.input_shape == (64, 64, 3)


def test_a_table_is_previewed_with_a_choice_of_its_class_column(open_page, spec_of):
    page = bring(open_page(BUILD), "wine.csv", wine_csv(), CSV)
    label = class_column(page)
    assert "**wine**: 178 rows in 3 classes" in words_of(page)
    label.set_value("alcohol").run()
    assert "different values" in page.error[0].value
    assert not [button for button in page.button if button.key == "use_own_data"]
    class_column(page).set_value(label.options[-1]).run()
    spec = spec_of(use(page))
    assert (spec.data.kind, spec.data.scaling, spec.model.shapes()[-1]) == ("table", "standard", (3,))


HOSTILE = {
    "no zip": ("a.zip", b"no zip at all", "This is no zip"),
    "nothing": ("empty.csv", b"", "The file is empty"),
    "one class": ("one.zip", digits_zip(("zero",)), "usable images in 1 classes"),
    "three images": ("few.zip", digits_zip(("zero", "one", "two"), of_each=1), "It needs at least"),
    "climbing": ("up.zip", packed(**{"../../etc/passwd": b"x", "/abs/a.png": b"y"}), "0 usable images"),
    "nested": ("nested.zip", packed(**{"a/inner.zip": digits_zip(), "b/x.txt": b"hello"}), "0 usable images"),
    "bomb": ("bomb.zip", None, "0 usable images"),
    "spreadsheet": ("book.xlsx", packed(**{"xl/workbook.xml": b"<x/>"}), "Save the table as CSV"),
    "picture": ("cat.png", b"\x89PNG\r\n\x1a\n\0\0", "zero bytes"),
    "one column": ("list.csv", b"a\n1\n2\n", "one column only"),
    "constant": ("same.csv", b"x,y\n" + b"1,a\n1,b\n" * 10, "No column of numbers"),
    "names": ("*b* <i>[x](y).csv", b"x,y\n" + b"a,b\n" * 5, "No column of numbers"),
}


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/bomb.png", b"\0" * 50_000_000)
    return stream.getvalue()


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_cannot_be_used_gets_a_sentence_and_nothing_is_lost(open_page, spec_of, case):
    name, content, sentence = HOSTILE[case]
    page = open_page(BUILD)
    before = spec_of(page)
    bring(page, name, bomb() if content is None else content)
    assert not page.exception
    assert len(page.error) == 1
    told = page.error[0].value.replace("\\", "")
    assert told.startswith(name)
    assert sentence in told
    assert "you still work with MNIST digits" in words_of(page)
    assert spec_of(page) == before
    assert not page.button(key="train").disabled


def test_a_refused_file_leaves_the_own_data_that_are_in_use(open_page, spec_of):
    page = use(bring(open_page(BUILD), "digits.zip", digits_zip()))
    before = spec_of(page)
    bring(page, "bad.zip", b"PK bad")
    assert "you still work with digits" in words_of(page)
    assert spec_of(page) == before


def test_names_of_classes_are_shown_as_they_are(open_page):
    names = ("*bold*", ":red[x]", "<script>")
    page = use(bring(open_page(BUILD), "odd.zip", digits_zip(names)))
    page.session_state["dataset_card"] = True
    assert r"\*bold\*" in words_of(bring(page, "odd.zip", digits_zip(names)))


def test_another_visitor_cannot_open_the_data_by_their_name(open_page, spec_of):
    page = use(bring(open_page(BUILD), "digits.zip", digits_zip()))
    address = to_query(spec_of(page))
    other = open_page(BUILD, **address)
    assert not other.exception
    assert "private to that person" in other.warning[0].value
    assert spec_of(other).data.dataset == "mnist"
    assert "digits (yours)" not in other.selectbox(key="dataset").options
    guessed = open_page(BUILD, **{**address, "dataset": "own-0000000000000000"})
    assert not guessed.exception
    assert guessed.warning[0].value == other.warning[0].value


def test_the_same_visitor_opens_them_in_another_tab_once_the_browser_has_told_who_it_is(open_page, spec_of):
    page = use(bring(open_page(BUILD), "digits.zip", digits_zip()))
    tab = open_page(BUILD, **to_query(spec_of(page)))
    assert spec_of(tab).data.dataset == "mnist"
    tab.session_state["visitor_owner"] = page.session_state["visitor_owner"]
    tab.run()
    assert not tab.warning
    assert spec_of(tab) == spec_of(page)


def test_somebody_elses_run_shows_what_it_reached_but_no_samples(open_page, engine, spec_of):
    page = use(bring(open_page(BUILD), "digits.zip", digits_zip()))
    run_id = engine.submit(spec_of(page), page.session_state["visitor_owner"])
    wait_for_status(engine, run_id, "done")
    build = open_page(BUILD, run=run_id)
    assert not build.exception
    assert spec_of(build).data.dataset == "mnist"
    results = open_page(RESULTS, run=run_id)
    assert not results.exception
    assert "private to the visit" in words_of(results)
    assert any(metric.label == "Test accuracy" for metric in results.metric)
    assert downloads_of(results) == ["Curves (CSV)"]
    assert "Only the person who trained it can download the model" in words_of(results)
    mine = open_page(RESULTS, run=run_id)
    mine.session_state["visitor_owner"] = page.session_state["visitor_owner"]
    assert {"Model (.keras)", "Description (JSON)", "Curves (CSV)"} <= set(downloads_of(mine.run()))


def test_a_table_of_ones_own_is_looked_into_by_its_owner_and_closed_to_others_and_once_it_is_gone(
    open_page, engine, spec_of, monkeypatch
):
    page = use(bring(open_page(BUILD), "wine.csv", wine_csv(), CSV))
    owner, spec = page.session_state["visitor_owner"], spec_of(page)
    run_id = engine.submit(spec, owner)
    wait_for_status(engine, run_id, "done")
    asked = {"run": run_id, "sample": "3", "more": "filters", "layer": "dense", "unit": "0"}

    def inside(who):
        opened = open_page(INSIDE, **asked)
        opened.session_state["visitor_owner"] = who
        assert not opened.run().exception
        return opened

    mine = inside(owner)
    row = shelf.data(spec.data.dataset).test.x[3]
    assert mine.number_input(key=f"inside_{run_id}_3_0").value == pytest.approx(float(row[0]), rel=1e-6)
    assert "Where a number comes from: dense" in words_of(mine)
    other = inside("f" * 32)
    assert lessons.text("inside.closed") in words_of(other)
    assert "Where a number comes from" not in words_of(other)
    assert not [each for each in other.number_input if each.key.startswith("inside_")]
    end_visit()
    gone = inside(owner)
    assert lessons.text("inside.closed") in words_of(gone)


def test_imbalanced_classes_of_ones_own_are_told_to_their_owner_alone(open_page, engine, spec_of):
    lines = wine_csv().decode().splitlines()
    rare = [line for line in lines if line.endswith("cultivar 3")][:6]
    few = [line for line in lines if not line.endswith("cultivar 3")] + rare
    page = use(bring(open_page(BUILD), "few.csv", "\n".join(few).encode(), CSV))
    owner, spec = page.session_state["visitor_owner"], spec_of(page)
    run_id = engine.submit(spec, owner)
    wait_for_status(engine, run_id, "done")

    def said(who):
        opened = open_page(RESULTS, run=run_id)
        opened.session_state["visitor_owner"] = who
        assert not opened.run().exception
        return words_of(opened)

    counts = np.bincount(shelf.data(spec.data.dataset).train.y)
    assert f"**cultivar 3** has {counts[2]} of {counts.sum()} samples" in said(owner)
    assert "The classes are imbalanced" not in said("f" * 32)
    end_visit()
    assert "The classes are imbalanced" not in said(owner)


def downloads_of(page):
    return [button.proto.label for button in page.get("download_button")]


def test_data_leave_the_memory_some_time_after_the_visit_ends(open_page, spec_of, monkeypatch):
    late = []
    monkeypatch.setattr(shelf, "release_later", lambda holds, seconds: late.append((list(holds), seconds)))
    page = use(bring(open_page(BUILD), "digits.zip", digits_zip()))
    name = spec_of(page).data.dataset
    caching.clear_session_resource_cache("test session id")
    ((holds, seconds),) = late
    assert seconds == own_visit.GRACE_SECONDS > 120, "Streamlit itself waits for two minutes"
    page.run()
    assert spec_of(page).data.dataset == name, "back within the grace, a visit finds its data"
    caching.clear_session_resource_cache("test session id")
    for hold in (*holds, *late[1][0]):
        hold.release()
    with pytest.raises(DataError):
        shelf.data(name)
    page.run()
    assert not page.exception
    assert spec_of(page).data.dataset == "mnist"


def test_what_is_kept_is_there_at_the_next_visit_until_it_is_deleted(open_page, spec_of):
    page = use(bring(open_page(BUILD), "keepers.zip", digits_zip(("zero", "one"))))
    name, owner = spec_of(page).data.dataset, page.session_state["visitor_owner"]
    page.toggle(key="keep_own").set_value(True).run()
    assert "kept on this machine" in words_of(page)
    end_visit()
    with pytest.raises(DataError):
        shelf.data(name)

    again = AppTest.from_file(str(Path(BUILD).absolute()), default_timeout=60)
    again.session_state["visitor_owner"] = owner
    again.run()
    assert "keepers (yours)" in again.selectbox(key="dataset").options
    again.selectbox(key="dataset").set_value(name).run()
    assert spec_of(again).data.dataset == name
    again.button(key="delete_own").click().run()
    assert not again.exception
    assert spec_of(again).data.dataset == "mnist"
    assert "keepers (yours)" not in again.selectbox(key="dataset").options


def test_a_visit_has_the_newest_three_of_its_data(open_page):
    page = open_page(BUILD)
    sets = [("zero", "one"), ("two", "three"), ("four", "five"), ("six", "seven")]
    for number, classes in enumerate(sets):
        use(bring(page, f"set {number}.zip", digits_zip(classes)))
    options = page.selectbox(key="dataset").options
    assert [option for option in options if "(yours)" in option] == [f"set {n} (yours)" for n in (1, 2, 3)]
    with pytest.raises(DataError):
        shelf.data(images_of(digits_zip(sets[0]), "set 0.zip", 28, 1).data.facts.name)


def test_when_there_is_no_room_a_sentence_says_so(open_page, spec_of, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_MB", 0.001)
    page = bring(open_page(BUILD), "digits.zip", digits_zip())
    page.button(key="use_own_data").click().run()
    assert "Try again later" in page.error[0].value
    assert spec_of(page).data.dataset == "mnist"


def test_the_arrays_that_are_offered_are_what_the_exported_script_reads():
    data = images_of(digits_zip(), "digits.zip", 28, 1).data
    with np.load(io.BytesIO(to_plain(data)["samples"])) as own:
        assert sorted(own.files) == ["x_test", "x_train", "y_test", "y_train"]


def test_copies_that_stand_in_two_parts_are_told_and_shown_and_distinct_data_get_no_word(open_page, spec_of):
    page = use(bring(open_page(BUILD), "copies.zip", with_copies(digits_zip(of_each=10))))
    wait_until(lambda: "nearly the same" in words_of(page.run()))
    assert not page.exception
    spec = spec_of(page)
    found = near_duplicates(shelf.data(spec.data.dataset), 0, spec.training.validation_split)
    told = next(each.value for each in page.warning if "nearly the same" in each.value)
    assert f"**{len(found['test-train'])} of your test pictures are nearly the same as training pictures.**" in told
    assert len(found["test-train"]) > 5
    shown = [each for each in page.get("image") if "nearly the same" in each.proto.imgs[0].alt]
    assert len(shown) == 4

    page = use(bring(open_page(BUILD), "distinct.zip", digits_zip()))
    distinct = spec_of(page)
    assert distinct.data.dataset != spec.data.dataset
    question = f"near duplicates {distinct.data.dataset} 0 {distinct.training.validation_split}"
    wait_until(lambda: question in asked.answers()._known and asked.answers()._known[question][0].done())
    assert not any(len(pairs) for pairs in asked.answers().known(question).values())
    page.run()
    assert not page.exception
    assert "nearly the same" not in words_of(page)


def with_copies(content):
    """A zip in which each picture stands a second time, darker."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(stream, "w") as twice:
        for name in archive.namelist():
            picture = io.BytesIO()
            ImageEnhance.Brightness(Image.open(archive.open(name))).enhance(0.8).save(picture, "PNG")
            twice.writestr(name, archive.read(name))
            twice.writestr(name.replace(".png", "-dark.png"), picture.getvalue())
    return stream.getvalue()


def test_pictures_of_own_data_are_not_kept_once_they_were_drawn(monkeypatch):
    part = Part(np.zeros((4, 8, 8, 1), np.uint8), np.zeros(4, np.uint8))
    facts = dataclasses.replace(MNIST, name="own-0123456789abcdef", input_shape=(8, 8, 1))
    monkeypatch.setitem(shelf._facts, facts.name, facts)
    monkeypatch.setattr(preparing, "load", lambda name, size: Loaded(facts, "bundled", part, part))
    before = samples._drawn.cache_info().currsize
    assert samples._picture(DataSpec(facts.name), 0).startswith("data:image/png")
    assert samples._drawn.cache_info().currsize == before
