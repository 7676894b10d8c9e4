"""What agents do: each act changes all of it or nothing, and the customer hears of each switch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.conversation.ownership import UNACCEPTED
from bot.desk.conversations.silent_agents import SilentAgents
from bot.desk.errors import (
    DeskError,
    Forbidden,
    NotYours,
    Over,
    TakenByAnother,
    Unknown,
    Unreachable,
    Unread,
    Unusable,
)
from bot.desk.pages.conversation_reader import ConversationReader
from bot.messages import Choice, Notice, Option, Outbound, RatingRequest, Text
from bot.store.conversation import conversations, optouts
from bot.store.delivery import outbox_queries
from bot.store.desk import agents
from bot.store.handover import audit_log, callbacks, handovers, notes
from bot.store.handover.callbacks import CallbackRequest
from bot.store.history import linked_conversations
from bot.store.sql.database import Database
from bot.store.sql.tables import disclosures as disclosures_table
from bot.store.worker import timers
from tests.support.desk import MINUTE, NOW, customer, person, queued, service, with_template

LATER = NOW + MINUTE
DESK = service()
_d = disclosures_table.c


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def said(conn: Connection, conversation_id: str) -> list[tuple[str, Outbound]]:
    return [(one.author, one.message) for one in outbox_queries.since(conn, conversation_id, 0, 99)]


def owner(conn: Connection, conversation_id: str) -> str:
    return conversations.get(conn, conversation_id).owner


def snapshot(conn: Connection, conversation_id: str) -> tuple[object, ...]:
    return (
        conversations.get(conn, conversation_id),
        handovers.history(conn, conversation_id),
        said(conn, conversation_id),
        notes.of(conn, conversation_id),
        audit_log.of(conn, conversation_id),
        callbacks.of(conn, conversation_id),
    )


def test_taking_is_announced(conn: Connection) -> None:
    """The customer hears who is there; the timer of who waits too long is off."""
    samira, conversation_id = person(conn), queued(conn)
    timers.set_(conn, conversation_id, UNACCEPTED, NOW)
    after = DESK.take(conn, conversation_id, samira, LATER)
    assert after.owner == owner(conn, conversation_id) == "human"
    assert said(conn, conversation_id) == [
        ("system", Notice("U chat nu met Samira van Pakket & Plug.", "to_human"))
    ]
    handover = handovers.find_open(conn, conversation_id)
    assert handover is not None
    assert (handover.agent_id, handover.taken_at) == (samira.id, LATER)
    assert timers.due(conn, NOW + 60 * MINUTE) == ()


def test_taking_again_changes_nothing(conn: Connection) -> None:
    """A double click is no mistake; a colleague hears whose it is."""
    samira, tom = person(conn), person(conn, "Tom")
    conversation_id = queued(conn)
    DESK.take(conn, conversation_id, samira, LATER)
    before = snapshot(conn, conversation_id)
    assert DESK.take(conn, conversation_id, samira, LATER).owner == "human"
    with pytest.raises(TakenByAnother, match=r"^Samira heeft dit gesprek al opgepakt\.$"):
        DESK.take(conn, conversation_id, tom, LATER)
    assert snapshot(conn, conversation_id) == before


def test_an_answer_goes_to_the_customer_once(conn: Connection) -> None:
    """Under the agent's name; sent twice by the browser it is one answer, also after closing."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    text = "  Goedemorgen. \r\n\r\nUw pakket komt vandaag.  "
    first = DESK.reply(conn, conversation_id, samira, text, LATER, "k1")
    assert (first.author, first.agent_id) == ("human", samira.id)
    assert first.message == Text("Goedemorgen.\n\nUw pakket komt vandaag.")
    assert DESK.reply(conn, conversation_id, samira, "anders", LATER, "k1") == first
    second = DESK.reply(conn, conversation_id, samira, text, LATER + MINUTE, "k2")
    assert second.id > first.id
    assert len(said(conn, conversation_id)) == 3
    handover = handovers.find_open(conn, conversation_id)
    assert handover is not None
    assert (handover.first_reply_at, handover.last_reply_at) == (LATER, LATER + MINUTE)
    DESK.close(conn, conversation_id, samira, "Klaar", LATER)
    assert DESK.reply(conn, conversation_id, samira, text, LATER, "k1") == first


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("", "k", "Typ eerst een antwoord"),
        (" \n\t ", "k", "Typ eerst een antwoord"),
        ("x" * 4001, "k", "1 tekens te lang"),
        ("dag", "", "kenmerk"),
        ("dag", "k" * 65, "kenmerk"),
    ],
)
def test_an_unusable_answer_is_refused(conn: Connection, text: str, key: str, message: str) -> None:
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    before = snapshot(conn, conversation_id)
    with pytest.raises(Unusable, match=message) as refused:
        DESK.reply(conn, conversation_id, samira, text, LATER, key)
    assert refused.value.status == 422
    assert snapshot(conn, conversation_id) == before


