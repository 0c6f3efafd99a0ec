import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.data.loading import load
from lib.ui.kit.drawn_text import LEVEL, from_text, to_text


def test_a_digit_comes_back_within_half_a_level_and_its_text_is_short():
    digits = load("mnist").test.x[:50]
    texts = [to_text(digit) for digit in digits]
    for digit, text in zip(digits, texts, strict=True):
        again = from_text(text)
        assert again.shape == (28, 28, 1)
        assert np.abs(again.astype(int) - digit).max() <= LEVEL // 2
        assert to_text(again) == text
    assert max(map(len, texts)) < 250


def test_any_drawing_fits_even_noise():
    noise = (np.random.default_rng(0).integers(0, 16, (28, 28, 1)) * LEVEL).astype(np.uint8)
    assert len(to_text(noise)) <= 600
    np.testing.assert_array_equal(from_text(to_text(noise)), noise)


@given(st.text(max_size=700) | st.binary(max_size=450).map(lambda b: base64.urlsafe_b64encode(b).decode().rstrip("=")))
def test_any_other_text_is_a_drawing_of_this_size_or_none(text):
    drawn = from_text(text)
    assert drawn is None or (drawn.shape == (28, 28, 1) and drawn.dtype == np.uint8 and not (drawn % LEVEL).any())


@pytest.mark.parametrize("length", [391, 393, 5_000_000])
def test_what_unpacks_to_another_size_is_refused_however_large(length):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = base64.urlsafe_b64encode(packer.compress(bytes(length)) + packer.flush()).decode().rstrip("=")
    assert from_text(packed) is None
