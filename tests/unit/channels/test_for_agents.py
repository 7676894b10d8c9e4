"""What agents alone are to see: in the conversation, as handled, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from bot.desk.pages.conversation_reader import ConversationReader
from bot.messages import Inbound, Owner
from bot.settings_loading import load_settings
from bot.store.conversation import addresses, conversations
from bot.store.notify import notifier
from bot.store.sql.database import Database
from bot.store.worker import inbox
from channels import for_agents, intake
from channels.services import Services
from tests.support.desk import MINUTE, NOW, person, queued
from tests.support.desk import service as desk_service


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    settings = load_settings({"LOKET_VAR_DIR": str(tmp_path)})
    database = Database(settings.database_url)
    database.upgrade()
    bell = notifier.of(settings.database_url, tmp_path)
    yield Services(database, bell, settings, lambda: NOW + MINUTE)
    bell.close()
    database.dispose()


def edit(number: str = "e1", sender: str = "anna") -> Inbound:
    return Inbound("webchat", sender, number, for_agents.edited("ik bedoel 4321"))


def pending(services: Services, sender: str = "anna") -> list[str]:
    with services.database.read() as conn:
        conversation = conversations.find(conn, "webchat", sender)
        assert conversation is not None
        return [each.inbound.text for each in inbox.pending(conn, conversation.id)]


@pytest.mark.parametrize("owner", get_args(Owner))
async def test_it_wakes_no_bot_whoever_has_the_conversation(
    services: Services, owner: Owner
) -> None:
    """Also in the hands of the bot: who takes it over reads what was changed before."""
    await intake.take(services, [Inbound("webchat", "anna", "m1", "mijn nummer is 1234")])
    with services.database.begin() as conn:
        found = conversations.find(conn, "webchat", "anna")
        assert found is not None
        conversations.change(conn, found.id, owner=owner)
    for _ in range(2):
        await for_agents.show(services, [edit()])
    assert pending(services) == ["mijn nummer is 1234"]
    with services.database.read() as conn:
        assert conversations.get(conn, found.id).owner == owner


async def test_it_begins_no_conversation(services: Services) -> None:
    """There is nothing that was changed."""
    await for_agents.show(services, [edit()])
    with services.database.read() as conn:
        assert conversations.find(conn, "webchat", "anna") is None


async def test_the_customer_may_come_under_another_address(services: Services) -> None:
    """The conversation is the one that the address leads to."""
    aliases = {"NL.1": ("NL.1", "31612345678")}
    await intake.take(services, [Inbound("whatsapp", "31612345678", "m1", "hoi")])
    changed = Inbound("whatsapp", "NL.1", "e1", for_agents.edited("dag"))
    await for_agents.show(services, [changed], aliases)
    with services.database.read() as conn:
        assert conversations.find(conn, "whatsapp", "NL.1") is None
        assert addresses.find(conn, "whatsapp", ["NL.1"]) == "31612345678"


async def test_an_agent_reads_it_where_it_was_said(services: Services) -> None:
    """As such, and at once: the open page hears of it."""
    with services.database.begin() as conn:
        samira, conversation_id = person(conn), queued(conn)
        desk_service().take(conn, conversation_id, samira, NOW)
    async with services.notifier.listen("outbox") as listener:
        await for_agents.show(services, [edit()])
        assert await listener.wait(10) == conversation_id
    with services.database.read() as conn:
        page = ConversationReader(desk_service().desk).talk(conn, conversation_id, samira, NOW)
    last = page.piece.lines[-1]
    assert (last.who, last.text) == ("customer", "Gewijzigd: ik bedoel 4321")
