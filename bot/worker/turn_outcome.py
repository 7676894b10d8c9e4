"""The turn outcome: rules from what the assistant said to what happens. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from bot.conversation import built_in_messages, disclosure
from bot.conversation.callback import Form
from bot.conversation.escape import asks_for_person
from bot.conversation.ownership import Event, transition
from bot.core.interface import AssistantTurn, Unwritten
from bot.messages import Author, Effect, HandOver, Notice, Outbound, RatingRequest, options_of
from bot.records.conversation import Conversation
from bot.worker.worker_config import WorkerConfig

#: The intent of the option beside guesses that none of them was meant.
_NO_GUESS: Final = "deny"


@dataclass(frozen=True, slots=True)
class QueueChange:
    """A change to the hand-over of a customer who waits for a person.

    Attributes:
        form: the call-back form after this message, or None: it is not being filled in.
        request: a form that was confirmed: somebody is to call or write back.
        topic: what it turns out to be about (an intent name), or empty: as it was.
        offers_task: whether the assistant can carry that out too, so that the customer hears it.
    """

    form: Form | None = None
    request: Form | None = None
    topic: str = ""
    offers_task: bool = False


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What to say and do about a message.

    Attributes:
        messages: the messages to the customer, in order.
        effects: what happens besides.
        intent: the intent that the message was understood as, or None.
        event: what happens to the conversation's owner, apart from a hand-over among the effects;
            None leaves it as it is.
        author: author of the messages: `bot`, or `system` for those that no AI had a part in.
        unwritten: what the assistant adds to its own memory.
        slots: the assistant's slots.
        fresh: whether a new session begins, also where the assistant begins none.
        queue: what changes for a customer who waits, or None: nothing does.
        danger: whether the message speaks of danger, so that its hand-over goes first.
    """

    messages: tuple[Outbound, ...] = ()
    effects: tuple[Effect, ...] = ()
    intent: str | None = None
    event: Event | None = "write"
    author: Author = "bot"
    unwritten: Unwritten | None = None
    slots: Mapping[str, object] = field(default_factory=dict)
    fresh: bool = False
    queue: QueueChange | None = None
    danger: bool = False


def hands_over(effects: Iterable[Effect]) -> HandOver | None:
    """The hand-over among a turn's effects, or None."""
    return next((effect for effect in effects if isinstance(effect, HandOver)), None)


def give_up(text: str) -> TurnOutcome:
    """The outcome that hands over straight away, without the assistant.

    Args:
        text: what the customer typed; whoever asks for a person is not told that something failed.
    """
    if asks_for_person(text):
        return TurnOutcome((built_in_messages.to_human(),), (HandOver("asked"),), "medewerker")
    return TurnOutcome(
        (built_in_messages.failed(), built_in_messages.to_human()), (HandOver("system_failure"),)
    )


def from_turn(turn: AssistantTurn, text: str, conversation: Conversation) -> TurnOutcome:
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
        # One without words is none. A score is asked once a session, unless the customer asks to
        # change it.
        if said.text.strip()
        and not (asked and isinstance(said, RatingRequest) and turn.intent != "rate")
    )
    # Content that goes round in a circle within one turn says it once.
    messages = tuple(said for said, _ in groupby(messages))
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
        messages = (*messages, built_in_messages.to_human())
    intent = None if _is_guess(turn.intent, messages) else turn.intent
    return TurnOutcome(messages, effects, intent, unwritten=turn.unwritten, slots=turn.slots)


def _is_guess(intent: str | None, said: Iterable[Outbound]) -> bool:
    """Whether the assistant asks if this is what was meant: then the customer has not said so."""
    offered = {
        option.payload.removeprefix("/").partition("{")[0]
        for message in said
        for option in options_of(message)
    }
    return intent in offered and _NO_GUESS in offered


def next_state(
    before: Conversation, outcome: TurnOutcome, notice: Notice, config: WorkerConfig, now: datetime
) -> tuple[Conversation, tuple[Outbound, ...]]:
    """The conversation after a turn, and its messages with the disclosure they need.

    Args:
        before: the conversation as it stands.
        outcome: what is said and done.
        notice: the disclosure to use when the turn does not bring its own.
        config: the worker's configuration.
        now: the present.

    Raises:
        Impossible: the event cannot happen to a conversation with this owner.
    """
    sessions = outcome.unwritten.sessions if outcome.unwritten else 0
    sessions = max(sessions, int(outcome.fresh))
    silent = before.last_outbound_at is None or now - before.last_outbound_at > config.session
    stale = bool(sessions) or outcome.event == "resume" or silent
    needed = bool(outcome.messages and outcome.author == "bot") and disclosure.due(
        disclosed=before.disclosed and not stale,
        turns_since=before.turns_since_disclosure,
        every=config.disclosure_every,
    )
    messages = disclosure.put_first(outcome.messages, notice, needed=needed)
    told = any(map(disclosure.is_disclosure, messages))
    asked = any(isinstance(said, RatingRequest) for said in messages)
    event: Event | None = "hand_over" if hands_over(outcome.effects) else outcome.event
    after = replace(
        before if event is None else transition(before, event),
        session=before.session + sessions,
        disclosed=told or (before.disclosed and not stale),
        turns_since_disclosure=0 if told else before.turns_since_disclosure + 1,
        rating_asked=asked or (before.rating_asked and not sessions),
    )
    return after, messages
