"""Whatever a customer does: a reply that leads somewhere, and a person in reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import built_in_messages
from bot.messages import Choice, Notice, RatingRequest
from bot.worker.handler import Handled
from tests.support.any_assistant import CONVERSATIONS, TOPICS, WORDS, examples_of
from tests.support.dialogue import Customer

pytestmark = pytest.mark.model

#: What customers say to any assistant.
PHRASES = """
hoi | stop | terug | nee | ja | 1234 AB | 9999 ZZ | morgen | volgende week dinsdag | 31-2 | gisteren
| 12 | bedankt | doei | 5 | 1 | wat kun je | ben je een mens | openingstijden | ik heb schulden |
asdkjhasd | wat is het weer | 😀 | weet ik niet | annuleer | help | mijn gesprek opslaan |
iets anders | verder op een ander kanaal
"""
GENERAL = [phrase.strip() for phrase in PHRASES.replace("\n", " ").split("|")]
#: What they say to this one: the words of its tasks, each topic, and what answers its questions.
OWN = [
    *WORDS,
    *(line for each in CONVERSATIONS for line in each.lines if not line.startswith("[")),
    *(example for topic in TOPICS for example in examples_of(topic)[:2]),
]
#: The way deep into a task, in one step.
OPENINGS = [each.lines[:count] for each in CONVERSATIONS for count in range(1, len(each.lines))]

#: A step: words to type, the number of an option to tap (when there are that many), or a way in.
Step = str | int | tuple[str, ...]
STEP: st.SearchStrategy[Step] = st.one_of(
    st.sampled_from(GENERAL),
    st.sampled_from(OWN),
    st.sampled_from(OPENINGS),
    st.integers(0, 5),
    st.text(max_size=40),
)


def leads_somewhere(handled: Handled) -> bool:
    """Whether the last words are a question, a choice, a way on, or a person."""
    last = handled.messages[-1].message
    if isinstance(last, Choice | RatingRequest):
        return True
    if isinstance(last, Notice):
        return last.notice == "to_human"
    words = last.text.lower()
    return any(way in words for way in ("?", "typ", "kies", "vraag", "geef", "schrijf", "noem"))


def say(customer: Customer, step: str | int) -> None:
    """Says it, and leaves the queue when that leads there."""
    if isinstance(step, int) and customer.last and step < len(customer.options):
        option = customer.options[step]
        handled = customer.say(option.title, option.payload)
    else:
        handled = customer.say(str(step))
    assert handled.owner in ("bot", "queued")
    assert leads_somewhere(handled), f"a dead end after {step!r}: {customer.text}"
    assert all(sent.message.text for sent in handled.messages)
    if handled.owner == "queued":
        customer.tap(built_in_messages.back_to_bot().title)


def walk(customer: Customer, steps: Sequence[Step]) -> None:
    """Takes the steps."""
    for step in steps:
        if not isinstance(step, tuple):
            say(customer, step)
            continue
        for line in step:
            say(customer, int(line[1:-1]) - 1 if line.startswith("[") else line)


@pytest.fixture(autouse=True)
def _own_backends(anew: Callable[[], Path]) -> None:
    """What these customers order or return is gone for nobody else."""
    anew()


WALKS = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(WALKS, max_examples=25)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_no_silence_no_dead_end(customers: Callable[[], Customer], steps: list[Step]) -> None:
    """A short form of the walk below."""
    customer = customers()
    walk(customer, steps)
    assert customer.say("medewerker").owner == "queued"


@pytest.mark.slow
@pytest.mark.timeout(1200)  # a few thousand turns; a slow machine takes minutes for them
@settings(WALKS, max_examples=300)
@given(steps=st.lists(STEP, min_size=1, max_size=30))
def test_no_silence_no_dead_end_at_length(
    customers: Callable[[], Customer], steps: list[Step]
) -> None:
    """Random conversations: no turn without a reply, no dead end, and "medewerker" always works."""
    customer = customers()
    walk(customer, steps)
    assert customer.say("medewerker").owner == "queued"
