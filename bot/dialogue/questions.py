"""Values that forms work with: questions, outcomes of an answer, and the answers so far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from rasa_sdk.events import SlotSet

from bot.dialogue import declined_options
from bot.dialogue.buttons import Button
from bot.dialogue.consent import plain_answer
from bot.dialogue.declined_options import Declined

Outcome = Literal["complete", "left", "stopped", "handover"]
HandoverReason = Literal["asked", "loop", "verification_failed", "sensitive", "complaint"]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a form asks.

    Its texts stand in domain.yml: `utter_question_<slot>`, `utter_refusal_<slot>` (said after the
    first answer that does not fit), `utter_refusal_<slot>_again` (other words, with a way out) and,
    if there are, `utter_unknown_<slot>` (for "dat weet ik niet") and `utter_why_<slot>` (for
    "waarom wilt u dat weten?").

    Attributes:
        slot: where the answer is kept.
        entity: the entity that answers it; the slot's own name when empty. A tapped option may
            always use the slot's name.
        parse: reads the answer from typed words; None when only an entity or a button counts.
        intents: answers by meaning, such as `{"affirm": "yes"}`.
        sure: whether the entity can hardly mean something else (a case number): it then counts
            even in a message about another subject.
        early: whether `parse` also reads the message that starts the form.
        keen: whether `parse` goes before leaving the form ("opzeggen" is an answer when asked what
            to do with a contract).
        does: whether the answer names what the task carries out: to a summary the same words agree
            ("zeg maar op").
        one_by_one: whether the task does one of these at a time: another one that is named besides
            ("en ook de trui") takes no answer's place, and is offered after it.
        free: whether any words are an answer, also when they are about another subject.
        any_words: whether any words are an answer, unless they are clearly about another subject.
        amend: makes an answer anew from the one before and words that correct a part of it
            ("sorry, AB natuurlijk" of a postcode); None when they do not.
        names: what customers call the answer ("hoge tarief"), besides its label and the usual
            words for its entity: by them it is corrected at any moment.
    """

    slot: str
    entity: str = ""
    parse: Callable[[str], Any] | None = field(default=None, compare=False)
    intents: Mapping[str, str] = field(default_factory=dict, compare=False)
    sure: bool = False
    early: bool = False
    keen: bool = False
    does: bool = False
    one_by_one: bool = False
    free: bool = False
    any_words: bool = False
    amend: Callable[[str, str], str | None] | None = field(default=None, compare=False)
    names: tuple[str, ...] = field(default=(), compare=False)


