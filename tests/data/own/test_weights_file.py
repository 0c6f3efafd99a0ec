"""Weights that come back: those of the network are read, and every other file is refused with a sentence."""

import io
import pickle
import tracemalloc
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.arrays import pack
from lib.data.own.weights_file import read_weights
from lib.errors import DataError

SHAPES = {"dense/kernel": (3, 2), "dense/bias": (2,)}
GOOD = {"dense/kernel": np.arange(6, dtype=np.float32).reshape(3, 2), "dense/bias": np.ones(2, np.float32)}


def zipped(entries, method=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


def npy(array=None, header=None, data=b""):
    """An array as numpy writes it, or a header of one's own before some bytes."""
    stream = io.BytesIO()
    if header is None:
        np.lib.format.write_array(stream, np.asarray(array), allow_pickle=True)
    else:
        np.lib.format.write_array_header_1_0(stream, header)
        stream.write(data)
    return stream.getvalue()


def with_kernel(entry, method=zipfile.ZIP_STORED):
    return zipped({"dense/kernel.npy": entry, "dense/bias.npy": npy(GOOD["dense/bias"])}, method)


def test_what_was_downloaded_comes_back_and_so_does_a_compressed_or_wider_copy():
    wide = io.BytesIO()
    np.savez_compressed(wide, **{name: values.astype(np.float64) for name, values in GOOD.items()})
    for content in (pack(GOOD), wide.getvalue()):
        found = read_weights(content, SHAPES)
        assert list(found) == list(SHAPES)
        for name, values in GOOD.items():
            assert found[name].dtype == np.float32
            np.testing.assert_array_equal(found[name], values)


class Evil:
    def __reduce__(self):
        return (print, ("opened",))


HOSTILE = {
    "no zip": (b"not a zip", "no whole .npz file"),
    "nothing": (b"", "no whole .npz file"),
    "a pickle": (pickle.dumps(Evil()), "no whole .npz file"),
    "a pickled array": (with_kernel(npy(np.array([[Evil()] * 2] * 3, object))), "Python objects, which are never"),
    "another shape": (pack({**GOOD, "dense/kernel": np.ones((2, 3), np.float32)}), r"shape \(2, 3\); the network"),
    "another order": (pack({**GOOD, "dense/kernel": np.asfortranarray(GOOD["dense/kernel"])}), "Fortran's order"),
    "not a number": (pack({**GOOD, "dense/bias": np.array([1, np.nan], np.float32)}), "no finite number"),
    "infinity": (pack({**GOOD, "dense/bias": np.array([1, 1e300])}), "no finite number"),
    "whole numbers": (pack({**GOOD, "dense/bias": np.ones(2, np.int64)}), "int64, not floating"),
    "text": (pack({**GOOD, "dense/bias": np.array(["a", "b"])}), "not floating"),
    "a missing array": (pack({"dense/kernel": GOOD["dense/kernel"]}), "no array 'dense/bias'"),
    "another network's": (pack({"conv2d/kernel": np.ones(2), "conv2d/bias": np.ones(2)}), "no array 'dense/kernel'"),
    "one array too many": (pack({**GOOD, "more": np.ones(1)}), "holds 3 arrays; this network has 2"),
    "10^9 entries, claimed": (
        with_kernel(npy(header={"descr": "<f4", "fortran_order": False, "shape": (10**9,)})),
        r"shape \(1000000000,\); the network",
    ),
    "a header that lies": (
        with_kernel(npy(header={"descr": "<f4", "fortran_order": False, "shape": (3, 2)}, data=b"1234")),
        "ends early",
    ),
    "more than it says": (
        with_kernel(npy(header={"descr": "<f4", "fortran_order": False, "shape": (3, 2)}, data=b"1" * 30)),
        "goes on too long",
    ),
    "a zip bomb": (with_kernel(npy(np.zeros(30_000_000, np.float32)), zipfile.ZIP_DEFLATED), "takes 120,000,128 bytes"),
    "another packing": (with_kernel(npy(GOOD["dense/kernel"]), zipfile.ZIP_LZMA), "not opened here"),
    "a long header": (with_kernel(b"\x93NUMPY\x01\x00\xff\xff" + b" " * 65_535), "takes 65,545 bytes"),
    "no array at all": (with_kernel(b"hello"), "no whole .npz file"),
    "a large file": (b"PK" + b"0" * 2_000_000, "at most 1,004,160"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_every_other_file_is_refused_with_a_sentence_and_no_memory(what, capsys):
    content, sentence = HOSTILE[what]
    tracemalloc.start()
    with pytest.raises(DataError, match=sentence):
        read_weights(content, SHAPES)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert capsys.readouterr().out == ""


def test_a_variance_below_zero_is_refused():
    with pytest.raises(DataError, match="variance below 0"):
        read_weights(pack({"batch/moving_variance": np.array([-1.0], np.float32)}), {"batch/moving_variance": (1,)})


@given(st.binary(max_size=400), st.integers(0, 600), st.integers(0, 255))
def test_damaged_bytes_are_weights_or_refused(junk, place, byte):
    damaged = bytearray(pack(GOOD))
    damaged[place % len(damaged)] = byte
    for content in (bytes(damaged), junk, pack(GOOD)[:place]):
        with suppress(DataError):
            assert set(read_weights(content, SHAPES)) == set(SHAPES)
