"""No bot speaks through a provider to somebody who was not told before that it is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.conversation.built_in_messages import disclosure
from bot.messages import Author, Notice, Outbound, Text
from bot.records.outbox_message import OutboxMessage, is_disclosure
from bot.store.conversation import conversations, disclosures, optouts
from bot.store.delivery import (
    deliveries,
    delivery_planning,
    delivery_status,
    doubtful_deliveries,
    outbox,
    outbox_queries,
)
from bot.store.delivery.dead_letter_decisions import arrived, dismiss, resend, resend_outage
from bot.store.delivery.dead_letters import failed_deliveries, unsure
from bot.store.delivery.deliveries import Claimed
from bot.store.delivery.delivery_planning import Planned
from bot.store.sql.database import Database
from bot.store.sql.tables import conversations as conversations_table
from bot.store.sql.tables import deliveries as table
from bot.store.sql.tables import disclosures as disclosures_table
from bot.store.sql.tables import optouts as optouts_table
from bot.worker.turn_outcome import TurnOutcome, next_state
from bot.worker.worker_config import WorkerConfig

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEASE = timedelta(seconds=60)
CHANNELS = ("sms",)
ADDRESS = "+31612345678"
MANNERS = WorkerConfig(disclosure_every=3)


@dataclass
class Line:
    """A customer of a channel, and everything that can happen to what the bot says.

    Attributes:
        joined: whether the channel sends a turn as one message.
        parts: how many messages of the provider each one takes.
        got: what the provider took, or may have taken, in order: author, whether it tells that an
            AI answers, and the session it was said in.
    """

    database: Database
    joined: bool = False
    parts: int = 1
    now: datetime = NOW
    words: int = 0
    got: list[tuple[Author, bool, int]] = field(default_factory=list)
    sessions: dict[int, int] = field(default_factory=dict)
    claimed: Claimed | None = None
    keys: list[str] = field(default_factory=list)
    heard: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.database.begin() as conn:
            self.id = conversations.open_(conn, "sms", ADDRESS, NOW).id

    def turn(self, *, fresh: bool = False, author: Author = "bot", messages: int = 1) -> None:
        """The bot, or Loket itself, says something, as the worker writes it down."""
        self.words += 1
        said: tuple[Outbound, ...] = tuple(Text(f"{self.words}.{n}") for n in range(messages))
        outcome = TurnOutcome(said, fresh=fresh, event=None, author=author)
        with self.database.begin() as conn:
            before = conversations.get(conn, self.id, lock=True)
            after, messages_ = next_state(before, outcome, disclosure(), MANNERS, self.now)
            added = outbox.add(
                conn, self.id, None, [(author, each) for each in messages_], self.now
            )
            conversations.save(conn, after)
        self.sessions.update({each.id: after.session for each in added})

    def hand_back(self) -> None:
        """A person gives the conversation back to the bot."""
        with self.database.begin() as conn:
            before = conversations.get(conn, self.id, lock=True)
            said = [("system", Text("terug")), ("system", disclosure())]
            added = outbox.add(conn, self.id, None, said, self.now)  # type: ignore[arg-type]
            conversations.save(conn, replace(before, disclosed=True, turns_since_disclosure=0))
        self.sessions.update({each.id: before.session for each in added})

    def person(self) -> None:
        """A person answers."""
        with self.database.begin() as conn:
            (added,) = outbox.add(conn, self.id, None, [("human", Text("mens"))], self.now)
            self.sessions[added.id] = conversations.get(conn, self.id).session

    def plan(self) -> None:
        """The delivery loop renders what is new."""
        with self.database.begin() as conn:
            delivery_planning.plan(conn, "sms", [self.id], self._make, self.now, SECOND)

    def _make(self, messages: Sequence[OutboxMessage]) -> list[Planned]:
        together = [messages] if self.joined and messages else [[each] for each in messages]
        return [self._parted([each.id for each in some]) for some in together]

    def _parted(self, rows: list[int]) -> Planned:
        """Each part has words of its own rows; the rows that are left over are in all of them."""
        own = rows[: self.parts - 1] if len(rows) > 1 else []
        rest = rows[len(own) :]
        carried = [[number] for number in own] + [rest] * (self.parts - len(own))
        return Planned(tuple(rows), [{"rows": each, "of": carried.count(each)} for each in carried])

    def stop(self) -> None:
        """The customer wants no messages."""
        with self.database.begin() as conn:
            optouts.opt_out(conn, "sms", ADDRESS, self.now)

    def start(self) -> None:
        """The customer wants them again."""
        with self.database.begin() as conn:
            optouts.opt_in(conn, "sms", ADDRESS, self.now)

    def claim(self) -> None:
        """The delivery loop takes the next message, or drops it where none is wanted."""
        self.now += SECOND
        if self.claimed is None:
            with self.database.begin() as conn:
                found = deliveries.claim(conn, "sms", self.now, LEASE, 1)
                self.claimed = found.messages[0] if found.messages else None
            with self.database.begin() as conn:
                for each in found.opted_out:
                    deliveries.drop(conn, each, "opted_out", self.now)

    def took(self, *, told: bool) -> None:
        """The provider took it (and says so, or not)."""
        if self.claimed is None:
            return
        self._reached(self.claimed)
        with self.database.begin() as conn:
            if told:
                deliveries.accepted(conn, self.claimed.id, self.claimed.key, self.now, SECOND)
            else:
                deliveries.unsure(conn, self.claimed.id, self.now, "ambiguous", self.now)
        self.claimed = None

    def lost(self, how: str) -> None:
        """The provider did not take it, and it is clear that it will not, or it is not clear."""
        if self.claimed is None:
            return
        with self.database.begin() as conn:
            if how == "unsure":
                deliveries.unsure(conn, self.claimed.id, self.now, "ambiguous", self.now)
            elif how == "retry":
                deliveries.retry(conn, self.claimed.id, self.now, "503", self.now)
            else:
                deliveries.give_up(conn, self.claimed.id, "131026", self.now)
        self.claimed = None

    def look(self, found: str) -> None:
        """What is in doubt is looked into."""
        self.now += SECOND
        with self.database.begin() as conn:
            for each in doubtful_deliveries.due(conn, CHANNELS, self.now, LEASE, 9):
                if self.claimed is not None and each.id == self.claimed.id:
                    continue
                if found == "given up":
                    deliveries.give_up(conn, each.id, each.error, self.now)
                elif found == "absent" and each.key not in self.keys:
                    deliveries.retry(conn, each.id, self.now, each.error, self.now)
                else:
                    doubtful_deliveries.look_again(conn, each.id, self.now, self.now)

    def failed(self) -> None:
        """The provider says afterwards that the newest message it took did not arrive."""
        if self.keys:
            with self.database.begin() as conn:
                key = self.keys[-1]
                delivery_status.receipt(conn, "sms", key, "failed", "30003", key, self.now)

    def decide(self, how: str) -> None:
        """A person decides about what is in doubt, or lost."""
        with self.database.begin() as conn:
            ids = [each.id for each in unsure(conn, 99)]
            if how == "arrived":
                arrived(conn, ids, self.now)
            elif how == "dismiss":
                dismiss(conn, ids, self.now)
            elif how == "outage":
                resend_outage(conn, "sms", NOW, self.now, self.now)
            elif how == "newest":
                resend(conn, [each.id for each in failed_deliveries(conn)][-1:], self.now)
            else:
                resend(conn, None, self.now)

    def _reached(self, claimed: Claimed) -> None:
        self.keys.append(claimed.key)
        with self.database.read() as conn:
            rows = {each.id: each for each in outbox_queries.since(conn, self.id, 0, 999)}
        for number in claimed.content["rows"]:
            row = rows[number]
            is_notice = is_disclosure(row.message)
            # Whoever is told, is told for all that was begun by then, whichever turn it was for.
            latest = max(self.sessions.values())
            session = latest if is_notice else self.sessions.get(number, latest)
            heard = self.heard.setdefault(number, set())
            heard.add(claimed.key.split(".")[1])
            if not is_notice or len(heard) == claimed.content["of"]:
                self.got.append((row.author, is_notice, session))

    def is_done(self) -> bool:
        """Whether nothing waits any more."""
        with self.database.read() as conn:
            waits = any(
                each.status == "queued" for each in outbox_queries.since(conn, self.id, 0, 999)
            )
            planned = conn.execute(
                select(table.c.id).where(table.c.status.in_(("queued", "sending")))
            ).first()
        return not waits and planned is None

    def check(self) -> None:
        """The rule: told in that session, or later and yet before."""
        told = -1
        for author, is_notice, session in self.got:
            if is_notice:
                told = max(told, session)
            elif author == "bot":
                assert session <= told, self.got


Step = tuple[str, tuple[object, ...], dict[str, object]]


def steps() -> st.SearchStrategy[Step]:
    def step(name: str, *args: object, **named: object) -> st.SearchStrategy[object]:
        return st.just((name, args, named))

    return st.one_of(  # type: ignore[return-value]
        step("turn"),
        step("turn", messages=2),
        step("turn", fresh=True),
        step("turn", author="system"),
        step("turn", author="system", fresh=True),
        step("hand_back"),
        step("person"),
        step("plan"),
        step("claim"),
        step("claim"),
        step("stop"),
        step("start"),
        step("took", told=True),
        step("took", told=False),
        *(step("lost", how) for how in ("unsure", "retry", "dead")),
        *(step("look", found) for found in ("given up", "absent", "nothing")),
        step("failed"),
        *(step("decide", how) for how in ("arrived", "dismiss", "outage", "newest", "all")),
    )


def empty(database: Database) -> None:
    with database.begin() as conn:
        for each in (conversations_table, optouts_table):
            conn.execute(each.delete())


def front_and_open(database: Database) -> tuple[list[int], list[int]]:
    """The deliveries marked as fronts, and those that may be: the one sent, else the oldest."""
    with database.read() as conn:
        rows = conn.execute(select(table).order_by(table.c.id)).all()
    waiting = [row for row in rows if row.status in ("queued", "sending")]
    first = [row.id for row in waiting if row.status == "sending"] or [row.id for row in waiting]
    return [row.id for row in rows if row.front], first[:1]


@pytest.mark.parametrize("parts", [1, 2], ids=["whole", "parted"])
@pytest.mark.parametrize("joined", [False, True], ids=["apart", "joined"])
def test_nobody_hears_the_bot_untold(database: Database, joined: bool, parts: int) -> None:
    """Whatever becomes of each message: something told before it, in its session, may be there.

    And in the end, when all goes well again, nothing waits.
    """

    @settings(
        max_examples=100 if database.dialect == "sqlite" else 20,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(happened=st.lists(st.tuples(steps(), st.booleans()), max_size=40))
    def whatever(happened: list[tuple[Step, bool]]) -> None:
        empty(database)
        line = Line(database, joined, parts)
        for (name, args, named), at_once in happened:
            getattr(line, name)(*args, **named)
            if at_once:  # the delivery loop was quicker than whatever happens next
                line.plan()
                line.claim()
            marked, expected = front_and_open(database)
            assert marked == expected
            line.check()
        line.start()
        for _ in range(120):  # and then all goes well: nothing hangs
            if line.is_done():
                break
            line.plan()
            line.claim()
            line.took(told=True)
            line.look("given up")
        assert line.is_done()
        line.check()

    whatever()


@pytest.fixture
def line(database: Database) -> Line:
    """A customer on a channel that sends each message by itself."""
    return Line(database)


def said(line: Line) -> list[str]:
    with line.database.read() as conn:
        return [each.message.text for each in outbox_queries.since(conn, line.id, 0, 99)]


def went(line: Line) -> list[tuple[Author, bool]]:
    return [(author, is_notice) for author, is_notice, _ in line.got]


def test_a_reply_behind_a_lost_disclosure_waits_for_another(line: Line) -> None:
    """The one that died as unsure is on record as that; the new one goes first."""
    line.turn()
    line.plan()
    line.claim()
    line.lost("unsure")
    line.look("given up")
    line.claim()
    assert line.claimed is None
    line.plan()
    for _ in range(3):
        line.claim()
        line.took(told=True)
    assert went(line) == [("bot", True), ("bot", False)]
    assert said(line) == [disclosure().text, "1.0", disclosure().text]
    with line.database.read() as conn:
        first, second = disclosures.of(conn, line.id)
        assert conversations.get(conn, line.id).disclosed
    assert (first.status, second.status) == ("dead", "sent")
    assert (first.failed_at is not None, second.sent_at is not None) == (True, True)
    assert (first.text, first.version) == (second.text, second.version)


def test_a_later_turn_does_not_overtake_what_was_held(line: Line) -> None:
    """Said before the new disclosure was planned, it still goes after all that is older."""
    line.turn()
    line.turn()
    line.plan()
    line.claim()
    line.lost("unsure")
    line.look("given up")
    line.turn()
    line.person()
    line.plan()
    for _ in range(5):
        line.claim()
        line.took(told=True)
    assert took(line) == [disclosure().text, "1.0", "2.0", "3.0", "mens"]


def took(line: Line) -> list[str]:
    """The words that the provider took, in the order in which it did."""
    with line.database.read() as conn:
        query = select(table.c.outbox_id).where(table.c.status == "sent").order_by(table.c.sent_at)
        texts = {each.id: each.message for each in outbox_queries.since(conn, line.id, 0, 99)}
        return [str(getattr(texts[n], "text", "")) for n in conn.execute(query).scalars()]


def all_goes_well(line: Line) -> None:
    """From now on; then nothing waits, and nobody was told too late."""
    for _ in range(6):
        line.plan()
        line.claim()
        line.took(told=True)
        line.check()
    assert line.is_done()


def test_a_part_without_its_lost_disclosure_is_told_before(database: Database) -> None:
    """Its message's disclosure was in another part, which stays lost."""
    line = Line(database, joined=True, parts=2)
    line.turn()
    line.plan()
    line.claim()
    line.lost("dead")
    line.decide("newest")
    all_goes_well(line)


