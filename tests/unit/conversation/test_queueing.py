"""What who waits is told: never the same twice in a row, nothing within a burst."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.catalogue import say
from bot.conversation import built_in_messages, queueing
from bot.conversation.queueing import Expectation, Offer
from bot.messages import Choice, Outbound

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WAITS = Expectation("U bent als eerste aan de beurt. Wij weten niet hoe lang het duurt.", open=True)
SHUT = Expectation("Er is nu geen medewerker.", open=False, next_opening="morgen om 9.00 uur")


def test_every_acknowledgement_differs_from_the_last() -> None:
    """However many messages come; and each can be left by a tap."""
    said: list[tuple[datetime, Outbound]] = [(NOON, queueing.handed_over(WAITS, Offer()))]
    for number in range(1, 8):
        at = NOON + number * timedelta(minutes=1)
        noted = queueing.acknowledgement(said, at, WAITS, Offer())
        assert noted is not None
        assert noted.text != said[-1][1].text
        assert built_in_messages.back_to_bot() in noted.options
        said.append((at, noted))


def test_a_burst_is_acknowledged_once() -> None:
    """Also when the next message came in before the answer went out."""
    said = [(NOON, queueing.acknowledgement([], NOON, WAITS, Offer()))]
    for seconds in (-1, 0, 19):
        at = NOON + timedelta(seconds=seconds)
        assert queueing.acknowledgement(said, at, WAITS, Offer()) is None  # type: ignore[arg-type]
    assert queueing.acknowledgement(said, NOON + queueing.BURST, WAITS, Offer()) is not None  # type: ignore[arg-type]


def test_the_hand_over_names_what_matters() -> None:
    """Closed: the form; the announcement says when it opens. Unknown subject: which one."""
    topics = {f"topic_{n}": f"Onderwerp {n}" for n in range(20)}
    said = queueing.handed_over(SHUT, Offer(topics))
    for part in (queueing.call_back_offer(), say("queue.which_topic")):
        assert part in said.text
    assert SHUT.text not in said.text
    assert SHUT.promise.startswith(SHUT.text)
    assert len(said.options) == 10
    assert queueing.call_back_offer() not in queueing.handed_over(WAITS, Offer()).text


def test_titles_fit_where_they_are_tapped() -> None:
    """A button of WhatsApp has 20 characters, a row of its list 24."""
    said = queueing.still_waiting(WAITS, Offer())
    assert isinstance(said, Choice)
    assert all(len(option.title) <= 20 for option in said.options)


@pytest.mark.parametrize(
    ("text", "bot", "wait"),
    [
        ("hoe lang duurt het nog?", False, True),
        ("ben ik al aan de beurt", False, True),
        ("hallo?", False, True),
        ("toch liever de chatbot", True, False),
        ("terug naar de AI-assistent", True, False),
        ("naar ai assistent", True, False),
        ("laat maar, ga terug naar de bot", True, False),
        ("terug", True, False),
        ("toch de computer", True, False),
        ("nee zet mij maar terug", True, False),
        ("ik wil niet terug naar de bot", False, False),
        ("bel me terug", False, False),
        ("stuur mijn geld terug", False, False),
        ("kan het terug", False, False),
        ("geef terug", False, False),
        ("ik wil het terug", False, False),
        ("praat ik met een bot", False, False),
        ("robot", False, False),
        ("mijn retour is kapot", False, False),
        ("ik wil geen robot", False, False),
        ("de assistent snapte het niet", False, False),
    ],
)
def test_what_is_asked_while_waiting(text: str, bot: bool, wait: bool) -> None:
    """In the customer's own words."""
    assert (queueing.asks_for_bot(text), queueing.asks_how_long(text)) == (bot, wait)