def test_the_longest_answer_is_sent(conn: Connection) -> None:
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    answer = DESK.reply(conn, conversation_id, samira, "x" * 4000, LATER, "k" * 64)
    assert answer.message == Text("x" * 4000)


def test_after_stop_nothing_is_sent(conn: Connection) -> None:
    """The agent reads why; closing works, and a note says that nobody was told."""
    samira, conversation_id = person(conn), queued(conn, "31612345678", "sms")
    DESK.take(conn, conversation_id, samira, NOW)
    optouts.opt_out(conn, "sms", "31612345678", NOW)
    before = said(conn, conversation_id)
    with pytest.raises(Unreachable, match="STOP") as refused:
        DESK.reply(conn, conversation_id, samira, "dag", LATER, "k")
    assert refused.value.code == "opted_out"
    DESK.close(conn, conversation_id, samira, "Wil geen berichten", LATER)
    assert said(conn, conversation_id) == before
    assert owner(conn, conversation_id) == "closed"
    assert [note.by for note in notes.of(conn, conversation_id)] == [""]
    assert "geen bevestiging" in notes.of(conn, conversation_id)[0].text


def test_whatsapp_after_a_day(conn: Connection) -> None:
    """Without a template the answer is refused; with one it goes, and the courier invites."""
    samira, conversation_id = person(conn), queued(conn, "31612345678", "whatsapp")
    late = NOW + timedelta(hours=24)
    DESK.take(conn, conversation_id, samira, late)
    assert said(conn, conversation_id) == []  # an invitation for a notice alone would be a riddle
    with pytest.raises(Unreachable, match="24 uur") as refused:
        DESK.reply(conn, conversation_id, samira, "dag", late, "k")
    assert refused.value.code == "window_closed"
    desk = with_template()
    desk.reply(conn, conversation_id, samira, "dag", late, "k")
    assert said(conn, conversation_id) == [("human", Text("dag"))]


def test_who_could_not_be_told_is_told_with_the_first_answer(conn: Connection) -> None:
    """The window was closed when the agent took it, and the customer wrote again."""
    samira, conversation_id = person(conn), queued(conn, "31612345678", "whatsapp")
    late = NOW + timedelta(hours=30)
    DESK.take(conn, conversation_id, samira, late)
    customer(conn, "31612345678", "whatsapp", late + MINUTE)
    for key in ("k1", "k2"):
        DESK.reply(conn, conversation_id, samira, "dag", late + 2 * MINUTE, key)
    assert [author for author, _ in said(conn, conversation_id)] == ["system", "human", "human"]


def test_a_channel_that_is_gone(conn: Connection) -> None:
    """An installation that no longer has Telegram cannot answer there."""
    samira, conversation_id = person(conn), queued(conn, "7", "telegram")
    DESK.take(conn, conversation_id, samira, NOW)
    with pytest.raises(Unreachable, match="Telegram") as refused:
        DESK.reply(conn, conversation_id, samira, "dag", LATER, "k")
    assert refused.value.code == "unsupported"


def test_the_terminal_can_always_be_answered(conn: Connection) -> None:
    """`loket chat` as WhatsApp reads its own replies."""
    samira, conversation_id = person(conn), queued(conn, "terminal:x", "whatsapp")
    late = NOW + timedelta(hours=24)
    DESK.take(conn, conversation_id, samira, late)
    DESK.reply(conn, conversation_id, samira, "dag", late, "k")
    assert len(said(conn, conversation_id)) == 2


