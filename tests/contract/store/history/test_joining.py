"""A conversation that goes on on another channel, on each kind of database."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import randbits
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.conversation import channel_switch_code, reply_links
from bot.messages import Author, Choice, Inbound, Notice, Option, Outbound, Owner, Text
from bot.records.conversation import Conversation
from bot.records.inbox_message import InboxMessage
from bot.store.conversation import conversations, tracker_slots
from bot.store.delivery import outbox, outbox_queries
from bot.store.handover import handovers
from bot.store.history import linked_conversations
from bot.store.sql import tables as t
from bot.store.sql.database import Database
from bot.store.worker import claims, inbox, next_claim, timers
from bot.transcripts.transcript_links import TranscriptLinks
from bot.worker.channel_switch import ChannelSwitch, Switched, entrances
from bot.worker.turn_context import TurnContext
from bot.worker.worker_config import WorkerConfig
from channels.sms import Kannel
from channels.telegram import Telegram
from channels.webchat import WebChat
from channels.whatsapp import WhatsApp
from tests.support.configured_channels import PROFILES
from tests.support.turns import claimant

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DISCLOSURE = Notice("U chat met een AI-assistent.", "disclosure", "1")
QUIET = timedelta(minutes=10)
QUESTION = Choice("Welke dag?", (Option("Morgen", "/a"),))
LINKS = TranscriptLinks("s" * 32, "https://chat.example.nl", timedelta(days=7))
WHATSAPP = WhatsApp(
    token="t",
    phone_number_id="1",
    app_secret="s",
    verify_token="v",
    graph_url="https://graph.example/v1",
    number="+31 88 000 00 00",
)
TELEGRAM = Telegram(token="1:a", secret="s", username="PakketBot")
SMS = Kannel("http://k", "u", "p", "s", "3010")
PERSONAL = frozenset({"verified_orders", "postcode", "noted_postcode"})
numbers = itertools.count()


def channel_switch(bits: int = 7) -> ChannelSwitch:
    known = {"whatsapp": WHATSAPP, "telegram": TELEGRAM, "sms": SMS}
    return ChannelSwitch(known, LINKS, "s" * 32, PERSONAL, lambda _: bits, PROFILES)


def write(
    database: Database,
    text: str,
    *said: tuple[Author, Outbound],
    channel: str = "webchat",
    sender: str = "anna",
    at: datetime = NOW,
) -> tuple[str, InboxMessage]:
    """A message of a customer, answered when there is something to say."""
    with database.begin() as conn:
        inbound = Inbound(channel, sender, f"m{next(numbers)}", text)
        accepted = inbox.accept(conn, inbound, at)
        if said:
            conversation = conversations.get(conn, accepted.conversation_id, lock=True)
            conversations.save(conn, replace(conversation, disclosed=True))
            outbox.add(conn, accepted.conversation_id, accepted.inbox_id, said, at)
            inbox.done(conn, accepted.inbox_id, at, "track_order")
        return accepted.conversation_id, InboxMessage(accepted.inbox_id, inbound, at)


def web(database: Database, owner: Owner = "bot") -> Conversation:
    """A conversation of the web chat, in the middle of a question."""
    number, _ = write(database, "waar is mijn pakket", ("bot", Text("Hallo.")), ("bot", QUESTION))
    with database.begin() as conn:
        conversation = replace(conversations.get(conn, number, lock=True), owner=owner)
        conversations.save(conn, conversation)
        if owner in ("queued", "human"):
            handovers.open_(conn, number, "asked", "track_order", {"question": "waar"}, NOW)
        timers.set_(conn, number, "quiet" if owner == "bot" else "unaccepted", NOW + QUIET)
    return conversation


def code_for(
    database: Database, conversation: Conversation, channel: str = "whatsapp", bits: int = 7
) -> str:
    with database.begin() as conn:
        said = channel_switch(bits).directions(conn, conversation, channel, NOW)
    assert said is not None
    assert channel_switch_code.new_code(bits) in said
    return channel_switch_code.new_code(bits)


def send(
    database: Database,
    code: str,
    channel: str = "whatsapp",
    at: datetime = NOW,
    sender: str = "+316",
) -> tuple[str, Switched]:
    number, message = write(database, code, channel=channel, sender=sender, at=at)
    with database.begin() as conn:
        work = next_claim.claim(conn, claimant(at), number)
        assert work is not None
        config = WorkerConfig(quiet=QUIET)
        turn = TurnContext(work.conversation, message, DISCLOSURE, config, at)
        taken = channel_switch().take(conn, work.claim, turn, code)
        claims.release(conn, work.claim)
        return number, taken


def texts(database: Database, conversation_id: str) -> list[str]:
    with database.read() as conn:
        return [said.message.text for said in outbox_queries.since(conn, conversation_id, 0, 100)]


def get(database: Database, conversation_id: str) -> Conversation:
    with database.read() as conn:
        return conversations.get(conn, conversation_id)


def test_the_two_become_one(database: Database) -> None:
    """The customer goes on where the question was; the old one is told, closed and silent."""
    old = web(database)
    code = code_for(database, old)
    new, result = send(database, code)
    assert (result.owner, result.others) == ("bot", (old.id,))
    assert [said.message for said in result.messages] == [
        DISCLOSURE,
        channel_switch_code.welcome("de website", "bot"),
        QUESTION,
    ]
    after, before = get(database, new), get(database, old.id)
    assert (after.owner, after.continues, after.disclosed) == ("bot", old.id, True)
    assert before.owner == "closed"
    assert texts(database, old.id)[-1] == channel_switch_code.moved("WhatsApp").text
    with database.begin() as conn:
        assert inbox.pending(conn, new) == ()
        assert len(linked_conversations.recent(conn, new, 30)) == 3 + 1 + 1 + 3
        assert linked_conversations.tries(conn, new, channel_switch_code.JOINED, NOW) == 1
        due = timers.due(conn, NOW + 2 * QUIET)
        assert [(each.conversation_id, each.kind) for each in due] == [(new, "quiet")]
        kept = conn.execute(select(t.disclosures.c.conversation_id)).scalars().all()
        assert kept == [new]


@pytest.mark.parametrize("owner", ["queued", "human"])
def test_who_waits_takes_the_place_along(database: Database, owner: Owner) -> None:
    """The hand-over and its timer move; the person answers on the other channel."""
    old = web(database, owner)
    new, result = send(database, code_for(database, old))
    assert result.owner == get(database, new).owner == owner
    assert get(database, old.id).owner == "closed"
    with database.begin() as conn:
        moved = handovers.find_open(conn, new)
        assert moved is not None
        assert moved.created_at == NOW
        assert handovers.find_open(conn, old.id) is None
        assert [each.kind for each in timers.due(conn, NOW + 2 * QUIET)] == ["unaccepted"]
    welcome = channel_switch_code.welcome("de website", owner).text  # type: ignore[arg-type]
    place = "U bent als eerste aan de beurt. Wij weten niet hoe lang het duurt."
    assert texts(database, new) == [welcome, *([place] if owner == "queued" else [])]


def test_a_code_works_once(database: Database) -> None:
    """A second sender learns that it is used; so does the first one's phone that sends it again."""
    old = web(database)
    code = code_for(database, old)
    other = code_for(database, old, "sms", 9)
    first, _ = send(database, code)
    for sender in ("+316", "+317"):
        _, again = send(database, code, sender=sender)
        assert [said.message for said in again.messages] == [channel_switch_code.refusal("used")]
        assert again.others == ()
    _, withdrawn = send(database, other, "sms")
    assert [said.message for said in withdrawn.messages] == [channel_switch_code.refusal("unknown")]
    assert get(database, first).continues == old.id


