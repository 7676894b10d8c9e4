"""What providers are handed: in order, once, moving forward only."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import Inbound, Text
from bot.records.outbox_message import OutboxMessage
from bot.store.conversation import addresses, conversations, optouts
from bot.store.delivery import (
    deliveries,
    delivery_planning,
    delivery_status,
    doubtful_deliveries,
    outbox,
    outbox_queries,
)
from bot.store.delivery.dead_letter_decisions import arrived, dismiss, resend, resend_outage
from bot.store.delivery.dead_letters import failed_deliveries
from bot.store.delivery.deliveries import Claimed
from bot.store.delivery.delivery_planning import Planned
from bot.store.delivery.doubtful_deliveries import Doubtful
from bot.store.sql.database import Database
from bot.store.worker import inbox

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=60)


def each_by_itself(messages: Sequence[OutboxMessage]) -> list[Planned]:
    """One part a message; two for a text with a bar."""
    return [
        Planned((message.id,), [{"text": part} for part in message.message.text.split("|")])
        for message in messages
    ]


def all_together(messages: Sequence[OutboxMessage]) -> list[Planned]:
    """One part for all messages."""
    words = " ".join(message.message.text for message in messages)
    return [Planned(tuple(message.id for message in messages), [{"text": words}])]


def open_(database: Database, address: str = "+31612345678", channel: str = "sms") -> str:
    with database.begin() as conn:
        return conversations.open_(conn, channel, address, NOW).id


def say(database: Database, conversation_id: str, *words: str, now: datetime = NOW) -> None:
    with database.begin() as conn:
        outbox.add(conn, conversation_id, None, [("human", Text(word)) for word in words], now)


def plan(database: Database, conversation_id: str, now: datetime = NOW) -> None:
    with database.begin() as conn:
        done = delivery_planning.plan(conn, "sms", [conversation_id], each_by_itself, now, SECOND)
    assert done == {conversation_id}


def unplanned(database: Database, channel: str = "sms") -> tuple[str, ...]:
    with database.read() as conn:
        found, more = delivery_planning.unplanned(conn, channel, "", 99)
    assert more is None
    return found


def claim(database: Database, now: datetime = NOW) -> Claimed | None:
    with database.begin() as conn:
        found = deliveries.claim(conn, "sms", now, LEASE, 1)
    return found.messages[0] if found.messages else None


def claimed(database: Database, now: datetime = NOW) -> Claimed:
    found = claim(database, now)
    assert found is not None
    return found


def accept(database: Database, delivery: Claimed, provider_id: str, now: datetime = NOW) -> None:
    with database.begin() as conn:
        deliveries.accepted(conn, delivery.id, provider_id, now, SECOND)


def look(database: Database, now: datetime) -> list[Doubtful]:
    with database.begin() as conn:
        return list(doubtful_deliveries.due(conn, ["sms"], now, LEASE, 9))


def receive(database: Database, provider_id: str, status: str, key: str = "") -> bool:
    with database.begin() as conn:
        return delivery_status.receipt(conn, "sms", provider_id, status, "", key, NOW)  # type: ignore[arg-type]


def statuses(database: Database, conversation_id: str) -> list[str]:
    with database.read() as conn:
        return [each.status for each in outbox_queries.since(conn, conversation_id, 0, 99)]


def test_only_what_needs_a_provider_is_planned(database: Database) -> None:
    """Not the web chat's messages, nor those of a terminal; and each message once."""
    ours, web = open_(database), open_(database, "anna", "webchat")
    terminal = open_(database, "terminal:1")
    for conversation_id in (ours, web, terminal):
        say(database, conversation_id, "a|b", "c")
    assert unplanned(database) == (ours,)
    plan(database, ours)
    plan(database, ours)
    assert unplanned(database) == ()
    sent = []
    now = NOW
    while (delivery := claim(database, now)) is not None:
        sent.append(delivery.content["text"])
        accept(database, delivery, f"p{len(sent)}", now)
        now += SECOND
    assert sent == ["a", "b", "c"]


def test_one_message_of_a_conversation_at_a_time(database: Database) -> None:
    """The next goes when the one before was taken, after the pause; others need not wait."""
    first, second = open_(database), open_(database, "+31687654321")
    for conversation_id in (first, second):
        say(database, conversation_id, "a", "b")
        plan(database, conversation_id)
    one, two = claimed(database), claimed(database)
    assert {one.conversation_id, two.conversation_id} == {first, second}
    assert claim(database) is None
    accept(database, one, "p1")
    assert claim(database) is None
    later = claimed(database, NOW + SECOND)
    assert later.conversation_id == one.conversation_id
    assert later.content == {"text": "b"}


