"""The values that travel through Loket: what a customer sent, what Loket says, what a turn does.

Everything here is a frozen dataclass without behaviour beyond its own checks. Channels turn
`Outbound` values into their provider's format; `encode` and `decode` are the one JSON form, used
in the outbox table, in Rasa's `custom` responses and on a browser's event stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

Author = Literal["bot", "human", "customer", "system"]
Owner = Literal["bot", "queued", "human", "closed"]
Subject = Literal["bot", "human"]
NoticeKind = Literal["disclosure", "to_human", "to_bot", "info"]
Reason = Literal[
    "asked",
    "loop",
    "not_understood",
    "sensitive",
    "complaint",
    "verification_failed",
    "low_rating",
    "system_failure",
    "danger",
]

#: Kinds of attachment. `voice` is spoken into the chat, `audio` a file of sound; `other` is what
#: the channel itself could not pass on.
Attachment = Literal[
    "voice",
    "audio",
    "image",
    "video",
    "document",
    "sticker",
    "location",
    "contacts",
    "order",
    "other",
]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that came with a customer's message and is still at the channel's provider.

    Attributes:
        reference: by which the channel fetches it (`channels.protocol.FetchesFiles`).
        filename: as the customer named it, or empty; never trusted, only shown.
    """

    reference: str
    filename: str = ""


#: A message longer than this is cut before it is understood (the whole text stays in the inbox).
#: Providers take texts of at most 4,096 characters from a customer.
MAX_UNDERSTOOD_CHARACTERS = 4096


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a customer, as a channel parsed it.

    Attributes:
        channel: name of the channel (`bot.channel_profiles.ChannelProfile.name`).
        sender: the customer's address within that channel; both together name the conversation.
        message_id: the provider's (or browser's) id, unique within the channel: the dedupe key.
        text: what the customer typed, or the title of the option tapped; may be empty.
        payload: payload of the tapped option (`/affirm`), or None for typed text.
        sent_at: when the provider says it was sent (aware, UTC), or None when it does not say.
        attachment: what came along that Loket cannot read, or None. A caption is `text`.
        files: the files among it that a person can be shown; empty once the message is kept
            (`bot.store.conversation.attachments` has them then).
    """

    channel: str
    sender: str
    message_id: str
    text: str
    payload: str | None = None
    sent_at: datetime | None = None
    attachment: Attachment | None = None
    files: tuple[RemoteFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """Something the customer can choose.

    Attributes:
        title: the words shown.
        payload: what comes back when chosen, in Rasa's form (`/deny`, `/rate{"score": 4}`).
    """

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; paragraphs separated by an empty line. No markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A question with options. The customer may also just type.

    Attributes:
        text: the question.
        options: at least one; channels render buttons, a list or numbered lines.
    """

    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class RatingRequest:
    """The one-tap rating: five digits, 1 (bad) to 5 (good).

    Attributes:
        text: the question.
        of: `bot` or `human`, whichever is rated.
    """

    text: str
    of: Subject = "bot"

    @property
    def options(self) -> tuple[Option, ...]:
        """The five scores as options, worst first."""
        return tuple(
            Option(str(score), f'/rate{{"score": {score}, "of": "{self.of}"}}')
            for score in range(1, 6)
        )