def test_a_code_that_does_not_work_says_why(database: Database) -> None:
    """Too late, for another channel, or none at all."""
    old = web(database)
    code = code_for(database, old)
    for given, channel, at, why in (
        (code, "whatsapp", NOW + channel_switch_code.LASTS, "expired"),
        (code, "telegram", NOW, "unknown"),
        (channel_switch_code.new_code(12345), "whatsapp", NOW, "unknown"),
    ):
        number, result = send(database, given, channel, at, sender=f"x{channel}")
        assert [said.message for said in result.messages] == [channel_switch_code.refusal(why)]  # type: ignore[arg-type]
        assert get(database, number).continues is None
    assert get(database, old.id).owner == "bot"
    _, good = send(database, code)
    assert good.others == (old.id,)


def test_guessing_is_stopped(database: Database) -> None:
    """After five wrong codes even a good one is not looked at, for an hour; others may go on."""
    old = web(database)
    code = code_for(database, old)
    for bits in range(100, 100 + channel_switch_code.MOST_TRIES):
        send(database, channel_switch_code.new_code(bits))
    _, stopped = send(database, code)
    assert [said.message for said in stopped.messages] == [channel_switch_code.refusal("too_often")]
    _, good = send(database, code, sender="+317")
    assert good.others == (old.id,)


def test_who_waits_already_is_not_mixed_up(database: Database) -> None:
    """A queue on the other channel is not replaced; the code stays good."""
    old = web(database)
    code = code_for(database, old)
    here, _ = write(
        database, "medewerker", ("bot", Text("Goed.")), channel="whatsapp", sender="+316"
    )
    with database.begin() as conn:
        conversation = conversations.get(conn, here, lock=True)
        conversations.save(conn, replace(conversation, owner="queued"))
    _, refused = send(database, code)
    assert [said.message for said in refused.messages] == [channel_switch_code.refusal("waiting")]
    _, good = send(database, code, sender="+317")
    assert good.others == (old.id,)