def test_the_pause_holds_for_what_is_said_later(database: Database) -> None:
    """A message planned right after another was taken waits too."""
    conversation_id = open_(database)
    say(database, conversation_id, "a")
    plan(database, conversation_id)
    accept(database, claimed(database), "p1")
    say(database, conversation_id, "b")
    plan(database, conversation_id)
    assert claim(database) is None
    with database.read() as conn:
        assert deliveries.next_due(conn, "sms") == NOW + SECOND
        assert deliveries.next_due(conn, "telegram") is None
    assert claimed(database, NOW + SECOND).content == {"text": "b"}


def test_a_retry_keeps_its_place(database: Database) -> None:
    """What comes after it waits for it; attempts are counted."""
    conversation_id = open_(database)
    say(database, conversation_id, "a", "b")
    plan(database, conversation_id)
    with database.begin() as conn:
        (taken,) = deliveries.claim(conn, "sms", NOW, LEASE, 9).messages
        deliveries.retry(conn, taken.id, NOW + LEASE, "503", NOW)
    assert claim(database, NOW + SECOND) is None
    again = claimed(database, NOW + LEASE)
    assert (again.content, again.attempts) == ({"text": "a"}, 1)
    assert statuses(database, conversation_id) == ["queued", "queued"]


def test_what_may_have_arrived_is_given_up_and_shown(database: Database) -> None:
    """Never sent again unasked: not after a time-out, nor when its worker died; the next goes."""
    conversation_id = open_(database)
    say(database, conversation_id, "a", "b", "c")
    plan(database, conversation_id)
    unclear = claimed(database)
    with database.begin() as conn:
        deliveries.unsure(conn, unclear.id, NOW + SECOND, "ambiguous", NOW)
    assert claim(database) is None
    assert look(database, NOW) == []
    (doubtful,) = look(database, NOW + SECOND)
    assert (doubtful.id, doubtful.key, doubtful.unsure_since) == (unclear.id, unclear.key, NOW)
    assert look(database, NOW + SECOND) == []
    with database.begin() as conn:
        deliveries.give_up(conn, unclear.id, doubtful.error, NOW + SECOND)
    interrupted = claimed(database, NOW + SECOND)
    assert look(database, NOW + SECOND) == []
    (doubtful,) = look(database, NOW + SECOND + LEASE)
    assert (doubtful.id, doubtful.error) == (interrupted.id, "interrupted")
    with database.begin() as conn:
        deliveries.give_up(conn, interrupted.id, doubtful.error, NOW + SECOND + LEASE)
    with database.read() as conn:
        found = [(each.message.text, each.status, each.error) for each in failed_deliveries(conn)]
    assert found == [("a", "dead", "ambiguous"), ("b", "dead", "interrupted")]
    assert claimed(database, NOW + 2 * LEASE).content == {"text": "c"}
    assert statuses(database, conversation_id) == ["dead", "dead", "queued"]


def test_a_receipt_settles_what_was_unclear(database: Database) -> None:
    """By our own key, also when the provider's id never reached us."""
    conversation_id = open_(database)
    say(database, conversation_id, "a")
    plan(database, conversation_id)
    unclear = claimed(database)
    with database.begin() as conn:
        deliveries.give_up(conn, unclear.id, "ambiguous", NOW)
    assert receive(database, "p1", "delivered", unclear.key)
    assert statuses(database, conversation_id) == ["delivered"]
    with database.read() as conn:
        assert failed_deliveries(conn) == ()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "failed"], "delivered"),
        (["failed", "sent"], "failed"),
        (["failed", "delivered"], "delivered"),
        (["read", "read"], "read"),
    ],
)
def test_receipts_move_forward_only(database: Database, told: list[str], expected: str) -> None:
    """In whatever order they come."""
    conversation_id = open_(database)
    say(database, conversation_id, "a")
    plan(database, conversation_id)
    accept(database, claimed(database), "p1")
    assert statuses(database, conversation_id) == ["sent"]
    for status in told:
        assert receive(database, "p1", status)
    assert statuses(database, conversation_id) == [expected]


