"""Danger at the worker's depth: answered first, whatever the assistant does, or without one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.messages import Choice, HandOver, Notice, Text
from bot.records.handover_record import Handover
from bot.safety.kinds import KINDS, Kind, answer_to
from bot.store.conversation import conversations
from bot.store.handover import handovers
from bot.store.sql.database import Database
from tests.integration.test_worker_guards import Broken, Customer, said, turn

NUMBERS = itertools.count()
WORDS: dict[Kind, str] = {
    "self_harm": "ik wil niet meer leven",
    "child": "papa slaat mij",
    "gas": "ik ruik gas",
    "fire": "er is brand",
    "electricity": "ik kreeg een schok van de lamp",
    "battery": "mijn accu is gloeiend heet",
    "violence": "ik word bedreigd",
    "fraud": "is dit phishing",
}


class Knowing(Broken):
    """An assistant that sees danger in other words, and says what it always says."""

    def danger(self, text: str) -> Kind | None:  # type: ignore[override]
        """One in its own words."""
        return "gas" if "rare lucht" in text else None


class Failing(Broken):
    """An assistant whose net is broken."""

    def danger(self, text: str) -> None:
        """Fails."""
        raise RuntimeError


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for all customers."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('safety')}/loket.db")
    made.upgrade()
    yield made
    made.dispose()


def customer(database: Database, assistant: Broken | None) -> Customer:
    """A customer that nobody met before."""
    return Customer(database, assistant, f"safety{next(NUMBERS)}")


def open_one(database: Database, whose: Customer) -> Handover:
    """The open hand-over of a customer."""
    with database.read() as conn:
        found = handovers.find_open(conn, whose.conversation().id)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_model(database: Database, kind: Kind) -> None:
    """The answer, whole, and a person who is told why and takes it first."""
    who = customer(database, None)
    handled = who.send(WORDS[kind])
    texts = [each.text for each in said(handled) if isinstance(each, Text)]
    assert texts == [answer_to(kind)]
    waiting = open_one(database, who)
    assert (handled.owner, waiting.reason, waiting.urgent) == ("queued", "danger", True)


@pytest.mark.parametrize("kind", KINDS)
def test_an_assistant_that_overlooks_it(database: Database, kind: Kind) -> None:
    """The answer comes before what the assistant says; a person where the danger needs one."""
    who = customer(database, Broken([turn(Text("Wat is uw nummer?"))]))
    handled = who.send(WORDS[kind])
    told = [each for each in said(handled) if not isinstance(each, Notice)]
    assert told[0] == Text(answer_to(kind))
    assert handled.owner == ("queued" if kind in ("self_harm", "child", "violence") else "bot")


def test_an_assistant_that_says_it_says_it_once(database: Database) -> None:
    """With the way to a person that it offers."""
    whole = Choice(f"{answer_to('gas')} Wilt u iemand spreken?", ())
    who = customer(database, Broken([turn(whole)]))
    handled = who.send("ik ruik gas")
    assert [each for each in said(handled) if not isinstance(each, Notice)] == [whole]


def test_an_assistant_that_fails(database: Database) -> None:
    """What matters is said, not that something went wrong."""
    who = customer(database, Broken([RuntimeError("odd")]))
    texts = [each.text for each in said(who.send("er is brand")) if isinstance(each, Text)]
    assert texts == [answer_to("fire")]
    assert open_one(database, who).reason == "danger"


def test_what_the_model_sees_and_words_do_not(database: Database) -> None:
    """The model of the assistant is asked before its dialogue is."""
    who = customer(database, Knowing([turn(Text("Wat is uw nummer?"))]))
    told = [each for each in said(who.send("er hangt een rare lucht")) if isinstance(each, Text)]
    assert told[0].text == answer_to("gas")


def test_a_broken_net_leaves_the_words(database: Database) -> None:
    """More of them than where a model works."""
    who = customer(database, Failing([turn(Text("Wat is uw nummer?"))]))
    told = [each for each in said(who.send("hier smeult iets")) if isinstance(each, Text)]
    assert told[0].text == answer_to("fire")


def test_danger_is_no_loop(database: Database) -> None:
    """However often it is said: no offer, no hand-over for it."""
    who = customer(database, Broken([turn(Choice(answer_to("gas"), ()))]))
    for _ in range(8):
        handled = who.send("ik ruik gas")
        assert handled.owner == "bot"
        assert [each.text for each in said(handled) if not isinstance(each, Notice)] == [
            answer_to("gas")
        ]


def test_in_the_queue(database: Database) -> None:
    """The answer comes, and the hand-over goes before the others."""
    who = customer(database, Broken([turn(Text("Goed."), effects=[HandOver("asked")])]))
    who.send("vraag")
    assert not open_one(database, who).urgent
    handled = who.send("ik wil niet meer leven")
    assert said(handled) == [Text(answer_to("self_harm"))]
    waiting = open_one(database, who)
    assert (waiting.reason, waiting.urgent) == ("danger", True)


def test_an_agent_is_not_talked_over(database: Database) -> None:
    """The agent sees that it goes first; the customer hears the agent alone."""
    who = customer(database, Broken([turn(Text("Goed."), effects=[HandOver("asked")])]))
    who.send("vraag")
    with database.begin() as conn:
        talk = conversations.get(conn, who.conversation().id)
        conversations.save(conn, replace(talk, owner="human"))
    handled = who.send("ik wil niet meer leven")
    assert (handled.owner, handled.messages) == ("human", ())
    assert open_one(database, who).urgent


def test_the_escape_word_beside_danger(database: Database) -> None:
    """Both happen: the answer, then the person."""
    who = customer(database, Broken([turn(Text("Wat is uw nummer?"))]))
    handled = who.send("er is brand, geef me een medewerker")
    assert handled.owner == "queued"
    assert answer_to("fire") in [each.text for each in said(handled)]


def test_a_tapped_option_is_never_danger(database: Database) -> None:
    """Its words are ours."""
    who = customer(database, Broken([turn(Text("Goed."))]))
    handled = who.send("er is brand", "/inform")
    assert answer_to("fire") not in [each.text for each in said(handled)]


def test_no_words_of_the_customer_in_the_log(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """The kind and the conversation alone."""
    customer(database, None).send("ik ruik gas bij tante Sjaan")
    printed = capsys.readouterr()
    assert "Sjaan" not in printed.out + printed.err
