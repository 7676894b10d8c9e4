"""The four safeguards in whole conversations, with whatever assistant is trained."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.messages import Notice, RatingRequest, options_of
from bot.store.conversation import conversations, disclosures, ratings
from tests.support.any_assistant import TASKS
from tests.support.dialogue import Customer, Shop, open_question, waiting_of

pytestmark = pytest.mark.model

#: Ways into the states in which a customer may want out; `/` begins a topic that is chosen.
STATES: dict[str, list[str]] = {
    "first message": [],
    "after a greeting": ["hoi"],
    **{f"in {task}": [f"/{task}"] for task in TASKS},
    "after refused answers": [f"/{TASKS[0]}", "weet ik niet", "12"],
    "not understood": ["qwlkej asdlkj"],
    "in a loop": ["qwlkej asdlkj", "zxcmn poiu"],
    "asked for a score": ["hoi", "doei"],
    "after a low score": ["hoi", "doei", "1"],
}
#: No answer to any question that has a form of answers, each different.
NONSENSE = [
    f"{first} {second}".strip()
    for second in ("", "poiu", "lkjh", "asdl")
    for first in ("qwlkej", "zxcmn", "mnbv", "qwlk", "zxcm", "mnbvx")
]
WAYS = [
    "medewerker",
    "medewerkr",
    "MEDEWERKER!!",
    "mag ik een medewerker aub",
    "ik wil geen robot",
    "kan ik iemand spreken",
    "human",
]


def tell(customer: Customer, text: str) -> None:
    """Says it; what begins with `/` is a topic, chosen from the list of them."""
    if text.startswith("/"):
        customer.say("wat kun je")
        option = next(each for each in customer.options if each.payload == text)
        customer.say(option.title, option.payload)
    else:
        customer.say(text)


@pytest.mark.parametrize("state", STATES)
def test_the_escape_word_works_in_every_state(
    state: str, office: Shop, customers: Callable[[], Customer]
) -> None:
    """In one turn, from anywhere, announced, with a summary, and with the form ended."""
    for way in WAYS:
        customer = customers()
        for text in STATES[state]:
            tell(customer, text)
            assert customer.owner == "bot", f"{text!r} already handed over"
        customer.say(way)
        assert customer.owner == "queued", f"{way!r} did not hand over"
        assert any(isinstance(m, Notice) and m.notice == "to_human" for m in customer.said)
        assert waiting_of(office, customer).summary["last"]


@pytest.mark.parametrize("way", WAYS)
def test_the_escape_word_works_without_a_model(way: str, office: Shop) -> None:
    """With no model at all."""
    customer = office.customer(assistant=False)
    assert customer.say(way).owner == "queued"
    assert waiting_of(office, customer).reason == "asked"


def test_back_to_the_bot(customer: Customer) -> None:
    """Who leaves the queue is told, gets the disclosure again, and can go on."""
    customer.say("medewerker")
    customer.say("hallo?")
    customer.tap("Naar de AI-assistent")
    assert customer.owner == "bot"
    assert [m.notice for m in customer.said if isinstance(m, Notice)] == ["disclosure", "to_bot"]
    assert customer.say("wat kun je").intent == "capabilities"


def test_not_understood_twice_offers_a_person_and_then_fetches_one(
    office: Shop, customer: Customer
) -> None:
    """First a question, then a way out with a person first, then a person unasked."""
    customer.say("qwlkej asdlkj")
    assert customer.owner == "bot"
    customer.say("zxcmn poiu qqq")
    assert customer.owner == "bot"
    assert customer.options[0].payload == "/medewerker"
    assert len(customer.options) > 1
    customer.say("mnbv lkjh")
    assert customer.owner == "queued"
    assert waiting_of(office, customer).reason == "not_understood"


@pytest.mark.parametrize("task", TASKS)
def test_an_answer_refused_three_times(task: str, office: Shop, customer: Customer) -> None:
    """The third refusal brings a way out with a person first; the second round a person.

    Where any words are an answer the form asks on, until a question refuses them or none is left.
    """
    tell(customer, f"/{task}")
    asked, refusals = open_question(office, customer), list[str]()
    for text in NONSENSE:
        if customer.say(text).owner == "queued":
            looped = waiting_of(office, customer).reason == "loop"
            # Else the last words were an answer as well: a person who has read them.
            assert looped == (len(refusals) >= 3)
            assert waiting_of(office, customer).reason != "not_understood"
            return
        before, asked = asked, open_question(office, customer)
        if asked is None:
            return
        refusals = [*refusals, customer.said[0].text] if asked == before else []
        if len(refusals) == 3:
            assert len(set(refusals)) > 1, "the same refusal three times"
            offered = next(options_of(each) for each in reversed(customer.said) if options_of(each))
            assert offered[0].payload == "/medewerker"
        assert len(refusals) < 6, f"held at {asked}"
    pytest.fail("neither refused nor done")


def test_the_same_question_in_other_words(customer: Customer) -> None:
    """Asking the same twice brings another way out with a person first; thrice a person."""
    customer.say("wat zijn jullie openingstijden")
    customer.say("wat zijn de openingstijden?")
    assert options_of(customer.said[-1])[0].payload == "/medewerker"
    customer.say("openingstijden graag")
    assert customer.owner == "queued"


def test_disclosure_first_once_a_session(office: Shop, customer: Customer) -> None:
    """It comes before the first answer, and is on record word for word."""
    customer.say("hoe laat zijn jullie open")
    first = customer.said[0]
    assert isinstance(first, Notice)
    assert first.notice == "disclosure"
    assert "medewerker" in first.text
    customer.say("wat kun je")
    assert not any(isinstance(message, Notice) for message in customer.said)
    with office.database.read() as conn:
        conversation = conversations.find(conn, "webchat", customer.terminal.address)
        assert conversation is not None
        (kept,) = disclosures.of(conn, conversation.id)
    assert (kept.text, kept.version) == (first.text, first.version)


@pytest.mark.parametrize("question", ["ben je een mens?", "praat ik met een robot", "bent u echt"])
def test_the_truth_about_itself(question: str, customer: Customer) -> None:
    """It says that it is an AI, and how to reach a person."""
    assert customer.say(question).intent == "bot_challenge"
    assert "AI" in customer.said[-1].text + customer.said[1].text
    assert customer.owner == "bot"


def test_rating_by_digit_changed_once(office: Shop, customer: Customer) -> None:
    """A digit is the score; it can be changed once; then it stays."""
    customer.say("hoi")
    customer.say("doei")
    assert any(isinstance(message, RatingRequest) for message in customer.said)
    customer.say("4")
    change = next(option for option in customer.options if option.payload.startswith("/rate"))
    customer.say(change.title, change.payload)
    customer.say("3")
    assert score(office, customer) == (3, 1)
    assert change.title not in [option.title for option in customer.options]
    customer.say("doei")
    assert not any(isinstance(message, RatingRequest) for message in customer.said)
    customer.say("5")
    assert score(office, customer) == (3, 1)


def score(office: Shop, customer: Customer) -> tuple[int, int]:
    """The score on record, and how often it was changed."""
    with office.database.read() as conn:
        conversation = conversations.find(conn, "webchat", customer.terminal.address)
        assert conversation is not None
        given = ratings.given(conn, conversation.id, conversation.session, "bot")
    assert given is not None
    return given.score, given.changes


def test_a_low_score_offers_a_person(office: Shop, customer: Customer) -> None:
    """A 1 or 2 offers a person, who sees that the score was low."""
    customer.say("hoi")
    customer.say("doei")
    customer.say("1")
    assert customer.options[0].payload == "/medewerker"
    customer.say(customer.options[0].title, customer.options[0].payload)
    assert customer.owner == "queued"
    assert waiting_of(office, customer).reason == "low_rating"


def test_a_sensitive_matter_is_for_a_person(customer: Customer) -> None:
    """Death, debts, illness, fraud: a person is the first option, or has it already."""
    customer.say("mijn moeder is overleden")
    assert customer.owner == "queued" or customer.options[0].payload == "/medewerker"