def test_a_receipt_may_be_quicker_than_the_answer(database: Database) -> None:
    """Then the answer changes nothing but the id."""
    conversation_id = open_(database)
    say(database, conversation_id, "a")
    plan(database, conversation_id)
    delivery = claimed(database)
    assert receive(database, "p1", "delivered", delivery.key)
    accept(database, delivery, "p1")
    assert statuses(database, conversation_id) == ["delivered"]
    assert receive(database, "p1", "read")
    assert statuses(database, conversation_id) == ["read"]


def test_receipts_of_others_are_ignored(database: Database) -> None:
    """Unknown ids, other channels, and keys that are none."""
    conversation_id = open_(database)
    say(database, conversation_id, "a")
    plan(database, conversation_id)
    accept(database, claimed(database), "p1")
    for provider_id, key in (("p2", ""), ("", ""), ("x", "1.0.7"), ("x", "9" * 30 + ".0.0")):
        assert not receive(database, provider_id, "read", key)
    with database.begin() as conn:
        assert not delivery_status.receipt(conn, "telegram", "p1", "read", "", "", NOW)
    assert statuses(database, conversation_id) == ["sent"]


def test_a_message_is_as_far_as_its_last_part(database: Database) -> None:
    """And undelivered when one part is."""
    conversation_id = open_(database)
    say(database, conversation_id, "a|b")
    plan(database, conversation_id)
    accept(database, claimed(database), "p1")
    assert statuses(database, conversation_id) == ["queued"]
    accept(database, claimed(database, NOW + SECOND), "p2")
    receive(database, "p1", "read")
    assert statuses(database, conversation_id) == ["sent"]
    receive(database, "p2", "failed")
    assert statuses(database, conversation_id) == ["failed"]


def test_messages_sent_together_share_their_fate(database: Database) -> None:
    """All of their rows follow, and none is planned again."""
    conversation_id = open_(database)
    say(database, conversation_id, "a", "b")
    with database.begin() as conn:
        delivery_planning.plan(conn, "sms", [conversation_id], all_together, NOW, SECOND)
    assert unplanned(database) == ()
    delivery = claimed(database)
    assert delivery.content == {"text": "a b"}
    accept(database, delivery, "p1")
    receive(database, "p1", "delivered")
    assert statuses(database, conversation_id) == ["delivered", "delivered"]


def test_what_cannot_be_rendered_is_shown(database: Database) -> None:
    """And holds up nothing."""
    conversation_id = open_(database)
    say(database, conversation_id, "a", "b")
    with database.begin() as conn:
        delivery_planning.plan(
            conn,
            "sms",
            [conversation_id],
            lambda m: [Planned((m[0].id,), (), "not_rendered"), Planned((m[1].id,), [{"t": 1}])],
            NOW,
            SECOND,
        )
    assert statuses(database, conversation_id) == ["dead", "queued"]
    assert claimed(database).content == {"t": 1}


def test_nothing_goes_to_who_opted_out(database: Database) -> None:
    """Until they opt in again; what was held back is there to be sent then."""
    conversation_id = open_(database)
    address = "+31612345678"
    say(database, conversation_id, "a")
    plan(database, conversation_id)
    with database.begin() as conn:
        optouts.opt_in(conn, "sms", address, NOW)
        optouts.opt_out(conn, "sms", address, NOW)
        optouts.opt_out(conn, "sms", address, NOW)
        assert optouts.is_out(conn, "sms", address)
        assert not optouts.is_out(conn, "telegram", address)
    with database.begin() as conn:
        found = deliveries.claim(conn, "sms", NOW, LEASE, 1)
        assert found == deliveries.Batch((), (conversation_id,))
        deliveries.drop(conn, conversation_id, "opted_out", NOW)
    assert claim(database) is None
    assert statuses(database, conversation_id) == ["dead"]
    with database.read() as conn:
        assert [each.error for each in failed_deliveries(conn)] == ["opted_out"]
    with database.begin() as conn:
        optouts.opt_in(conn, "sms", address, NOW)
        assert not optouts.is_out(conn, "sms", address)
        assert len(resend(conn, None, NOW)) == 1
    assert claimed(database).content == {"text": "a"}


def test_a_person_can_send_again(database: Database) -> None:
    """What was given up, by id or all; receipts of the first time no longer count."""
    conversation_id = open_(database)
    say(database, conversation_id, "a", "b")
    plan(database, conversation_id)
    lost = claimed(database)
    with database.begin() as conn:
        deliveries.give_up(conn, lost.id, "131026", NOW)
    accept(database, claimed(database), "p2")
    with database.begin() as conn:
        assert resend(conn, [999], NOW) == ()
        assert resend(conn, [lost.id], NOW) == (lost.id,)
        assert resend(conn, None, NOW) == ()
    assert statuses(database, conversation_id) == ["queued", "sent"]
    again = claimed(database)
    assert (again.id, again.attempts) == (lost.id, 0)
    assert again.key != lost.key
    assert not receive(database, "p1", "failed", lost.key)
    accept(database, again, "p3")
    assert statuses(database, conversation_id) == ["sent", "sent"]


