"""Turns what is known of a file into what an agent's page shows of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.attachments.sent_files import download_name
from bot.catalogue import say
from bot.desk import dutch_labels
from bot.records.attachment import FileRecord

#: How a page shows a file: a picture, a player, a link to download it, or only words.
Look = Literal["image", "sound", "link", "words"]


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as a page shows it.

    Attributes:
        name: its name in addresses.
        look: how it is shown.
        words: the text of a picture for who cannot see it, the label of a player or link, or what
            there is to know of a file that cannot be shown.
        version: changes when the page must show it anew.
    """

    name: str
    look: Look
    words: str
    version: str


def file_views(files: Sequence[FileRecord], clock: str) -> tuple[FileView, ...]:
    """The files of one message.

    Args:
        files: what is known of them.
        clock: when the message came, as a time of day.
    """
    return tuple(_view(file, clock) for file in files)


def _view(file: FileRecord, clock: str) -> FileView:
    look, words = _look(file, clock)
    return FileView(file.name, look, words, file.status)


def _look(file: FileRecord, clock: str) -> tuple[Look, str]:
    match file.status:
        case "stored":
            if file.is_image:
                return "image", say("desk_file.image", time=clock)
            if file.is_sound and file.media_type != "audio/amr":  # no browser plays it
                return "sound", say("desk_file.sound", time=clock)
            return "link", say(
                "desk_file.link",
                name=download_name(file.filename, file.media_type),
                size=_size(file.size),
            )
        case "refused":
            return "words", say(f"desk_file.refused.{file.reason}")
        case "expired":
            return "words", say("desk_file.expired")
        case _:
            return "words", say("desk_file.waiting")


def _size(size: int) -> str:
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{dutch_labels.decimal(size / 1_000_000)} MB"
