"""Pictures are encoded anew: only what can be seen is left of them."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.attachments import images
from bot.attachments.images import Damaged, TooManyPixels, encoded_anew
from tests.support import pictures

HIDDEN = (pictures.MAKER.encode(), pictures.COMMENT.encode(), b"Exif", b"GPS", b"http://ns.adobe")


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is very large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_nothing_hidden_is_left(kind: str) -> None:
    """No maker, place, comment, profile or text, in the picture and in the small one."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(pictures.photo())) as image:
        extra = {"exif": image.getexif()} if kind != "GIF" else {}
        image.save(out, kind, comment=pictures.COMMENT.encode(), icc_profile=b"HIDE" * 9, **extra)
    assert kind == "GIF" or pictures.MAKER.encode() in out.getvalue()
    found = encoded_anew(out.getvalue())
    for data in (found.data, found.small):
        assert not [each for each in (*HIDDEN, b"HIDEHIDE") if each in data]
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()


def test_a_text_in_a_png_goes_and_see_through_stays() -> None:
    """The small one stands on white."""
    found = encoded_anew(pictures.drawing())
    assert found.media_type == "image/png"
    assert pictures.COMMENT.encode() not in found.data
    with Image.open(io.BytesIO(found.data)) as image:
        assert image.getpixel((5, 5)) == (0, 0, 0, 0)
    with Image.open(io.BytesIO(found.small)) as image:
        assert min(image.getpixel((5, 5))) > 240  # type: ignore[arg-type,type-var]


def test_a_turned_photo_is_upright() -> None:
    """What said so is gone."""
    assert pictures.size(encoded_anew(pictures.photo(64, 48, turned=True)).data) == (48, 64)


def test_large_ones_become_smaller() -> None:
    """And the one in the conversation is small."""
    found = encoded_anew(pictures.photo(6000, 1000))
    assert max(pictures.size(found.data)) == images.LONGEST
    assert max(pictures.size(found.small)) == images.SMALL_LONGEST


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (9000, 9000), (2**30, 2**30)])
def test_a_bomb_is_not_opened(width: int, height: int) -> None:
    """A few hundred bytes that would take gigabytes."""
    with pytest.raises((TooManyPixels, Damaged)):
        encoded_anew(bomb(width, height))


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_broken_is_refused_or_clean(data: st.DataObject) -> None:
    """Bytes changed anywhere never lead to another error, or to anything hidden."""
    whole = data.draw(st.sampled_from([pictures.photo(32, 24), pictures.drawing()]))
    place = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(0, len(whole)))
    broken = (whole[:place] + data.draw(st.binary(max_size=8)) + whole[place + 4 :])[:cut]
    try:
        found = encoded_anew(broken)
    except (Damaged, TooManyPixels):
        return
    assert not [each for each in HIDDEN if each in found.data + found.small]