def test_passing_on(conn: Connection) -> None:
    """The next team reads the note and finds it in its queue; the customer hears where it went."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    DESK.transfers.transfer(conn, conversation_id, samira, "bezorging", " Pakket kwijt ", LATER)
    assert owner(conn, conversation_id) == "queued"
    (waiting,) = handovers.waiting(conn, "bezorging")
    assert waiting.agent_id is None
    assert [note.text for note in notes.of(conn, conversation_id)] == ["Pakket kwijt"]
    assert said(conn, conversation_id)[-1] == (
        "system",
        Notice(
            "Uw vraag gaat naar een collega van Bezorging. U hoeft niets te herhalen. "
            "U bent als eerste aan de beurt. Wij weten niet hoe lang het duurt."
        ),
    )
    (timer,) = timers.due(conn, LATER + DESK.desk.accept)
    assert timer.kind == UNACCEPTED
    with pytest.raises(NotYours):
        DESK.reply(conn, conversation_id, samira, "dag", LATER, "k")


def test_passing_on_to_a_closed_team(conn: Connection) -> None:
    """The customer hears from when there is an answer."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    DESK.transfers.transfer(conn, conversation_id, samira, "energie", "", NOW)
    _, notice = said(conn, conversation_id)[-1]
    assert notice.text.endswith("U krijgt antwoord vanaf vandaag om 13.00 uur.")
    assert notes.of(conn, conversation_id) == ()


def test_passing_on_what_waits(conn: Connection) -> None:
    """It was put in the wrong queue: the customer, who has seen nobody, needs not hear of it."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.transfers.transfer(conn, conversation_id, samira, "bezorging", "", LATER)
    assert len(handovers.waiting(conn, "bezorging")) == 1
    assert said(conn, conversation_id) == []


@pytest.mark.parametrize(
    ("team", "note", "error", "message"),
    [
        ("verdwenen", "", Unknown, "Dit team bestaat niet"),
        ("algemeen", "", Unusable, "staat al bij Klantenservice"),
        ("bezorging", "x" * 4001, Unusable, "te lang"),
    ],
)
def test_passing_on_nowhere(
    conn: Connection, team: str, note: str, error: type[DeskError], message: str
) -> None:
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    before = snapshot(conn, conversation_id)
    with pytest.raises(error, match=message):
        DESK.transfers.transfer(conn, conversation_id, samira, team, note, LATER)
    assert snapshot(conn, conversation_id) == before


def test_giving_back(conn: Connection) -> None:
    """It stands in front again, and the customer is not left in silence."""
    samira, conversation_id = person(conn), queued(conn)
    queued(conn, "bert", now=LATER)
    DESK.take(conn, conversation_id, samira, NOW)
    DESK.transfers.release(conn, conversation_id, samira, LATER)
    assert handovers.waiting(conn)[0].conversation_id == conversation_id
    assert said(conn, conversation_id)[-1][1].text.startswith("Een collega neemt uw vraag over.")
    assert len(timers.due(conn, LATER + DESK.desk.accept)) == 1


def test_closing_confirms_in_writing(conn: Connection) -> None:
    """What it was about, what was agreed, by whom and when; then the person is rated."""
    samira, conversation_id = person(conn), queued(conn, topic="return_item")
    DESK.take(conn, conversation_id, samira, NOW)
    asked = callbacks.add(
        conn, CallbackRequest(conversation_id, "a", "", "Anna", "06", "nu", "?"), NOW
    )
    after = DESK.close(conn, conversation_id, samira, " U krijgt\n een label ", LATER)
    assert after.owner == owner(conn, conversation_id) == "closed"
    (_, summary), (_, rating) = said(conn, conversation_id)[-2:]
    assert isinstance(summary, Text)
    for fact in ("2 november", "Retour aanmelden", "U krijgt een label.", "Samira van Pakket"):
        assert fact in summary.text
    assert isinstance(rating, RatingRequest)
    assert rating.of == "human"
    closed = handovers.newest(conn, conversation_id)
    assert closed is not None
    assert (closed.outcome, closed.settled, closed.agent_id) == (
        "closed",
        "U krijgt een label",
        samira.id,
    )
    assert callbacks.get(conn, asked.id).done_by == samira.id


def test_closing_what_waits(conn: Connection) -> None:
    """Settled by telephone: no chat was needed. The timer rings no more."""
    samira, conversation_id = person(conn), queued(conn)
    timers.set_(conn, conversation_id, UNACCEPTED, NOW)
    DESK.close(conn, conversation_id, samira, "Gebeld", LATER)
    assert owner(conn, conversation_id) == "closed"
    assert "U sprak met Samira" in said(conn, conversation_id)[0][1].text
    assert timers.due(conn, LATER) == ()


@pytest.mark.parametrize(("settled", "message"), [(" ", "Schrijf kort op"), ("x" * 601, "te lang")])
def test_closing_needs_a_short_agreement(conn: Connection, settled: str, message: str) -> None:
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    with pytest.raises(Unusable, match=message):
        DESK.close(conn, conversation_id, samira, settled, LATER)
    assert owner(conn, conversation_id) == "human"


def test_closing_without_a_word(conn: Connection) -> None:
    """The customer reads nothing and gives no score; what came of it, and that, is on record."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    before = said(conn, conversation_id)
    with pytest.raises(Unusable, match="Kies een reden"):
        DESK.close(conn, conversation_id, samira, "", LATER, resolution="weg", told=False)
    DESK.close(conn, conversation_id, samira, "", LATER, resolution="no_question", told=False)
    assert said(conn, conversation_id) == before
    assert notes.of(conn, conversation_id) == ()
    closed = handovers.newest(conn, conversation_id)
    assert closed is not None
    assert (closed.outcome, closed.settled, closed.resolution) == ("closed", None, "no_question")
    (*_, act) = audit_log.of(conn, conversation_id)
    assert (act.act, act.detail) == ("closed", audit_log.UNTOLD)


