"""What a file is, is told by its content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attachments import media_types
from bot.attachments.media_types import media_type
from tests.support import pictures

M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00" + b"\x00" * 30 + b"hdlr\x00\x00soun"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x00\x00" + b"\x00" * 30 + b"hdlr\x00\x00videsoun"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pictures.photo(8, 8), "image/jpeg"),
        (pictures.drawing(), "image/png"),
        (pictures.PDF, "application/pdf"),
        (pictures.VOICE, "audio/ogg"),
        (b"ID3\x04\x00" + b"\0" * 40, "audio/mpeg"),
        (b"#!AMR\n\0\0", "audio/amr"),
        (M4A, "audio/mp4"),
        # Film, pages, programs, archives and vector pictures (which can run scripts) stay out.
        (MP4, ""),
        (b"<!doctype html><script>alert(1)</script>", ""),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', ""),
        (b"MZ\x90\x00", ""),
        (b"PK\x03\x04word/document.xml", ""),
        (b"OggS\x00\x02" + b"\x00" * 20 + b"\x80theora", ""),
        (b" " * 10 + pictures.PDF, ""),
        (b"", ""),
    ],
)
def test_by_its_first_bytes(data: bytes, expected: str) -> None:
    """Whatever its name or its sender says."""
    assert media_type(data) == expected


@given(st.binary(max_size=200))
def test_only_what_is_allowed(data: bytes) -> None:
    """Any bytes are one of the kinds that are let in, or nothing."""
    assert media_type(data) in {"", *media_types.IMAGES, *media_types.ENDINGS}