#: The last question of a task that changes something: its summary, to which only a plain yes counts
#: (`bot.dialogue.consent`).
CONFIRM = Question(
    "confirmed", parse=plain_answer, intents={"affirm": "yes", "deny": "no"}, keen=True
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer fits.

    Attributes:
        value: what is kept.
    """

    value: Any


@dataclass(frozen=True, slots=True)
class RefusedAnswer:
    """The answer does not fit; the question is asked again.

    Attributes:
        response: what is said; the question's own refusal when empty.
        values: for the response's text.
        buttons: answers that would fit, and ways out.
        narrows: whether the answer is of use: it leaves fewer answers than there were, and is no
            step towards a conversation that got stuck.
    """

    response: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    narrows: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """The task cannot go on; the form ends. What is said leads somewhere else.

    Attributes:
        response: what is said.
        values: for the response's text.
        buttons: where to go from here.
    """

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What the customer should know of what was said besides; the task goes on.

    Attributes:
        response: what is said.
        values: for the response's text.
        buttons: where else to go from here.
    """

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class ToPerson:
    """Only a person can go on; the form ends and the conversation is handed over.

    Attributes:
        reason: why.
        response: what is said about it first; nothing when empty.
    """

    reason: HandoverReason
    response: str = ""


#: The outcomes of an answer.
Step = Accepted | RefusedAnswer | Stopped | ToPerson


@dataclass(frozen=True, slots=True)
class Prompt:
    """The way in which a question is asked.

    Attributes:
        response: what is said; the question's own text when empty.
        values: for the response's text.
        buttons: answers to choose from.
        refusal: what is said when the words are no answer; the question's own refusal when empty.
        refusal_values: for the refusal's text.
        unknown: what is said to a customer who does not know the answer; the question's own text
            for that when empty, and the refusal where there is none.
    """

    response: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    refusal: str = ""
    refusal_values: Mapping[str, Any] = field(default_factory=dict)
    unknown: str = ""


class Answers:
    """The slots of a conversation while a form works on them.

    An answer is first given, then checked when its turn comes; only checked answers count. What a
    backend told about them is kept in `facts` for the rest of the turn.

    Attributes:
        conversation: name of the tracker.
        facts: what `prepare` looked up, for this turn only.
        corrected: whether a checked answer was replaced this turn.
        given: slots that got an answer this turn.
    """

    def __init__(self, slots: Mapping[str, Any], conversation: str = "") -> None:
        """Starts from a tracker's slots."""
        self.conversation = conversation
        self._slots = dict(slots)
        self._changed: dict[str, Any] = {}
        self._checked: list[str] = list(slots.get("checked_slots") or [])
        self.facts: dict[str, Any] = {}
        self.corrected = False
        self.given: set[str] = set()

    def __getitem__(self, slot: str) -> Any:
        return self._slots.get(slot)

    def __setitem__(self, slot: str, value: Any) -> None:
        self._slots[slot] = value
        self._changed[slot] = value

    @property
    def values(self) -> Mapping[str, Any]:
        """The slots as they are now; not to be changed."""
        return MappingProxyType(self._slots)

    @property
    def checked(self) -> frozenset[str]:
        """The slots whose answers were checked and fit."""
        return frozenset(self._checked)

    def give(self, slot: str, value: Any) -> None:
        """Takes an answer that has to be checked still."""
        self.corrected = self.corrected or (self.is_checked(slot) and self[slot] != value)
        self[slot] = value
        self.given.add(slot)
        self.uncheck(slot)

    @property
    def declined(self) -> Declined:
        """What the customer declined in this task: values by the name of what an option sends."""
        return self._slots.get(declined_options.SLOT) or {}

    def decline(self, found: Collection[tuple[str, Any]]) -> None:
        """Notes what the customer declines, each a name and a value."""
        if found:
            self[declined_options.SLOT] = declined_options.added(self.declined, found)

    def choose(self, question: Question, value: Any) -> None:
        """Notes that a value which the customer may have declined is the answer after all."""
        if self.declined:
            names = {question.slot, question.entity}
            self[declined_options.SLOT] = declined_options.taken(self.declined, names, value)

    def accept(self, slot: str, value: Any) -> None:
        """Keeps a checked answer."""
        self[slot] = value
        if slot not in self._checked:
            self._checked.append(slot)

    def restore(self, values: Mapping[str, Any], checked: Collection[str]) -> None:
        """Takes back the answers of a task that was set aside; no others are checked then."""
        for slot, value in values.items():
            self[slot] = value
        self._checked = list(checked)

    def clear(self, *slots: str) -> None:
        """Forgets answers."""
        for slot in slots:
            if self[slot] is not None:
                self[slot] = None
            self.uncheck(slot)

    def is_checked(self, slot: str) -> bool:
        """Whether an answer is there and fits."""
        return self[slot] is not None and slot in self._checked

    def events(self, requested: str | None) -> list[dict[str, Any]]:
        """Everything that changed, and the slot that is asked for from now on."""
        self["checked_slots"] = self._checked
        changed = [SlotSet(slot, value) for slot, value in self._changed.items()]
        return [*changed, SlotSet("requested_slot", requested)]

    def uncheck(self, slot: str) -> None:
        """Keeps an answer that has to be checked once more."""
        if slot in self._checked:
            self._checked = [name for name in self._checked if name != slot]
