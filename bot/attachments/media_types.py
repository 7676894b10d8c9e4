"""Tells what a file is by its content: what its sender says of it counts for nothing. Pure.

Only kinds that a browser shows or plays without running anything, and PDF, which is offered for
download. Signatures: https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern and
https://mimesniff.spec.whatwg.org/#matching-an-audio-or-video-type-pattern
"""

from __future__ import annotations

from typing import Final

PDF: Final = "application/pdf"
#: The kinds of picture that are let in; each is encoded anew.
IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
#: The endings that names of files get, by what the files are.
ENDINGS: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    PDF: ".pdf",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
}
_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", PDF),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"#!AMR", "audio/amr"),
)
#: Brands of ISO media files that hold sound, or that may hold sound alone.
_SOUND_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2"})
_HEAD: Final = 64


def media_type(data: bytes) -> str:
    """The media type of a file's content; empty for every kind that is not let in."""
    for beginning, found in _BEGINNINGS:
        if data.startswith(beginning):
            return found
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    head = data[:_HEAD]
    if data.startswith(b"OggS") and (b"OpusHead" in head or b"\x01vorbis" in head):
        return "audio/ogg"
    sound = data[4:8] == b"ftyp" and data[8:12] in _SOUND_BRANDS
    # The names of the handlers of its tracks: https://developer.apple.com/documentation/quicktime-file-format/handler_reference_atom
    if sound and b"soun" in data and b"vide" not in data:
        return "audio/mp4"
    return ""