def test_what_goes_with_words_of_loket_itself_is_told_before(database: Database) -> None:
    """A message that begins with the system's words speaks for the bot all the same."""
    line = Line(database, joined=True, parts=2)
    line.hand_back()
    line.plan()
    line.claim()
    line.took(told=True)
    line.turn(author="system")
    line.turn()
    line.plan()
    line.claim()
    line.lost("unsure")
    line.look("given up")
    all_goes_well(line)
    assert went(line) == [("system", False), ("bot", True), ("system", False), ("bot", False)]


def test_the_next_turn_tells_again(line: Line) -> None:
    """When nothing waited behind the one that was lost."""
    line.joined = True
    line.turn()
    line.plan()
    line.claim()
    line.lost("unsure")
    line.look("given up")
    with line.database.read() as conn:
        assert not conversations.get(conn, line.id).disclosed
    line.turn()
    assert said(line) == [disclosure().text, "1.0", disclosure().text, "2.0"]


def test_a_disclosure_that_cannot_arrive_takes_the_reply_with_it(line: Line) -> None:
    """No second try at what is certain to fail; a person sees both."""
    line.turn()
    line.plan()
    line.claim()
    line.lost("dead")
    with line.database.read() as conn:
        assert [each.error for each in failed_deliveries(conn)] == ["131026", "undisclosed"]
        assert [each.status for each in disclosures.of(conn, line.id)] == ["dead"]


