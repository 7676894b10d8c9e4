"""Turns what Rasa says into the messages and effects that Loket handles. Pure."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from bot.messages import Choice, Effect, Media, Option, Outbound, Text, decode


@dataclass(frozen=True, slots=True)
class Said:
    """The outcome of a turn in Rasa.

    Attributes:
        messages: what the customer gets, in order.
        effects: what must happen besides.
    """

    messages: tuple[Outbound, ...]
    effects: tuple[Effect, ...]


def translate(responses: Iterable[Mapping[str, Any]]) -> Said:
    """Turns Rasa's bot messages into Loket's values.

    Args:
        responses: what a `CollectingOutputChannel` collected: dicts with `text`, `buttons`, `image`
            or `custom`.

    Returns:
        The messages and effects.

    Raises:
        ValueError: a `custom` response that is none of Loket's kinds.
    """
    messages: list[Outbound] = []
    effects: list[Effect] = []
    for response in responses:
        for value in _values(response):
            if isinstance(value, get_args(Effect)):
                effects.append(value)
            else:
                messages.append(value)
    return Said(tuple(messages), tuple(effects))


def _values(response: Mapping[str, Any]) -> Iterable[Any]:
    custom, image, text = (response.get(key) for key in ("custom", "image", "text"))
    if custom:
        yield decode(custom)
    if image:
        media_type = mimetypes.guess_type(str(image))[0] or "application/octet-stream"
        yield Media(str(text or ""), str(image), media_type)
    elif text:
        options = tuple(
            Option(str(button["title"]), str(button["payload"]))
            for button in response.get("buttons") or ()
        )
        yield Choice(str(text), options) if options else Text(str(text))
