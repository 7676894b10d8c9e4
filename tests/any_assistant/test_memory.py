"""Interrupted for hours or weeks, by a person, or by a model with other content: it goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.conversation import built_in_messages, channel_switch_code
from bot.messages import Notice
from bot.store.handover import handovers
from bot.store.sql import tables
from bot.topics import declared
from bot.transcripts.transcript_links import TranscriptLinks
from bot.worker.channel_switch import ChannelSwitch
from bot.worker.handler import Handler
from bot.worker.process import load_config, now
from channels.whatsapp import WhatsApp
from tests.support.any_assistant import (
    RESPONSES,
    ROOT,
    TASKS,
    TOPICS,
    Conversation,
    first_of,
)
from tests.support.configured_channels import PROFILES
from tests.support.dialogue import Customer, Shop, conversation_of, open_question

pytestmark = pytest.mark.model

WHATSAPP = WhatsApp(
    token="t",
    phone_number_id="1",
    app_secret="s",
    verify_token="v",
    graph_url="https://graph.example/v1",
    number="+31 88 000 00 00",
)
#: Conversations that can be left half-way: a question is answered, and another one open.
LEFT = [each for each in map(first_of, TASKS) if len(each.answers) > 1]


def _longest(*, proved: bool) -> list[Conversation]:
    topics = declared.load(ROOT)
    kind = [each for each in LEFT if (topics.of(each.task).proof is not None) == proved]
    return sorted(kind, key=lambda each: len(each.answers))[-1:]


#: The longest of each kind, with a proof of who is asking and without, where all go alike.
KINDS = [*_longest(proved=True), *_longest(proved=False)]


def pass_time(office: Shop, customer: Customer, time: timedelta) -> None:
    """Makes all that was said so much older."""
    e, mine = tables.events.c, conversation_of(office, customer).id
    with office.database.begin() as conn:
        for row in conn.execute(select(e.id, e.data).where(e.conversation_id == mine)).all():
            data = {**row.data, "timestamp": row.data["timestamp"] - time.total_seconds()}
            conn.execute(update(tables.events).where(e.id == row.id).values(data=data))
        # As when another process wrote: what is kept of the last turn does not hold any more.
        t = tables.trackers.c
        head = conn.execute(select(t.head).where(t.conversation_id == mine)).scalar_one()
        changed = update(tables.trackers).where(t.conversation_id == mine)
        conn.execute(changed.values(head={**head, "mark": ""}))


@dataclass(slots=True)
class HalfWay:
    """A customer who left a task before its last answer, and what the others were told then.

    Attributes:
        customer: who left.
        office: whom the customer left.
        open: the slot that is asked for.
        question: the words in which it was asked.
        proof: the line that proved who is asking, when one did.
        answer: the line that answers the open question.
        then: what whoever was not interrupted reads after that answer.
        next: what whoever was not interrupted is asked then.
    """

    customer: Customer
    office: Shop
    open: str
    question: str
    proof: str | None
    answer: str
    then: str
    next: str | None

    @property
    def asked(self) -> str | None:
        """The slot that is asked for now."""
        return open_question(self.office, self.customer)

    def go_on(self) -> None:
        """Who is asking is checked anew; all else is remembered, to the end of the task."""
        if self.proof is not None:
            assert self.asked != self.open
            self.customer.follow([self.proof])
        assert self.asked == self.open
        self.customer.follow([self.answer])
        assert self.customer.said[-1].text == self.then
        assert self.asked == self.next


Leave = Callable[..., HalfWay]


@pytest.fixture
def leave(office: Shop, customers: Callable[[], Customer]) -> Leave:
    """Has a customer leave a task half-way, so long ago."""

    def begin(conversation: Conversation, ago: timedelta = timedelta()) -> HalfWay:
        before = conversation.lines[: len(conversation.answers)]
        answer = conversation.answers[-1]
        proof, proved = declared.load(ROOT).of(conversation.task).proof, None
        customer = customers()
        for line in before:
            if proof and customer.last and open_question(office, customer) == proof.answer:
                proved = line
            customer.follow([line])
        asked, question = open_question(office, customer), customer.said[-1].text
        assert asked is not None
        other = customers().follow([*before, answer])
        if ago:
            pass_time(office, customer, ago)
        then, following = other.said[-1].text, open_question(office, other)
        return HalfWay(customer, office, asked, question, proved, answer, then, following)

    return begin


def figures(text: str) -> set[str]:
    """The numbers, dates and hours in a text."""
    return set(re.findall(r"[\w.-]*\d[\w-]*", text))


def title_of(task: str) -> str:
    """The task's name as it stands within a sentence."""
    title = declared.load(ROOT).of(task).title or TOPICS[task]["title"]
    return title[:1].lower() + title[1:]


