"""Made-up files as customers send them: a photo with its place in it, a PDF, a voice message."""

from __future__ import annotations

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo

#: What a phone hides in a photo; nothing of it may be left.
MAKER = "Voorbeeldtelefoon"
COMMENT = "geheim commentaar"
_MAKE, _ORIENTATION, _GPS = 0x010F, 0x0112, 0x8825

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
#: The first page of an Opus stream, https://datatracker.ietf.org/doc/html/rfc7845#section-5.1
VOICE = (
    b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
)
#: Harmless by agreement, and every scanner says it is not: https://www.eicar.org/download-anti-malware-testfile/
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def photo(width: int = 640, height: int = 480, *, turned: bool = False) -> bytes:
    """A JPEG as a phone makes it, with its maker, its place and a comment.

    Args:
        width: pixels.
        height: pixels.
        turned: whether the phone was held upright, which only its data say.
    """
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[_MAKE] = MAKER
    exif[_ORIENTATION] = 6 if turned else 1
    exif.get_ifd(_GPS).update({1: "N", 2: (52.0, 22.0, 12.0), 3: "E", 4: (4.0, 53.0, 42.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=COMMENT.encode(), quality=90)
    return out.getvalue()


def drawing() -> bytes:
    """A PNG with a see-through corner and a text in it."""
    image = Image.new("RGBA", (60, 40), (200, 30, 30, 255))
    image.paste((0, 0, 0, 0), (0, 0, 20, 20))
    told = PngInfo()
    told.add_text("Comment", COMMENT)
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=told)
    return out.getvalue()


def size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture."""
    with Image.open(io.BytesIO(data)) as image:
        return image.size
