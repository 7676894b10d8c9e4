"""Setting the webhook, what `loket doctor` finds, and values that cannot be right."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from bot.errors import ConfigurationError, LoketError
from channels.telegram import Telegram
from tests.providers.telegram import TOKEN, BotApi, impatient

PUBLIC = "https://chat.example.nl"
WEBHOOK = "https://chat.example.nl/webhooks/telegram"


@pytest.fixture
def api() -> Iterator[BotApi]:
    """A Bot API."""
    with BotApi() as server:
        yield server


@pytest.fixture
def channel(api: BotApi) -> Telegram:
    """A configured channel."""
    return impatient(api.url, "a-secret_1")


async def test_setting_the_webhook(api: BotApi, channel: Telegram) -> None:
    """Address, secret and the kinds of updates that Loket reads are registered."""
    assert WEBHOOK in await channel.set_webhook(PUBLIC + "/")
    assert api.webhook["url"] == WEBHOOK
    assert api.webhook["secret_token"] == "a-secret_1"
    assert api.webhook["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    assert all(check.ok for check in await channel.checks(PUBLIC))


@pytest.mark.parametrize(
    "public", ["http://127.0.0.1:8080", "https://chat.example.nl:5000", "", "https://x:port"]
)
async def test_an_address_that_telegram_does_not_call(
    api: BotApi, channel: Telegram, public: str
) -> None:
    """Said before Telegram says it, with the setting to change."""
    with pytest.raises(LoketError, match="LOKET_PUBLIC_URL"):
        await channel.set_webhook(public)
    assert api.calls == []


async def test_the_doctor_names_each_fault(api: BotApi, channel: Telegram) -> None:
    """No webhook, another one, missing kinds, failed deliveries: each with the way out."""

    async def finding() -> str:
        _, webhook = await channel.checks(PUBLIC)
        assert not webhook.ok
        return webhook.sentence

    assert "loket webhook set telegram" in await finding()
    api.webhook = {"url": "https://old.example.nl/hook"}
    assert "old.example.nl" in await finding()
    api.webhook = {"url": WEBHOOK, "allowed_updates": ["message"]}
    assert "all kinds" in await finding()
    api.webhook = {
        "url": WEBHOOK,
        "pending_update_count": 12,
        "last_error_date": int(time.time()) - 60,
        "last_error_message": "Wrong response from the webhook: 403 Forbidden",
    }
    assert "403 Forbidden" in await finding()
    api.webhook["last_error_date"] -= 7200
    assert all(check.ok for check in await channel.checks(PUBLIC))


async def test_the_doctor_without_telegram(api: BotApi, channel: Telegram) -> None:
    """A bad token and an unreachable server are told apart, and nothing is raised."""
    api.revoked = True
    (check,) = await channel.checks(PUBLIC)
    assert not check.ok
    assert "TELEGRAM_TOKEN" in check.sentence
    away = impatient("http://127.0.0.1:9")
    (check,) = await away.checks(PUBLIC)
    assert not check.ok
    assert "TELEGRAM_API_URL" in check.sentence
    with pytest.raises(LoketError, match="TELEGRAM_API_URL"):
        await away.set_webhook(PUBLIC)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"token": "AAHdqTcvCH1vGWJx"}, "TELEGRAM_TOKEN"),
        ({"token": "123:AA/../x"}, "TELEGRAM_TOKEN"),
        ({"secret": "met spatie"}, "TELEGRAM_SECRET"),
        ({"secret": "x" * 257}, "TELEGRAM_SECRET"),
        ({"api_url": "api.telegram.org"}, "TELEGRAM_API_URL"),
    ],
)
def test_values_that_cannot_be_right(values: dict[str, str], key: str) -> None:
    """Loket stops at start with a sentence that names the variable."""
    with pytest.raises(ConfigurationError, match=key):
        Telegram(**{"token": TOKEN, "secret": "s", **values})


def test_the_api_url_with_and_without_bot(api: BotApi) -> None:
    """Both ways of writing it are meant the same."""
    for url in (api.url, api.url + "/", api.url + "/bot"):
        bot = impatient(url).api()
        assert bot.base_url == f"{api.url}/bot{TOKEN}"
