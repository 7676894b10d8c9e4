"""What all forms have in common: hearing answers, corrections, digressions, and asking on.

A form of Rasa calls its `validate_<form>` action once a turn and does what the events say. This
class decides there about the whole turn; it also asks the questions itself, because a refusal
already says what is expected and asking again below it would be the same reply twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from rasa_sdk import Action

from actions import verification
from actions.answers import (
    Accepted,
    Answers,
    Outcome,
    Prompt,
    Question,
    Refused,
    Stopped,
    ToPerson,
)
from actions.heard import Heard, heard, said_before
from actions.hearing import Hearing, hear, hear_first, is_remark
from actions.options import LEAVE
from actions.resuming import title_of
from actions.second_request import SLOT, intent_of
from actions.talk import Talk
from actions.words import first

_THUMBS = (("yes", "^[\U0001f44d\U0001f44c\u2705]"), ("no", "^[\U0001f44e\u274c]"))
#: The last question of a form that changes something.
CONFIRM = Question(
    "confirmed", parse=partial(first, _THUMBS), intents={"affirm": "yes", "deny": "no"}
)
#: Asked about the order itself, before the task's own questions.
_WHOSE = (verification.ORDER_NUMBER, verification.POSTCODE)
Step = Accepted | Refused | Stopped | ToPerson
Events = list[dict[str, Any]]


class TaskForm(Action, ABC):
    """A form that helps with one task.

    A subclass names the task and its questions, and says what makes an answer fit.
    """

    #: The task's intent; form, rules and texts are named after it.
    task: ClassVar[str]
    #: Slots that belong to this task alone; forgotten when the form starts.
    own_slots: ClassVar[tuple[str, ...]] = ()
    #: Whether order number and postcode are asked first.
    verifies: ClassVar[bool] = True

    def name(self) -> str:
        """Name of the action, as Rasa expects it."""
        return f"validate_{self.task}_form"

    @abstractmethod
    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """The task's own questions, in order, as far as the answers say which apply."""

    async def prepare(self, answers: Answers) -> Stopped | ToPerson | None:
        """Looks up what the questions need, once who is asking is known.

        Returns:
            None to go on; otherwise why this task is not possible.
        """
        return None

    def objection(self, message: Heard, answers: Answers) -> Stopped | None:
        """Why the words themselves rule this task out (a gas meter), or None."""
        return None

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:
        """Whether an answer fits."""
        return Accepted(value)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:
        """How to ask a question."""
        return Prompt()

    def infer(self, message: Heard, answers: Answers) -> None:
        """Gives answers that follow from others: who names a day wants another day."""

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Handles a turn of the form; see Rasa's `FormValidationAction` for the contract.

        Returns:
            Slots, and the slot asked for. Nothing at all when the message is for somebody else:
            Rasa then lets rules answer it and comes back.
        """
        message, answers = heard(tracker, f"{self.task}_form"), _answers(tracker)
        talk, requested = Talk(dispatcher, domain), tracker.get_slot("requested_slot")
        events = (
            self._end(ToPerson("loop"), answers, talk)
            if _takes_person(message, tracker)
            else await self._come_back(message, answers, talk)
        )
        if events is not None:
            return events
        if message.started:
            return await self._begin(message, answers, talk)
        await self._obstacle(answers)
        question = self._asked_now(requested, answers)
        if message.waits:
            talk.say("utter_take_your_time")
            return await self._proceed(None, answers, talk)
        number = answers["order_number"]
        hearing = self._hear(message, question, answers)
        if hearing is Hearing.NOT_OURS:
            return []
        answers["resume_asked"] = None
        if hearing is Hearing.LEAVE:
            return self._finish("left", answers)
        if (stopped := self.objection(message, answers)) is not None:
            return self._end(stopped, answers, talk)
        if hearing is Hearing.NOTHING:
            return await self._refuse_words(message, question, answers, talk)
        if hearing is Hearing.BACK:
            self._go_back(question, answers, talk)
        if hearing is Hearing.ANSWER:
            self._take(message, number, answers, talk)
            return await self._proceed(question.slot, answers, talk)
        return await self._proceed(None, answers, talk)

    async def _come_back(self, message: Heard, answers: Answers, talk: Talk) -> Events | None:
        """Asks whether to go on, takes the answer, or goes on; None: the form was not away."""
        asked = answers["resume_asked"]
        if asked == "now" or (message.resumed and (asked or message.renewed)):
            return self._ask_to_resume(answers, talk)
        if message.resumed:
            return await self._proceed(None, answers, talk)
        wanted = message.says_yes_or_no
        if not asked or message.started or wanted is None:
            return None
        answers["resume_asked"] = None
        if not wanted:
            return self._finish("left", answers)
        await self._obstacle(answers)
        return await self._proceed(None, answers, talk)

    def _ask_to_resume(self, answers: Answers, talk: Talk) -> Events:
        """Asks whether to go on with what was left hours ago, rather than the open question."""
        talk.say("utter_resume", task=title_of(self.task, talk))
        answers["resume_asked"] = "asked"
        answers["refusals"] = 0
        return answers.events(answers["requested_slot"] or self._asked_now(None, answers).slot)

    async def _begin(self, message: Heard, answers: Answers, talk: Talk) -> Events:
        """Handles the message that starts the form."""
        self._start(message, answers, talk)
        if (stopped := self.objection(message, answers)) is not None:
            return self._end(stopped, answers, talk)
        return await self._proceed(None, answers, talk)

    def _hear(self, message: Heard, question: Question, answers: Answers) -> Hearing:
        """Takes the answers in a message to the running form."""
        if message.renewed and question.free and is_remark(message):
            return Hearing.NOTHING
        questions, asked = self._all_questions(answers), question
        number = answers["order_number"]
        if self.verifies and message.names_another(number, question.slot, question.entity):
            # Another order is verified anew, and a postcode beside it is the customer's own.
            answers.clear("postcode")
            questions, asked = (*_WHOSE, *self.questions(answers)), verification.ORDER_NUMBER
        hearing = hear(message, self.task, questions, asked, answers)
        if question is CONFIRM and message.withdraws and not answers.corrected:
            return Hearing.NOT_OURS if hearing is Hearing.NOT_OURS else Hearing.LEAVE
        if hearing is Hearing.AGAIN:
            answers["refusals"] = 0
        return hearing

    def _all_questions(self, answers: Answers) -> tuple[Question, ...]:
        first = verification.questions(answers) if self.verifies else ()
        return (*first, *self.questions(answers))

    def _asked_now(self, requested: str | None, answers: Answers) -> Question:
        """The question the customer is answering; one that no longer applies gives the next."""
        questions = self._all_questions(answers)
        asked = next((question for question in questions if question.slot == requested), None)
        return asked or self._next(answers) or questions[-1]

    def _start(self, message: Heard, answers: Answers, talk: Talk) -> None:
        answers.clear(*self.own_slots, CONFIRM.slot)
        answers["form_outcome"] = answers["resume_asked"] = answers["paused_form"] = None
        answers["refusals"] = 0
        answers["topic"] = self.task
        if self.verifies and message.left is None:
            # A number that was left half-way long ago would only confuse.
            answers.clear("postcode")
            known = verification.verified(answers)
            answers.give("order_number", answers["noted_order"] or (known[-1] if known else None))
            if answers["noted_order"]:
                answers.give("postcode", answers["noted_postcode"])
        answers["noted_order"] = answers["noted_postcode"] = None
        if not message.has_second and intent_of(str(answers[SLOT] or "")) == self.task:
            answers[SLOT] = None
        if self.verifies and message.names_another(answers["order_number"]):
            answers.clear("postcode", "order_number")
        hear_first(message, self._all_questions(answers), answers)
        self.infer(message, answers)
        if message.is_foreign:
            talk.say("utter_dutch_only")
        if message.left is not None and self.task in talk.topics:
            talk.say("utter_switched_task", topic_title=talk.topics[self.task]["title"])

    def _take(self, message: Heard, number: str | None, answers: Answers, talk: Talk) -> None:
        """Sees to what follows from new answers."""
        if number is not None and answers["order_number"] != number:
            # Another order needs its own postcode, given with it or asked anew, and own answers.
            old = [slot for slot in self.own_slots if answers.is_checked(slot)]
            code = verification.POSTCODE.slot
            answers.clear(*old, CONFIRM.slot, *(() if code in answers.given else (code,)))
        self.infer(message, answers)
        if answers.corrected:
            talk.say("utter_corrected")

    async def _proceed(self, requested: str | None, answers: Answers, talk: Talk) -> Events:
        """Checks the answers in order and asks for the first that is missing."""
        while (question := self._next(answers)) is not None:
            if (obstacle := await self._obstacle(answers)) is not None:
                return self._end(obstacle, answers, talk)
            value = answers[question.slot]
            if value is None:
                return await self._ask(question, requested, answers, talk)
            step = await self._check(question, value, answers)
            if isinstance(step, Accepted):
                answers.accept(question.slot, step.value)
            elif isinstance(step, Refused):
                answers.clear(question.slot)
                return self._refuse(question, step, requested, answers, talk)
            else:
                return self._end(step, answers, talk)
        return self._finish("complete", answers)

    async def _obstacle(self, answers: Answers) -> Stopped | ToPerson | None:
        """Prepares once a turn for the order that is asked about, when that is allowed."""
        if self.verifies and not verification.is_verified(answers):
            return verification.FAILED if verification.is_blocked(answers) else None
        if answers.facts.get("prepared_for") != answers["order_number"]:
            answers.facts = {"prepared_for": answers["order_number"]}
            answers.facts["obstacle"] = await self.prepare(answers)
        obstacle: Stopped | ToPerson | None = answers.facts.get("obstacle")
        return obstacle

    def _next(self, answers: Answers) -> Question | None:
        open_ones = (q for q in self._all_questions(answers) if not answers.is_checked(q.slot))
        return next(open_ones, None)

    async def _check(self, question: Question, value: Any, answers: Answers) -> Step:
        if verification.asks(question):
            return await verification.check(question, value, answers)
        if question is CONFIRM:
            return Accepted(value) if value == "yes" else Refused(f"utter_edit_{self.task}")
        return await self.check(question, value, answers)

    async def _ask(
        self, question: Question, requested: str | None, answers: Answers, talk: Talk
    ) -> Events:
        """Asks a question; one that was just asked and passed over is asked in other words."""
        own = await self._prompt(question, answers)
        noted = f"utter_noted_{question.slot}"
        if question.slot == requested and answers.given - {requested} and talk.knows(noted):
            # Not what was asked, but of use: "1234AB" where the order number is asked.
            talk.say(noted, own.buttons, **own.values)
            return answers.events(question.slot)
        if question.slot == requested and not answers.corrected:
            refused = Refused(own.refusal, buttons=own.buttons)
            return self._refuse(question, refused, requested, answers, talk)
        if question.slot != answers["requested_slot"] or answers.corrected:
            answers["refusals"] = 0
        talk.say(own.response or f"utter_question_{question.slot}", own.buttons, **own.values)
        return answers.events(question.slot)

    async def _prompt(self, question: Question, answers: Answers) -> Prompt:
        if verification.asks(question):
            return verification.prompt(question, self.task, answers)
        return await self.prompt(question, answers)

    def _refuse(
        self,
        question: Question,
        refused: Refused,
        requested: str | None,
        answers: Answers,
        talk: Talk,
    ) -> Events:
        count = int(answers["refusals"] or 0) + 1 if question.slot == requested else 1
        answers["refusals"] = count
        response = refused.response or f"utter_refusal_{question.slot}"
        # The first text, then other words, then less of them: never the same twice in a row. The
        # third time the safeguard offers the ways out, so that they are not offered here as well.
        turn = (count - 1) % 3
        if turn == 1 and talk.knows(f"{response}_again"):
            response = f"{response}_again"
        if turn == 2 and not refused.values:
            talk.say("utter_refusal_stuck")
        else:
            choices = [each for each in refused.buttons if turn < 2 or each != LEAVE]
            talk.say(response, choices, **refused.values)
        return answers.events(question.slot)

    async def _refuse_words(
        self, message: Heard, question: Question, answers: Answers, talk: Talk
    ) -> Events:
        """Says that the words were no answer to the question, and what would be."""
        if message.renewed:
            return self._ask_to_resume(answers, talk)
        unknown = f"utter_unknown_{question.slot}"
        own = await self._prompt(question, answers)
        response = unknown if message.knows_not and talk.knows(unknown) else own.refusal
        refused = Refused(response, buttons=own.buttons)
        return self._refuse(question, refused, question.slot, answers, talk)

    def _go_back(self, question: Question, answers: Answers, talk: Talk) -> None:
        """Forgets the answer before the question asked now."""
        slots = [each.slot for each in self._all_questions(answers)]
        before = [s for s in slots[: slots.index(question.slot)] if answers[s] is not None]
        if not before:
            talk.say("utter_first_question")
            return
        answers.clear(before[-1], CONFIRM.slot)
        if before[-1] == verification.ORDER_NUMBER.slot:
            answers.clear(verification.POSTCODE.slot)

    def _end(self, step: Stopped | ToPerson, answers: Answers, talk: Talk) -> Events:
        if isinstance(step, ToPerson):
            answers["handover_reason"] = step.reason
            if step.response:
                talk.say(step.response)
            return self._finish("handover", answers)
        talk.say(step.response, step.buttons, **step.values)
        return self._finish("stopped", answers)

    def _finish(self, outcome: Outcome, answers: Answers) -> Events:
        answers["form_outcome"] = outcome
        answers["refusals"] = 0
        return answers.events(None)


def _answers(tracker: Any) -> Answers:
    return Answers(tracker.slots, str(tracker.sender_id))


def _takes_person(message: Heard, tracker: Any) -> bool:
    """Whether the message is a "ja" to the person who was offered because the form got stuck."""
    offered = said_before(tracker.events)[-1:] == ["utter_break_loop_form"]
    return offered and message.says_yes_or_no is True
