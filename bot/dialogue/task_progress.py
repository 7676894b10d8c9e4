"""How a task proceeds: checks the answers in order, asks for the first that is missing, ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.dialogue import open_days, second_request
from bot.dialogue.asking import SHOWN, Asker, refused
from bot.dialogue.commands import Also
from bot.dialogue.consent import consents
from bot.dialogue.questions import (
    CONFIRM,
    Accepted,
    Answers,
    Outcome,
    Question,
    RefusedAnswer,
    Step,
    Stopped,
    ToPerson,
)
from bot.dialogue.replies import ONE_BY_ONE
from bot.dialogue.restated import agrees
from bot.dialogue.task_start import all_questions
from bot.dialogue.turn_message import TurnMessage

if TYPE_CHECKING:
    from bot.dialogue.buttons import Button
    from bot.dialogue.replies import Replies
    from bot.dialogue.task import TaskForm

Events = list[dict[str, Any]]
#: Words of an answer to one question, at most.
_FEW = 2


class TaskProgress:
    """A task's questions and answers, while a message is handled.

    Attributes:
        days: the days among the options that were offered last.
    """

    def __init__(
        self,
        form: TaskForm,
        message: TurnMessage,
        answers: Answers,
        replies: Replies,
        asker: Asker,
    ) -> None:
        """Takes the task and what it works on.

        Args:
            form: the task.
            message: what the customer said.
            answers: the slots; changed.
            replies: where things are said.
            asker: asks the questions.
        """
        self._form = form
        self._message = message
        self._answers = answers
        self._replies = replies
        self._asker = asker
        self.days: tuple[date, ...] = ()
        self._outdated: set[str] = set()
        self._proved = form.proof is None or form.proof.is_proved(answers)
        #: Questions that words were looked through for: those that a message could answer itself.
        self._looked_for = {each.slot for each in self.questions()}

    def claimed(self) -> str | None:
        """The customer's claim, in a task with a proof."""
        proof = self._form.proof
        return self._answers[proof.claim.slot] if proof else None

    def questions(self) -> tuple[Question, ...]:
        """The questions that apply now, in order, those of the proof first."""
        return all_questions(self._form, self._answers)

    def asked_now(self, requested: str | None) -> Question:
        """The question the customer is answering; one that no longer applies gives the next."""
        questions = self.questions()
        asked = next((question for question in questions if question.slot == requested), None)
        return asked or self._next() or questions[-1]

    def take_up(self, claimed: str | None) -> None:
        """Clears and infers the answers that follow from new ones, and says what was corrected."""
        form, answers = self._form, self._answers
        if form.proof and claimed is not None and self.claimed() != claimed:
            # Another claim needs its own proof, given with it or asked anew, and own answers.
            old = [slot for slot in form.own_slots if answers.is_checked(slot)]
            answer = form.proof.answer.slot
            answers.clear(*old, CONFIRM.slot, *(() if answer in answers.given else (answer,)))
        form.infer(self._message, answers)
        # Of "toch vrijdag of zaterdag" nothing is changed before the customer chose.
        settled = not any(
            each.slot in answers.given and open_days.is_open(each, answers[each.slot])
            for each in self.questions()
        )
        if answers.corrected and settled:
            self._replies.say("utter_corrected")

    async def proceed(self, requested: str | None) -> Events:
        """Checks the answers in order and asks for the first that is missing."""
        answers = self._answers
        while True:
            # What the task looks up may add questions, so that it goes before them.
            obstacle = await self.obstacle()
            self._take_told()
            if obstacle is not None:
                return self.end(obstacle)
            if (question := self._next()) is None:
                return self.finish("complete")
            value = answers[question.slot]
            if value is None:
                return await self._asker.ask(question, requested)
            if question is CONFIRM and value == "yes" and not await self._asker.is_shown():
                answers.clear(CONFIRM.slot)
                return await self._asker.ask(question, None)
            step = await self._check(question, value)
            if isinstance(step, Accepted):
                answers.accept(question.slot, step.value)
                self._check_anew_behind(question)
            elif isinstance(step, RefusedAnswer) and question.slot in self._outdated:
                # It fitted what was corrected since: it is asked again, and was not wrong.
                self._outdated.discard(question.slot)
                answers.clear(question.slot)
            elif isinstance(step, RefusedAnswer):
                answers.clear(question.slot)
                if question is CONFIRM and value == "yes":
                    return await self._asker.show_summary_again()
                return self._asker.refuse(question, step, requested)
            else:
                return self.end(step)

    async def refuse_words(self, question: Question) -> Events:
        """Refuses words that were no answer to a question, if that can still be asked.

        Midnight may have passed since, or what was given beside the words left another one open.
        """
        if (obstacle := await self.obstacle()) is not None:
            return self.end(obstacle)
        if not self._message.renewed and self._next() not in (question, None):
            return await self.proceed(None)
        return await self._asker.refuse_words(question)

    async def obstacle(self) -> Stopped | ToPerson | None:
        """Prepares the task once a turn, after the proof; returns an obstacle, or None."""
        proof, answers = self._form.proof, self._answers
        if proof and not proof.is_proved(answers):
            return proof.obstacle(answers)
        if answers.facts.get("prepared_for", answers) != self.claimed():
            answers.facts = {"prepared_for": self.claimed()}
            answers.facts["obstacle"] = await self._form.prepare(answers)
        obstacle: Stopped | ToPerson | None = answers.facts.get("obstacle")
        return obstacle

    def _take_told(self) -> None:
        """Takes, once, what was told before a question came up: in this message or an earlier one.

        Which options there are may be known only when the identity is proved, and a question may
        come with another answer: "8 weken pauzeren" tells how long before that is asked.
        """
        proof, answers = self._form.proof, self._answers
        earlier = [each.told for each in self._message.earlier if each.told]
        # A word or two answered another question.
        texts = [each for each in (self._message.asserted, *earlier) if len(each.split()) > _FEW]
        if not self._proved and proof and proof.is_proved(answers):
            self._proved = True
            self._looked_for.clear()
            texts += earlier
        for each in self.questions():
            if each.slot in self._looked_for:
                continue
            self._looked_for.add(each.slot)
            if each.parse is None or not each.early or answers[each.slot] is not None:
                continue
            told = (each.parse(typed) for typed in texts)
            if (value := next((one for one in told if one is not None), None)) is not None:
                answers.give(each.slot, value)

    def _next(self) -> Question | None:
        """The first question without an answer that fits; None: there is none."""
        proof = self._form.proof.answer if self._form.proof else None
        # What proves a claim is among the questions only while that claim is not proved.
        open_ones = (
            q for q in self.questions() if q is proof or not self._answers.is_checked(q.slot)
        )
        return next(open_ones, None)

    def _check_anew_behind(self, question: Question) -> None:
        """Has the answers behind a new one checked once more: what fits may depend on it."""
        questions = self.questions()
        place = next((at for at, each in enumerate(questions) if each.slot == question.slot), None)
        for each in questions[place + 1 :] if place is not None else ():
            if self._answers.is_checked(each.slot):
                self._answers.uncheck(each.slot)
                self._outdated.add(each.slot)

    async def _check(self, question: Question, value: Any) -> Step:
        form, answers = self._form, self._answers
        if form.proof and form.proof.asks(question):
            return await form.proof.check(question, value, answers)
        if question is CONFIRM:
            return await self._consent(value)
        if open_days.is_open(question, value):
            check = partial(form.check, answers=answers)
            known = form.day_known(question, answers)
            return await open_days.settle(
                question, value, check, known, self.days, answers.declined
            )
        return await form.check(question, value, answers)

    async def _consent(self, value: Any) -> Step:
        """Takes a plain yes; after anything else nothing is carried out."""
        if value != "yes":
            return RefusedAnswer(f"utter_edit_{self._form.task}")
        message, values = self._message, self._answers.values
        if consents(message) or agrees(message.typed, self.questions(), values):
            return Accepted(value)
        return refused(await self._asker.prompt(CONFIRM))

    def go_back(self, question: Question) -> None:
        """Forgets the answer before the question asked now."""
        answers = self._answers
        slots = [each.slot for each in self.questions()]
        place = slots.index(question.slot) if question.slot in slots else len(slots)
        before = [s for s in slots[:place] if answers[s] is not None]
        if not before:
            self._replies.say("utter_first_question")
            return
        self.forget(before[-1])

    def forget(self, slot: str) -> None:
        """Forgets an answer with what depends on it: a consent, and the proof of a claim."""
        proof = self._form.proof
        self._answers.clear(slot, CONFIRM.slot)
        if proof and slot == proof.claim.slot:
            self._answers.clear(proof.answer.slot)

    def end(self, step: Stopped | ToPerson) -> Events:
        """Ends the task because it is not possible, or because only a person can go on."""
        if isinstance(step, ToPerson):
            self._answers["handover_reason"] = step.reason
            if step.response:
                self._replies.say(step.response)
            return self.finish("handover")
        self._replies.say(step.response, step.buttons, **step.values)
        return self.finish("stopped")

    def _keep_further(self) -> None:
        """Keeps what was asked of the task and this run of it did not hold."""
        answers = self._answers
        if self._form.proof and not self._form.proof.is_proved(answers):
            return
        texts = [self._message.typed, *(each.told for each in self._message.earlier)]
        if wishes := self._form.further([each for each in texts if each], answers):
            self._keep(wishes)

    def _keep(self, wishes: Sequence[Button]) -> None:
        kept = second_request.added(self._answers.values, wishes, self._replies.topics)
        self._answers[second_request.SLOT] = [dict(each) for each in kept]

    async def keep_besides(self, wanted: Sequence[Also]) -> Events:
        """Keeps what is wanted besides for after this run, says so, and asks on."""
        answers = self._answers
        questions = {each.slot: each for each in self.questions()}
        wishes = [self._form.another(questions[e.slot], e.value, answers) for e in wanted]
        self._keep(wishes)
        self._replies.say(ONE_BY_ONE, title=wishes[0]["title"])
        answers["refusals"] = 0
        return await self.proceed(None)

    def finish(self, outcome: Outcome) -> Events:
        """Ends the task; a rule follows by how it ended, and offers what else was asked of it."""
        self._keep_further()
        self._answers["form_outcome"] = outcome
        self._answers[SHOWN] = None
        self._answers["refusals"] = 0
        return self._answers.events(None)