def test_nothing_is_closed_unread(conn: Connection) -> None:
    """The customer added something just now; once seen, it can be closed."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    seen = customer(conn)
    newest = customer(conn, text="Nog iets")
    with pytest.raises(Unread, match="schreef net nog iets"):
        DESK.close(conn, conversation_id, samira, "Klaar", LATER, seen=seen)
    assert DESK.close(conn, conversation_id, samira, "Klaar", LATER, seen=newest)


def test_back_to_the_assistant(conn: Connection) -> None:
    """Announced, and the customer is told again that this is an AI; that is on record."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    after = DESK.to_bot(conn, conversation_id, samira, LATER)
    assert (after.owner, after.disclosed) == ("bot", True)
    kinds = [one.notice for _, one in said(conn, conversation_id) if isinstance(one, Notice)]
    assert kinds == ["to_human", "to_bot", "disclosure"]
    *_, (_, shown) = said(conn, conversation_id)
    assert isinstance(shown, Notice)
    kept = conn.execute(select(_d.text, _d.version, _d.at)).all()
    assert [tuple(row) for row in kept] == [(shown.text, shown.version, LATER)]
    newest = handovers.newest(conn, conversation_id)
    assert newest is not None
    assert newest.outcome == "to_bot"


def test_the_interrupted_task_is_offered(conn: Connection) -> None:
    """To whoever goes back to the assistant in the middle of one; a question is none."""
    samira = person(conn)
    for who, topic, options in (
        ("anna", "return_item", [Option("Retour aanmelden", "/return_item")]),
        ("bert", "sensitive_matter", None),
    ):
        conversation_id = queued(conn, who, topic=topic)
        DESK.take(conn, conversation_id, samira, NOW)
        DESK.to_bot(conn, conversation_id, samira, LATER)
        last = said(conn, conversation_id)[-1][1]
        assert (list(last.options) if isinstance(last, Choice) else None) == options


def test_place_and_time_are_told_again(conn: Connection) -> None:
    """However a conversation comes back into the queue, also when somebody stands before it."""
    samira = person(conn)
    queued(conn, "eerder", now=NOW - MINUTE)
    conversation_id = queued(conn)
    place = "Er wacht nog 1 klant voor u."
    DESK.take(conn, conversation_id, samira, NOW)
    DESK.transfers.release(conn, conversation_id, samira, LATER)
    assert place in said(conn, conversation_id)[-1][1].text
    DESK.take(conn, conversation_id, samira, LATER)
    late = LATER + 3 * DESK.desk.silent
    watch = SilentAgents(DESK.desk)
    watch.look(conn, LATER + DESK.desk.silent + MINUTE)
    watch.look(conn, late)
    assert owner(conn, conversation_id) == "queued"
    assert place in said(conn, conversation_id)[-1][1].text


