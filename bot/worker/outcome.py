"""What a turn comes to: pure rules from what the assistant said to what happens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.conversation import disclosure, texts
from bot.conversation.escape import asks_for_person
from bot.core.interface import Turn, Unwritten
from bot.messages import Effect, HandOver, Notice, Outbound, Owner, RatingRequest
from bot.store.conversations import Conversation


@dataclass(frozen=True, slots=True)
class Manners:
    """How Loket behaves, from settings and content.

    Attributes:
        turn_timeout: seconds the assistant may take for one message.
        disclosure_every: turns that one AI disclosure lasts.
        quiet: how long a conversation must be quiet before its rating is asked.
        session: silence after which it is said again that this is an AI, also when the assistant
            does not begin a session of its own.
        labels: Dutch names of slots and tasks, for the summary a person reads.
        numbered: channels that show options with a number to type.
    """

    turn_timeout: float = 30.0
    disclosure_every: int = 20
    quiet: timedelta = timedelta(minutes=10)
    session: timedelta = timedelta(hours=4)
    labels: Mapping[str, str] = field(default_factory=dict)
    numbered: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to say and do about a message.

    Attributes:
        messages: what the bot says, in order.
        effects: what happens besides.
        intent: what the message was understood as, or None.
        owner: who owns the conversation from now on, or None to leave it as it is.
        unwritten: what the assistant adds to its own memory.
        slots: what the assistant knows.
        ends_handover: whether the customer leaves the queue.
    """

    messages: tuple[Outbound, ...] = ()
    effects: tuple[Effect, ...] = ()
    intent: str | None = None
    owner: Owner | None = None
    unwritten: Unwritten | None = None
    slots: Mapping[str, object] = field(default_factory=dict)
    ends_handover: bool = False


def hands_over(effects: Iterable[Effect]) -> HandOver | None:
    """The hand-over among a turn's effects, or None."""
    return next((effect for effect in effects if isinstance(effect, HandOver)), None)


def give_up(text: str) -> Outcome:
    """Straight to a person, without the assistant.

    Args:
        text: what the customer typed; whoever asks for a person is not told that something failed.
    """
    if asks_for_person(text):
        return Outcome((texts.TO_HUMAN,), (HandOver("asked"),), "medewerker")
    return Outcome((texts.FAILED, texts.TO_HUMAN), (HandOver("system_failure"),))


def from_turn(turn: Turn, text: str, conversation: Conversation) -> Outcome:
    """The outcome of the assistant's turn, mended where it would leave the customer with nothing.

    Args:
        turn: what the assistant made of the message.
        text: what the customer typed.
        conversation: as it stood before the turn.
    """
    asked = conversation.rating_asked and not (turn.unwritten and turn.unwritten.sessions)
    messages = tuple(
        said
        for said in turn.said.messages
        # Once a session, unless the customer asks to change the score.
        if not (asked and isinstance(said, RatingRequest) and turn.intent != "rate")
    )
    effects = turn.said.effects
    handed = hands_over(effects)
    spoken = any(not disclosure.is_disclosure(said) for said in messages)
    if handed is None and (turn.failed or not spoken or asks_for_person(text)):
        # The last case means that the content lost the escape word: a designer's slip must not
        # take the person away.
        lost = give_up(text)
        if turn.failed:  # half an answer, then "something went wrong", is worse than the latter
            messages = tuple(filter(disclosure.is_disclosure, messages))
        messages, effects = (*messages, *lost.messages), (*effects, *lost.effects)
    elif handed and not any(
        isinstance(said, Notice) and said.notice == "to_human" for said in messages
    ):
        messages = (*messages, texts.TO_HUMAN)
    return Outcome(messages, effects, turn.intent, None, turn.unwritten, turn.slots)


def next_state(
    before: Conversation, outcome: Outcome, notice: Notice, manners: Manners, now: datetime
) -> tuple[Conversation, tuple[Outbound, ...]]:
    """The conversation after a turn, and its messages with the disclosure they need.

    Args:
        before: the conversation as it stands.
        outcome: what is said and done.
        notice: the disclosure to use when the turn does not bring its own.
        manners: how to behave.
        now: the present.
    """
    sessions = outcome.unwritten.sessions if outcome.unwritten else 0
    silent = before.last_outbound_at is None or now - before.last_outbound_at > manners.session
    fresh = bool(sessions) or outcome.ends_handover or silent
    needed = bool(outcome.messages) and disclosure.due(
        disclosed=before.disclosed and not fresh,
        turns_since=before.turns_since_disclosure,
        every=manners.disclosure_every,
    )
    messages = disclosure.put_first(outcome.messages, notice, needed=needed)
    told = any(map(disclosure.is_disclosure, messages))
    asked = any(isinstance(said, RatingRequest) for said in messages)
    owner: Owner = outcome.owner or before.owner
    if hands_over(outcome.effects):
        owner = "queued"
    after = replace(
        before,
        owner=owner,
        session=before.session + sessions,
        disclosed=told or (before.disclosed and not fresh),
        turns_since_disclosure=0 if told else before.turns_since_disclosure + 1,
        rating_asked=asked or (before.rating_asked and not sessions),
    )
    return after, messages
