"""Proof of identity: what a customer says is his or hers, and the answer that proves it.

An answer is only ever tried with the claim that it was given with or after, so that no pair is
tried that the customer did not mean; a pair that was refused is not tried again. How often a proof
may fail, in a conversation and everywhere, is counted by `bot.identity_proofs`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from bot.dialogue import formatting, runtime
from bot.dialogue.buttons import button
from bot.dialogue.questions import (
    Accepted,
    Answers,
    Prompt,
    Question,
    RefusedAnswer,
    Stopped,
    ToPerson,
)
from bot.topics.topic import ProofSlots

FAILED = ToPerson("verification_failed", "utter_verification_failed")
#: Slots in which every proof keeps count: wrong pairs of this session, and how many there were.
REFUSED_PAIRS = "refused_pairs"
ATTEMPTS = "verification_attempts"


class Proof(ABC):
    """The way in which customers of an organisation prove their identity.

    A subclass names the two questions and looks the answer up. Its texts stand in domain.yml: those
    of both questions, `utter_question_<answer>_for`, `utter_refusal_verification`, `..._last`,
    `..._same`, `utter_verification_later` and `utter_verification_failed`; in these
    `{given_<slot>}` is what the customer gave.
    """

    #: What the customer says is his or hers: an order, a library card.
    claim: ClassVar[Question]
    #: The question for what only the owner of the claim knows.
    answer: ClassVar[Question]
    #: Slot with the list of claims that were proved in this session.
    proved_slot: ClassVar[str] = "proved_claims"
    #: Slots for a claim and an answer that were given before any question was asked.
    noted_claim: ClassVar[str] = "noted_claim"
    noted_answer: ClassVar[str] = "noted_answer"
    #: Dutch names of these slots for the summary that a person reads; one without stays out of it.
    labels: ClassVar[Mapping[str, str]] = {}
    #: Kinds of entity that come with the two and tell who is asking as well: a house number.
    beside: ClassVar[tuple[str, ...]] = ()
    #: Wrong pairs in a session before a person takes over.
    most_tries: ClassVar[int] = 3

    @classmethod
    def slots(cls) -> ProofSlots:
        """The slots of the proof, for code outside the dialogue."""
        return ProofSlots(
            claim=cls.claim.slot,
            answer=cls.answer.slot,
            proved=cls.proved_slot,
            noted_claim=cls.noted_claim,
            noted_answer=cls.noted_answer,
            entities=tuple(each.entity or each.slot for each in (cls.claim, cls.answer)),
            beside=cls.beside,
            labels=cls.labels,
        )

    @abstractmethod
    async def is_right(self, claim: str, answer: str) -> bool:
        """Whether the answer belongs to the claim.

        It must take as long for a claim that does not exist as for one that does.
        """

    def proved(self, answers: Answers) -> tuple[str, ...]:
        """The claims that were proved in this session, the newest last."""
        return tuple(answers[self.proved_slot] or ())

    def is_proved(self, answers: Answers) -> bool:
        """Whether the claim that is asked about was proved."""
        return answers[self.claim.slot] in self.proved(answers)

    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """The questions to ask: none twice in a session for the same claim."""
        return (self.claim,) if self.is_proved(answers) else (self.claim, self.answer)

    def asks(self, question: Question) -> bool:
        """Whether a question is one of the proof's two."""
        return question is self.claim or question is self.answer

    def prompt(self, question: Question, task: str, answers: Answers) -> Prompt:
        """Makes the prompt of one of the two: an answer refused with another claim is offered.

        Args:
            question: the question.
            task: the form's task, which a tap goes to.
            answers: the answers so far.
        """
        claimed = answers[self.claim.slot]
        pairs = _refused(answers)
        if question is self.claim or not pairs or pairs[-1][0] == claimed:
            return Prompt()
        given = (each for _, each in reversed(pairs) if (claimed, each) not in pairs)
        earlier = list(dict.fromkeys(given))[:2]
        choices = tuple(button(each, task, **{self.answer.slot: each}) for each in earlier)
        said = {f"given_{self.claim.slot}": claimed}
        return Prompt(f"utter_question_{self.answer.slot}_for", said, choices)

    def obstacle(self, answers: Answers) -> ToPerson | None:
        """The reason that nothing can be proved any more (too many wrong pairs), or None."""
        blocked = _tries(answers) >= self.most_tries and not self.is_proved(answers)
        return FAILED if blocked else None

    def begin(self, answers: Answers) -> None:
        """Takes up, where a task begins, what was noted or proved before."""
        # A claim that was left half-way long ago would only confuse.
        answers.clear(self.answer.slot)
        known = self.proved(answers)
        answers.give(self.claim.slot, known[-1] if known else None)
        self.take_noted(answers)

    async def take_vouched(self, answers: Answers) -> None:
        """Takes for proved what the website vouches for at which the customer has logged in.

        Raises:
            SQLAlchemyError: the database cannot be reached; the turn is handed to a person then.
        """
        known = self.proved(answers)
        found = await runtime.vouched(answers.conversation, self.claim.slot)
        if news := [each for each in found if each not in known]:
            answers[self.proved_slot] = [*known, *news]

    def take_noted(self, answers: Answers) -> None:
        """Takes up what was given before any question was asked, or while nobody answered."""
        if noted := answers[self.noted_claim]:
            answers.give(self.claim.slot, noted)
            answers.give(self.answer.slot, answers[self.noted_answer])

    def forget_noted(self, answers: Answers) -> None:
        """Forgets what was given before any question was asked."""
        answers[self.noted_claim] = answers[self.noted_answer] = None

    async def check(
        self, question: Question, value: str, answers: Answers
    ) -> Accepted | RefusedAnswer | Stopped | ToPerson:
        """Checks an answer to one of the two questions; the second together with the claim.

        The refusal does not tell which of the two is wrong, so that nobody learns which claims
        exist; nor does how long it takes.

        Raises:
            SQLAlchemyError: a database cannot be reached; the turn is handed to a person then.
        """
        if question is self.claim:
            return Accepted(value)
        claimed = str(answers[self.claim.slot])
        if (claimed, value) in _refused(answers):
            return RefusedAnswer("utter_refusal_verification_same", self._said(claimed, value))
        proofs, pair = await runtime.proofs(), (answers.conversation, claimed, value)
        if wait := await proofs.begin(*pair, runtime.now()):
            # Where the customer may take it up later, without typing it again.
            answers[self.noted_claim], answers[self.noted_answer] = claimed, value
            return Stopped("utter_verification_later", {"when": formatting.wait(wait)})
        if await self.is_right(claimed, value):
            await proofs.proved(*pair, runtime.now())
            self._succeed(claimed, answers)
            return Accepted(value)
        return self._fail(claimed, value, answers)

    def last_refused(self, answers: Answers) -> Mapping[str, str]:
        """The answer that was refused last with the claim as it is, by its slot."""
        pairs = _refused(answers)
        known = bool(pairs) and pairs[-1][0] == answers[self.claim.slot]
        return {self.answer.slot: pairs[-1][1]} if known else {}

    def proved_claim(self, tracker: Any) -> str:
        """The claim that an action may show or change.

        Args:
            tracker: rasa-sdk's tracker.

        Raises:
            PermissionError: it was not proved; a rule or story calls the action too early.
        """
        claimed = tracker.get_slot(self.claim.slot)
        if claimed is None or claimed not in (tracker.get_slot(self.proved_slot) or ()):
            raise PermissionError("this action needs a proved identity")
        return str(claimed)

    def _said(self, claimed: str, value: str) -> dict[str, str]:
        return {f"given_{self.claim.slot}": claimed, f"given_{self.answer.slot}": value}

    def _succeed(self, claimed: str, answers: Answers) -> None:
        """Notes the claim; of the wrong tries only those about this claim are forgiven."""
        others = [pair for pair in _refused(answers) if pair[0] != claimed]
        forgiven = len(_refused(answers)) - len(others)
        answers[REFUSED_PAIRS] = [list(pair) for pair in others]
        answers[ATTEMPTS] = max(0, _tries(answers) - forgiven)
        earlier = [each for each in self.proved(answers) if each != claimed]
        answers[self.proved_slot] = [*earlier, claimed]

    def _fail(self, claimed: str, value: str, answers: Answers) -> RefusedAnswer | ToPerson:
        answers[REFUSED_PAIRS] = [*map(list, _refused(answers)), [claimed, value]]
        answers[ATTEMPTS] = tries = _tries(answers) + 1
        if tries >= self.most_tries:
            return FAILED
        last = "_last" if tries == self.most_tries - 1 else ""
        return RefusedAnswer(f"utter_refusal_verification{last}", self._said(claimed, value))


def _refused(answers: Answers) -> tuple[tuple[str, str], ...]:
    """The pairs that were refused in this session, oldest first."""
    return tuple((str(claim), str(answer)) for claim, answer in answers[REFUSED_PAIRS] or ())


def _tries(answers: Answers) -> int:
    return int(answers[ATTEMPTS] or 0)