def resume(conversation: Conversation) -> str:
    """The question whether to go on with a task."""
    text: str = RESPONSES["utter_resume"][0]["text"]
    return text.format(task=title_of(conversation.task))


#: What can be tapped there.
YES, NO = (button["title"] for button in RESPONSES["utter_resume"][0]["buttons"])
LEAVING: str = RESPONSES["utter_cancelled"][0]["text"]


@pytest.mark.parametrize(
    ("conversation", "text"),
    [
        *((each, "hallo") for each in LEFT),
        *((each, text) for each in KINDS for text in ("asdf qwer", each.lines[0])),
    ],
    ids=str,
)
def test_asked_to_go_on(conversation: Conversation, text: str, leave: Leave) -> None:
    """Days later, one tap; who is asking is checked anew, the rest is remembered."""
    left = leave(conversation, timedelta(days=3))
    customer = left.customer
    customer.say(text)
    assert resume(conversation) in customer.text
    assert [option.title for option in customer.options] == [YES, NO]
    customer.tap(YES)
    left.go_on()


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_no_something_else(conversation: Conversation, leave: Leave) -> None:
    """Also in words; nothing of it comes back."""
    left = leave(conversation, timedelta(days=1))
    customer = left.customer
    customer.say("goedemorgen")
    customer.say("nee")
    assert LEAVING in customer.text
    assert left.asked is None
    other = first_of(TASKS[0])
    assert customer.say(other.lines[0]).intent == other.task
    assert left.asked is not None
    assert resume(conversation) not in customer.text


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_a_question_in_between_comes_first(conversation: Conversation, leave: Leave) -> None:
    """It is answered; then the customer is asked to go on, also after a second question."""
    left = leave(conversation, timedelta(hours=9))
    customer = left.customer
    for question in ("hoe laat gaan jullie morgen open", "en zijn jullie ook zondag open"):
        customer.say(question)
        assert "open" in customer.said[-2].text or "gesloten" in customer.said[-2].text
        assert resume(conversation) == customer.said[-1].text
    customer.say("ja graag")
    left.go_on()


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_the_answer_itself_goes_on(conversation: Conversation, leave: Leave) -> None:
    """Who simply answers is not asked; who that is, is."""
    left = leave(conversation, timedelta(hours=5))
    customer = left.customer.follow([left.answer])
    assert resume(conversation) not in customer.text
    if left.proof is not None:
        assert left.asked not in (left.open, left.next)
        customer.follow([left.proof])
    assert customer.said[-1].text == left.then
    assert left.asked == left.next


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_within_the_hour_nothing_is_asked(conversation: Conversation, leave: Leave) -> None:
    """A short pause is no interruption."""
    left = leave(conversation, timedelta(minutes=50))
    left.customer.say("hallo")
    assert resume(conversation) not in left.customer.text
    assert left.question in left.customer.text
    assert left.asked == left.open


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_forgotten_in_time(conversation: Conversation, leave: Leave, customer: Customer) -> None:
    """After the set time nothing is left: no form, and none of what was told."""
    left = leave(conversation, timedelta(days=31))
    left.customer.say("hallo")
    assert resume(conversation) not in left.customer.text
    assert left.asked is None
    left.customer.follow(conversation.lines[:1])
    assert left.customer.said[-1].text == customer.follow(conversation.lines[:1]).said[-1].text
    assert left.asked == open_question(left.office, customer)


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_the_escape_word_comes_first(conversation: Conversation, leave: Leave) -> None:
    """Instead of an answer to that question too."""
    customer = leave(conversation, timedelta(days=2)).customer
    customer.say("hallo")
    assert resume(conversation) in customer.text
    assert customer.say("medewerker").owner == "queued"


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_back_from_the_queue_in_the_middle_of_a_form(
    conversation: Conversation, leave: Leave
) -> None:
    """The form that the hand-over interrupted is taken up with one tap, nothing asked twice."""
    left = leave(conversation)
    customer = left.customer.follow(["medewerker"])
    customer.tap(built_in_messages.back_to_bot().title)
    assert [m.notice for m in customer.said if isinstance(m, Notice)] == ["disclosure", "to_bot"]
    assert resume(conversation) in customer.text
    customer.tap(YES)
    left.proof = None  # who is asking is known
    left.go_on()


