"""Bursts: one thought typed in several messages, or an album, gets one answer. Pure.

A message is held until its customer has been silent for the pause, or until `MOST_PAUSES` after the
burst began. What asks for an answer at once is never held, nor what is before it: a tap, a number
typed in place of one, a plea for a person, danger, a code that a conversation goes on with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.conversation.channel_switch_code import code_in
from bot.conversation.cleaning import clean
from bot.conversation.escape import asks_for_person
from bot.messages import MAX_UNDERSTOOD_CHARACTERS, Attachment, Inbound
from bot.records.inbox_message import MOST_PAUSES, InboxMessage
from bot.safety import words

#: Most messages in a burst. The services that know albums put 10 pictures in one at most.
LARGEST: Final = 20
#: The pictures of an album come one by one, each as soon as it is uploaded: this is how far apart,
#: also where no pause is set for what is typed.
ALBUM: Final = timedelta(seconds=1.5)
#: Of what an album consists. A voice note or a place is a message of its own.
PICTURES: Final[frozenset[Attachment]] = frozenset({"image", "video", "document"})
#: Providers give times in whole seconds.
_ROUNDING: Final = timedelta(seconds=1)
_ENDED: Final = re.compile(r"[^\w\s)]$")
_NUMBER: Final = re.compile(r"\W*\d{1,2}\W*", re.ASCII)


def pause_after(inbound: Inbound, pause: timedelta) -> timedelta:
    """How long a message waits for another that belongs to it; zero: it is due at once.

    Args:
        inbound: the message.
        pause: for typed messages; zero: they are never held.
    """
    if _is_whole(inbound):
        return timedelta(0)
    return max(pause, ALBUM) if inbound.attachment else pause


def taken_together(
    messages: Sequence[InboxMessage], pause: timedelta
) -> tuple[InboxMessage, tuple[InboxMessage, ...]]:
    """The first burst of the messages that wait, as one message, and what is left after it.

    Args:
        messages: of one conversation, in order; at least one.
        pause: for typed messages; zero: only albums are taken together.

    Returns:
        The newest row of the burst, with the words of all and the other rows in `earlier`.
    """
    burst = [messages[0]]
    for message in messages[1:]:
        if not _belongs(burst, message, pause):
            break
        burst.append(message)
    return _as_one(burst), tuple(messages[len(burst) :])


def _belongs(burst: Sequence[InboxMessage], message: InboxMessage, pause: timedelta) -> bool:
    """Whether a message goes on with a burst; a plea or danger ends it, and is its answer."""
    if _is_whole(burst[-1].inbound) or len(burst) == LARGEST:
        return False
    if _is_whole(message.inbound) and not _is_urgent(message.inbound):
        return False
    last = burst[-1]
    brought = last.inbound.attachment or message.inbound.attachment
    allowed = max(pause, ALBUM) if brought else pause
    length = sum(len(each.inbound.text) for each in (*burst, message))
    return (
        _apart(last, message) < allowed
        and abs(message.received_at - burst[0].received_at) <= MOST_PAUSES * allowed
        and length <= MAX_UNDERSTOOD_CHARACTERS
    )


def _apart(one: InboxMessage, other: InboxMessage) -> timedelta:
    """The time between two messages: as they came in, or as they were sent if that is longer."""
    came = abs(other.received_at - one.received_at)
    if one.inbound.sent_at is None or other.inbound.sent_at is None:
        return came
    return max(came, abs(other.inbound.sent_at - one.inbound.sent_at) - _ROUNDING)


def _as_one(burst: Sequence[InboxMessage]) -> InboxMessage:
    last = burst[-1]
    if len(burst) == 1:
        return last
    brought = (each.inbound.attachment for each in burst)
    inbound = replace(
        last.inbound,
        text=_sentence(each.inbound.text for each in burst),
        attachment=next(filter(None, brought), None),
    )
    if _is_urgent(last.inbound) and not _is_urgent(inbound):
        inbound = last.inbound  # among other words it would be overlooked
    *earlier, row = sorted(each.id for each in burst)
    received_at = max(each.received_at for each in burst)
    return InboxMessage(row, inbound, received_at, earlier=tuple(earlier))


def _sentence(pieces: Iterable[str]) -> str:
    """The pieces as one text. Where one ends a clause does, so that two questions stay two."""
    said = [each.strip() for each in pieces if each.strip()]
    ended = [each if _ENDED.search(each) else f"{each}," for each in said[:-1]]
    return " ".join((*ended, *said[-1:]))


def _is_whole(inbound: Inbound) -> bool:
    """Whether a message needs no other to be understood."""
    return (
        not _is_piece(inbound)
        or _NUMBER.fullmatch(inbound.text) is not None
        or code_in(inbound) is not None
        or _is_urgent(inbound)
    )


def _is_piece(inbound: Inbound) -> bool:
    """Whether it is of a kind that comes in pieces: typed words, or pictures."""
    return inbound.payload is None and (
        inbound.attachment is None or inbound.attachment in PICTURES
    )


def _is_urgent(inbound: Inbound) -> bool:
    text = clean(inbound.text)
    return _is_piece(inbound) and (asks_for_person(text) or words.likely(text) is not None)
