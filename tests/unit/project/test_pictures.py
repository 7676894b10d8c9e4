"""The pictures of the documentation: each is shown, with words for who cannot see it, and small."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from tests.screenshots.camera import MOST, SIZES

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "docs/pictures"
_SHOWN = re.compile(r"!\[([^\]]*)\]\(pictures/([^)]+)\)")


def test_every_picture_is_shown_once_with_words() -> None:
    """On the page of pictures, which names none that is not there."""
    shown = _SHOWN.findall((ROOT / "docs/pictures.md").read_text(encoding="utf-8"))
    names = [name for _, name in shown]
    assert sorted(names) == sorted(each.name for each in PICTURES.iterdir())
    assert all(len(words) > 40 for words, _ in shown)
    assert len({words for words, _ in shown}) == len(shown)


def test_every_picture_is_small_and_of_the_width_in_its_name() -> None:
    """So that the documentation opens quickly, and a clone stays small."""
    for path in PICTURES.iterdir():
        data = path.read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        assert (width, height) in SIZES, path.name
        assert f"-{width}-" in path.name
        assert len(data) <= MOST, path.name