def test_back_from_the_queue_with_a_topic(office: Shop, customer: Customer) -> None:
    """Without a form the assistant still knows what it was about, and who is asking."""
    conversation = first_of(TASKS[0])
    proof, known = declared.load(ROOT).of(conversation.task).proof, ""
    for line in conversation.lines:
        answers = proof and customer.last and open_question(office, customer) == proof.answer
        customer.follow([line])
        known = customer.said[0].text if answers else known
    assert open_question(office, customer) is None
    customer.say("medewerker")
    customer.tap(built_in_messages.back_to_bot().title)
    assert title_of(conversation.task) in customer.text
    assert customer.options[0].payload == f"/{conversation.task}"
    customer.say("ja")
    # In the same words, or in others for who heard it before.
    facts = figures(known)
    assert known in customer.text or (facts and facts <= figures(customer.text))
    assert known or open_question(office, customer) is not None


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_after_closing_nothing_runs_on(conversation: Conversation, leave: Leave) -> None:
    """A new question is a new session: no form, no old reason, no second hand-over."""
    left = leave(conversation)
    customer, office = left.customer.follow(["medewerker"]), left.office
    mine = conversation_of(office, customer)
    with office.database.begin() as conn:
        handovers.close(conn, mine.id, "closed", mine.created_at)
        conn.execute(
            update(tables.conversations)
            .where(tables.conversations.c.id == mine.id)
            .values(owner="closed")
        )
    customer.say("hallo")
    assert customer.owner == "bot"
    assert [m.notice for m in customer.said if isinstance(m, Notice)] == ["disclosure", "to_bot"]
    assert resume(conversation) not in customer.text
    assert left.question not in customer.text
    assert left.asked is None
    assert conversation_of(office, customer).session == mine.session + 1


@pytest.mark.parametrize("conversation", KINDS, ids=str)
def test_on_another_channel(conversation: Conversation, leave: Leave, office: Shop) -> None:
    """What was told goes along, and the proof of who is asking stays behind."""
    left = leave(conversation)
    settings = office.settings
    switch = ChannelSwitch(
        {WHATSAPP.name: WHATSAPP},
        TranscriptLinks.of(settings),
        settings.secret,
        declared.load(ROOT).personal,
        profiles=PROFILES,
    )
    with office.database.begin() as conn:
        mine = conversation_of(office, left.customer)
        directions = switch.directions(conn, mine, WHATSAPP.name, datetime.now(UTC))
    assert directions is not None
    code = channel_switch_code.code_of(directions.partition("?text=")[2].partition(" ")[0])
    assert code is not None
    config = replace(load_config(settings), channel_switch=switch, channels=PROFILES)
    there = replace(office, handler=Handler(office.database, now, config))
    customer = there.customer(channel=WHATSAPP)
    handled = customer.say(f"hoi, {code.lower()}")
    assert (handled.owner, handled.intent) == ("bot", channel_switch_code.JOINED)
    assert isinstance(customer.said[0], Notice)
    assert left.question in customer.text
    left.customer = customer.follow([left.answer])
    if left.proof is not None:
        assert left.asked not in (left.open, left.next)
        customer.follow([left.proof])
    assert customer.said[-1].text == left.then
    assert left.asked == left.next


def test_content_that_changed_meanwhile(office: Shop, customer: Customer) -> None:
    """A form and a slot that are gone are forgotten; the conversation goes on."""
    customer.say("hoi")
    mine = conversation_of(office, customer).id
    e = tables.events.c
    gone = [
        {"event": "active_loop", "name": "a_form_of_last_year", "timestamp": 0.0},
        {"event": "slot", "name": "a_slot_of_last_year", "value": 1, "timestamp": 0.0},
        {"event": "slot", "name": "requested_slot", "value": "a_slot_of_last_year"},
    ]
    with office.database.begin() as conn:
        seq = conn.execute(
            select(tables.trackers.c.seq).where(tables.trackers.c.conversation_id == mine)
        ).scalar_one()
        rows = [
            {
                e.conversation_id.name: mine,
                "seq": seq + number,
                "type": data["event"],
                "timestamp": 0.0,
                "data": data,
            }
            for number, data in enumerate(gone, start=1)
        ]
        conn.execute(insert(tables.events), rows)
        conn.execute(
            update(tables.trackers)
            .where(tables.trackers.c.conversation_id == mine)
            .values(seq=seq + len(gone))
        )
    known = first_of(TASKS[0])
    assert customer.say(known.lines[0]).intent == known.task
    assert customer.owner == "bot"
    assert open_question(office, customer) is not None
