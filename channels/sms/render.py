"""Renders what Loket says as text messages: numbered options, short sources, plain letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.catalogue import say
from bot.messages import Choice, Outbound, RatingRequest, Text
from channels.capabilities import Capabilities
from channels.rendering import fit, split
from channels.send_results import Part
from channels.sms.alphabet import simplified
from channels.sms.segments import MAX_LENGTH, MAX_SEGMENTS, length, measure

#: Twilio takes no more characters than this in one message (error 21617).
_MAX_BODY: Final = 1600
#: Words about a screen with things to tap, and their replacements on a phone that has none.
_SCORE_TAP: Final = re.compile(r"\bGeef met één tik een cijfer\b")
_TAPS: Final = (
    (re.compile(r" met één tik\b"), ""),
    (re.compile(r"\bhier in deze chat\b"), "hier"),
)


def _septets(text: str) -> int:
    return length(simplified(text))


CAPABILITIES: Final = Capabilities(
    buttons=0,
    rows=0,
    title=60,
    text=MAX_LENGTH,
    numbered=True,
    quiet_stop=True,
    links=False,
    length=_septets,
)
_ENDLESS: Final = replace(CAPABILITIES, text=1_000_000)


def render(message: Outbound) -> tuple[Part, ...]:
    """The text messages for one of ours, in order; each within three segments where it fits.

    Options never part from each other: they stand at the end of one message, numbered.
    """
    return tuple(map(_part, _texts(message) or [""]))


def join(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of one turn in as few messages as stay within three segments each."""
    joined: list[Part] = []
    for part in parts:
        both = _part(f"{joined[-1]['text']}\n\n{part['text']}") if joined else part
        if joined and both["segments"] <= MAX_SEGMENTS:
            joined[-1] = both
        else:
            joined.append(part)
    return tuple(joined)


def _texts(message: Outbound) -> list[str]:
    whole = _said(message)
    if _septets(whole) <= MAX_LENGTH or not isinstance(message, Choice):
        return split(whole, CAPABILITIES)
    question = _said(Text(message.text))
    listed = whole.removeprefix(question).strip()
    *before, last = split(question, CAPABILITIES) or [""]
    if _septets(f"{last}\n{listed}") <= MAX_LENGTH:
        return [*before, f"{last}\n{listed}".strip()]
    if _septets(listed) > MAX_LENGTH and len(f"{last}\n{listed}") <= _MAX_BODY:
        # More options than three segments hold: together all the same.
        return [*before, f"{last}\n{listed}".strip()]
    return [*before, last, listed[:_MAX_BODY]]


def _said(message: Outbound) -> str:
    if isinstance(message, RatingRequest) and {"1", "5"} <= set(message.text):
        # It says already which digits to send.
        message = Text(message.text)
    text = "\n".join(piece.text for piece in fit(message, _ENDLESS))
    text = _SCORE_TAP.sub(say("sms.send_score"), text)
    for words, instead in _TAPS:
        text = words.sub(instead, text)
    return text.strip()


def _part(text: str) -> Part:
    plain = simplified(text)
    size = measure(plain)
    return {"text": plain, "encoding": size.encoding, "segments": size.segments}


def preview(part: Part) -> str:
    """The text with its size under it, as a terminal shows it."""
    size = measure(part["text"])
    count = "1 segment" if size.segments == 1 else f"{size.segments} segmenten"
    return f"{part['text']}\n({count}, {size.encoding}, {size.units} tekens)"