def test_what_a_person_sends_again_is_told_before(line: Line) -> None:
    """Only the reply is sent again: a new disclosure goes before it."""
    line.turn()
    line.plan()
    line.claim()
    line.lost("dead")
    line.decide("newest")
    line.claim()
    assert line.claimed is None
    line.plan()
    for _ in range(2):
        line.claim()
        line.took(told=True)
    assert went(line) == [("bot", True), ("bot", False)]


@pytest.mark.parametrize("planned", ["not planned", "queued", "being sent", "tried in vain"])
def test_what_a_person_sends_again_does_not_overtake_a_disclosure(line: Line, planned: str) -> None:
    """The conversation went on, and its new disclosure has not gone out yet."""
    line.turn()
    line.plan()
    line.claim()
    line.lost("dead")
    line.turn()
    if planned != "not planned":
        line.plan()
    if planned in ("being sent", "tried in vain"):
        line.claim()
    line.decide("newest")
    if planned == "tried in vain":
        line.lost("retry")
    for _ in range(3):
        line.plan()
        line.claim()
        line.took(told=True)
    assert went(line) == [("bot", True), ("bot", False), ("bot", False)]
    assert line.is_done()


def test_a_part_does_not_go_out_when_that_with_the_disclosure_was_lost(line: Line) -> None:
    """A turn that is sent as one message may take several of the provider's."""
    line.joined, line.parts = True, 2
    line.turn()
    line.plan()
    line.claim()
    line.lost("dead")
    line.claim()
    assert line.claimed is None
    with line.database.read() as conn:
        assert [each.error for each in failed_deliveries(conn)] == ["131026", "undisclosed"]


