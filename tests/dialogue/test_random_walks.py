"""Whatever a customer does: a reply that leads somewhere, and a person in reach."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import Choice, Notice, RatingRequest
from bot.worker.handler import Handled
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model

PHRASES = """
hoi | waar is mijn pakket | ik wil iets terugsturen | andere bezorgdag graag | stop | terug | nee
| ja | PP-100234 | PP-100871 | PP-100456 | 1234 AB | 3511LX | 9712 hm | 9999 ZZ | morgen |
volgende week dinsdag | 31-2 | gisteren | 48000 | 12 | hoog 4000 laag 3000 | kapot | abonnement
opzeggen | pauze | factuur | ik kan niet inloggen | bedankt | doei | 5 | 1 | wat kun je | ben je
een mens | openingstijden | klacht | ik heb schulden | asdkjhasd | wat is het weer | 😀 | nee ik
bedoel PP-100871 | weet ik niet | annuleer | help | mijn gesprek opslaan | meterstand doorgeven |
meterstand 51000 | iets anders
"""
TEXTS = [phrase.strip() for phrase in PHRASES.replace("\n", " ").split("|")]

#: A step: words to type, or the number of an option to tap (when there are that many).
STEP = st.one_of(st.sampled_from(TEXTS), st.integers(0, 5), st.text(max_size=40))


def leads_somewhere(handled: Handled) -> bool:
    """Whether the last words are a question, a choice, a way on, or a person."""
    last = handled.messages[-1].message
    if isinstance(last, Choice | RatingRequest):
        return True
    if isinstance(last, Notice):
        return last.notice == "to_human"
    words = last.text.lower()
    return any(way in words for way in ("?", "typ", "kies", "vraag", "geef", "schrijf", "noem"))


def walk(customer: Customer, steps: list[str | int]) -> None:
    """Takes the steps; leaves the queue whenever it gets there."""
    for step in steps:
        if isinstance(step, int) and customer.last and step < len(customer.options):
            option = customer.options[step]
            handled = customer.say(option.title, option.payload)
        else:
            handled = customer.say(str(step))
        assert handled.owner in ("bot", "queued")
        assert leads_somewhere(handled), f"a dead end after {step!r}: {customer.text}"
        assert all(sent.message.text for sent in handled.messages)
        if handled.owner == "queued":
            customer.tap("Naar AI-assistent")


WALKS = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(WALKS, max_examples=25)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_no_silence_no_dead_end(shop: Shop, steps: list[str | int]) -> None:
    """A short form of the walk below."""
    customer = shop.customer()
    walk(customer, steps)
    assert customer.say("medewerker").owner == "queued"


@pytest.mark.slow
@pytest.mark.timeout(1200)  # a few thousand turns; a slow machine takes minutes for them
@settings(WALKS, max_examples=300)
@given(steps=st.lists(STEP, min_size=1, max_size=30))
def test_no_silence_no_dead_end_at_length(shop: Shop, steps: list[str | int]) -> None:
    """Random conversations: no turn without a reply, no dead end, and "medewerker" always works."""
    customer = shop.customer()
    walk(customer, steps)
    assert customer.say("medewerker").owner == "queued"
