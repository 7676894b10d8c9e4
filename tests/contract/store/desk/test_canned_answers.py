"""Canned answers: brought from the file once, changed by supervisors, every wording kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.engine import Connection

from bot.desk.conversations import canned_replies, canned_wording, placeholders
from bot.desk.conversations.canned_replies import CannedReply
from bot.desk.errors import Unknown, Unusable
from bot.store.desk import canned_answers
from bot.store.desk.canned_answers import Wording
from bot.store.handover import handovers
from bot.store.sql.database import Database
from tests.support.desk import NOW, ORGANISATION, person, queued

LATER = NOW + timedelta(hours=1)
LABEL = Wording("Retourlabel", "label", "Uw label komt per e-mail, {naam_klant}.")
FILE = (
    CannedReply("answer", LABEL),
    CannedReply("closing", Wording("Retourlabel", None, "Opgelost.")),
)


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.begin() as connection:
        yield connection


def texts(conn: Connection) -> list[str]:
    return [each.now.text for each in canned_answers.all_(conn, used=True)]


def test_the_file_counts_once(conn: Connection) -> None:
    """A start brings what is new there; what a supervisor changed or took away stays so."""
    els = person(conn, "Els", "supervisor")
    assert canned_replies.bring(conn, FILE, NOW) == 2
    label, done = canned_answers.all_(conn)
    assert (label.now, label.kind, done.kind) == (LABEL, "answer", "closing")
    canned_wording.change(conn, label.id, Wording("Label", None, "Anders."), els, LATER)
    canned_wording.retire(conn, done.id, LATER)
    more = (*FILE, CannedReply("answer", Wording("Dag", None, "Dag.")))
    assert canned_replies.bring(conn, more, LATER) == 1
    assert texts(conn) == ["Anders.", "Dag."]


def test_every_wording_is_kept(conn: Connection) -> None:
    """With who and when; an earlier one comes back as a version of its own."""
    els = person(conn, "Els", "supervisor")
    canned_replies.bring(conn, FILE[:1], NOW)
    (label,) = canned_answers.all_(conn)
    other = Wording("Retourlabel", "label", "Anders.", ("bezorging",))
    canned_wording.change(conn, label.id, other, els, LATER)
    canned_wording.change(conn, label.id, other, els, LATER)
    now, before = canned_answers.versions(conn, label.id)
    assert (now.said, now.by, now.at) == (other, "Els", LATER)
    assert (before.said, before.by, before.at) == (LABEL, "", NOW)
    canned_wording.bring_back(conn, label.id, before.id, els, LATER)
    assert canned_answers.get(conn, label.id).now == LABEL
    assert len(canned_answers.versions(conn, label.id)) == 3
    with pytest.raises(Unknown):
        canned_wording.bring_back(conn, label.id, 999, els, LATER)


def test_a_word_brings_up_one(conn: Connection) -> None:
    """Among those in use, of a kind; a retired one gives its word free."""
    els = person(conn, "Els", "supervisor")
    first = canned_wording.add(conn, "answer", LABEL, els, NOW)
    again = Wording("Nog een", "label", "Iets.")
    with pytest.raises(Unusable, match="/label hoort al bij ‘Retourlabel’"):
        canned_wording.add(conn, "answer", again, els, NOW)
    canned_wording.add(conn, "closing", again, els, NOW)
    canned_wording.change(conn, first, Wording("Label", "label", "Kort."), els, NOW)
    canned_wording.retire(conn, first, NOW)
    canned_wording.add(conn, "answer", again, els, NOW)
    with pytest.raises(Unusable, match="hoort al bij ‘Nog een’"):
        canned_wording.restore(conn, first)


@pytest.mark.parametrize(
    ("title", "word", "text", "told"),
    [
        ("", "a", "Tekst.", "titel"),
        ("T", "Niet goed!", "Tekst.", "sneltekst"),
        ("T", "", "  ", "Typ eerst een tekst"),
        ("T", "", "x" * 4001, "1 tekens te lang"),
        ("T", "", "Uw {klant_nr}.", "{klant_nr}"),
    ],
)
def test_what_cannot_be_kept(title: str, word: str, text: str, told: str) -> None:
    """The sentence says what to mend."""
    with pytest.raises(Unusable, match=told.replace("{", r"\{")):
        canned_wording.wording(title, word, text, (), "answer", ORGANISATION)


def test_a_word_may_have_its_slash() -> None:
    """And lines keep their breaks, whatever a browser sends between them."""
    said = canned_wording.wording(" Dag ", "/Dag", "een\r\n\r\ntwee ", (), "answer", ORGANISATION)
    assert said == Wording("Dag", "dag", "een\n\ntwee")


def test_what_is_filled_in(conn: Connection) -> None:
    """What the hand-over knows; the rest stays for the agent, and no customer gets it."""
    samira = person(conn)
    talk = queued(conn, team="bezorging")
    handovers.set_summary(
        conn,
        handovers.waiting(conn)[0].id,
        {"data": {"Nieuw adres": "Dam 1"}, "proved": ["PP-1"], "unproved": []},
    )
    handover = handovers.find_open(conn, talk)
    assert handover
    found = placeholders.values(ORGANISATION, handover, samira.name, "", NOW)
    text = "{naam_klant}, {naam_medewerker} van {team}: {nummer} naar {nieuw_adres} {onbekend}"
    filled = placeholders.fill(text, found)
    assert filled == "{naam_klant}, Samira van Bezorging: PP-1 naar Dam 1 {onbekend}"
    with pytest.raises(Unusable, match=r"Vul eerst \{naam_klant\} in"):
        placeholders.check_filled(filled, ORGANISATION)
    placeholders.check_filled("Dag {onbekend}", ORGANISATION)
    assert "9.00" in placeholders.fill("{openingstijden}", found)
