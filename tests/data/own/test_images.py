import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lib.data.own.images import ZipLimits, read_zip
from lib.data.parts import split_validation
from lib.errors import DataError

GREY = {"size": (8, 8), "channels": 1}


def picture(value=0, size=(8, 8), kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, (value, value, value) if isinstance(value, int) else value).save(file, kind)
    return file.getvalue()


def good(folders=("cats", "dogs"), each=6):
    """Entries that are fine: name and content."""
    return [(f"{folder}/{n}.png", picture(40 * i + n)) for i, folder in enumerate(folders) for n in range(each)]


def zipped(entries, compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def entry(name, mode=0o644 | stat.S_IFREG):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def left_out(own):
    return " ".join(own.notes)


def test_each_folder_becomes_a_class_in_alphabetical_order():
    own = read_zip(zipped(good(("dogs", "cats", "birds"))), **GREY)
    assert own.class_names == ("birds", "cats", "dogs")
    assert own.part.x.shape == (18, 8, 8, 1)
    assert own.part.y.tolist() == [0] * 6 + [1] * 6 + [2] * 6
    assert own.part.x[:, 0, 0, 0].tolist() == [*range(80, 86), *range(40, 46), *range(6)]
    assert own.notes == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
@pytest.mark.parametrize("channels", [1, 3])
def test_all_kinds_of_pictures_get_one_size_and_one_number_of_channels(kind, channels):
    entries = [(f"{c}/{n}.x", picture((200, 10, 10), (3 + 9 * n, 40), kind)) for c in "ab" for n in range(5)]
    own = read_zip(zipped(entries), size=(12, 16), channels=channels)
    assert own.part.x.shape == (10, 12, 16, channels)
    expected = [200, 10, 10] if channels == 3 else [67]
    assert np.abs(own.part.x.astype(int) - expected).max() <= 8


def test_an_image_keeps_its_proportions_and_loses_what_juts_out():
    stripes = Image.new("L", (90, 30))
    stripes.paste(255, (30, 0, 60, 30))
    file = io.BytesIO()
    stripes.save(file, "PNG")
    own = read_zip(zipped([("wide/x.png", file.getvalue()), *good()[1:], ("wide/y.png", file.getvalue())]), **GREY)
    middle = own.part.x[own.part.y == own.class_names.index("wide")]
    assert middle[:, :, 1:-1].min() > 200


def test_the_split_of_a_dataset_works_on_them():
    train, test = split_validation(read_zip(zipped(good(each=10)), **GREY).part, 0.2, seed=0)
    assert np.bincount(train.y).tolist() == [8, 8]
    assert np.bincount(test.y).tolist() == [2, 2]


@pytest.mark.parametrize("outer", ["my pictures/", "a/b/c/", "./", "train/"])
def test_folders_around_the_class_folders_do_not_matter(outer):
    own = read_zip(zipped([(outer + name, content) for name, content in good()]), **GREY)
    assert own.class_names == ("cats", "dogs")
    assert own.notes == ()


def test_training_and_test_folders_are_put_together_and_that_is_said():
    entries = [(f"data/{part}/{name}", content) for part in ("Train", "test") for name, content in good(each=3)]
    own = read_zip(zipped(entries), **GREY)
    assert own.class_names == ("cats", "dogs")
    assert len(own.part) == 12
    assert own.notes == ("Images of “Train”, “test” were put together: LayerLab makes its own split.",)


def test_folders_inside_a_class_folder_belong_to_the_class():
    entries = [*good(), ("cats/small/young/1.png", picture(9))]
    assert np.bincount(read_zip(zipped(entries), **GREY).part.y).tolist() == [7, 6]


@pytest.mark.parametrize(
    "names", [("Кошки", "собаки"), ("猫", "犬"), ("قطط", "كلاب"), ("Äpfel ß", "Ölrettich"), ("🐈", "🐕")]
)
def test_names_in_any_script_are_kept(names):
    assert set(read_zip(zipped(good(names)), **GREY).class_names) == set(names)


def test_utf8_names_without_the_flag_and_backslashes_are_read_as_they_were_meant():
    content = zipped([(name.replace("/", "\\"), image) for name, image in good(("Ägypten", "dogs"))])
    start, names = 0, 0
    content = bytearray(content)
    # The flag lies 6 bytes into each local header and 8 into each central one.
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(signature, start)) >= 0:
            content[start + offset + 1] &= ~0x08
            start, names = start + 4, names + 1
    assert names == 24
    assert read_zip(bytes(content), **GREY).class_names == ("dogs", "Ägypten")