@dataclass(frozen=True, slots=True)
class Quote:
    """An answer with its source.

    Attributes:
        text: the answer itself, one or two sentences; words of the passage or words about it.
        passage: the words quoted from the page, verbatim; lines stay lines.
        title: the page's title.
        url: absolute or site-relative address of the page, with or without a text fragment.
        date: the day the page was last checked, or None if unknown.
        marks: where in the passage the answer stands: first index and index after the last, in
            characters, in order and apart from each other.
        note: what the customer must know about the source (that it is old), or empty.
    """

    text: str
    passage: str
    title: str
    url: str
    date: date | None = None
    marks: tuple[tuple[int, int], ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        edges = [0, *(edge for mark in self.marks for edge in mark), len(self.passage)]
        if edges != sorted(edges) or any(start == end for start, end in self.marks):
            raise ValueError("the marks of a quote do not fit its passage")

    @property
    def repeats(self) -> bool:
        """Whether the text is nothing but words of the passage, so that one of them will do."""
        return self.text in self.passage


@dataclass(frozen=True, slots=True)
class Media:
    """An image or document.

    Attributes:
        text: what it shows, for a customer who cannot see or open it; with a stored file what is
            said beside it, and may be empty.
        url: where it is fetched; http(s).
        media_type: such as `image/png`.
        file: the name by which Loket itself stores it (`bot.attachments.storage`), so that it can
            be handed over without being fetched; empty when it is somebody else's.
        filename: the name to show and to keep it by, of a stored file.
    """

    text: str
    url: str
    media_type: str
    file: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the conversation itself, shown apart from the talk.

    Attributes:
        text: the sentence(s).
        notice: `disclosure` (this is an AI), `to_human` and `to_bot` (who answers from now on), or
            `info`.
        version: version of a disclosure's text, kept on record; empty for other notices.
    """

    text: str
    notice: NoticeKind = "info"
    version: str = ""


Outbound = Text | Choice | RatingRequest | Quote | Media | Notice


@dataclass(frozen=True, slots=True)
class HandOver:
    """Effect: from now on a person owns the conversation.

    Attributes:
        reason: why.
        topic: what it is about (an intent name such as `renew_card`), or empty when unknown.
    """

    reason: Reason
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """Effect: the customer gave a score.

    Attributes:
        score: 1 (bad) to 5 (good).
        of: `bot` or `human`, whichever was rated.
    """

    score: int
    of: Subject = "bot"

    def __post_init__(self) -> None:
        if self.score not in range(1, 6):
            raise ValueError("a score is 1 to 5")


Effect = HandOver | Rated

_KINDS: dict[str, type[Any]] = {
    "text": Text,
    "choice": Choice,
    "rating": RatingRequest,
    "quote": Quote,
    "media": Media,
    "notice": Notice,
    "handover": HandOver,
    "rated": Rated,
}
_NAMES = {cls: name for name, cls in _KINDS.items()}


def kind(value: Outbound | Effect) -> str:
    """The name of a value's kind: text, choice, rating, quote, media, notice, handover or rated."""
    return _NAMES[type(value)]


def encode(value: Outbound | Effect) -> dict[str, Any]:
    """The JSON form: the fields plus `kind`."""
    data = asdict(value)
    if isinstance(value, Choice):
        data["options"] = [asdict(option) for option in value.options]
    if isinstance(value, Quote):
        data["date"] = value.date.isoformat() if value.date else None
        data["marks"] = [list(mark) for mark in value.marks]
    return {"kind": kind(value), **data}


def decode(data: Mapping[str, Any]) -> Outbound | Effect:
    """The value of a JSON form.

    Raises:
        ValueError: unknown kind, a missing or unknown field, or a value out of range.
    """
    cls = _KINDS.get(str(data.get("kind")))
    if cls is None:
        raise ValueError(f"unknown kind of message: {data.get('kind')!r}")
    given = {key: value for key, value in data.items() if key != "kind"}
    unknown = given.keys() - {field.name for field in fields(cls)}
    if unknown:
        raise ValueError(f"a {data['kind']} message has no field {', '.join(sorted(unknown))}")
    if cls is Choice:
        given["options"] = tuple(
            Option(str(option["title"]), str(option["payload"]))
            for option in given.get("options", ())
        )
    if cls is Quote and given.get("date"):
        given["date"] = date.fromisoformat(str(given["date"]))
    try:
        if cls is Quote:
            given["marks"] = tuple((int(start), int(end)) for start, end in given.get("marks", ()))
        value: Outbound | Effect = cls(**given)
    except TypeError as error:
        raise ValueError(f"a {data['kind']} message is incomplete: {error}") from error
    return value


def options_of(message: Outbound) -> tuple[Option, ...]:
    """The options that the customer can choose in reply to a message; empty for most kinds."""
    return message.options if isinstance(message, Choice | RatingRequest) else ()
