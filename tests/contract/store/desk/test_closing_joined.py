"""A case of several conversations is set aside as one, and closed as one; what customers hear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.engine import Connection

from bot.conversation.option_matching import Meaning
from bot.desk.conversations.snoozing import Snoozing
from bot.desk.errors import Planned, Unread
from bot.messages import RatingRequest
from bot.records.handover_record import Handover
from bot.store.conversation import conversations, ratings
from bot.store.delivery import outbox_queries
from bot.store.desk import desk_figures, planned_replies, workload
from bot.store.desk.agents import Agent
from bot.store.handover import audit_log, callbacks, handovers, notes, snoozes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql.database import Database
from bot.worker import after_closing
from bot.worker.conversation_state import ConversationState
from channels import wiping
from tests.support.desk import MINUTE, NOW, customer, person, queued, service

DESK = service()
ASIDE = Snoozing(DESK.desk)
PHONE, HOW = "+31612345678", "Bestelnummer en postcode nagevraagd"
DUE = NOW + timedelta(hours=1)


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def joined(conn: Connection, agent: Agent, channel: str = "whatsapp") -> tuple[str, str]:
    """One customer in the web chat and in another conversation, both with the agent."""
    who = PHONE if channel == "whatsapp" else "anna-elders"
    one, other = queued(conn), queued(conn, who, channel, now=NOW + MINUTE)
    DESK.joins.join(conn, one, agent, other, HOW, NOW + MINUTE)
    DESK.take(conn, one, agent, NOW + 2 * MINUTE)
    return one, other


def heard(conn: Connection, talk: str, since_id: int = 0) -> list[str]:
    """What the customer is told there, oldest first."""
    return [each.message.text for each in outbox_queries.since(conn, talk, since_id, 99)]


def scores_asked(conn: Connection, *talks: str) -> int:
    """In how many messages a score is asked."""
    said = (each for talk in talks for each in outbox_queries.since(conn, talk, 0, 99))
    return sum(isinstance(each.message, RatingRequest) for each in said)


def last(conn: Connection, talk: str) -> Handover:
    found = handovers.newest(conn, talk)
    assert found
    return found


def comes_back(conn: Connection, talk: str, words: str) -> list[type]:
    """The kinds of message with which a closed conversation answers a customer."""
    talked = conversations.get(conn, talk)
    rated = ratings.given(conn, talk, talked.session, "human")
    state = ConversationState(talked, (), None, last(conn, talk), rated)
    outcome = after_closing.answer(state, Meaning("text", words))
    assert outcome
    return [type(each) for each in outcome.messages]


@pytest.mark.parametrize(
    ("channel", "sentence"),
    [("whatsapp", "via de website"), ("webchat", "andere gesprek")],
)
def test_the_other_channel_hears_where_it_was_settled(
    conn: Connection, channel: str, sentence: str
) -> None:
    """One confirmation and one score, where it is closed; one sentence in the other one."""
    samira = person(conn)
    one, other = joined(conn, samira, channel)
    before = len(heard(conn, other))
    DESK.close(conn, one, samira, "Morgen bezorgd", NOW + 4 * MINUTE)
    assert any("Morgen bezorgd" in each for each in heard(conn, one))
    (told,) = heard(conn, other)[before:]
    assert sentence in told
    assert "Morgen" not in told
    assert scores_asked(conn, one, other) == 1
    assert desk_figures.handled(conn, NOW) == 1
    assert last(conn, other).outcome == "joined"
    # Nor is it asked there after all.
    for words in ("bedankt", "gesprek bewaren"):
        assert RatingRequest not in comes_back(conn, other, words)
        assert RatingRequest in comes_back(conn, one, words)


def test_it_is_confirmed_where_the_customer_can_be_written_to(conn: Connection) -> None:
    """The page on which it is closed is of a channel whose window is over."""
    samira = person(conn)
    one, other = joined(conn, samira)
    late = NOW + timedelta(hours=30)
    customer(conn, now=late)
    DESK.close(conn, other, samira, "Morgen bezorgd", late)
    assert any("Morgen bezorgd" in each for each in heard(conn, one))
    assert scores_asked(conn, one, other) == 1
    assert (last(conn, one).outcome, last(conn, one).settled) == ("closed", "Morgen bezorgd")
    (note,) = notes.of(conn, other)
    assert "kreeg" in note.text
    assert (last(conn, one).told, last(conn, other).told) == ("score", "nothing")


def test_a_wiped_conversation_is_closed_for_who_still_reads_elsewhere(conn: Connection) -> None:
    """The confirmation and the score go there; the one that was wiped is told nothing."""
    samira = person(conn)
    one, other = joined(conn, samira)
    wiping.wipe(conn, "webchat", "anna", NOW + 3 * MINUTE)
    before = heard(conn, one)
    DESK.close(conn, one, samira, "Morgen bezorgd", NOW + 4 * MINUTE)
    assert heard(conn, one) == before
    assert any("Morgen bezorgd" in each for each in heard(conn, other))
    assert scores_asked(conn, one, other) == 1
    assert [(last(conn, each).outcome, last(conn, each).told) for each in (one, other)] == [
        ("joined", "nothing"),
        ("closed", "score"),
    ]
    assert notes.of(conn, one) == ()


def test_what_nobody_could_be_told_is_no_agreement(conn: Connection) -> None:
    """The window is over, in all of them: it is on record as silent, and no score is asked."""
    samira = person(conn)
    talk = queued(conn, PHONE, "whatsapp")
    DESK.take(conn, talk, samira, NOW + MINUTE)
    before = heard(conn, talk)
    DESK.close(conn, talk, samira, "Morgen bezorgd", NOW + timedelta(hours=30))
    assert heard(conn, talk) == before
    (note,) = notes.of(conn, talk)
    assert "kreeg" in note.text
    ended = last(conn, talk)
    assert (ended.settled, ended.told) == ("Morgen bezorgd", "nothing")
    assert audit_log.of(conn, talk)[-1].detail == audit_log.UNTOLD
    assert RatingRequest not in comes_back(conn, talk, "bedankt")


def test_a_call_back_that_could_not_be_told_asks_no_score(conn: Connection) -> None:
    """The customer was spoken to, and reads nothing of how that ended."""
    samira = person(conn)
    talk = queued(conn, PHONE, "whatsapp")
    request = CallbackRequest(talk, "algemeen", "", "Anna", PHONE, "", "Waar blijft het?")
    number = callbacks.add(conn, request, NOW + MINUTE, None)
    DESK.call_backs.done(conn, number.id, samira, "reached", "Morgen", NOW + timedelta(hours=30))
    assert last(conn, talk).told == "nothing"


def test_who_was_promised_no_person_hears_nothing(conn: Connection) -> None:
    """What the assistant has, a colleague has, or was split, is another case."""
    samira, tom = person(conn), person(conn, "Tom")
    one = queued(conn)
    theirs = queued(conn, PHONE, "whatsapp")
    DESK.take(conn, one, samira, NOW)
    DESK.take(conn, theirs, tom, NOW)
    DESK.joins.join(conn, one, samira, theirs, HOW, NOW)
    before = heard(conn, theirs)
    DESK.close(conn, one, samira, "Morgen bezorgd", NOW + MINUTE)
    assert heard(conn, theirs) == before
    assert last(conn, theirs).closed_at is None


def test_nothing_of_the_whole_case_is_left_behind(conn: Connection) -> None:
    """What is unread, or is to go out, stops it; requests to be called back end with it."""
    samira = person(conn)
    one, other = joined(conn, samira)
    seen = customer(conn, PHONE, "whatsapp", NOW + 3 * MINUTE)
    with pytest.raises(Unread):
        DESK.close(conn, one, samira, "Klaar", NOW + 4 * MINUTE, seen=seen - 1)
    planned_replies.add(conn, other, samira.id, "k", "Dag", DUE, NOW)
    with pytest.raises(Planned):
        DESK.close(conn, one, samira, "Klaar", NOW + 4 * MINUTE, seen=seen)
    for each in planned_replies.of(conn, other):
        planned_replies.remove(conn, each.id)
    request = CallbackRequest(other, "algemeen", "", "Anna", PHONE, "", "Waar blijft het?")
    callbacks.add(conn, request, NOW, None)
    DESK.close(conn, one, samira, "Klaar", NOW + 4 * MINUTE, seen=seen)
    assert [each.done_by for each in callbacks.of(conn, other)] == [samira.id]


def test_a_silent_closing_stays_silent(conn: Connection) -> None:
    """Nothing that customers can fetch holds a word of it, and no score is asked, ever."""
    samira = person(conn)
    one, other = joined(conn, samira)
    before = [heard(conn, each) for each in (one, other)]
    DESK.close(conn, one, samira, "Reclame, negeren", NOW + 4 * MINUTE, told=False)
    for talk in (one, other):
        for words in ("bedankt", "gesprek bewaren", "dat klopt niet"):
            assert RatingRequest not in comes_back(conn, talk, words)
    assert [heard(conn, each) for each in (one, other)] == before
    assert (last(conn, one).settled, last(conn, one).is_silent) == ("Reclame, negeren", True)
    again = queued(conn, now=NOW + 9 * MINUTE)
    assert again == one
    DESK.take(conn, one, samira, NOW + 10 * MINUTE)
    DESK.close(conn, one, samira, "Morgen bezorgd", NOW + 11 * MINUTE)
    assert scores_asked(conn, one, other) == 1
    assert not any("Reclame" in each for talk in (one, other) for each in heard(conn, talk))


def test_an_end_that_asked_no_score_asks_none_later(conn: Connection) -> None:
    """A customer who was not reached has nobody to rate."""
    samira = person(conn)
    talk = queued(conn)
    request = CallbackRequest(talk, "algemeen", "", "Anna", PHONE, "", "Waar blijft het?")
    number = callbacks.add(conn, request, NOW + MINUTE, None)
    DESK.call_backs.done(conn, number.id, samira, "unreached", "", NOW + 2 * MINUTE)
    assert last(conn, talk).told == "ended"
    assert RatingRequest not in comes_back(conn, talk, "bedankt")


def test_a_case_is_set_aside_as_one(conn: Connection) -> None:
    """It takes no room, stands in one list once, and comes back where the customer writes."""
    samira = person(conn)
    one, other = joined(conn, samira)

    def lists() -> tuple[list[str], list[str], int, int]:
        work = DESK.desk.lists.work(conn, samira)
        mine = [each.conversation_id for each in work.mine.shown]
        asleep = [each.conversation_id for each in work.asleep]
        return mine, asleep, work.mine.total, workload.cases(conn, samira.id)

    assert lists() == ([other], [], 1, 1)
    ASIDE.snooze(conn, one, samira, DUE, NOW + 3 * MINUTE)
    assert lists() == ([], [other], 0, 0)
    ASIDE.wake(conn, other, samira, NOW + 4 * MINUTE)
    assert lists() == ([other], [], 1, 1)
    ASIDE.snooze(conn, other, samira, DUE, NOW + 5 * MINUTE)
    queued_too = queued(conn, "bert", now=NOW + 5 * MINUTE)
    DESK.take(conn, queued_too, samira, NOW + 5 * MINUTE)
    assert lists() == ([queued_too], [other], 1, 1)
    customer(conn, now=NOW + 6 * MINUTE)
    assert lists()[:3] == ([one, queued_too], [], 2)
    snoozes.wake_due(conn, NOW + 7 * MINUTE)
    assert lists() == ([one, queued_too], [], 2, 2)


def test_what_is_set_aside_hides_nothing(conn: Connection) -> None:
    """One was set aside before they were joined: the other one waits for its agent."""
    samira = person(conn)
    one, other = queued(conn), queued(conn, PHONE, "whatsapp", now=NOW + MINUTE)
    for each in (one, other):
        DESK.take(conn, each, samira, NOW + 2 * MINUTE)
    ASIDE.snooze(conn, other, samira, DUE, NOW + 3 * MINUTE)
    DESK.joins.join(conn, one, samira, other, HOW, NOW + 3 * MINUTE)
    work = DESK.desk.lists.work(conn, samira)
    assert [each.conversation_id for each in work.mine.shown] == [one]
    assert work.asleep == ()
    assert (work.mine.total, workload.cases(conn, samira.id)) == (1, 1)
