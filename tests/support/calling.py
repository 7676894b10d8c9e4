"""The call-back form of the demo shop on a Tuesday, and a customer who answers it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from bot.conversation import callback
from bot.conversation.callback import Form, FormStep
from bot.conversation.callback_moment import CallingHours
from bot.organisation import load

_ORGANISATION: Final = load(Path(__file__).parents[2])
#: A Tuesday at ten, in opening hours.
TUESDAY: Final = datetime(2026, 12, 1, 10, tzinfo=_ORGANISATION.timezone)
CALLING: Final = CallingHours(TUESDAY, _ORGANISATION.hours(2026))


def tell(form: Form, text: str) -> FormStep:
    """Types an answer, or chooses the option of that title."""
    options = callback.ask(form).options
    payload = next((option.payload for option in options if option.title == text), None)
    return callback.answer(form, text, payload, CALLING)
