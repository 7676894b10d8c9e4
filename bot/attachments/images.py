"""Encodes pictures anew, so that only pixels are left: no place, no maker, nothing hidden."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

#: Most pixels of a picture that is opened: 50 million take 200 MB of memory. A small file may hold
#: far more (https://pillow.readthedocs.io/en/stable/handbook/security.html).
MAX_PIXELS: Final = 50_000_000
#: Longest side of a picture that is kept, and of the small one in the conversation, in pixels.
LONGEST: Final = 4096
SMALL_LONGEST: Final = 480
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP")
_QUALITY: Final = 88
_SMALL_QUALITY: Final = 80


class TooManyPixels(ValueError):
    """A picture is larger than can be opened."""


class Damaged(ValueError):
    """A picture cannot be read."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was encoded anew.

    Attributes:
        media_type: `image/jpeg` or `image/png`.
        data: its bytes.
        small: the bytes of a small one for the conversation, a JPEG.
    """

    media_type: str
    data: bytes
    small: bytes


def encoded_anew(data: bytes) -> Picture:
    """The picture of a file: its pixels, turned upright, at most `LONGEST` wide and high.

    Of a moving picture the first one. Takes a while: call it on a thread.

    Raises:
        TooManyPixels: it is not opened.
        Damaged: it is none of the kinds that are let in, or broken.
    """
    try:
        return _encoded(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels("this picture has too many pixels") from error
    except TooManyPixels:
        raise
    except Exception as error:  # the library raises whatever a damaged file leads to
        raise Damaged(f"this picture cannot be read: {type(error).__name__}") from error


def _encoded(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
        width, height = opened.size
        if width * height > MAX_PIXELS:
            raise TooManyPixels("this picture has too many pixels")
        sharp = opened.format in ("PNG", "GIF")
        # A JPEG is decoded at a fraction of its size where that is enough.
        opened.draft("RGB", (LONGEST, LONGEST))
        upright = ImageOps.exif_transpose(opened)
        clear = upright.has_transparency_data
        image = upright.convert("RGBA" if clear else "RGB")
    image.thumbnail((LONGEST, LONGEST))
    # What an encoder finds here it writes: comments, profiles, places.
    image.info.clear()
    kept = _bytes(image, "PNG") if clear or sharp else _bytes(image, "JPEG", _QUALITY)
    image.thumbnail((SMALL_LONGEST, SMALL_LONGEST))
    if clear:
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    small = _bytes(image, "JPEG", _SMALL_QUALITY)
    return Picture("image/png" if clear or sharp else "image/jpeg", kept, small)


def _bytes(image: Image.Image, kind: str, quality: int = 0) -> bytes:
    out = io.BytesIO()
    given = {"quality": quality, "optimize": True} if quality else {}
    image.save(out, kind, **given)
    return out.getvalue()
