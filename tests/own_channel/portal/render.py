"""Turns Loket's messages into the portal's. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.messages import Outbound
from channels.capabilities import Capabilities
from channels.rendering import Buttons, Piece, callback, fit
from channels.send_results import Part

#: What the portal shows: five buttons of 25 characters below a text of 2,000.
CAPABILITIES: Final = Capabilities(buttons=5, rows=0, title=25, text=2000, numbered=True)


def render(message: Outbound, ref: str = "") -> Sequence[Part]:
    """One JSON object for each message to send, without the customer and the reference."""
    return [_part(piece, ref) for piece in fit(message, CAPABILITIES)]


def preview(part: Part) -> str:
    """The text with its buttons below it."""
    buttons = "  ".join(f"[ {button['title']} ]" for button in part.get("buttons", ()))
    return f"{part['text']}\n{buttons}".rstrip()


def _part(piece: Piece, ref: str) -> Part:
    if not isinstance(piece, Buttons):
        return {"text": piece.text}
    buttons = [
        {"id": callback(ref, index), "title": option.title}
        for index, option in enumerate(piece.options)
    ]
    return {"text": piece.text, "buttons": buttons}
