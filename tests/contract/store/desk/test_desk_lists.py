"""What the desk shows at once: who sees what, in which order, and the figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.engine import Connection

from bot.desk.conversations.work_lists import MOST, Figures, TeamLoad
from bot.desk.errors import Forbidden
from bot.desk.pages import list_rows
from bot.store.conversation import conversations, ratings
from bot.store.desk import agents
from bot.store.desk.desk_figures import Score
from bot.store.handover import callbacks, handovers
from bot.store.handover.callbacks import CallbackRequest
from bot.store.sql.database import Database
from tests.support.configured_channels import PROFILES
from tests.support.desk import MINUTE, NOW, customer, person, queued, service

DESK = service()
ZONE = DESK.desk.organisation.timezone


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def test_the_queue_is_the_team_s(conn: Connection) -> None:
    """Urgent first, then oldest first; no teams means all, and a supervisor sees all."""
    everyone = person(conn, "Samira")
    parcels = person(conn, "Tom", "agent", "bezorging")
    boss = person(conn, "Karin", "supervisor", "bezorging")
    first = queued(conn, "anna")
    second = queued(conn, "bert", team="bezorging", topic="track_order", now=NOW + MINUTE)
    urgent = queued(conn, "carla", reason="sensitive", now=NOW + 2 * MINUTE)

    def ids(agent: agents.Agent) -> list[str]:
        return [line.conversation_id for line in DESK.desk.lists.work(conn, agent).waiting.shown]

    assert ids(everyone) == ids(boss) == [urgent, first, second]
    assert ids(parcels) == [second]
    DESK.take(conn, second, parcels, NOW + 2 * MINUTE)
    assert ids(parcels) == []


def test_a_list_shows_its_beginning_and_counts_the_rest(conn: Connection) -> None:
    """Of several teams together, in one order; what others have is counted apart from one's own."""
    samira, tom = person(conn), person(conn, "Tom", "agent", "bezorging")
    teams = ("algemeen", "bezorging")
    ids = [
        queued(conn, f"k{number}", team=teams[number % 2], now=NOW + number * MINUTE)
        for number in range(MOST + 20)
    ]
    work = DESK.desk.lists.work(conn, samira)
    assert [line.conversation_id for line in work.waiting.shown] == ids[:MOST]
    assert work.waiting.total == MOST + 20
    assert DESK.desk.lists.work(conn, tom).waiting.total == MOST // 2 + 10
    for conversation_id in ids[1:8:2]:
        DESK.take(conn, conversation_id, tom, NOW)
    DESK.take(conn, ids[0], samira, NOW)
    work = DESK.desk.lists.work(conn, samira)
    assert [line.conversation_id for line in work.others.shown] == ids[1:8:2]
    assert (work.others.total, work.mine.total, work.waiting.total) == (4, 1, MOST + 15)


def test_who_is_there_comes_before_who_has_left(conn: Connection) -> None:
    """In the queue and in one's own list; also when more have left than a list shows."""
    samira = person(conn)
    left = [queued(conn, f"weg {n}", now=NOW + n * MINUTE) for n in range(MOST + 5)]
    for conversation_id in left:
        conversations.set_left(conn, conversation_id, NOW)
    urgent = queued(conn, "carla", reason="sensitive", now=NOW + 400 * MINUTE)
    conversations.set_left(conn, urgent, NOW)
    live = [queued(conn, f"hier {n}", now=NOW + (300 + n) * MINUTE) for n in range(2)]
    waiting = DESK.desk.lists.work(conn, samira).waiting
    ids = [line.conversation_id for line in waiting.shown]
    assert ids == [urgent, *live, *left[: MOST - 3]]
    assert waiting.total == MOST + 8
    for conversation_id in (left[0], live[0]):
        DESK.take(conn, conversation_id, samira, NOW)
    mine = DESK.desk.lists.work(conn, samira).mine.shown
    assert [line.conversation_id for line in mine] == [live[0], left[0]]