def test_two_workers_never_take_the_same_message(database: Database, other: Database) -> None:
    """Nor two messages of one conversation at once."""
    for number in range(20):
        conversation_id = open_(database, str(number))
        say(database, conversation_id, "a", "b")
        plan(database, conversation_id)

    def take(where: Database) -> list[Claimed]:
        found = []
        while (delivery := claim(where)) is not None:
            found.append(delivery)
        return found

    with ThreadPoolExecutor(4) as pool:
        taken = [each for found in pool.map(take, [database, other] * 2) for each in found]
    assert len({each.id for each in taken}) == len(taken) == 20
    assert len({each.conversation_id for each in taken}) == 20


def test_two_workers_plan_a_message_once(database: Database, other: Database) -> None:
    """Whoever is second finds it done."""
    conversation_id = open_(database)
    say(database, conversation_id, "a|b|c")

    def plan_what_is_new(where: Database) -> None:
        while new := unplanned(where):
            with where.begin() as conn:
                delivery_planning.plan(conn, "sms", new, each_by_itself, NOW, SECOND)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(plan_what_is_new, [database, other]))
    sent = 0
    while (delivery := claim(database, NOW + sent * SECOND)) is not None:
        accept(database, delivery, str(sent), NOW + sent * SECOND)
        sent += 1
    assert sent == 3


def test_a_customer_keeps_one_conversation(database: Database) -> None:
    """Found by phone, then by phone and id, then by id alone, then by another id."""
    with database.begin() as conn:
        conversation = conversations.open_(conn, "whatsapp", "31612", NOW)
        for aliases in (["nl.1", "31612"], ["nl.1"]):
            found = addresses.resolve(conn, "whatsapp", "nl.1", aliases, NOW)
            assert found == conversation.address
        assert addresses.latest(conn, "whatsapp", "31612") == "nl.1"
        addresses.rename(conn, "whatsapp", ["nl.1"], "nl.2", NOW + SECOND)
        found = addresses.resolve(conn, "whatsapp", "nl.2", ["nl.2"], NOW + SECOND)
        assert found == conversation.address
        assert addresses.latest(conn, "whatsapp", "31612") == "nl.2"
        assert addresses.resolve(conn, "whatsapp", "nl.9", ["nl.9"], NOW) == "nl.9"
        assert addresses.latest(conn, "telegram", "5") == "5"


def test_what_is_sent_goes_to_the_newest_address(database: Database) -> None:
    """While the conversation, and its opt-out, keep theirs."""
    conversation_id = open_(database, "old")
    with database.begin() as conn:
        addresses.rename(conn, "sms", ["old"], "new", NOW)
    say(database, conversation_id, "a")
    plan(database, conversation_id)
    delivery = claimed(database)
    assert (delivery.address, delivery.recipient) == ("old", "new")


def test_a_message_that_was_tapped_is_found_in_its_own_conversation(database: Database) -> None:
    """An option is looked up by row and index; nobody reaches into another's conversation."""
    from bot.messages import Choice, Option

    mine, other = open_(database), open_(database, "b")
    choice = Choice("Welke?", (Option("Ja", "/affirm"), Option("Nee", "/deny")))
    with database.begin() as conn:
        inbox.accept(conn, Inbound("sms", "b", "1", "hoi"), NOW)
        (said,) = outbox.add(conn, mine, None, [("human", choice)], NOW)
        assert outbox_queries.option(conn, mine, said.id, 1) == Option("Nee", "/deny")
        assert outbox_queries.option(conn, mine, said.id, 2) is None
        assert outbox_queries.option(conn, other, said.id, 1) is None
        assert outbox_queries.option(conn, mine, 999, 0) is None


