"""Reads what a customer said this turn, as a form needs to know it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.acts.acts import ActShares
from bot.conversation.escape import normalise
from bot.dialogue import phrases
from bot.dialogue.consent import is_plain_yes
from bot.dutch.denied import without_denied
from bot.dutch.essence import essence
from bot.dutch.question_grammar import asking_part, is_question
from bot.topics import built_in

#: From this confidence on a meaning is certain, where a mistake would be hard to undo.
CERTAIN = 0.9
#: From this share on a message is that act more than all others together.
MAIN = 0.5
#: From this share on a message may be that act, where its form says so too.
MAY = 0.3


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in the message.

    Attributes:
        name: such as `card_number`.
        value: normalised.
        start: index of its first character; 0 in a tapped option.
        end: index after its last character; 0 in a tapped option.
    """

    name: str
    value: Any
    start: int
    end: int

    def overlaps(self, other: Entity) -> bool:
        """Whether both were read from the same characters."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """A message before the newest one: of the task that runs, or since the last task.

    Attributes:
        intent: what it means, or None when not understood.
        typed: the customer's own words.
        entities: the first of each name.
        noted: whether the customer waited for a person, so that nothing answered it.
    """

    intent: str | None
    typed: str
    entities: tuple[Entity, ...]
    noted: bool = False

    @property
    def told(self) -> str:
        """The words that may still answer something: what a page answered is about that."""
        return "" if self.intent == built_in.ASK_KNOWLEDGE else self.typed


@dataclass(frozen=True, slots=True)
class TurnMessage:
    """A customer's message as a form reads it.

    Attributes:
        intent: what it means, or None when not understood.
        confidence: of the intent, 0 to 1.
        typed: the customer's own words; empty for a tapped option.
        entities: the first of each name, or what it was corrected into ("oeps, 1234AB").
        others: further values of these names, in order.
        started: whether this message started the form.
        resumed: whether the form comes back to its question after it let a rule answer.
        left: name of the form that this one takes the place of, or None.
        renewed: whether a session began with this message, so that hours or more have passed.
        told: slots that were filled since this message and before it started the form: by a slot
            mapping, or by an action of the rule that starts it.
        asks_pages: whether it is a general question that a page answers.
        earlier: the messages before it, the newest first: those since the last task, and of a task
            that runs.
        acts: how likely the message is each act; none when nobody looked.
        near: what it may mean as well, the likeliest first, where that was not sure enough.
    """

    intent: str | None
    confidence: float
    typed: str
    entities: tuple[Entity, ...]
    started: bool
    resumed: bool
    left: str | None
    renewed: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)
    asks_pages: bool = False
    earlier: tuple[EarlierMessage, ...] = ()
    others: tuple[Entity, ...] = ()
    acts: ActShares = field(default_factory=ActShares)
    near: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """How many words were typed."""
        return len(self.typed.split())

    @property
    def asserted(self) -> str:
        """The words without what they deny: "te klein" of "hij is niet kapot maar te klein"."""
        typed = phrases.INSTEAD_OF.sub("", self.typed)
        contrast = phrases.NOT_BUT.search(typed)
        kept = essence(typed)
        said = contrast["so"] if contrast else kept.value if kept else typed
        return without_denied(said)

    @property
    def wants_back(self) -> bool:
        """Whether the customer asks for the question before: "terug", "vorige vraag"."""
        return phrases.BACK.fullmatch(normalise(self.typed)) is not None

    @property
    def wants_out(self) -> bool:
        """Whether the customer wants to stop what the form does.

        To end it by mistake loses all that was told. So a word must say so, or several words be
        understood beyond doubt; a tapped option always counts.
        """
        said = normalise(self.typed)
        if phrases.LETS_BE.search(said):
            return False
        if phrases.LEAVE.fullmatch(said):
            return True
        if self.intent != "cancel_task" or self.doubts:
            return False
        asks = self.typed.rstrip().endswith("?") or phrases.ASKS_OF_LATER.fullmatch(self.typed)
        if asks and not phrases.ASKS_TO_STOP.fullmatch(said):
            # "Kan ik later weer beginnen?", "mag ik tussentijds stoppen?" ask before they choose.
            return False
        clear = self.words > 1 and self.confidence >= CERTAIN
        return not self.typed or clear or phrases.STOP.search(said) is not None

    @property
    def goes_on(self) -> bool:
        """Whether the customer only wants the task to go on: "gewoon verder gaan"."""
        return phrases.GOES_ON.fullmatch(normalise(self.typed)) is not None

    @property
    def says_yes_or_no(self) -> bool | None:
        """The answer to a question of yes or no; None when it is no plain one."""
        if self.entities or self.doubts:
            return None
        if self.wants_out or self.intent == "deny":
            return False
        return True if self.intent == "affirm" else None

    @property
    def correction(self) -> str:
        """The words given as a correction: `13` of "nee, ik bedoel 13"; empty without one."""
        found = phrases.CORRECTS.match(self.typed)
        return self.typed[found.end() :].strip() if found else ""

    @property
    def corrects(self) -> bool:
        """Whether words call themselves a correction: "ik bedoel 13", "toch 13"; not "nee, 13"."""
        lead = self.typed[: len(self.typed) - len(self.correction)] if self.correction else ""
        return phrases.CALLED_CORRECTION.search(lead) is not None

    @property
    def denies_first(self) -> bool:
        """Whether words begin with what they deny: "niet 13", "nee, niet die"."""
        return phrases.DENIES_FIRST.match(normalise(self.typed)) is not None

    @property
    def knows_not(self) -> bool:
        """Whether the customer does not have the answer: "geen idee", "waar vind ik dat?"."""
        said = normalise(self.typed)
        return bool(phrases.UNKNOWN.search(said) or phrases.UNSURE.search(said))

    @property
    def attaches(self) -> bool:
        """Whether typed words say more than yes: a question, a condition, a no behind it."""
        if not self.typed or is_plain_yes(self.typed):
            return False
        return "?" in self.typed or phrases.ATTACHED.search(normalise(self.typed)) is not None

    @property
    def doubts(self) -> bool:
        """Whether the words are near to yes or no, and neither: "weet ik niet", "misschien wel"."""
        said = normalise(self.typed)
        return bool(phrases.UNSURE.search(said) or phrases.MAYBE.fullmatch(said))

    @property
    def waits(self) -> bool:
        """Whether the customer needs a moment: "wacht even, ik zoek het op"."""
        return phrases.WAITS.fullmatch(normalise(self.typed)) is not None

    @property
    def wants_else(self) -> bool:
        """Whether the customer wants something else than this: "iets anders"."""
        return phrases.ELSE.fullmatch(normalise(self.typed)) is not None

    @property
    def is_question(self) -> bool:
        """Whether the message asks something: by its sign, or by grammar and act together."""
        share, looks = self.acts.of("question"), is_question(self.typed)
        if "?" in self.typed or not self.acts.shares:
            return looks
        return share >= MAIN or (looks and share >= MAY)

    @property
    def asks(self) -> bool:
        """Whether the words begin as a question: "wat kost dat"."""
        return phrases.ASKS.match(normalise(self.typed)) is not None

    @property
    def asks_beside(self) -> bool:
        """Whether a question that the pages answer stands beside values: "middag. kost dat iets?".

        A value within the question is what it asks about: "kan het vrijdag?".
        """
        part = asking_part(self.typed) if self.asks_pages else ""
        start = self.typed.find(part)
        if not part or start < 0 or part == self.typed.strip():
            return False
        end = start + len(part)
        return not any(each.start < end and start < each.end for each in self.entities)

    @property
    def asks_why(self) -> bool:
        """Whether the customer asks why the answer is needed: "waarom wilt u dat weten?"."""
        return phrases.ASKS_WHY.search(normalise(self.typed)) is not None

    @property
    def asks_whether_done(self) -> bool:
        """Whether the customer asks if it was done already: "is dat nu gewijzigd of niet?"."""
        return phrases.WHETHER_DONE.fullmatch(normalise(self.typed)) is not None

    @property
    def fits_none(self) -> bool:
        """Whether none of the choices applies: "geen van deze", "staat er niet bij", or a tap."""
        tapped = self.entity("none_of_these") is not None
        return tapped or phrases.NONE_OF_THESE.fullmatch(normalise(self.typed)) is not None

    @property
    def is_foreign(self) -> bool:
        """Whether the words are of another language than Dutch, as far as can be told."""
        words = re.findall(r"[\w']+", self.typed.casefold())
        return sum(word in phrases.FOREIGN for word in words) >= phrases.FOREIGN_WORDS

    @property
    def has_second(self) -> bool:
        """Whether the message holds a second request, for later."""
        return self.entity("second_request") is not None

    def names_another(self, entity: str, known: str | None, *answering: str) -> bool:
        """Whether the message names another thing than the one that is meant so far.

        Args:
            entity: the kind of thing, such as `card_number`.
            known: the one that is meant so far; None: none yet, so that none is another.
            answering: entities that answer what is asked; characters of these name no other thing.
        """
        named = self.entity(entity)
        if named is None or known is None or named.value == known:
            return False
        others = (each for each in self.entities if each is not named and each.name in answering)
        return not any(each.overlaps(named) for each in others)

    def entity(self, name: str) -> Entity | None:
        """The first entity of a name, or None."""
        return next((entity for entity in self.entities if entity.name == name), None)
