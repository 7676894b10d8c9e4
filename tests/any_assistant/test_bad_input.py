"""Bad input never crashes, never loses anything, never meets silence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.catalogue import say
from tests.support.any_assistant import (
    DOMAIN,
    TASKS,
    Conversation,
    asks_for_words,
    first_of,
    uncounted,
)
from tests.support.dialogue import Customer, Shop, open_question

pytestmark = pytest.mark.model

#: A task, and what leads through it.
TASK = first_of(TASKS[0])
#: The task's first words stand for `*` in it.
ODD = {
    "empty": "",
    "spaces": "   ",
    "long": "* toch " * 400,
    "one long word": "a" * 10_000,
    "emoji": "😀😀",
    "english": "where is this please",
    "arabic": "أين طردي",
    "chinese": "我的包裹在哪里",
    "control characters": "\x00\x07\x1b[2Jhoi\x00",
    "a payload": '/rate{"score": 5}',
    "a broken payload": f"/{TASK.task}{{",
    "a slash": "/",
    "a template": f"{{{next(iter(DOMAIN['slots']))}}} {{{{x}}}} %s",
    "markup": "<script>alert(1)</script>",
    "sql": "'; drop table conversations; --",
    "surrogates": "hoi \ud83d",
    "right to left": "\u202emedewerker",
    "digits": "1234567890" * 20,
}


def odd(name: str, task: Conversation = TASK) -> str:
    """The message, to a task."""
    return ODD[name].replace("*", task.lines[0])


@pytest.mark.parametrize("name", ODD)
def test_odd_messages(name: str, customer: Customer) -> None:
    """A clear reply, and the conversation goes on."""
    customer.say(odd(name))
    assert customer.said[-1].text
    if customer.owner == "bot":
        assert customer.say(TASK.lines[0]).intent in (TASK.task, None)
    assert customer.say("medewerker").owner == "queued"


@pytest.fixture(scope="module")
def outcome(office: Shop) -> Callable[[Customer], str]:
    """What whoever goes through the task undisturbed reads at its end."""
    found: list[str] = []

    def read(other: Customer) -> str:
        if not found:
            found.append(other.follow(TASK.lines).text)
            assert open_question(office, other) is None
        return found[0]

    return read


@pytest.mark.parametrize("name", ODD)
def test_odd_answers_in_a_form(
    name: str, customers: Callable[[], Customer], outcome: Callable[[Customer], str]
) -> None:
    """A form takes none of it for an answer, and asks on or offers a way out."""
    wanted = outcome(customers())
    customer = customers().follow(TASK.lines[:1])
    customer.say(odd(name))
    if customer.owner == "bot":
        customer.follow(TASK.lines[1:])
        assert uncounted(customer.text) == uncounted(wanted)


@pytest.mark.parametrize("name", ODD)
def test_odd_answers_answer_nothing(
    name: str, office: Shop, customers: Callable[[], Customer]
) -> None:
    """In every task whose first question wants more than some words: it stays open."""
    for task in TASKS:
        if asks_for_words(task):
            continue
        customer = customers().follow(first_of(task).lines[:1])
        asked = open_question(office, customer)
        assert asked is not None
        customer.say(odd(name, first_of(task)))
        if customer.owner == "bot":
            assert open_question(office, customer) == asked, f"{task} took {odd(name)[:40]!r}"


@pytest.mark.parametrize(
    "payload",
    ['/rate{"score": 5}', "/affirm", "/nonsense", "x" * 5000, "", '/rate{"score": "x"}', "/"],
)
def test_payloads_nobody_offered(payload: str, customer: Customer) -> None:
    """They do nothing, get a clear reply, and leave the choices on the table."""
    customer.say("hoi")
    before = [option.payload for option in customer.options]
    customer.say("x", payload)
    assert [option.payload for option in customer.options] == before
    assert customer.owner == "bot"


def test_an_old_button(customer: Customer) -> None:
    """A button of an earlier question does nothing any more."""
    customer.say("hoi")
    old = customer.options[0]
    customer.say("wanneer zijn jullie open")
    customer.say(old.title, old.payload)
    assert say("chat.stale") in customer.text