def test_a_line_tells_conversations_apart(conn: Connection) -> None:
    """By the name or number that was given, and by what was said last."""
    samira = person(conn)
    nameless, named = queued(conn, "31612345678", "whatsapp"), queued(conn, "bert")
    callbacks.add(conn, CallbackRequest(named, "algemeen", "", "Bert Bos", "06", "nu", "?"), NOW)
    customer(conn, "31612345678", "whatsapp", NOW + MINUTE, "Het is een rood pakket")
    DESK.take(conn, nameless, samira, NOW + 2 * MINUTE)
    DESK.take(conn, named, samira, NOW + 2 * MINUTE)
    lines = {
        line.conversation_id: list_rows.row(line, PROFILES[line.channel], NOW, ZONE)
        for line in DESK.desk.lists.work(conn, samira).mine.shown
    }
    assert (lines[nameless].who, lines[nameless].last) == ("06 12345678", "Het is een rood pakket")
    assert (lines[named].who, lines[named].last) == ("Bert Bos", "Waar is mijn pakket?")
    DESK.reply(conn, nameless, samira, "Ik kijk\nhet na", NOW + 3 * MINUTE, "k")
    row = next(
        list_rows.row(line, PROFILES["whatsapp"], NOW, ZONE)
        for line in DESK.desk.lists.work(conn, samira).mine.shown
        if line.conversation_id == nameless
    )
    assert (row.last, row.mine) == ("Ik kijk het na", True)


def test_a_line_says_what_an_agent_picks_by(conn: Connection) -> None:
    """Channel, topic, reason, team, since when, and what is the matter."""
    samira = person(conn)
    conversation_id = queued(
        conn, "anna", "whatsapp", topic="track_order", reason="loop", team="bezorging"
    )
    callbacks.add(
        conn, CallbackRequest(conversation_id, "bezorging", "", "Anna", "06", "nu", "?"), NOW
    )
    conversations.set_left(conn, conversation_id, NOW)
    customer(conn, "anna", "whatsapp", NOW + 2 * MINUTE)  # and so it stands in the queue
    (line,) = DESK.desk.lists.work(conn, samira).waiting.shown
    handover = handovers.find_open(conn, conversation_id)
    assert handover is not None
    assert (line.handover_id, line.channel, line.topic) == (
        handover.id,
        "whatsapp",
        "Bestelling volgen",
    )
    assert (line.reason, line.urgent, line.team, line.team_name) == (
        "loop",
        False,
        "bezorging",
        "Bezorging",
    )
    assert (line.since, line.last_message_at) == (NOW, NOW + 2 * MINUTE)
    assert (line.unanswered, line.left, line.callback, line.by) == (True, True, True, "")
    assert line.question == "Waar is mijn pakket?"


def test_own_work_begins_with_who_waits(conn: Connection) -> None:
    """Who wrote after the last answer; then the others in their order."""
    samira, tom = person(conn), person(conn, "Tom")
    ids = [queued(conn, who, now=NOW + number * MINUTE) for number, who in enumerate("abc")]
    for conversation_id in ids[:2]:
        DESK.take(conn, conversation_id, samira, NOW + 5 * MINUTE)
        DESK.reply(conn, conversation_id, samira, "Dag", NOW + 6 * MINUTE, "k")
    DESK.take(conn, ids[2], tom, NOW)
    customer(conn, "b", now=NOW + 7 * MINUTE)
    mine = DESK.desk.lists.work(conn, samira).mine.shown
    assert [(line.conversation_id, line.unanswered) for line in mine] == [
        (ids[1], True),
        (ids[0], False),
    ]
    assert mine[0].since == NOW + 5 * MINUTE
    under_way = DESK.desk.lists.work(conn, tom).others.shown
    assert {(line.conversation_id, line.by) for line in under_way} == {
        (ids[0], "Samira"),
        (ids[1], "Samira"),
    }


def test_the_work_of_a_team_that_is_gone(conn: Connection) -> None:
    """Shows in the default team's queue: renaming a team loses nobody."""
    general = person(conn, "Samira", "agent", "algemeen")
    parcels = person(conn, "Tom", "agent", "bezorging")
    queued(conn, team="verdwenen")
    asked = queued(conn, "bert", team="verdwenen")
    callbacks.add(conn, CallbackRequest(asked, "verdwenen", "", "Bert", "06", "nu", "?"), NOW)
    assert [line.team_name for line in DESK.desk.lists.work(conn, general).waiting.shown] == [
        "Klantenservice"
    ]
    assert DESK.desk.lists.work(conn, parcels).waiting.shown == ()
    assert len(DESK.desk.lists.work(conn, general).callbacks.shown) == 1
    assert DESK.desk.lists.work(conn, parcels).callbacks.shown == ()