def test_who_goes_on_elsewhere_is_followed(conn: Connection) -> None:
    """From the page of the old conversation, by who may read the new one, while it is open."""
    samira, bas = person(conn), person(conn, "Bas", "agent", "bezorging")
    old = queued(conn)
    DESK.take(conn, old, samira, NOW)
    new = conversations.open_(conn, "whatsapp", "31612345678", LATER).id
    reader = ConversationReader(DESK.desk)
    assert reader.went_on(conn, old, samira) is None
    linked_conversations.carry_handover(conn, old, new)
    conversations.continue_from(conn, new, old)
    conversations.change(conn, old, owner="closed")
    conversations.change(conn, new, owner="human")
    assert reader.went_on(conn, old, samira) == new
    assert reader.went_on(conn, old, bas) is None
    assert reader.went_on(conn, new, samira) is None
    DESK.close(conn, new, samira, "Klaar", LATER)
    assert reader.went_on(conn, old, samira) is None


def test_back_to_the_assistant_unheard(conn: Connection) -> None:
    """Who cannot be told now is told with the assistant's first words."""
    samira, conversation_id = person(conn), queued(conn, "31612345678", "whatsapp")
    late = NOW + timedelta(hours=30)
    DESK.take(conn, conversation_id, samira, late)
    assert not DESK.to_bot(conn, conversation_id, samira, late).disclosed
    assert said(conn, conversation_id) == []


@pytest.mark.parametrize("ending", ["close", "to_bot"])
def test_over_is_over(conn: Connection, ending: str) -> None:
    """Whatever is tried then, nothing changes, and the agent reads why."""
    samira, conversation_id = person(conn), queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    if ending == "close":
        DESK.close(conn, conversation_id, samira, "Klaar", NOW)
    else:
        DESK.to_bot(conn, conversation_id, samira, NOW)
    why = "al afgesloten" if ending == "close" else "terug bij de AI-assistent"
    before = snapshot(conn, conversation_id)
    for act in (
        lambda: DESK.take(conn, conversation_id, samira, LATER),
        lambda: DESK.reply(conn, conversation_id, samira, "dag", LATER, "k"),
        lambda: DESK.transfers.transfer(conn, conversation_id, samira, "bezorging", "x", LATER),
        lambda: DESK.transfers.release(conn, conversation_id, samira, LATER),
        lambda: DESK.close(conn, conversation_id, samira, "Klaar", LATER),
        lambda: DESK.to_bot(conn, conversation_id, samira, LATER),
    ):
        with pytest.raises(Over, match=why):
            act()
    assert snapshot(conn, conversation_id) == before
    assert DESK.note(conn, conversation_id, samira, "Belde later terug", LATER)


def test_what_somebody_else_has(conn: Connection) -> None:
    """A colleague can do nothing with it; a supervisor can pass it on, give it back or close it."""
    samira, tom = person(conn), person(conn, "Tom")
    boss = person(conn, "Karin", "supervisor")
    conversation_id = queued(conn)
    DESK.take(conn, conversation_id, samira, NOW)
    before = snapshot(conn, conversation_id)
    for act in (
        lambda: DESK.reply(conn, conversation_id, tom, "dag", LATER, "k"),
        lambda: DESK.reply(conn, conversation_id, boss, "dag", LATER, "k"),
        lambda: DESK.transfers.transfer(conn, conversation_id, tom, "bezorging", "x", LATER),
        lambda: DESK.transfers.release(conn, conversation_id, tom, LATER),
        lambda: DESK.close(conn, conversation_id, tom, "Klaar", LATER),
        lambda: DESK.to_bot(conn, conversation_id, tom, LATER),
    ):
        with pytest.raises(TakenByAnother, match="Samira"):
            act()
    assert snapshot(conn, conversation_id) == before
    DESK.transfers.release(conn, conversation_id, boss, LATER)
    DESK.take(conn, conversation_id, samira, LATER)
    DESK.transfers.transfer(conn, conversation_id, boss, "bezorging", "", LATER)
    DESK.take(conn, conversation_id, samira, LATER)
    DESK.close(conn, conversation_id, boss, "Klaar", LATER)
    assert "U sprak met Samira" in said(conn, conversation_id)[-2][1].text
    assert audit_log.of(conn, conversation_id)[-1].by == "Karin"


