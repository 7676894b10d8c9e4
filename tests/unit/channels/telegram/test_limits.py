"""The fake Bot API is as strict as the real one, or the other tests would prove nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.telegram_methods import Chats, Refusal


def keyboard(title: str = "Ja", data: str = "1.0", count: int = 1) -> dict[str, Any]:
    """A message with buttons."""
    rows = [[{"text": title, "callback_data": data}]] * count
    return {"text": "Klopt dit?", "reply_markup": {"inline_keyboard": rows}}


@pytest.mark.parametrize(
    ("part", "refusal"),
    [
        ({"text": ""}, "text is empty"),
        ({"text": " \n"}, "text is empty"),
        ({"text": "x" * 4097}, "too long"),
        ({"text": "👍" * 2049}, "too long"),
        (keyboard(data=""), "BUTTON_DATA_INVALID"),
        (keyboard(data="é" * 33), "BUTTON_DATA_INVALID"),
        (keyboard(title=""), "must be of type String"),
        (keyboard(count=101), "BUTTON_COUNT_INVALID"),
    ],
    ids=range(8),
)
def test_what_telegram_refuses(part: dict[str, Any], refusal: str) -> None:
    """Beyond a limit nothing is delivered."""
    chats = Chats()
    with pytest.raises(Refusal, match=refusal):
        chats.deliver(1, part)
    assert chats.sent == []


@pytest.mark.parametrize(
    "part", [{"text": "x" * 4096}, {"text": "👍" * 2048}, keyboard(data="x" * 64, count=100)]
)
def test_what_telegram_takes(part: dict[str, Any]) -> None:
    """Up to the limit it is."""
    chats = Chats()
    assert chats.deliver(1, part).text == part["text"]
