"""Answers a message of a customer who waits for a person, without the assistant. Pure."""

from __future__ import annotations

import json
from typing import Final

from bot.catalogue import say
from bot.channel_profiles import ChannelProfiles
from bot.conversation import built_in_messages, callback, callback_texts, queueing, reply_links
from bot.conversation.callback import Form, FormStep
from bot.conversation.contact_questions import Detail
from bot.conversation.escape import asks_for_person
from bot.conversation.opening_hours import say_hours, say_week
from bot.conversation.option_matching import Meaning, on_the_table
from bot.conversation.waiting import Decision
from bot.messages import Attachment, Choice, Outbound, Text
from bot.worker.callback_form import begin_form, calling_hours
from bot.worker.conversation_state import Queued
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import QueueChange, TurnOutcome

#: A number is of use only with the hours in which somebody answers it.
_WITH_HOURS: Final[frozenset[Detail]] = frozenset({"phone", "hours"})


def topic_chosen(meant: Meaning) -> str:
    """The topic that was tapped at the intake, or empty."""
    if meant.kind != "payload" or not meant.value.startswith(queueing.INTAKE):
        return ""
    return str(json.loads(meant.value.removeprefix(queueing.INTAKE))["topic"])


def offers_call(queued: Queued) -> bool:
    """Whether the newest message since the hand-over offers to call or write back."""
    return bool(queued.said) and queueing.call_back_offer() in queued.said[-1].message.text


def answer(queued: Queued, turn: TurnContext, meant: Meaning, decided: Decision) -> TurnOutcome:
    """The answer to a message while the customer waits, where the assistant has no part in it.

    Args:
        queued: the place in the queue.
        turn: the turn.
        meant: how its message is taken.
        decided: what its words ask for; not to leave the queue.
    """
    if queued.form is not None:
        return _in_form(queued, queued.form, turn, meant, decided)
    channels = turn.config.channels
    offer = queued.offer
    if decided.wants == "call_back" or meant.value == callback_texts.START:
        return _begun(queued, turn)
    if (copy := _link_asked(meant, channels)) is not None:
        return said(Choice(copy, offer.options))
    if topic := topic_chosen(meant):
        return TurnOutcome(author="system", queue=QueueChange(topic=topic))
    if decided.wants == "wait" or (meant.kind == "payload" and asks_for_person(meant.value)):
        contact = queued.request.contact if queued.request else ""
        return said(queueing.asked_again(queued.expected, offer, contact))
    if decided.wants == "declines_offer":
        return said(Choice(f"{say('queue.not_called')} {queued.expected.text}", offer.options))
    if facts := _facts(decided, turn):
        return said(facts, _beside(queued))
    if meant.kind == "stale":
        return said(Choice(say("chat.stale"), offer.options))
    if not meant.value:
        return said(Choice(built_in_messages.nothing_visible().text, offer.options))
    return _changes_request(queued, turn, meant) or _noted(queued, turn, decided)


def _changes_request(queued: Queued, turn: TurnContext, meant: Meaning) -> TurnOutcome | None:
    """The outcome of words that change a call-back request that was left; None: they do not."""
    if queued.request is None or meant.kind != "text":
        return None
    calling = calling_hours(turn, queued.handover.team)
    step = callback.changed(queued.request, meant.value, calling)
    return _stepped(queued, step) if step is not None else None


def with_answer(queued: Queued, answered: TurnOutcome) -> TurnOutcome:
    """The assistant's answer, with the place in the queue or the form's open question below it."""
    below: Outbound = _beside(queued)
    change = None
    if queued.form is not None:
        below, change = callback.ask(queued.form), QueueChange(queued.form)
    return TurnOutcome(
        (*answered.messages, below),
        intent=answered.intent,
        unwritten=answered.unwritten,
        slots=answered.slots,
        queue=change,
    )


def left(queued: Queued, turn: TurnContext, decided: Decision) -> TurnOutcome:
    """The outcome for a customer who leaves the queue and asks nothing of the assistant."""
    requested = queued.request is not None
    bye = queueing.left(thanks=decided.thanks, requested=requested)
    facts = _facts(decided, turn)
    messages = (bye,) if facts is None else (facts, bye)
    return TurnOutcome(messages, event="resume", author="system")


def asks_to_leave(queued: Queued) -> bool:
    """Whether the newest message asks if the customer wants to leave the queue."""
    return any(each.message == _whether_to_leave(queued) for each in queued.last_said)


def leave_with_care(queued: Queued) -> TurnOutcome:
    """Asks whether to leave, where a person had better come: after danger, or a loss."""
    return said(_whether_to_leave(queued))


def _whether_to_leave(queued: Queued) -> Choice:
    text = say("queue.leave", button=say("button.back_to_bot"))
    return Choice(text, queued.offer.options)