def test_a_part_that_is_sent_again_alone_is_told_before(line: Line) -> None:
    """Of a reply none of whose parts went out."""
    line.parts = 2
    line.turn()
    line.plan()
    line.claim()
    line.lost("dead")
    line.decide("newest")
    for _ in range(4):
        line.plan()
        line.claim()
        line.took(told=True)
    assert went(line) == [("bot", True), ("bot", False)]


def test_a_late_loss_of_an_earlier_disclosure_costs_nothing(line: Line) -> None:
    """The customer was told since."""
    line.turn()
    line.plan()
    line.claim()
    line.took(told=True)
    first = line.keys[0]
    line.hand_back()
    for _ in range(3):
        line.plan()
        line.claim()
        line.took(told=True)
    line.turn()
    line.plan()
    before = said(line)
    with line.database.begin() as conn:
        delivery_status.receipt(conn, "sms", first, "failed", "30003", first, line.now)
    line.claim()
    line.took(told=True)
    assert said(line) == before
    assert line.is_done()


def test_nothing_waits_for_a_disclosure_of_which_only_the_record_is_left(line: Line) -> None:
    """As of those that were made before their fate was followed."""
    line.turn()
    line.plan()
    line.claim()
    line.lost("dead")
    with line.database.begin() as conn:
        conn.execute(disclosures_table.update().values(status="offered", outbox_id=None))
    line.decide("newest")
    for _ in range(3):
        line.plan()
        line.claim()
        line.took(told=True)
    assert went(line) == [("bot", True), ("bot", False)]
    assert line.is_done()


