"""A file of a conversation, as kept: what is known of it, without its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

#: How far a file is: `waiting` to be fetched and checked; `stored`; `refused`, for a reason;
#: `draft`, which an agent has not sent yet; `expired`, its bytes are gone.
FileStatus = Literal["waiting", "stored", "refused", "draft", "expired"]
#: Why a file is not shown: too many bytes or pixels, of a kind that is not allowed, damaged, held
#: for harmful by the scanner, or not to be had from its provider (any more).
FileReason = Literal["too_large", "kind", "damaged", "harmful", "gone"]
REASONS: Final[tuple[FileReason, ...]] = get_args(FileReason)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What is known of a file.

    Attributes:
        id: its row.
        conversation_id: the conversation it belongs to.
        name: what nobody can guess; the bytes are stored, and served, by it.
        filename: as its sender named it, or empty.
        media_type: what its content is; empty until it is stored.
        size: bytes; 0 until it is stored.
        status: how far it is.
        reason: why it was refused, or empty.
        created_at: when it came, or was chosen (UTC).
    """

    id: int
    conversation_id: str
    name: str
    filename: str
    media_type: str
    size: int
    status: FileStatus
    reason: FileReason | Literal[""]
    created_at: datetime

    @property
    def is_image(self) -> bool:
        """Whether it can be shown as a picture; then there is a small one of it too."""
        return self.media_type.startswith("image/")

    @property
    def is_sound(self) -> bool:
        """Whether it can be played."""
        return self.media_type.startswith("audio/")


@dataclass(frozen=True, slots=True)
class FileToFetch:
    """A file that is to be fetched now, claimed for a while.

    Attributes:
        id: its row.
        conversation_id: the conversation it belongs to.
        name: the name to store it by.
        channel: the channel that it came by.
        reference: where that channel finds it.
        tries: how often it was tried before.
        seconds: how long it has waited.
    """

    id: int
    conversation_id: str
    name: str
    channel: str
    reference: str
    tries: int
    seconds: float