def unreadable(queued: Queued, attachment: Attachment, *, kept: bool) -> tuple[Outbound, ...]:
    """The answer to a message without words; an open question is asked again."""
    offered = () if queued.form else queued.offer.options
    told = built_in_messages.unreadable_in_queue(attachment, offered, kept=kept)
    return (told,) if queued.form is None else (Text(told.text), callback.ask(queued.form))


def _begun(queued: Queued, turn: TurnContext) -> TurnOutcome:
    question = str(queued.handover.summary.get("question") or "")
    form = begin_form(turn, question, queued.handover.team, queued.request)
    return said(callback.ask(form), change=QueueChange(form))


def _in_form(
    queued: Queued, form: Form, turn: TurnContext, meant: Meaning, decided: Decision
) -> TurnOutcome:
    payload = meant.value if meant.kind == "payload" else None
    asked, again = callback.ask(form), QueueChange(form)
    if topic := topic_chosen(meant):
        return said(asked, change=QueueChange(form, topic=topic))
    if decided.wants == "wait" or asks_for_person(payload or ""):
        place = Text(f"{say('queue.already')} {queued.expected.text}")
        return said(place, asked, change=again)
    if form.asked != "question":
        if (copy := _link_asked(meant, turn.config.channels)) is not None:
            return said(Text(copy), asked, change=again)
        if facts := _facts(decided, turn):
            return said(facts, asked, change=again)
    if payload == callback_texts.START or meant.kind == "stale":
        return said(asked, change=again)
    typed = meant.value if payload is None else turn.message.inbound.text
    calling = calling_hours(turn, queued.handover.team)
    return _stepped(queued, callback.answer(form, typed, payload, calling))


def _stepped(queued: Queued, step: FormStep) -> TurnOutcome:
    """The outcome of an answer to the form."""
    if step.message is not None:
        return said(step.message, change=QueueChange(step.form))
    if step.outcome == "left":
        kept = say("queue.request_stays") if queued.request else say("callback.left")
        return said(Choice(kept, queued.offer.options), change=QueueChange())
    when = queued.expected.next_opening
    done = step.form
    written = callback_texts.noted(
        done.name,
        done.contact,
        done.moment,
        done.question,
        say("callback.back_at", when=when) if when else "",
    )
    return said(
        Choice(written, (built_in_messages.back_to_bot(),)), change=QueueChange(request=done)
    )


def _noted(queued: Queued, turn: TurnContext, decided: Decision) -> TurnOutcome:
    """Notes a message for the person; offers what the assistant can carry out, once a task."""
    title = turn.config.organisation.labels.get(decided.task, "") if decided.wants == "task" else ""
    # Whom the assistant could not help, or should not, is not sent back to it.
    asked = queued.handover.reason == "asked" and not queued.handover.urgent
    offers = bool(title) and asked and decided.task != queued.handover.topic
    # Nobody knows yet what it is about: now it is said.
    if queued.offer.topics and decided.task in turn.config.organisation.labels:
        change = QueueChange(topic=decided.task, offers_task=offers)
        return TurnOutcome(author="system", queue=change)
    earlier = [(each.created_at, each.message) for each in queued.said]
    noted = queueing.acknowledgement(
        earlier, turn.message.received_at, queued.expected, queued.offer, asks=decided.asks
    )
    if noted is None:
        return TurnOutcome(author="system")
    offered = built_in_messages.carry_out() in on_the_table([each for _, each in earlier])
    if offers and not (offered and any(title in each.text for _, each in earlier)):
        return said(queueing.task_offered(title, queued.offer, noted.text))
    return said(noted)


def _link_asked(meant: Meaning, channels: ChannelProfiles) -> str | None:
    """The answer to the wish for a transcript, or for another channel; None: it is neither."""
    if meant.kind != "text":
        return None
    if reply_links.asks_transcript(meant.value):
        return say("transcript.link", link=reply_links.TRANSCRIPT)
    channel = reply_links.asks_elsewhere(meant.value, channels)
    return None if channel is None else reply_links.continue_on(channel)


def _facts(decided: Decision, turn: TurnContext) -> Text | None:
    """The number, address or hours that were asked for; None: none were, or none are known."""
    organisation, details = turn.config.organisation, decided.details
    local = organisation.local(turn.now)
    hours = organisation.hours(local.year)
    lines = []
    if "phone" in details and organisation.phone:
        lines.append(say("queue.our_phone", phone=organisation.phone))
    if "email" in details and organisation.email:
        lines.append(say("queue.our_email", email=organisation.email))
    if not details.isdisjoint(_WITH_HOURS):
        lines.append(say_hours(local.date(), local.date(), hours))
        lines.append(say_week(hours))
    return Text("\n".join(lines)) if lines else None


def _beside(queued: Queued) -> Choice:
    requested = queued.request is not None
    return queueing.beside(queued.expected, queued.offer, requested=requested)


def said(*messages: Outbound, change: QueueChange | None = None) -> TurnOutcome:
    """The outcome that only says something, and changes the place in the queue."""
    return TurnOutcome(messages, author="system", queue=change)
