"""Renders Loket's messages as Meta's JSON. Pure.

Limits: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.catalogue import group, say
from bot.messages import Media, Outbound, RatingRequest, Text
from channels.capabilities import Capabilities
from channels.rendering import Buttons, Piece, Rows, callback, fit
from channels.send_results import FILE, Part

#: Longest caption under an image or document, in `units`.
_CAPTION: Final = 1024
_IMAGES: Final = frozenset({"image/jpeg", "image/png"})


def units(text: str) -> int:
    """A text's length as WhatsApp counts it: UTF-16 code units, so most emoji count double."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


CAPABILITIES: Final = Capabilities(
    buttons=3,
    rows=10,
    title=20,
    text=4096,
    numbered=True,
    row=24,
    question=1024,
    list_question=4096,
    length=units,
)


def render(message: Outbound, ref: str = "") -> tuple[Part, ...]:
    """Meta's messages for one of ours, in order, without the recipient.

    Args:
        message: what to say.
        ref: id of the outbox row.
    """
    if isinstance(message, Media) and message.file:
        return _stored(message)
    if isinstance(message, Media) and (media := _media(message)):
        return (media,)
    scores = isinstance(message, RatingRequest)
    return tuple(_part(piece, ref, scores=scores) for piece in fit(message, CAPABILITIES))


def template(name: str, language: str) -> Part:
    """A message template without variables."""
    return {"type": "template", "template": {"name": name, "language": {"code": language}}}


def _part(piece: Piece, ref: str, *, scores: bool) -> Part:
    if isinstance(piece, Buttons):
        buttons = [
            {"type": "reply", "reply": {"id": callback(ref, index), "title": option.title}}
            for index, option in enumerate(piece.options)
        ]
        return _interactive("button", piece.text, {"buttons": buttons})
    if isinstance(piece, Rows):
        rows: list[dict[str, str]] = [
            {"id": callback(ref, index), "title": option.title}
            for index, option in enumerate(piece.options)
        ]
        named = group("whatsapp.score") if scores else {}
        for row in rows:
            if row["title"] in named:
                row["description"] = named[row["title"]]
        button = say("whatsapp.button.scores") if scores else say("whatsapp.button.list")
        return _interactive("list", piece.text, {"button": button, "sections": [{"rows": rows}]})
    return {"type": "text", "text": {"preview_url": False, "body": piece.text}}


def _interactive(kind: str, text: str, action: Mapping[str, Any]) -> Part:
    content = {"type": kind, "body": {"text": text}, "action": action}
    return {"type": "interactive", "interactive": content}


def _stored(message: Media) -> tuple[Part, ...]:
    """A stored file, which the sender uploads; words that are no caption go before it."""
    file = {"name": message.file, "media_type": message.media_type, "filename": message.filename}
    fits = units(message.text) <= _CAPTION
    content: dict[str, str] = {"caption": message.text} if fits and message.text else {}
    before = () if fits else fit(Text(message.text), CAPABILITIES)
    if message.media_type in _IMAGES:
        media = {"type": "image", "image": content}
    else:
        media = {"type": "document", "document": {**content, "filename": message.filename}}
    return (*(_part(piece, "", scores=False) for piece in before), {**media, FILE: file})


def _media(message: Media) -> Part | None:
    """Renders an image or PDF that Meta can fetch; None for anything else."""
    if not message.url.startswith("https://") or units(message.text) > _CAPTION:
        return None
    caption = {"caption": message.text} if message.text else {}
    if message.media_type in _IMAGES:
        return {"type": "image", "image": {"link": message.url, **caption}}
    if message.media_type == "application/pdf":
        return {"type": "document", "document": {"link": message.url, **caption}}
    return None


def preview(part: Part) -> str:
    """A rendered message as lines of text, its buttons drawn."""
    return "\n".join(_lines(part))


def _lines(part: Part) -> Iterator[str]:
    content = part[part["type"]]
    if part["type"] == "text":
        yield content["body"]
    elif part["type"] == "interactive":
        yield content["body"]["text"]
        yield from _drawn(content["action"])
    elif part["type"] == "template":
        yield f"(template {content['name']}, {content['language']['code']})"
    else:
        yield f"({part['type']}: {content['link'] if FILE not in part else part[FILE]['filename']})"
        if "caption" in content:
            yield content["caption"]


def _drawn(action: Mapping[str, Any]) -> Iterable[str]:
    if "buttons" in action:
        titles = (button["reply"]["title"] for button in action["buttons"])
        return ["  ".join(f"[ {title} ]" for title in titles)]
    rows = [row for section in action["sections"] for row in section["rows"]]
    lines = [f"[ {action['button']} ▾ ]"]
    for row in rows:
        more = f" ({row['description']})" if "description" in row else ""
        lines.append(f"  ○ {row['title']}{more}")
    return lines
