"""Pictures that a person brings: decoded to what the person expects, or refused with a sentence.

What arrives is anybody's bytes. The content alone decides how it is read, and the size that a file declares is checked
before any pixel of it is decoded.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MAX_MB = 5
MAX_PIXELS = 16_000_000
# A progressive JPEG of a few MB may hold a hundred thousand scans of the whole picture; cameras write about ten.
_MAX_SCANS = 100
_SCAN = b"\xff\xda"
# By the first bytes. `Image.open` would try its own list, and warn of large pictures process-wide.
_READERS: tuple[tuple[bytes, type[ImageFile]], ...] = (
    (b"\x89PNG\r\n\x1a\n", PngImageFile),
    (b"\xff\xd8\xff", JpegImageFile),
    (b"RIFF", WebPImageFile),
    (b"GIF8", GifImageFile),
    (b"BM", BmpImageFile),
)
_GREY_16 = ("I;16", "I;16B", "I;16L", "I;16N")
# One at a time: a picture of 16 million pixels needs up to 130 MB while it is decoded, for thirty people at once 4 GB.
_decoding = threading.Lock()


class PictureError(ValueError):
    """A file is no picture that can be shown. The text names the file, what is wrong, and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One image, read only.

    Attributes:
        pixels: uint8, `(height, width, 1 or 3)`, 0 to 255; one channel for a picture without colour.
        name: what a person calls it.
        dataset: the dataset it comes from, or "" for a person's own.
        label: its class there, or None.

    Raises:
        ValueError: wrong type or shape.
    """

    pixels: NDArray[np.uint8]
    name: str
    dataset: str = ""
    label: int | None = None

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 3 or self.pixels.shape[2] not in (1, 3):
            raise ValueError(
                f"pixels must be uint8 (height, width, 1 or 3), not {self.pixels.dtype} {self.pixels.shape}"
            )
        view = self.pixels.view()
        view.setflags(write=False)
        object.__setattr__(self, "pixels", view)


def decode(data: bytes, name: str, side: int) -> Picture:
    """Decode a PNG, JPEG, WebP, GIF or BMP file.

    The picture is turned as its EXIF says, its transparent parts become white, of an animation the first frame counts,
    and it is shrunk (never enlarged, never cropped) until neither side is longer than `side`.

    Args:
        data: the file.
        name: the file's name, for the picture and for sentences about it; it decides nothing.
        side: most pixels in height and in width.

    Raises:
        PictureError: the file is empty, too large, damaged, or of another kind.
    """
    called = f"“{printable(name)}”"
    if not data:
        raise PictureError(f"{called} is empty (0 bytes). Choose the picture's own file.")
    if len(data) > MAX_MB * 2**20:
        raise PictureError(
            f"{called} has {len(data) / 2**20:.1f} MB. LayerLab reads at most {MAX_MB} MB. Choose a smaller copy."
        )
    reader = _reader(data)
    if reader is None:
        raise PictureError(f"{called} is not a picture in PNG, JPEG, WebP, GIF or BMP format. Save it as one of these.")
    with _decoding:
        try:
            return Picture(_pixels(data, reader, called, side), printable(name))
        except PictureError:
            raise
        except Image.DecompressionBombError:
            raise PictureError(f"{called} claims to have {_too_many(2 * (Image.MAX_IMAGE_PIXELS or 0))}") from None
        except Exception as error:  # what the decoders raise for damaged files is not documented: anything
            raise PictureError(
                f"{called} begins like a {reader.format} picture but is damaged or incomplete. Save or copy it again."
            ) from error


def declared_pixels(data: bytes) -> int:
    """How many pixels a picture's header claims, without decoding any of them; 0 where no header can be read."""
    reader = _reader(data)
    if reader is None:
        return 0
    try:
        with reader(io.BytesIO(data)) as image:
            return image.width * image.height
    except Exception:  # `decode` says what is wrong
        return 0


def printable(name: str) -> str:
    """A file's name as it can stand in a sentence: on one line, and not too long.

    >>> printable("a\\nb.png")
    'a b.png'
    """
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    return text if len(text) <= 60 else f"{text[:40]}…{text[-18:]}"


def shrunk(picture: Picture, side: int) -> Picture:
    """The picture with neither side longer than `side`, in its proportions; itself where it fits already."""
    if max(picture.pixels.shape[:2]) <= side:
        return picture
    pixels = picture.pixels
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    image.thumbnail((side, side))
    return replace(picture, pixels=np.asarray(image).reshape(image.height, image.width, -1))


def _reader(data: bytes) -> type[ImageFile] | None:
    return next((reader for start, reader in _READERS if data.startswith(start)), None)


def _pixels(data: bytes, reader: type[ImageFile], called: str, side: int) -> NDArray[np.uint8]:
    if reader is JpegImageFile and data.count(_SCAN) > _MAX_SCANS:
        raise PictureError(f"{called} is built to keep a computer busy: {data.count(_SCAN):,} scans of one picture.")
    with reader(io.BytesIO(data)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise PictureError(f"{called} has {width:,} × {height:,} pixels, {_too_many(width * height)}")
        # A JPEG can be decoded at 1/2, 1/4 or 1/8 of its size: less memory, and finer than needed all the same.
        image.draft(None, (2 * side, 2 * side))
        small = _eight_bit(image)
        small.thumbnail((side, side))
        small = _on_white(ImageOps.exif_transpose(small))
    return _without_needless_colour(np.asarray(small))


def _too_many(pixels: int) -> str:
    return f"{pixels / 1e6:,.1f} million. LayerLab reads at most {MAX_PIXELS // 10**6} million. Choose a smaller copy."


def _eight_bit(image: Image.Image) -> Image.Image:
    """Red, green, blue, and opacity where the file has any, with 8 bits each."""
    if image.mode in _GREY_16:
        # The upper byte: Pillow's own conversion cuts everything above 255 off.
        grey = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        grey.info = image.info
        return grey
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _without_needless_colour(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One channel where all three are alike everywhere."""
    return pixels[..., :1] if (pixels == pixels[..., :1]).all() else pixels
