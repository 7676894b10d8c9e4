"""One turn of a task: takes answers, corrections and digressions, and asks on.

A form of Rasa calls its `validate_<form>` action once a turn and does what the events say. The
engine decides there about the whole turn; it also asks the questions itself, because a refusal
already says what is expected and asking again below it would be the same reply twice.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from bot.dialogue import runtime
from bot.dialogue.buttons import leave
from bot.dialogue.consent import consents, digest
from bot.dialogue.interpretation import Interpretation, interpret, interpret_first, is_remark
from bot.dialogue.questions import (
    CONFIRM,
    Accepted,
    Answers,
    Outcome,
    Prompt,
    Question,
    RefusedAnswer,
    Step,
    Stopped,
    ToPerson,
)
from bot.dialogue.second_request import SLOT, intent_of
from bot.dialogue.task_titles import title_of
from bot.dialogue.turn_message import TurnMessage, said_before

if TYPE_CHECKING:
    from bot.dialogue.replies import Replies
    from bot.dialogue.task import TaskForm

Events = list[dict[str, Any]]

#: Slot that holds which summary was shown last (`bot.dialogue.consent.digest`); None after a no.
SHOWN: Final = "summary_shown"


class TaskTurn:
    """A message to a task that runs, or that it starts."""

    def __init__(
        self,
        form: TaskForm,
        own: Collection[str],
        message: TurnMessage,
        answers: Answers,
        replies: Replies,
    ) -> None:
        """Takes the task and what it works on.

        Args:
            form: the task.
            own: the intents that start it.
            message: what the customer said.
            answers: the slots; changed.
            replies: where things are said.
        """
        self._form = form
        self._own = own
        self._message = message
        self._answers = answers
        self._replies = replies

    async def handle(self, tracker: Any) -> Events:
        """Handles the message; returns no events at all when it is not for this form."""
        answers, message = self._answers, self._message
        events = (
            self._end(ToPerson("loop"))
            if _takes_person(message, tracker)
            else await self._come_back()
        )
        if events is not None:
            return events
        if message.started:
            return await self._begin()
        await self._obstacle()
        question = self._asked_now(tracker.get_slot("requested_slot"))
        if message.waits:
            self._replies.say("utter_take_your_time")
            return await self._proceed(None)
        claimed = self._claimed()
        found = self._interpret(question)
        if found is Interpretation.NOT_OURS:
            return []
        answers["resume_asked"] = None
        if found is Interpretation.LEAVE:
            return self._finish("left")
        if (stopped := self._form.objection(message, answers)) is not None:
            return self._end(stopped)
        if found is Interpretation.NOTHING:
            return await self._refuse_words(question)
        if found is Interpretation.BACK:
            self._go_back(question)
        if found is Interpretation.ANSWER:
            self._take(claimed)
            return await self._proceed(question.slot)
        return await self._proceed(None)

    async def _come_back(self) -> Events | None:
        """Comes back to an interrupted form: asks whether to go on, or does; None: it was not."""
        message, asked = self._message, self._answers["resume_asked"]
        if asked == "now" or (message.resumed and (asked or message.renewed)):
            return self._ask_to_resume()
        if message.resumed:
            return await self._proceed(None)
        wanted = message.says_yes_or_no
        if not asked or message.started or wanted is None:
            return None
        self._answers["resume_asked"] = None
        if not wanted:
            return self._finish("left")
        await self._obstacle()
        return await self._proceed(None)

    def _ask_to_resume(self) -> Events:
        """Asks whether to go on with what was left hours ago, rather than the open question."""
        answers = self._answers
        self._replies.say("utter_resume", task=title_of(self._form.task, self._replies))
        answers["resume_asked"] = "asked"
        answers["refusals"] = 0
        return answers.events(answers["requested_slot"] or self._asked_now(None).slot)

    async def _begin(self) -> Events:
        """Handles the message that starts the form."""
        self._start()
        if (stopped := self._form.objection(self._message, self._answers)) is not None:
            return self._end(stopped)
        return await self._proceed(None)

    def _start(self) -> None:
        form, answers, message, replies = self._form, self._answers, self._message, self._replies
        answers.clear(*form.outdated(answers, self._own), CONFIRM.slot)
        answers["form_outcome"] = answers["resume_asked"] = answers["paused_form"] = None
        answers[SHOWN] = None
        answers["refusals"] = 0
        answers["topic"] = form.task
        if form.proof and message.left is None:
            form.proof.begin(answers)
        if form.proof:
            form.proof.forget_noted(answers)
        if not message.has_second and intent_of(str(answers[SLOT] or "")) in self._own:
            answers[SLOT] = None
        if form.proof and message.names_another(form.proof.claim.slot, self._claimed()):
            answers.clear(form.proof.answer.slot, form.proof.claim.slot)
        for slot, value in message.told.items():
            if value is not None and any(each.slot == slot for each in self._questions()):
                answers.give(slot, value)
        interpret_first(message, self._questions(), answers)
        form.infer(message, answers)
        if message.is_foreign:
            replies.say("utter_dutch_only")
        if message.left is not None and form.task in replies.topics:
            replies.say("utter_switched_task", topic_title=replies.topics[form.task]["title"])

    def _interpret(self, question: Question) -> Interpretation:
        """Takes the answers in a message to the running form."""
        form, answers, message = self._form, self._answers, self._message
        topics = runtime.topics()
        if message.renewed and question.free and is_remark(message, topics):
            return Interpretation.NOTHING
        questions, asked = self._questions(), question
        proof, answering = form.proof, (question.slot, question.entity)
        if proof and message.names_another(proof.claim.slot, self._claimed(), *answering):
            # Another claim is proved anew, and an answer beside it belongs to it.
            answers.clear(proof.answer.slot)
            questions = (proof.claim, proof.answer, *form.questions(answers))
            asked = proof.claim
        found = interpret(message, self._own, questions, asked, answers, topics)
        if question is CONFIRM and message.withdraws and not answers.corrected:
            ours = found is not Interpretation.NOT_OURS
            return Interpretation.LEAVE if ours else Interpretation.NOT_OURS
        if found is Interpretation.AGAIN:
            answers["refusals"] = 0
        return found

    def _claimed(self) -> str | None:
        """The customer's claim, in a task with a proof."""
        proof = self._form.proof
        return self._answers[proof.claim.slot] if proof else None

    def _questions(self) -> tuple[Question, ...]:
        proof = self._form.proof
        first = proof.questions(self._answers) if proof else ()
        return (*first, *self._form.questions(self._answers))

    def _asked_now(self, requested: str | None) -> Question:
        """The question the customer is answering; one that no longer applies gives the next."""
        questions = self._questions()
        asked = next((question for question in questions if question.slot == requested), None)
        return asked or self._next() or questions[-1]

    def _take(self, claimed: str | None) -> None:
        """Clears and infers the answers that follow from new ones, and says what was corrected."""
        form, answers = self._form, self._answers
        if form.proof and claimed is not None and self._claimed() != claimed:
            # Another claim needs its own proof, given with it or asked anew, and own answers.
            old = [slot for slot in form.own_slots if answers.is_checked(slot)]
            answer = form.proof.answer.slot
            answers.clear(*old, CONFIRM.slot, *(() if answer in answers.given else (answer,)))
        form.infer(self._message, answers)
        if answers.corrected:
            self._replies.say("utter_corrected")

    async def _proceed(self, requested: str | None) -> Events:
        """Checks the answers in order and asks for the first that is missing."""
        answers = self._answers
        while (question := self._next()) is not None:
            if (obstacle := await self._obstacle()) is not None:
                return self._end(obstacle)
            value = answers[question.slot]
            if value is None:
                return await self._ask(question, requested)
            if question is CONFIRM and value == "yes" and not await self._is_shown():
                answers.clear(CONFIRM.slot)
                return await self._ask(question, None)
            step = await self._check(question, value)
            if isinstance(step, Accepted):
                answers.accept(question.slot, step.value)
            elif isinstance(step, RefusedAnswer):
                answers.clear(question.slot)
                return self._refuse(question, step, requested)
            else:
                return self._end(step)
        return self._finish("complete")

    async def _obstacle(self) -> Stopped | ToPerson | None:
        """Prepares the task once a turn, after the proof; returns an obstacle, or None."""
        proof, answers = self._form.proof, self._answers
        if proof and not proof.is_proved(answers):
            return proof.obstacle(answers)
        if answers.facts.get("prepared_for", answers) != self._claimed():
            answers.facts = {"prepared_for": self._claimed()}
            answers.facts["obstacle"] = await self._form.prepare(answers)
        obstacle: Stopped | ToPerson | None = answers.facts.get("obstacle")
        return obstacle

    def _next(self) -> Question | None:
        return next((q for q in self._questions() if not self._answers.is_checked(q.slot)), None)

    async def _check(self, question: Question, value: Any) -> Step:
        form, answers = self._form, self._answers
        if form.proof and form.proof.asks(question):
            return await form.proof.check(question, value, answers)
        if question is CONFIRM:
            return await self._consent(value)
        return await form.check(question, value, answers)

    async def _is_shown(self) -> bool:
        """Whether the summary, as it is now, is the one the customer was shown last."""
        return bool(self._answers[SHOWN] == digest(await self._prompt(CONFIRM)))

    async def _consent(self, value: Any) -> Step:
        """Takes a plain yes; after anything else nothing is carried out."""
        if value != "yes":
            return RefusedAnswer(f"utter_edit_{self._form.task}")
        return Accepted(value) if consents(self._message) else _refused(await self._prompt(CONFIRM))

    async def _ask(self, question: Question, requested: str | None) -> Events:
        """Asks a question; one that was just asked and passed over is asked in other words."""
        answers, replies = self._answers, self._replies
        own = await self._prompt(question)
        noted = f"utter_noted_{question.slot}"
        if question.slot == requested and answers.given - {requested} and replies.knows(noted):
            # Not what was asked, but of use: "1234AB" where another number is asked.
            replies.say(noted, own.buttons, **own.values)
            return answers.events(question.slot)
        if question.slot == requested and not answers.corrected:
            return self._refuse(question, _refused(own), requested)
        if question.slot != answers["requested_slot"] or answers.corrected:
            answers["refusals"] = 0
        response = own.response or f"utter_question_{question.slot}"
        replies.say(response, own.buttons, **own.values)
        if question is CONFIRM:
            # Nobody has agreed to what a summary left out.
            whole = replies.is_whole(response, {**answers.slots, **own.values})
            answers[SHOWN] = digest(own) if whole else None
        return answers.events(question.slot)

    async def _prompt(self, question: Question) -> Prompt:
        form = self._form
        if form.proof and form.proof.asks(question):
            return form.proof.prompt(question, form.task, self._answers)
        return await form.prompt(question, self._answers)

    def _refuse(self, question: Question, refused: RefusedAnswer, requested: str | None) -> Events:
        answers, replies = self._answers, self._replies
        if question is CONFIRM:
            # A yes counts directly behind its summary: whatever came in between, it is shown again.
            answers[SHOWN] = None
        count = int(answers["refusals"] or 0) + 1 if question.slot == requested else 1
        answers["refusals"] = count
        response = refused.response or f"utter_refusal_{question.slot}"
        # The first text, then other words, then less of them: never the same twice in a row. The
        # third time the safeguard offers the ways out, so that they are not offered here as well.
        turn = (count - 1) % 3
        if turn == 1 and replies.knows(f"{response}_again"):
            response = f"{response}_again"
        if turn == 2 and not refused.values:
            replies.say("utter_refusal_stuck")
        else:
            choices = [each for each in refused.buttons if turn < 2 or each != leave()]
            replies.say(response, choices, **refused.values)
        return answers.events(question.slot)

    async def _refuse_words(self, question: Question) -> Events:
        """Says that the words were no answer to the question, and what would be."""
        if self._message.renewed:
            return self._ask_to_resume()
        own = await self._prompt(question)
        unknown = own.unknown or f"utter_unknown_{question.slot}"
        if self._message.knows_not and (own.unknown or self._replies.knows(unknown)):
            values = own.refusal_values if own.unknown else {}
            return self._refuse(
                question, RefusedAnswer(unknown, values, own.buttons), question.slot
            )
        return self._refuse(question, _refused(own), question.slot)

    def _go_back(self, question: Question) -> None:
        """Forgets the answer before the question asked now."""
        answers, proof = self._answers, self._form.proof
        slots = [each.slot for each in self._questions()]
        before = [s for s in slots[: slots.index(question.slot)] if answers[s] is not None]
        if not before:
            self._replies.say("utter_first_question")
            return
        answers.clear(before[-1], CONFIRM.slot)
        if proof and before[-1] == proof.claim.slot:
            answers.clear(proof.answer.slot)

    def _end(self, step: Stopped | ToPerson) -> Events:
        if isinstance(step, ToPerson):
            self._answers["handover_reason"] = step.reason
            if step.response:
                self._replies.say(step.response)
            return self._finish("handover")
        self._replies.say(step.response, step.buttons, **step.values)
        return self._finish("stopped")

    def _finish(self, outcome: Outcome) -> Events:
        self._answers["form_outcome"] = outcome
        self._answers[SHOWN] = None
        self._answers["refusals"] = 0
        return self._answers.events(None)


def _refused(own: Prompt) -> RefusedAnswer:
    """The refusal when the words were no answer to a question."""
    return RefusedAnswer(own.refusal, own.refusal_values, own.buttons)


def _takes_person(message: TurnMessage, tracker: Any) -> bool:
    """Whether the message is a "ja" to the person who was offered because the form got stuck."""
    offered = said_before(tracker.events)[-1:] == ["utter_break_loop_form"]
    return offered and message.says_yes_or_no is True