def test_people_may_answer_while_the_disclosure_is_lost(line: Line) -> None:
    """They are no AI."""
    line.turn()
    line.person()
    line.plan()
    line.claim()
    line.lost("dead")
    line.claim()
    line.took(told=True)
    assert went(line) == [("human", False)]


def test_a_new_disclosure_is_not_offered_for_ever(line: Line) -> None:
    """After three that nobody knows of, what waits is a person's."""
    line.turn()
    for _ in range(4):
        line.plan()
        line.claim()
        line.lost("unsure")
        line.look("given up")
    with line.database.read() as conn:
        assert [each.status for each in disclosures.of(conn, line.id)] == ["dead"] * 3
        assert [each.error for each in failed_deliveries(conn)] == [
            "ambiguous", "ambiguous", "ambiguous", "undisclosed",
        ]  # fmt: skip


def test_a_disclosure_that_no_channel_can_show_silences_the_bot(line: Line) -> None:
    """A fault in the words is no way around the rule."""
    line.turn()

    def make(messages: Sequence[OutboxMessage]) -> list[Planned]:
        return [
            Planned((each.id,), (), "not_rendered ValueError")
            if isinstance(each.message, Notice)
            else Planned((each.id,), [{"rows": [each.id]}])
            for each in messages
        ]

    with line.database.begin() as conn:
        delivery_planning.plan(conn, "sms", [line.id], make, line.now, SECOND)
    line.claim()
    assert line.claimed is None
    with line.database.read() as conn:
        assert [each.error for each in failed_deliveries(conn)] == [
            "not_rendered ValueError", "undisclosed",
        ]  # fmt: skip


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed"])
def test_the_record_follows_receipts(line: Line, status: str) -> None:
    """With the time of each step."""
    line.joined = True
    line.turn()
    line.plan()
    line.claim()
    assert line.claimed is not None
    key = line.claimed.key
    line.took(told=True)
    with line.database.begin() as conn:
        later = line.now + SECOND
        delivery_status.receipt(conn, "sms", key, status, "", key, later)  # type: ignore[arg-type]
        (kept,) = disclosures.of(conn, line.id)
    assert kept.status == status
    if status != "sent":
        times = {"delivered": kept.delivered_at, "read": kept.read_at, "failed": kept.failed_at}
        assert times[status] == later
    assert kept.sent_at == line.now


def test_the_record_stays_when_the_conversation_is_erased(line: Line) -> None:
    """As far as it had come."""
    line.turn()
    line.plan()
    line.claim()
    line.took(told=True)
    with line.database.begin() as conn:
        conn.exec_driver_sql("DELETE FROM conversations")
        (kept,) = disclosures.of(conn, line.id)
    assert (kept.status, kept.sent_at) == ("sent", line.now)


def test_a_browser_that_has_it_is_on_record(database: Database) -> None:
    """Sent when the stream took it, delivered when the customer had it in sight."""
    with database.begin() as conn:
        web = conversations.open_(conn, "webchat", "anna", NOW).id
        said = [("bot", disclosure()), ("bot", Text("dag"))]
        notice, text = outbox.add(conn, web, None, said, NOW)  # type: ignore[arg-type]
        assert disclosures.of(conn, web)[0].status == "offered"
        outbox.mark_sent(conn, [notice.id, text.id], NOW + SECOND)
        assert disclosures.of(conn, web)[0].sent_at == NOW + SECOND
        outbox.acknowledge(conn, web, notice.id - 1, NOW + 2 * SECOND)
        assert disclosures.of(conn, web)[0].status == "sent"
        outbox.acknowledge(conn, web, text.id, NOW + 2 * SECOND)
        (kept,) = disclosures.of(conn, web)
        assert [each.status for each in outbox_queries.since(conn, web, 0, 9)] == [
            "delivered",
            "delivered",
        ]
    assert (kept.status, kept.delivered_at) == ("delivered", NOW + 2 * SECOND)
