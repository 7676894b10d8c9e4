"""Files of conversations, as the store keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.messages import Inbound, RemoteFile, Text
from bot.store.conversation import attachments, conversations
from bot.store.delivery import outbox
from bot.store.sql.database import Database
from bot.store.worker import inbox
from channels import wiping
from tests.support.desk import person, queued

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LEASE = timedelta(minutes=4)
FILES = (RemoteFile("one", "factuur.pdf"), RemoteFile("two"))


def photo(number: int = 1, files: tuple[RemoteFile, ...] = FILES) -> Inbound:
    """A message with files."""
    sent = Inbound("whatsapp", "NL.1", f"m{number}", "", attachment="image")
    return Inbound(sent.channel, sent.sender, sent.message_id, "", attachment="image", files=files)


def test_files_come_with_their_message_once(database: Database) -> None:
    """A second delivery brings none; names differ and say nothing."""
    with database.begin() as conn:
        first = inbox.accept(conn, photo(), NOW)
        assert inbox.accept(conn, photo(), NOW).duplicate
        kept = attachments.of_inbox(conn, [first.inbox_id])[first.inbox_id]
        assert [(each.status, each.filename) for each in kept] == [
            ("waiting", "factuur.pdf"),
            ("waiting", ""),
        ]
        assert len({each.name for each in kept}) == 2
        assert all(len(each.name) == 48 for each in kept)
        assert attachments.shows_file(conn, first.inbox_id)
        assert not attachments.shows_file(conn, first.inbox_id + 1)


def test_a_claim_runs_out(database: Database) -> None:
    """One gets it, nobody else until then; of a channel that nobody serves nobody gets any."""
    with database.begin() as conn:
        inbox.accept(conn, photo(), NOW)
        assert attachments.due(conn, ["telegram"], NOW, LEASE, 9) == ()
        (first,) = attachments.due(conn, ["whatsapp"], NOW, LEASE, 1)
        (second,) = attachments.due(conn, ["whatsapp"], NOW, LEASE, 9)
        assert (first.reference, second.reference) == ("one", "two")
        assert attachments.due(conn, ["whatsapp"], NOW, LEASE, 9) == ()
        later = NOW + LEASE
        again = attachments.due(conn, ["whatsapp"], later, LEASE, 9)
        assert [(each.id, each.tries, each.seconds) for each in again] == [
            (first.id, 1, 240.0),
            (second.id, 1, 240.0),
        ]


def test_an_outcome_stands(database: Database) -> None:
    """Whoever comes late, as a process whose claim ran out, changes nothing."""
    with database.begin() as conn:
        came = inbox.accept(conn, photo(), NOW)
        one, two = attachments.due(conn, ["whatsapp"], NOW, LEASE, 9)
        assert attachments.stored(conn, one.id, "image/jpeg", 9)
        assert attachments.refused(conn, two.id, "kind")
        assert not attachments.refused(conn, one.id, "gone")
        assert not attachments.stored(conn, two.id, "image/png", 1)
        attachments.again(conn, two.id, NOW)
        assert attachments.due(conn, ["whatsapp"], NOW + LEASE, LEASE, 9) == ()
        first, second = attachments.of_inbox(conn, [came.inbox_id])[came.inbox_id]
        assert (first.status, first.media_type, first.size) == ("stored", "image/jpeg", 9)
        assert (second.status, second.reason) == ("refused", "kind")
        assert attachments.sent_file(conn, first.name) is None  # a customer's own has no address


def test_what_was_sent_has_no_address_once_it_is_wiped(database: Database) -> None:
    """A browser that others use too may have kept the address."""
    with database.begin() as conn:
        samira, talk = person(conn), queued(conn)
        name = attachments.new_name()
        attachments.draft(
            conn, talk, "webchat", samira.id, name, "a.pdf", "application/pdf", 9, NOW
        )
        chosen = attachments.draft_of(conn, name, talk, samira.id)
        assert chosen is not None
        (message,) = outbox.add(conn, talk, None, [("human", Text("Zie hier"))], NOW)
        attachments.sent(conn, chosen.id, message.id)
        assert attachments.sent_file(conn, name) is not None
        wiping.wipe(conn, "webchat", "anna", NOW)
        assert attachments.sent_file(conn, name) is None


def test_what_is_old_is_found_in_pieces(database: Database) -> None:
    """By the last word of its conversation, whoever said it; what waits has nothing to lose."""
    with database.begin() as conn:
        came = inbox.accept(conn, photo(), NOW)
        one, two = attachments.due(conn, ["whatsapp"], NOW, LEASE, 9)
        for file in (one, two):
            attachments.stored(conn, file.id, "image/jpeg", 9)
        cutoff, ever = NOW + timedelta(days=1), (datetime(1970, 1, 1, tzinfo=UTC), 0)
        (first,) = attachments.old(conn, ever, cutoff, NOW, 1)
        (second,) = attachments.old(conn, (first[1], first[0]), cutoff, NOW, 9)
        assert (first[0], second[0]) == (one.id, two.id)
        assert attachments.old(conn, (second[1], second[0]), cutoff, NOW, 9) == ()
        conversations.change(conn, came.conversation_id, last_outbound_at=cutoff)
        assert attachments.old(conn, ever, cutoff, NOW, 9) == ()
        unknown = "0" * 48
        assert attachments.unknown(conn, [first[2], unknown, second[2]]) == (unknown,)
        attachments.expired(conn, [one.id])
        assert attachments.unknown(conn, [first[2]]) == (first[2],)
