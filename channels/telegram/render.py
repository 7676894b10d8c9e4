"""Renders what Loket says as parameters of `sendMessage`, or as a drawing for the terminal.

https://core.telegram.org/bots/api#sendmessage. Texts are sent without a parse mode, so no sign in
them needs escaping; the customer's app makes links of addresses by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.messages import Media, Option, Outbound, Text
from channels.capabilities import Capabilities
from channels.rendering import Buttons, Rows, callback, fit
from channels.send_results import FILE, Part

#: Buttons with so many characters in all fit beside each other on the narrowest phone.
_ROW_CHARACTERS = 20
#: Most buttons in a row; the five scores of a rating fill one.
_ROW_BUTTONS = 5


def utf16_length(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 code units: most emoji count for two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


#: Longest caption of a file: https://core.telegram.org/bots/api#sendphoto
_CAPTION: Final = 1024
#: A keyboard takes 100 buttons of any length; apps cut off what does not fit their screen.
CAPABILITIES: Final = Capabilities(
    buttons=24, rows=0, title=48, text=4096, numbered=True, length=utf16_length
)


def render(message: Outbound, ref: str = "") -> Sequence[Part]:
    """Parameters of `sendMessage` but for `chat_id`, one mapping for each message to send.

    Args:
        message: what to say.
        ref: id of the outbox row, by which a tap refers to its option.
    """
    if isinstance(message, Media) and message.file:
        return _stored(message)
    # Of a picture's address Telegram shows the picture; a page's would bury the answer.
    plain: dict[str, object] = (
        {} if isinstance(message, Media) else {"link_preview_options": {"is_disabled": True}}
    )
    return [
        {"text": piece.text, **plain, **_keyboard(piece.options, ref)}
        if isinstance(piece, Buttons | Rows)
        else {"text": piece.text, **plain}
        for piece in fit(message, CAPABILITIES)
    ]


def _stored(message: Media) -> Sequence[Part]:
    """A stored file, which the sender uploads; words that are no caption go before it."""
    file = {"name": message.file, "media_type": message.media_type, "filename": message.filename}
    if utf16_length(message.text) <= _CAPTION:
        return [{"text": message.text, FILE: file}]
    return [*render(Text(message.text)), {"text": "", FILE: file}]


def preview(part: Part) -> str:
    """A rendered message with its buttons drawn below it, row by row."""
    rows = part.get("reply_markup", {}).get("inline_keyboard", ())
    drawn = ("  ".join(f"[ {button['text']} ]" for button in row) for row in rows)
    shown = [f"({part[FILE]['filename']})"] if FILE in part else []
    return "\n".join([*shown, part["text"], *drawn])


def _keyboard(options: Sequence[Option], ref: str) -> dict[str, object]:
    buttons = [
        {"text": option.title, "callback_data": callback(ref, index)}
        for index, option in enumerate(options)
    ]
    return {"reply_markup": {"inline_keyboard": list(_in_rows(buttons))}}


def _in_rows(buttons: Sequence[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Puts buttons in one row when that is readable, otherwise one below the other."""
    together = sum(utf16_length(button["text"]) for button in buttons)
    if len(buttons) <= _ROW_BUTTONS and together <= _ROW_CHARACTERS:
        yield list(buttons)
    else:
        yield from ([button] for button in buttons)
