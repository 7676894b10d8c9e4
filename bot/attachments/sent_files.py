"""What an agent sends: the message with a stored file, and the names that files get. Pure."""

from __future__ import annotations

from typing import Final

from bot.attachments.media_types import ENDINGS
from bot.catalogue import say
from bot.messages import Media
from bot.records.attachment import FileRecord

#: Where customers fetch what was sent to them.
PREFIX: Final = "/bestand"


def download_name(filename: str, media_type: str) -> str:
    """The name to keep a file by: as its sender named it, with an ending that is true.

    Args:
        filename: the sender's name for it, or empty.
        media_type: what it is, by its content.
    """
    stem = filename.rpartition(".")[0] or filename
    plain = "".join(sign for sign in stem if sign.isalnum() or sign in " -_").strip()
    return f"{plain or say('desk_file.download')}{ENDINGS.get(media_type, '')}"


def message(text: str, file: FileRecord, public_url: str) -> Media:
    """The message of an agent's words and file.

    Args:
        text: the words; may be empty.
        file: the stored file.
        public_url: where browsers reach Loket.
    """
    return Media(
        text, f"{public_url}{PREFIX}/{file.name}", file.media_type, file.name, file.filename
    )
