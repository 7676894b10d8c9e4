"""Answers a message of a customer who waits for a person, without the assistant. Pure."""

from __future__ import annotations

import json

from bot.catalogue import say
from bot.channel_profiles import ChannelProfiles
from bot.conversation import built_in_messages, callback, callback_texts, queueing, reply_links
from bot.conversation.callback import Form
from bot.conversation.contact import own_number
from bot.conversation.escape import asks_for_person, normalise
from bot.conversation.option_matching import Meaning
from bot.messages import Attachment, Choice, Outbound, Text
from bot.records.conversation import Conversation
from bot.worker.conversation_state import Queued
from bot.worker.turn_context import TurnContext
from bot.worker.turn_outcome import QueueChange, TurnOutcome

#: With fewer words, such as "hoi", there is no question yet.
_QUESTION_WORDS = 2


def wants_bot(meant: Meaning) -> bool:
    """Whether the customer leaves the queue for the assistant."""
    if meant.kind == "payload":
        return meant.value == built_in_messages.RESUME
    return meant.kind == "text" and queueing.asks_for_bot(meant.value)


def leaves_queue(text: str, payload: str | None) -> bool:
    """Whether a message that was not handled yet may be the wish to leave the queue."""
    titled = normalise(text) == normalise(built_in_messages.back_to_bot().title)
    by_number = len(text.strip()) <= 2  # "2" may stand for it
    return payload == built_in_messages.RESUME or titled or by_number or queueing.asks_for_bot(text)


def topic_chosen(meant: Meaning) -> str:
    """The topic that was tapped at the intake, or empty."""
    if meant.kind != "payload" or not meant.value.startswith(queueing.INTAKE):
        return ""
    return str(json.loads(meant.value.removeprefix(queueing.INTAKE))["topic"])


def answer(queued: Queued, turn: TurnContext, meant: Meaning, topic: str) -> TurnOutcome:
    """The answer to a message while the customer waits.

    Args:
        queued: the place in the queue.
        turn: the turn.
        meant: how its message is taken; not as the wish to leave the queue.
        topic: the topic that it shows the matter to have, or empty.
    """
    if queued.form is not None:
        return _in_form(queued, queued.form, turn, meant, topic)
    channels = turn.config.channels
    offer = queued.offer
    payload = meant.value if meant.kind == "payload" else None
    starts = payload == callback_texts.START
    if starts or (payload is None and callback_texts.wishes(meant.value)):
        return _begun(queued, turn.conversation, channels)
    if (copy := _link_asked(meant, channels)) is not None:
        return _said(Choice(copy, offer.options))
    if callback_texts.leaves(meant.value):
        return _said(Choice(say("queue.leave", button=say("button.back_to_bot")), offer.options))
    if topic:
        return TurnOutcome(author="system", queue=QueueChange(topic=topic))
    if asks_for_person(meant.value) or queueing.asks_how_long(meant.value):
        contact = queued.request.contact if queued.request else ""
        return _said(queueing.asked_again(queued.expected, offer, contact))
    if meant.kind == "stale":
        return _said(Choice(say("chat.stale"), offer.options))
    if not meant.value:
        return _said(Choice(built_in_messages.nothing_visible().text, offer.options))
    told = [(each.created_at, each.message) for each in queued.said]
    noted = queueing.acknowledgement(told, turn.message.received_at, queued.expected, offer)
    return _said(noted) if noted else TurnOutcome(author="system")


def begin_form(
    question: str,
    conversation: Conversation,
    channels: ChannelProfiles,
    earlier: Form | None = None,
) -> Form:
    """The call-back form at its first question.

    Args:
        question: what the customer asked before, or empty; that a person is to come, or to call,
            is none.
        conversation: whose address may be a telephone number.
        channels: this installation's.
        earlier: a request that is left already.
    """
    no_question = asks_for_person(question) or callback_texts.wishes(question)
    if no_question or len(question.split()) < _QUESTION_WORDS:
        question = ""
    by_phone = channels[conversation.channel].address == "phone"
    own = own_number(conversation.address) if by_phone else ""
    return callback.begin(question, own, earlier)


def unreadable(queued: Queued, attachment: Attachment) -> tuple[Outbound, ...]:
    """The answer to a message without words; an open question is asked again."""
    if queued.form is None:
        return (built_in_messages.unreadable_in_queue(attachment, queued.offer.options),)
    cannot = built_in_messages.unreadable_in_queue(attachment, ()).text
    return (Text(cannot), callback.ask(queued.form))


def _begun(queued: Queued, conversation: Conversation, channels: ChannelProfiles) -> TurnOutcome:
    question = str(queued.handover.summary.get("question") or "")
    form = begin_form(question, conversation, channels, queued.request)
    return _said(callback.ask(form), change=QueueChange(form))


def _in_form(
    queued: Queued, form: Form, turn: TurnContext, meant: Meaning, topic: str
) -> TurnOutcome:
    channels = turn.config.channels
    payload = meant.value if meant.kind == "payload" else None
    if topic:
        return _said(callback.ask(form), change=QueueChange(form, topic=topic))
    if asks_for_person(meant.value) or queueing.asks_how_long(meant.value):
        place = Text(f"{say('queue.already')} {queued.expected.text}")
        return _said(place, callback.ask(form), change=QueueChange(form))
    if form.asked != "question" and (copy := _link_asked(meant, channels)) is not None:
        return _said(Text(copy), callback.ask(form), change=QueueChange(form))
    if payload == callback_texts.START or meant.kind == "stale":
        return _said(callback.ask(form), change=QueueChange(form))
    step = callback.answer(
        form,
        meant.value if payload is None else turn.message.inbound.text,
        payload,
        turn.config.organisation.local(turn.now).date(),
    )
    if step.message is not None:
        return _said(step.message, change=QueueChange(step.form))
    if step.outcome == "left":
        kept = say("queue.request_stays") if queued.request else say("callback.left")
        return _said(Choice(kept, queued.offer.options), change=QueueChange())
    when = queued.expected.next_opening
    done = step.form
    written = callback_texts.noted(
        done.name,
        done.contact,
        done.moment,
        done.question,
        say("callback.back_at", when=when) if when else "",
    )
    return _said(
        Choice(written, (built_in_messages.back_to_bot(),)), change=QueueChange(request=done)
    )


def _link_asked(meant: Meaning, channels: ChannelProfiles) -> str | None:
    """The answer to the wish for a transcript, or for another channel; None: it is neither."""
    if meant.kind != "text":
        return None
    if reply_links.asks_transcript(meant.value):
        return say("transcript.link", link=reply_links.TRANSCRIPT)
    channel = reply_links.asks_elsewhere(meant.value, channels)
    return None if channel is None else reply_links.continue_on(channel)


def _said(*messages: Outbound, change: QueueChange | None = None) -> TurnOutcome:
    return TurnOutcome(messages, author="system", queue=change)