def test_another_team_s_conversation(conn: Connection) -> None:
    """Cannot be acted on, unless teams may read each other's."""
    tom = person(conn, "Tom", "agent", "bezorging")
    conversation_id = queued(conn)
    for act in (
        lambda: DESK.take(conn, conversation_id, tom, LATER),
        lambda: DESK.transfers.transfer(conn, conversation_id, tom, "bezorging", "", LATER),
        lambda: DESK.close(conn, conversation_id, tom, "Klaar", LATER),
        lambda: DESK.note(conn, conversation_id, tom, "hoi", LATER),
    ):
        with pytest.raises(Forbidden, match="team") as refused:
            act()
        assert refused.value.status == 403
    assert owner(conn, conversation_id) == "queued"
    open_desk = service(teams_private=False)
    open_desk.take(conn, conversation_id, tom, LATER)
    assert owner(conn, conversation_id) == "human"


def test_what_does_not_exist(conn: Connection) -> None:
    """And a conversation that never needed a person."""
    samira = person(conn)
    customer(conn, "bert")
    bots = conversations.open_(conn, "webchat", "bert", NOW).id
    with pytest.raises(Unknown) as refused:
        DESK.take(conn, "f" * 32, person(conn, "Karin", "supervisor"), NOW)
    assert refused.value.status == 404
    with pytest.raises(Forbidden, match="of het bestaat niet"):
        DESK.take(conn, "f" * 32, samira, NOW)
    with pytest.raises(Over, match="wacht niet"):
        DESK.take(conn, bots, samira, NOW)
    with pytest.raises(Unknown):
        DESK.call_backs.claim(conn, 1, samira, NOW)
    with pytest.raises(Unusable, match="notitie"):
        DESK.note(conn, bots, samira, " ", NOW)


def test_who_is_gone_loses_nobody(conn: Connection) -> None:
    """Back in front of the queue; who waits for an answer is told, who does not is left alone."""
    samira, tom = person(conn), person(conn, "Tom")
    waits, quiet, fine = (queued(conn, who) for who in ("anna", "bert", "carla"))
    for conversation_id, agent in ((waits, samira), (quiet, samira), (fine, tom)):
        DESK.take(conn, conversation_id, agent, NOW)
        DESK.reply(conn, conversation_id, agent, "Ik kijk even", NOW, "k")
    customer(conn, "anna", now=LATER)
    late = NOW + timedelta(minutes=16)
    assert DESK.transfers.release_lost(conn, NOW + timedelta(minutes=15)) == ()
    agents.seen(conn, tom.id, late)
    assert DESK.transfers.release_lost(conn, late) == (waits, quiet)
    assert DESK.transfers.release_lost(conn, late) == ()
    assert [owner(conn, each) for each in (waits, quiet, fine)] == ["queued", "queued", "human"]
    assert "Een collega neemt uw vraag over" in said(conn, waits)[-1][1].text
    assert said(conn, quiet)[-1][1] == Text("Ik kijk even")
    assert [(act.act, act.by) for act in audit_log.of(conn, waits)][-1] == ("lost", "Samira")
    with pytest.raises(NotYours):
        DESK.reply(conn, waits, samira, "Daar ben ik weer", late, "k2")
    DESK.take(conn, waits, samira, late)
    assert len(timers.due(conn, late + DESK.desk.accept)) == 1


def test_somebody_else_gets_what_an_agent_has(conn: Connection) -> None:
    """Without the queue; the customer hears who, and it stays on record who had it."""
    conversation_id, samira, joost = queued(conn), person(conn, "Samira"), person(conn, "Joost")
    with pytest.raises(Over):
        DESK.transfers.reassign(conn, conversation_id, joost, NOW)  # nobody has it yet
    DESK.take(conn, conversation_id, samira, NOW)
    after = DESK.transfers.reassign(conn, conversation_id, joost, LATER)
    assert (after.owner, owner(conn, conversation_id)) == ("human", "human")
    handover = handovers.find_open(conn, conversation_id)
    assert handover is not None
    assert (handover.agent_id, handover.taken_at) == (joost.id, LATER)
    assert [(act.act, act.by) for act in audit_log.of(conn, conversation_id)][1:] == [
        ("taken", "Samira"),
        ("released", "Samira"),
        ("taken", "Joost"),
    ]
    assert "Joost" in said(conn, conversation_id)[-1][1].text
    DESK.close(conn, conversation_id, joost, "Geregeld.", LATER)
    with pytest.raises(Over):
        DESK.transfers.reassign(conn, conversation_id, samira, LATER)