def test_who_may_read_what(conn: Connection) -> None:
    """One's own team's, one's own; the newest hand-over decides; all of it for supervisors."""
    general = person(conn, "Samira", "agent", "algemeen")
    parcels = person(conn, "Tom", "agent", "bezorging")
    boss = person(conn, "Karin", "supervisor")
    conversation_id = queued(conn)
    customer(conn, "bert")
    bots = conversations.open_(conn, "webchat", "bert", NOW).id
    sees = DESK.desk.visibility.may_see
    assert [sees(conn, each, conversation_id) for each in (general, parcels, boss)] == [
        True,
        False,
        True,
    ]
    assert [sees(conn, each, bots) for each in (general, parcels, boss)] == [False, False, True]
    assert not sees(conn, general, "f" * 32)
    with pytest.raises(Forbidden):
        DESK.desk.visibility.check_sees(conn, parcels, conversation_id)
    assert service(teams_private=False).desk.visibility.may_see(conn, parcels, conversation_id)
    assert not service(teams_private=False).desk.visibility.may_see(conn, parcels, bots)
    DESK.take(conn, conversation_id, general, NOW)
    # Moved to another team while in hand: who has it goes on, until it is closed.
    agents.change(conn, general.id, teams=["energie"])
    general = agents.get(conn, general.id)
    assert sees(conn, general, conversation_id)
    DESK.transfers.transfer(conn, conversation_id, general, "bezorging", "", NOW)
    assert not sees(conn, general, conversation_id)
    assert sees(conn, parcels, conversation_id)
    DESK.close(conn, conversation_id, parcels, "Klaar", NOW)
    assert sees(conn, parcels, conversation_id)
    (handover,) = handovers.history(conn, conversation_id)
    assert DESK.desk.visibility.may_read(parcels, handover)
    assert not DESK.desk.visibility.may_read(general, handover)


def test_a_request_goes_along_to_another_team(conn: Connection) -> None:
    """Name and number are for the team that is to call, no longer for the one that passed it on."""
    general = person(conn, "Samira", "agent", "algemeen")
    parcels = person(conn, "Tom", "agent", "bezorging")
    conversation_id = queued(conn)
    for moment in ("nu", "morgen"):
        callbacks.add(
            conn, CallbackRequest(conversation_id, "algemeen", "", "Anna", "06", moment, "?"), NOW
        )
    callbacks.done(conn, callbacks.of(conn, conversation_id)[0].id, general.id, NOW)
    DESK.transfers.transfer(conn, conversation_id, general, "bezorging", "", NOW)
    assert DESK.desk.lists.work(conn, general).callbacks.shown == ()
    assert [each.moment for each in DESK.desk.lists.work(conn, parcels).callbacks.shown] == [
        "morgen"
    ]
    assert [each.team for each in callbacks.of(conn, conversation_id)] == ["algemeen", "bezorging"]


def test_the_figures(conn: Connection) -> None:
    """Now, today by the organisation's clock, and the scores of a month."""
    samira = person(conn)
    away = person(conn, "Tom")
    agents.change(conn, away.id, active=False)
    empty = DESK.desk.lists.figures(conn, NOW)
    assert empty == Figures(0, None, 0, 0, 0, Score(0, None, None), Score(0, None, None), (samira,))
    _, taken, done, back, yesterday = (queued(conn, who) for who in "abcde")
    for conversation_id in (taken, done, back, yesterday):
        DESK.take(conn, conversation_id, samira, NOW)
    DESK.close(conn, done, samira, "Klaar", NOW)
    DESK.to_bot(conn, back, samira, NOW)
    # 22.59 UTC is before midnight in Amsterdam, 23.01 after it.
    DESK.close(conn, yesterday, samira, "Klaar", NOW.replace(day=1, hour=22, minute=59))
    called = queued(conn, "fleur")  # waits to be called, not in the queue
    callbacks.add(conn, CallbackRequest(called, "algemeen", "", "Fleur", "06", "nu", "?"), NOW)
    for number, score in enumerate((5, 2, 4)):
        ratings.give(conn, done, number, "human", score, NOW + number * MINUTE)
    ratings.give(conn, done, 0, "bot", 1, NOW - timedelta(days=31))
    figures = DESK.desk.lists.figures(conn, NOW + 10 * MINUTE)
    assert (figures.waiting, figures.longest, figures.underway) == (1, 10 * MINUTE, 1)
    assert (figures.handled, figures.callbacks) == (2, 1)
    assert figures.teams == {"algemeen": TeamLoad(1, 1, NOW)}
    assert figures.busy == {samira.id: 1}
    assert figures.human == Score(3, pytest.approx(11 / 3), 4)
    assert figures.bot == Score(0, None, None)
    assert figures.online == ()  # nobody was seen for ten minutes
