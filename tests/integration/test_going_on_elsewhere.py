"""From the web chat to another channel, through the worker's own handler."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversation import channel_switch_code, reply_links
from bot.messages import Inbound, Text
from bot.records.conversation import Conversation
from bot.store.conversation import conversations
from bot.store.delivery import outbox_queries
from bot.store.sql.database import Database
from bot.store.worker import inbox
from bot.transcripts.transcript_links import TranscriptLinks
from bot.worker.channel_switch import ChannelSwitch
from bot.worker.handler import Handled, Handler
from bot.worker.worker_config import WorkerConfig
from channels.telegram import parse
from channels.whatsapp import WhatsApp
from tests.support.configured_channels import PROFILES
from tests.support.turns import answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHATSAPP = WhatsApp(
    token="t",
    phone_number_id="1",
    app_secret="s",
    verify_token="v",
    graph_url="https://graph.example/v1",
    number="+31 88 000 00 00",
)


class Line:
    """Messages to a worker without a model."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder}/loket.db")
        self.database.upgrade()
        site = TranscriptLinks("s" * 32, "https://chat.example.nl", timedelta(days=7))
        self.channel_switch = ChannelSwitch(
            {"whatsapp": WHATSAPP}, site, "s" * 32, (), profiles=PROFILES
        )
        config = WorkerConfig(
            channels=PROFILES,
            elsewhere=self.channel_switch.elsewhere,
            link=self.channel_switch.link,
            channel_switch=self.channel_switch,
        )
        self.handler = Handler(self.database, lambda: NOON, config)

    async def send(self, text: str, channel: str, key: str) -> Handled | None:
        """One delivery of a message; None when it was here before."""
        accepted = await self.database.run(inbox.accept, Inbound(channel, "x", key, text), NOON)
        if accepted.duplicate:
            return None
        where = accepted.conversation_id
        return await answer(self.database, self.handler, where, None, NOON)

    def conversation(self, channel: str) -> Conversation:
        with self.database.read() as conn:
            found = conversations.find(conn, channel, "x")
        assert found is not None
        return found


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    made = Line(tmp_path)
    yield made
    made.database.dispose()


async def test_a_code_joins_two_channels_once(line: Line) -> None:
    """Also without a model, and when the provider delivers the message again."""
    await line.send("medewerker", "webchat", "1")
    web = line.conversation("webchat")
    assert web.owner == "queued"
    with line.database.begin() as conn:
        said = line.channel_switch.link(conn, web, reply_links.continue_on("whatsapp"), NOON)
    code = channel_switch_code.code_of((said or "").partition("?text=")[2].partition(" ")[0])
    assert code is not None
    handled = await line.send(f"hoi, {code.lower()}", "whatsapp", "w1")
    assert handled is not None
    assert (handled.owner, handled.others, handled.intent) == (
        "queued",
        (web.id,),
        channel_switch_code.JOINED,
    )
    assert await line.send(f"hoi, {code.lower()}", "whatsapp", "w1") is None
    assert line.conversation("whatsapp").continues == web.id
    assert line.conversation("webchat").owner == "closed"
    with line.database.read() as conn:
        last = outbox_queries.since(conn, web.id, 0, 100)[-1]
    assert last.message == channel_switch_code.moved("WhatsApp")


async def test_a_wrong_code_is_answered(line: Line) -> None:
    """With a way on, and without a person being called."""
    handled = await line.send(channel_switch_code.new_code(5), "whatsapp", "w1")
    assert handled is not None
    assert [each.message for each in handled.messages] == [channel_switch_code.refusal("unknown")]
    assert line.conversation("whatsapp").owner == "bot"


async def test_with_a_person_the_words_are_for_the_person(line: Line) -> None:
    """The bot stays silent where a person answers; the code stays good."""
    await line.send("medewerker", "whatsapp", "w0")
    with line.database.begin() as conn:
        conversations.change(conn, line.conversation("whatsapp").id, owner="human")
    handled = await line.send(channel_switch_code.new_code(5), "whatsapp", "w1")
    assert handled is not None
    assert handled.messages == ()


def test_telegrams_own_button_brings_the_code() -> None:
    """A tap on Start after the link sends `/start CODE`, which the customer never sees."""
    body = (
        '{"update_id": 1, "message": {"message_id": 1, "date": 1790000000, "text": "/start %s", '
        '"chat": {"id": 5, "type": "private"}, '
        '"from": {"id": 5, "is_bot": false, "first_name": "A"}}}'
    )
    for given, text in (("LOKET-7F3K-9QWM", "LOKET-7F3K-9QWM"), ("campagne", parse.GREETING)):
        found = parse.update((body % given).encode())
        assert isinstance(found, Inbound)
        assert found.text == text


def test_a_mark_that_leads_nowhere_is_told(line: Line) -> None:
    """A channel that this installation does not have is not offered."""
    assert line.channel_switch.elsewhere == {"whatsapp"}
    filled = reply_links.fill(
        [Text(reply_links.continue_on("sms"))], {reply_links.continue_on("sms"): None}
    )
    assert reply_links.continue_on("sms") not in filled[0].text