def test_folders_that_differ_only_in_case_spaces_or_the_way_an_accent_is_written_are_one_class():
    folders = ("Cats", "cats ", "été", "e\u0301te\u0301")
    own = read_zip(zipped(good(folders, each=4)), **GREY)
    assert own.class_names == ("Cats", "été")
    assert np.bincount(own.part.y).tolist() == [8, 4]
    assert own.notes[-1] == "“Cats” and “cats” were taken as one class: only case or spaces differ."


def test_long_class_names_that_begin_and_end_alike_stay_two_classes():
    folders = ("x" * 50 + "a" + "y" * 50, "x" * 50 + "b" + "y" * 50)
    own = read_zip(zipped(good(folders)), **GREY)
    assert len(set(own.class_names)) == 2
    assert len(own.part) == 12


@pytest.mark.parametrize(
    "name", ["__MACOSX/cats/._1.png", "cats/.DS_Store", ".git/x", "dogs/Thumbs.db", "desktop.ini", "cats/"]
)
def test_what_systems_add_is_ignored_without_a_word(name):
    own = read_zip(zipped([(name, b"" if name.endswith("/") else b"anything"), *good()]), **GREY)
    assert (own.class_names, len(own.part), own.notes) == (("cats", "dogs"), 12, ())


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("/cats/etc.png", picture(), "“/cats/etc.png” was left out: it has an absolute path."),
        ("C:\\cats\\x.png", picture(), "“C:/cats/x.png” was left out: it has an absolute path."),
        ("cats/../../x.png", picture(), "“cats/../../x.png” was left out: it points outside the zip with “..”."),
        (entry("cats/link.png", stat.S_IFLNK | 0o777), b"/etc/passwd", "“cats/link.png” was left out: it is a link"),
        (entry("cats/pipe", stat.S_IFIFO | 0o644), b"", "“cats/pipe” was left out: it is no ordinary file."),
        ("cats/" + "a/" * 30 + "x.png", picture(), "lies more than 20 folders deep"),
        ("loose.png", picture(), "“loose.png” was left out: it lies in no folder"),
        ("\u202e/x.png", picture(), "it lies in no folder with a name"),
        ("cats/notes.txt", b"all about cats", "“cats/notes.txt” is not a picture"),
        ("cats/empty.png", b"", "“cats/empty.png” is empty"),
        ("cats/half.png", picture()[:40], "“cats/half.png” begins like a PNG picture but is damaged"),
        ("cats/more.zip", zipped(good()), "“cats/more.zip” is not a picture"),
        ("cats/more.zip", zipped(good()), "It is a zip in the zip: unpack it first."),
        ("cats/1.png", picture(1), "“cats/1.png” was left out: it is there twice; the first one counts."),
        ("mice/1.png", picture(1), "Class “mice” was left out: it has 1 images that can be read"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_an_entry_that_cannot_be_used_is_named_with_its_reason_and_the_others_stay(name, content, reason):
    own = read_zip(zipped([*good(), (name, content)]), **GREY)
    assert reason in left_out(own)
    assert (own.class_names, len(own.part)) == (("cats", "dogs"), 12)
    assert all("\n" not in note and len(note) < 300 for note in own.notes)


def test_an_entry_with_a_password_is_named():
    content = bytearray(zipped([("cats/secret.png", picture()), *good()]))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + offset] |= 1
    own = read_zip(bytes(content), **GREY)
    assert own.notes == ("“cats/secret.png” was left out: it is locked with a password.",)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_of_packing_that_may_ask_for_gigabytes_are_not_unpacked(method, monkeypatch):
    monkeypatch.setattr(zipfile, "_get_decompressor", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(DataError, match=r"0 usable images.*First problem: “cats/0.png”.*packed in an unusual way"):
        read_zip(zipped(good(), method), **GREY)


def test_a_bomb_is_not_even_opened():
    content = zipped([*good(), ("cats/bomb.png", bytes(50_000_000))], zipfile.ZIP_DEFLATED)
    own, peak = measured(content)
    assert own.notes == (
        "“cats/bomb.png” was left out: it would grow to 50 MB, more than 200 times what it is in the zip.",
    )
    assert peak < 5_000_000


@pytest.mark.slow
def test_a_bomb_that_lies_about_its_size_is_stopped_where_it_said_it_ends():
    content = bytearray(zipped([("cats/bomb.png", bytes(200_000_000)), *good()], zipfile.ZIP_DEFLATED))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(signature) + offset
        assert struct.unpack_from("<I", content, place) == (200_000_000,)
        struct.pack_into("<I", content, place, 5_000)
    own, peak = measured(bytes(content))
    assert own.notes == ("“cats/bomb.png” was left out: it is damaged (Bad CRC-32 for file 'cats/bomb.png').",)
    assert peak < 5_000_000


def measured(content):
    tracemalloc.start()
    try:
        own = read_zip(content, **GREY)
        return own, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_many_files_that_unpack_to_too_much_together_are_refused_before_one_is_opened(monkeypatch):
    content = zipped(((f"cats/{number}", bytes(999_999)) for number in range(300)), zipfile.ZIP_DEFLATED)
    assert len(content) < 500_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("opened"))
    with pytest.raises(DataError, match=r"would unpack to 300 MB. LayerLab reads at most 200 MB"):
        read_zip(content, **GREY)


