import functools
import io
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from lib.data.own.pictures import Picture, PictureError, decode, printable, shrunk

ROOT = Path(__file__).parents[3]
ORIENTATION = 0x0112


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_claiming(width, height, *more):
    """A PNG whose header claims a size that its few bytes of pixels do not have."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = png_chunk(b"IDAT", zlib.compress(bytes(300)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + pixels + png_chunk(b"IEND", b"")


def gif_claiming(width, height):
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\x00\x02\x02\x44\x01\x00\x3b"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + frame


def webp_claiming(width, height):
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (width - 1).to_bytes(3, "little")
    body = canvas + (height - 1).to_bytes(3, "little") + saved(Image.new("RGB", (8, 8)), "WEBP", lossless=True)[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def bmp_claiming(width, height):
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)


def jpeg_claiming(width, height):
    data = saved(Image.new("RGB", (16, 16)), "JPEG")
    place = data.index(b"\xff\xc0")
    return data[: place + 5] + struct.pack(">HH", height, width) + data[place + 9 :]


HUGE = {
    "png": png_claiming(60_000, 60_000),
    "gif": gif_claiming(65_535, 65_535),
    "bmp": bmp_claiming(60_000, 60_000),
    "jpeg": jpeg_claiming(60_000, 60_000),
    "webp": webp_claiming(16_383, 16_383),
    "50 megapixels": jpeg_claiming(8_160, 6_144),
}
PADDED = ("zTXt", "iCCP")


@functools.cache
def swollen():
    """Few bytes that become 200 MB; made when a test asks, because each process of a spread suite reads this file."""
    return zlib.compress(bytes(200_000_000))


def padded(name):
    return png_claiming(8, 8, png_chunk(name.encode(), b"key\x00\x00" + swollen()))


def outcome(data):
    """The shape of a picture, or the sentence that refuses it; anything else fails the test."""
    try:
        return decode(data, "odd", 64).pixels.shape
    except PictureError as error:
        return str(error)


@pytest.fixture
def coloured():
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (24, 40, 3), np.uint8))


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True})])
def test_a_picture_without_loss_keeps_every_pixel(coloured, kind, options):
    picture = decode(saved(coloured, kind, **options), "photo", 64)
    np.testing.assert_array_equal(picture.pixels, np.asarray(coloured))
    assert picture.name == "photo"


def test_a_jpeg_comes_out_as_it_went_in_up_to_its_loss():
    smooth = np.stack([np.add.outer(np.arange(24) * 3, np.arange(40) * 4) // 2] * 2 + [np.full((24, 40), 90)], axis=-1)
    image = Image.fromarray(smooth.astype(np.uint8))
    decoded = decode(saved(image, "JPEG", quality=95), "a.jpg", 64).pixels
    assert abs(decoded.astype(int) - smooth).mean() < 2


def test_the_content_decides_and_not_the_name(coloured):
    assert decode(saved(coloured, "PNG"), "letter.txt", 64).pixels.shape == (24, 40, 3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_large_picture_is_shrunk_in_its_proportions(kind):
    picture = decode(saved(Image.new("RGB", (1200, 600), (200, 30, 60)), kind), "wide", 64)
    assert picture.pixels.shape == (32, 64, 3)
    np.testing.assert_allclose(picture.pixels[16, 32], (200, 30, 60), atol=4)


def test_a_small_picture_is_not_enlarged_and_a_thin_one_keeps_a_pixel():
    assert decode(saved(Image.new("L", (5, 3)), "PNG"), "tiny", 64).pixels.shape == (3, 5, 1)
    assert decode(saved(Image.new("L", (900, 2)), "PNG"), "thin", 64).pixels.shape == (1, 64, 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_picture_without_colour_has_one_channel_however_it_was_saved(mode):
    image = Image.new("L", (8, 8), 255).convert(mode)
    image.putpixel((2, 1), 0 if mode in ("1", "L") else image.getpixel((2, 1)))
    assert decode(saved(image, "PNG"), "grey", 64).pixels.shape == (8, 8, 1)


def test_sixteen_bits_of_grey_become_eight():
    values = np.array([[0, 256, 257, 32_896, 65_280, 65_535]], np.uint16)
    decoded = decode(saved(Image.fromarray(values), "PNG"), "scan", 64).pixels[..., 0]
    assert decoded.tolist() == [[0, 1, 1, 128, 255, 255]]


def test_a_palette_becomes_its_colours():
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 250, 120, 10])
    for kind in ("PNG", "GIF", "BMP"):
        assert decode(saved(image, kind), "palette", 64).pixels[0, 0].tolist() == [250, 120, 10]


def test_the_inks_of_print_become_the_colours_they_make():
    pixels = decode(saved(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG", quality=95), "print", 64).pixels
    np.testing.assert_allclose(pixels[8, 8], (255, 0, 0), atol=4)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_what_is_transparent_becomes_white(kind):
    image = Image.new("RGBA", (8, 8), (10, 20, 30, 0))
    image.paste((200, 0, 0, 255), (0, 0, 4, 8))
    pixels = decode(saved(image, kind, **({"lossless": True} if kind == "WEBP" else {})), "logo", 64).pixels
    assert pixels[0, 0].tolist() == [200, 0, 0]
    assert pixels[0, 7].tolist() == [255, 255, 255]


def test_half_transparent_black_becomes_middle_grey():
    assert decode(saved(Image.new("LA", (4, 4), (0, 128)), "PNG"), "veil", 64).pixels[0, 0].tolist() == [127]


def test_one_transparent_colour_becomes_white():
    image = Image.new("RGB", (4, 4), (1, 2, 3))
    assert decode(saved(image, "PNG", transparency=(1, 2, 3)), "key", 64).pixels.min() == 255


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "red_corner"), [(1, (0, 0)), (2, (0, -1)), (3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))]
)
def test_a_picture_is_turned_as_its_camera_noted(kind, orientation, red_corner):
    image = Image.new("RGB", (32, 16), "white")
    image.paste((255, 0, 0), (0, 0, 8, 8))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    pixels = decode(saved(image, kind, exif=exif), "photo", 64).pixels
    assert pixels.shape == ((32, 16, 3) if orientation in (6, 8) else (16, 32, 3))
    np.testing.assert_allclose(pixels[red_corner], (255, 0, 0), atol=40)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_counts(kind):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    np.testing.assert_allclose(decode(data, "film", 64).pixels[4, 4], (255, 0, 0), atol=6)


@pytest.mark.parametrize("name", HUGE)
def test_a_claimed_size_beyond_the_limit_is_refused_with_the_limit(name):
    with pytest.raises(PictureError, match=r"“huge” .*million. LayerLab reads at most 16 million"):
        decode(HUGE[name], "huge", 64)


def test_a_webp_that_really_has_so_many_pixels_is_refused():
    with pytest.raises(PictureError, match=r"4,100 × 4,100 pixels, 16.8 million"):
        decode(saved(Image.new("RGB", (4_100, 4_100)), "WEBP", method=0, quality=1), "poster.webp", 64)


def test_the_sentence_names_the_size_of_a_fifty_megapixel_photo():
    with pytest.raises(PictureError, match=r"8,160 × 6,144 pixels, 50.1 million"):
        decode(HUGE["50 megapixels"], "photo.jpg", 64)


@pytest.mark.slow
@pytest.mark.parametrize("name", PADDED)
def test_a_png_with_a_huge_compressed_text_or_profile_is_refused(name):
    assert "damaged" in outcome(padded(name))


def test_no_hostile_file_makes_the_process_grow(tmp_path):
    for number, data in enumerate([*HUGE.values(), *map(padded, PADDED)]):
        (tmp_path / str(number)).write_bytes(data)
    code = """