def test_one_of_two_at_once_wins(database: Database, other: Database) -> None:
    """Two phones that send the code at the same moment: one goes on, one is told."""
    old = web(database)
    code = code_for(database, old)
    start = Barrier(2)

    def run(each: tuple[Database, str]) -> Switched:
        start.wait()
        return send(each[0], code, sender=each[1])[1]

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, [(database, "+316"), (other, "+317")]))
    assert sorted(result.others for result in results) == [(), (old.id,)]


def keep_tracker(
    database: Database, conversation_id: str, seq: int, base: int, **slots: Any
) -> None:
    """A tracker as a turn leaves it: a form that runs, and some events."""
    head = {
        "base": {"seq": base, "slots": dict(slots), "loop": "return_item_form"},
        "following": {"seq": base, "slots": dict(slots), "loop": "return_item_form"},
        "turns": 3,
        "slots": dict(slots),
    }
    with database.begin() as conn:
        conn.execute(insert(t.trackers).values(conversation_id=conversation_id, head=head, seq=seq))
        for number in range(1, seq + 1):
            data = {"event": "slot", "name": "postcode", "value": f"{number}"}
            row = {"seq": number, "type": "slot", "timestamp": 0.0, "data": data}
            conn.execute(insert(t.events).values(conversation_id=conversation_id, **row))


def recent_events(database: Database, conversation_id: str) -> list[Any]:
    """The events that a tracker would be rebuilt from."""
    with database.read() as conn:
        row = conn.execute(
            select(t.trackers.c.head).where(t.trackers.c.conversation_id == conversation_id)
        ).one()
        query = select(t.events.c.data).where(
            t.events.c.conversation_id == conversation_id,
            t.events.c.seq > row.head["base"]["seq"],
        )
        return list(conn.execute(query).scalars())


@pytest.mark.parametrize("wrote_before", [False, True])
def test_what_the_assistant_knows_goes_along(database: Database, wrote_before: bool) -> None:
    """The form and its answers, without the proof of who it is; the old one knows nothing more."""
    old = web(database)
    slots = {"order_number": "PP-1", "verified_orders": ["PP-1"], "postcode": "1234 AB"}
    keep_tracker(database, old.id, 5, 2, **slots)
    if wrote_before:
        here, _ = write(database, "hoi", ("bot", Text("Hallo.")), channel="whatsapp", sender="+316")
        keep_tracker(database, here, 9, 0, meter_reading="12345")
    new, _ = send(database, code_for(database, old))
    with database.read() as conn:
        assert tracker_slots.slots(conn, new) == {"order_number": "PP-1"}
        assert tracker_slots.slots(conn, old.id) == {}
        row = conn.execute(select(t.trackers).where(t.trackers.c.conversation_id == new)).one()
        assert row.head["base"]["slots"] == {"order_number": "PP-1"}
        assert row.head["base"]["loop"] == "return_item_form"
        assert row.seq == (12 if wrote_before else 3)
    assert [event["value"] for event in recent_events(database, new)] == [None] * 3
    assert recent_events(database, old.id) == []


def test_what_was_proved_does_not_go_along_to_a_person_either(database: Database) -> None:
    """The agent reads that it has to be asked again: a code can be talked out of somebody."""
    old = web(database, "queued")
    with database.begin() as conn:
        waiting = handovers.find_open(conn, old.id)
        assert waiting is not None
        before = {"question": "waar", "proved": ["PP-1"], "unproved": ["PP-2"]}
        handovers.set_summary(conn, waiting.id, before)
    new, _ = send(database, code_for(database, old))
    with database.read() as conn:
        moved = handovers.find_open(conn, new)
        assert moved is not None
        assert moved.summary == {"question": "waar", "proved": [], "unproved": ["PP-1", "PP-2"]}


def test_a_link_where_a_reply_needs_one(database: Database) -> None:
    """The transcript's, or the way to a channel that this installation has."""
    old = web(database)
    with database.begin() as conn:

        def make(mark: str) -> str | None:
            real = replace(channel_switch(), random=randbits)
            return real.link(conn, old, mark, NOW)

        assert (make(reply_links.TRANSCRIPT) or "").startswith("https://chat.example.nl/gesprek/")
        assert "https://wa.me/31880000000?text=LOKET-" in (
            make(reply_links.continue_on("whatsapp")) or ""
        )
        assert "https://t.me/PakketBot?start=LOKET-" in (
            make(reply_links.continue_on("telegram")) or ""
        )
        assert "naar 3010" in (make(reply_links.continue_on("sms")) or "")
        assert make(reply_links.continue_on("webchat")) is None
        assert make(reply_links.continue_on("fax")) is None


def test_only_a_channel_that_says_where_it_is(database: Database) -> None:
    """Nobody is sent to a number that is not known."""
    silent = Telegram(token="1:a", secret="s")
    assert set(entrances({"telegram": silent, "webchat": WebChat(), "sms": SMS})) == {"sms"}