def test_pictures_with_too_many_pixels_together_are_refused_before_they_are_decoded():
    entries = [(f"{c}/{n}.png", picture(0, (1_000, 1_000))) for c in "ab" for n in range(5)]
    with pytest.raises(DataError, match=r"more than 4\.5 million pixels together"):
        read_zip(zipped(entries), **GREY, limits=ZipLimits(megapixels=4.5))


def test_a_picture_that_claims_a_gigantic_size_is_left_out():
    huge = bytearray(picture())
    header = b"IHDR" + struct.pack(">IIBBBBB", 15_000, 15_000, 8, 2, 0, 0, 0)
    huge[12:33] = header + struct.pack(">I", zlib.crc32(header))
    own = read_zip(zipped([*good(), *((f"cats/huge{n}.png", bytes(huge)) for n in range(3))]), **GREY)
    assert len(own.part) == 12
    assert "“cats/huge0.png” has 15,000 × 15,000 pixels" in left_out(own)


@pytest.mark.slow
def test_a_hundred_thousand_entries_are_refused_before_one_is_opened(monkeypatch):
    content = zipped((f"c{n % 9}/{n}", b"") for n in range(100_000))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("opened"))
    with pytest.raises(DataError, match=r"MB. LayerLab reads at most 5 MB"):
        read_zip(content, **GREY)
    with pytest.raises(DataError, match=r"100,000 entries. LayerLab looks at 10,000"):
        read_zip(content, **GREY, limits=ZipLimits(file_mb=100))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (ZipLimits(images=11), "12 files in its class folders. LayerLab reads at most 11"),
        (ZipLimits(classes=1), "2 class folders. LayerLab takes at most 1"),
        (ZipLimits(file_mb=0.001), r"LayerLab reads at most 0.001 MB"),
    ],
)
def test_a_zip_beyond_a_limit_is_refused_with_the_limit(limits, message):
    with pytest.raises(DataError, match=message):
        read_zip(zipped(good()), **GREY, limits=limits)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([], "0 usable images in 0 classes"),
        (good(("cats",), 20), "20 usable images in 1 classes. It needs at least 10 images and 2 classes"),
        ([(f"top/{name}", content) for name, content in good(("cats",), 20)], "20 usable images in 1 classes"),
        (good(("cats", "dogs"), 1)[:2], "0 usable images in 0 classes.*Class “cats” was left out"),
        ([*good(("cats",), 2), *good(("dogs",), 1)], "2 usable images in 1 classes"),
        ([(name.split("/")[1] + name[0], content) for name, content in good()], "First problem: “0.pngc” was left out"),
        ([("a/x.txt", b"a"), ("b/y.txt", b"b")], "0 usable images.*“a/x.txt” is not a picture"),
    ],
)
def test_too_few_images_or_classes_are_refused_with_what_is_needed_and_the_first_problem(entries, message):
    with pytest.raises(DataError, match=message):
        read_zip(zipped(entries), **GREY)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", picture(), zipped(good())[:500]])
def test_what_is_no_zip_is_said_to_be_none(content):
    with pytest.raises(DataError, match="This is no zip, or a damaged one"):
        read_zip(content, **GREY)


def test_hundreds_of_problems_become_a_few_sentences():
    own = read_zip(zipped([*good(), *((f"cats/{n}.txt", b"text") for n in range(500))]), **GREY)
    assert len(own.notes) == 21
    assert own.notes[-1] == "And 480 more of this kind."


WHOLE = zipped(good(each=5), zipfile.ZIP_DEFLATED)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_zip_with_any_bytes_changed_is_read_or_refused_with_a_sentence(changes):
    content = bytearray(WHOLE)
    for place, value in changes:
        content[place] = value
    with suppress(DataError):
        own = read_zip(bytes(content), **GREY)
        assert own.part.x.shape[1:] == (8, 8, 1)
        assert len(own.class_names) >= 2