import pathlib, re, sys
from lib.data.own.pictures import PictureError, decode
def peak_kb():  # of this program alone
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
files = [path.read_bytes() for path in pathlib.Path(sys.argv[1]).iterdir()]
before = peak_kb()
for data in files:
    try:
        decode(data, "hostile", 64)
    except PictureError:
        pass
print(peak_kb() - before)
"""
    command = [sys.executable, "-W", "error", "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 30_000


def test_nothing_is_warned_of(coloured):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        decode(saved(Image.new("L", (4_000, 4_000)), "PNG"), "large", 64)
        with pytest.raises(PictureError):
            decode(png_claiming(10_000, 10_000), "larger", 64)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_file_that_ends_too_early_is_refused(coloured, kind):
    data = saved(coloured.resize((200, 200)), kind)
    for end in (len(data) // 2, 40, 12):
        with pytest.raises(PictureError, match=r"“half.x” .*(damaged|million)"):
            decode(data[:end], "half.x", 64)


@pytest.mark.parametrize("data", [b"hello, I am a text\n", b"\x00" * 100, b"%PDF-1.7", b"<svg/>", b"II*\x00abc"])
def test_another_kind_of_file_is_refused_whatever_its_name(data):
    with pytest.raises(PictureError, match=r"“fake.png” is not a picture in PNG, JPEG, WebP, GIF or BMP format"):
        decode(data, "fake.png", 64)


def test_an_empty_file_is_refused():
    with pytest.raises(PictureError, match=r"“nothing.png” is empty"):
        decode(b"", "nothing.png", 64)


def test_a_file_of_more_megabytes_than_allowed_is_refused():
    with pytest.raises(PictureError, match=r"has 6\.0 MB. LayerLab reads at most 5 MB"):
        decode(bytes(6 * 2**20), "film.mov", 64)


def test_a_jpeg_of_very_many_scans_is_refused():
    data = saved(Image.new("L", (8, 8)), "JPEG")
    with pytest.raises(PictureError, match="scans"):
        decode(data[:-2] + b"\xff\xda" * 5_000 + data[-2:], "slow.jpg", 64)


def test_a_png_with_a_damaged_text_in_it_is_a_sentence_or_a_picture(coloured):
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Raw profile type exif", "not hexadecimal", zip=True)
    assert decode(saved(coloured, "PNG", pnginfo=text), "odd", 64).pixels.shape == (24, 40, 3)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "BMP"]), st.data())
def test_any_bytes_of_a_picture_may_be_wrong_and_still_nothing_but_a_sentence_comes(kind, data):
    noise = np.random.default_rng(1).integers(0, 256, (24, 24, 3), np.uint8)
    file = bytearray(saved(Image.fromarray(noise), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    result = outcome(bytes(file))
    assert isinstance(result, str) or max(result[:2]) <= 64


def test_a_name_stands_on_one_line_and_stays_short():
    assert printable("a\n\t\x00 b.png") == "a b.png"
    assert len(printable("x" * 300 + ".png")) <= 60
    assert printable("x" * 300 + ".png").endswith(".png")


def test_pixels_are_read_only_and_checked():
    pixels = np.zeros((4, 4, 1), np.uint8)
    picture = Picture(pixels, "mine")
    assert not picture.pixels.flags.writeable
    assert pixels.flags.writeable
    with pytest.raises(ValueError, match="float64"):
        Picture(np.zeros((4, 4, 1)), "wrong")


def test_a_picture_that_fits_stays_and_a_larger_one_is_shrunk():
    grey = Picture(np.full((40, 20, 1), 7, np.uint8), "grey")
    assert shrunk(grey, 40) is grey
    assert shrunk(grey, 20).pixels.shape == (20, 10, 1)
    assert shrunk(grey, 20).pixels.max() == 7
    assert shrunk(Picture(np.zeros((10, 30, 3), np.uint8), "colour"), 15).pixels.shape == (5, 15, 3)