def test_an_answer_and_receipts_at_once_end_the_same(database: Database, other: Database) -> None:
    """Whoever is first: the message is as far as the furthest word about it."""
    for number in range(10):
        conversation_id = open_(database, str(number))
        say(database, conversation_id, "a|b")
        plan(database, conversation_id)
        first = claimed(database)
        accept(database, first, f"{number}.a")
        second = claimed(database, NOW + SECOND)
        with ThreadPoolExecutor(3) as pool:
            waits = [
                pool.submit(accept, database, second, f"{number}.b", NOW + SECOND),
                pool.submit(receive, other, f"{number}.b", "delivered", second.key),
                pool.submit(receive, other, f"{number}.a", "delivered", first.key),
            ]
            for wait in waits:
                wait.result()
        assert statuses(database, conversation_id) == ["delivered"]


def in_doubt(database: Database, conversation_id: str, now: datetime = NOW) -> Claimed:
    """The conversation's next message may have been taken."""
    plan(database, conversation_id, now)
    found = claimed(database, now)
    assert found.conversation_id == conversation_id
    with database.begin() as conn:
        deliveries.unsure(conn, found.id, now, "ambiguous timeout", now)
        deliveries.give_up(conn, found.id, "ambiguous timeout", now)
    return found


def outage(database: Database, now: datetime = NOW) -> tuple[tuple[int, ...], tuple[int, ...]]:
    with database.begin() as conn:
        resent = resend_outage(conn, "sms", NOW, now, now)
    return resent.queued, resent.skipped


def test_a_whole_outage_is_sent_again_in_order(database: Database) -> None:
    """Of one channel and one span of time; the conversation's order is kept."""
    conversation_id = open_(database)
    say(database, conversation_id, "a", "b")
    first = in_doubt(database, conversation_id)
    second = in_doubt(database, conversation_id, NOW + SECOND)
    elsewhere = open_(database, "9", "telegram")
    say(database, elsewhere, "c")
    assert outage(database, NOW - SECOND) == ((), ())
    assert outage(database, NOW + SECOND) == ((first.id, second.id), ())
    assert claimed(database, NOW + SECOND).content == {"text": "a"}


@pytest.mark.parametrize("author", ["human", "bot", "system"])
@pytest.mark.parametrize("owner", ["bot", "queued", "human", "closed"])
@pytest.mark.parametrize("answered", [True, False])
def test_what_comes_too_late_is_not_sent_again(
    database: Database, author: str, owner: str, *, answered: bool
) -> None:
    """Something else reached the customer since, or a person has the conversation."""
    conversation_id = open_(database)
    with database.begin() as conn:
        conversations.change(conn, conversation_id, disclosed=True)
        outbox.add(conn, conversation_id, None, [(author, Text("a"))], NOW)  # type: ignore[list-item]
    late = in_doubt(database, conversation_id)
    if answered:
        say(database, conversation_id, "b")
        plan(database, conversation_id)
        accept(database, claimed(database), "p1")
    with database.begin() as conn:
        conversations.change(conn, conversation_id, owner=owner)
    too_late = answered or (author != "human" and owner in ("human", "closed"))
    expected = ((), (late.id,)) if too_late else ((late.id,), ())
    assert outage(database, NOW + SECOND) == expected


def test_the_rest_of_a_turn_does_not_make_it_too_late(database: Database) -> None:
    """What was said with it in the same breath."""
    conversation_id = open_(database)
    with database.begin() as conn:
        number = inbox.accept(conn, Inbound("sms", "+31612345678", "1", "hoi"), NOW).inbox_id
        said = [("human", Text("a")), ("human", Text("b"))]
        outbox.add(conn, conversation_id, number, said, NOW)  # type: ignore[arg-type]
    first = in_doubt(database, conversation_id)
    accept(database, claimed(database), "p1")
    assert outage(database, NOW + SECOND) == ((first.id,), ())


def test_a_person_decides_about_a_doubt(database: Database) -> None:
    """It arrived, or needs no more attention; a receipt may be first."""
    conversation_id = open_(database)
    say(database, conversation_id, "a", "b", "c")
    one, two, three = (in_doubt(database, conversation_id) for _ in range(3))
    with database.read() as conn:
        assert doubtful_deliveries.unclear(conn) == {
            "sms": doubtful_deliveries.UnclearCount(3, NOW)
        }
    assert receive(database, "p3", "delivered", three.key)
    with database.begin() as conn:
        assert arrived(conn, [one.id, three.id], NOW) == (one.id,)
        assert dismiss(conn, [one.id, two.id, three.id], NOW) == (two.id,)
        assert doubtful_deliveries.unclear(conn) == {}
        assert failed_deliveries(conn) == ()
        assert resend(conn, None, NOW) == ()
    assert statuses(database, conversation_id) == ["sent", "dead", "delivered"]
