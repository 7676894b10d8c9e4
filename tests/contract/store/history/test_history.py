"""A conversation read backwards: no gap, no repetition, and what it goes on from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import Connection

from bot.messages import Inbound, Notice, Text
from bot.store.conversation import channel_switch_codes, conversations
from bot.store.delivery import outbox
from bot.store.desk import agents
from bot.store.handover import notes
from bot.store.history import conversation_history, history_page
from bot.store.history.history_page import HistoryPage, Place
from bot.store.sql.database import Database
from bot.store.worker import inbox

T0 = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def talk(conn: Connection, channel: str, who: str, start: datetime, pairs: int) -> str:
    """A customer who wrote so often, each time answered half a minute later; the conversation."""
    found = ""
    for number in range(pairs):
        at = start + number * MINUTE
        inbound = Inbound(channel, who, f"{channel}-{who}-{number}", f"vraag {number}")
        accepted = inbox.accept(conn, inbound, at)
        found = accepted.conversation_id
        first = (("bot", Notice("AI", "disclosure")),) if number == 0 else ()
        said = [*first, ("bot", Text(f"antwoord {number}"))]
        outbox.add(conn, found, accepted.inbox_id, said, at + MINUTE / 2)
        conversations.change(conn, found, disclosed=True)
    return found


def all_pages(conn: Connection, talk_id: str, limit: int) -> list[HistoryPage]:
    """From the newest to the oldest."""
    place: Place | None = Place(talk_id)
    pages = []
    while place is not None:
        found = conversation_history.page(conn, talk_id, place, limit)
        pages.append(found)
        place = history_page.place(str(found.before)) if found.before else None
    return pages


def test_pages_join_without_gap_or_repetition(database: Database) -> None:
    """Every message and note stands on exactly one page, in order."""
    with database.begin() as conn:
        talk_id = talk(conn, "sms", "anna", T0, 10)
        samira = agents.add(conn, "samira", "Samira", "agent", (), T0)
        for minute in (-5, 3, 7, 60):
            notes.add(conn, talk_id, samira.id, f"notitie {minute}", T0 + minute * MINUTE)
        pages = all_pages(conn, talk_id, 4)
    entries = [entry for page in reversed(pages) for entry in page.entries]
    keys = [(entry.inbound is not None, (entry.inbound or entry.outbound).id) for entry in entries]  # type: ignore[union-attr]
    assert len(keys) == len(set(keys)) == 21
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    noted = [note.text for page in reversed(pages) for note in page.notes]
    assert noted == ["notitie -5", "notitie 3", "notitie 7", "notitie 60"]


def test_who_of_the_people_said_it(database: Database) -> None:
    """Each reply has its agent's name."""
    with database.begin() as conn:
        talk_id = talk(conn, "sms", "anna", T0, 1)
        samira = agents.add(conn, "samira", "Samira", "agent", (), T0)
        (said,) = outbox.add(
            conn, talk_id, None, [("human", Text("dag"))], T0 + MINUTE, agent_id=samira.id
        )
        page = conversation_history.page(conn, talk_id, Place(talk_id), 10)
    assert page.names == {said.id: "Samira"}
    assert page.before is None


def test_it_goes_on_from_another_channel(database: Database) -> None:
    """What was said on the channel before comes first, and nothing said there later."""
    with database.begin() as conn:
        earlier = talk(conn, "webchat", "web-1", T0, 3)
        later = talk(conn, "whatsapp", "anna", T0 + 60 * MINUTE, 3)
        moment = T0 + 59 * MINUTE
        channel_switch_codes.add(conn, "0" * 64, earlier, "whatsapp", moment, moment + MINUTE)
        channel_switch_codes.use(conn, "0" * 64, "whatsapp", later, moment)
        outbox.add(conn, earlier, None, [("bot", Text("na het verhuizen"))], T0 + 90 * MINUTE)
        pages = all_pages(conn, later, 20)
    assert [page.conversation_id for page in pages] == [later, earlier]
    assert [len(page.entries) for page in pages] == [7, 7]


def test_no_place_reads_on_after_the_switch(database: Database) -> None:
    """A place that somebody made up shows nothing that came after it went on elsewhere."""
    with database.begin() as conn:
        earlier = talk(conn, "webchat", "web-1", T0, 3)
        later = talk(conn, "whatsapp", "anna", T0 + 60 * MINUTE, 1)
        moment = T0 + MINUTE
        channel_switch_codes.add(conn, "0" * 64, earlier, "whatsapp", T0, moment + MINUTE)
        channel_switch_codes.use(conn, "0" * 64, "whatsapp", later, moment)
        notes.add(conn, earlier, None, "van een ander", T0 + 30 * MINUTE)
        (last,) = (page for page in all_pages(conn, later, 50) if page.conversation_id == earlier)
        made_up = conversation_history.page(conn, later, Place(earlier), 50)
        assert made_up == last
        assert {entry.at for entry in last.entries} == {T0, T0 + MINUTE / 2, moment}
        assert not last.notes
        with pytest.raises(LookupError):
            conversation_history.page(conn, earlier, Place(later), 50)


def test_a_place_is_checked() -> None:
    """What is none is refused before it reaches the database."""
    for text in ("", "abc", f"{'0' * 32}.1", f"{'0' * 32}.-1.2", f"{'0' * 32}.1.{'9' * 30}"):
        try:
            history_page.place(text)
        except ValueError:
            continue
        raise AssertionError(text)
