"""One turn of a task: takes answers, corrections and digressions, and asks on.

A form of Rasa calls its `validate_<form>` action once a turn and does what the events say. The
engine decides there about the whole turn; it also asks the questions itself, because a refusal
already says what is expected and asking again below it would be the same reply twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.dialogue import open_days, runtime
from bot.dialogue.asking import LEAVING, MISUNDERSTOOD, RESUMING, SHOWN, Asker, refused, why
from bot.dialogue.commands import (
    Answer,
    Ask,
    AskBeside,
    AskLeave,
    AskWhy,
    Back,
    Beyond,
    Choose,
    Command,
    Consent,
    Correct,
    Leave,
    Misunderstood,
    NoneOfThese,
    Person,
    Refuse,
    Repeat,
    Resume,
    StartTask,
    Unclear,
    Wait,
)
from bot.dialogue.consent import consents
from bot.dialogue.message_reading import said_before
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
from bot.dialogue.replies import FORM_ASIDE, NONE_OF_THESE
from bot.dialogue.situation import Situation
from bot.dialogue.task_start import all_questions, forget_earlier_run
from bot.dialogue.turn_message import TurnMessage
from bot.dialogue.understanding import commands_of, values_of_question

if TYPE_CHECKING:
    from bot.dialogue.replies import Replies
    from bot.dialogue.task import TaskForm

Events = list[dict[str, Any]]


_ASKS_AGAIN = frozenset({Repeat, Resume})
#: After these the next question is asked, and nothing counts as an answer to the last.
_GOES_ON = frozenset({StartTask, Back, AskWhy, Repeat, Resume})


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
        self._days: tuple[date, ...] = ()
        self._asker = Asker(form, message, answers, replies)

    async def handle(self, tracker: Any) -> Events:
        """Handles the message; returns no events at all when it is not for this form."""
        answers, message = self._answers, self._message
        self._days = open_days.offered(tracker.events)
        if message.resumed or answers["resume_asked"] == "now":
            return await self._come_back(tracker)
        if message.started:
            forget_earlier_run(self._form, self._own, message, answers)
        else:
            await self._obstacle()
        now = self._situation(tracker)
        return await self._carry_out(commands_of(message, now), now.asked)

    def _situation(self, tracker: Any) -> Situation:
        """Where the task stands."""
        form, answers = self._form, self._answers
        questions = self._questions()
        return Situation(
            questions,
            self._asked_now(tracker.get_slot("requested_slot")),
            answers.values,
            answers.checked,
            self._own,
            runtime.topics(),
            runtime.topics().of(form.task).slots,
            claim=form.proof.claim if form.proof else None,
            proof=form.proof.answer if form.proof else None,
            resuming=answers["resume_asked"] in {"now", RESUMING},
            leaving=answers["resume_asked"] == LEAVING,
            misunderstood=answers["resume_asked"] == MISUNDERSTOOD,
            person_offered=said_before(tracker.events)[-1:] == ["utter_break_loop_form"],
            explained=frozenset(q.slot for q in questions if self._replies.knows(why(q))),
            days=self._days,
            refused=form.proof.last_refused(answers) if form.proof else {},
        )

    async def _carry_out(self, commands: Collection[Command], asked: Question) -> Events:
        """Carries out what the message asks.

        Args:
            commands: what it asks.
            asked: the question that the customer was asked.
        """
        found = {type(each) for each in commands}
        if Misunderstood in found or AskLeave in found:
            return self._asker.ask_how_to_go_on(
                asked, LEAVING if AskLeave in found else MISUNDERSTOOD
            )
        if (events := await self._without_values(found)) is not None:
            return events
        for each in commands:
            if isinstance(each, Beyond):
                self._asker.say_beyond(each.words)
        if AskBeside in found:
            self._replies.say(FORM_ASIDE)
        claimed = self._claimed()
        for command in commands:
            self._give(command)
        if StartTask in found:
            self._begin()
        if (stopped := self._form.objection(self._message, self._answers)) is not None:
            return self._end(stopped)
        if (events := await self._aside(found, asked)) is not None:
            return events
        self._take(claimed)
        return await self._proceed(asked.slot)

    async def _without_values(self, found: Collection[type]) -> Events | None:
        """Carries out commands after which nothing is taken; None: others were given.

        No events at all leave the message to a rule or a page.
        """
        if Ask in found:
            return []
        if Person in found:
            return self._end(ToPerson("loop"))
        self._answers["resume_asked"] = None
        if Leave in found:
            return self._finish("left")
        if Wait in found:
            self._replies.say("utter_take_your_time")
            return await self._proceed(None)
        return None

    async def _aside(self, found: Collection[type], asked: Question) -> Events | None:
        """Carries out commands that answer nothing; None: there is an answer to check."""
        if Unclear in found:
            return await self._asker.refuse_words(asked)
        if NoneOfThese in found:
            self._replies.say(NONE_OF_THESE)
            return self._answers.events(asked.slot)
        if Back in found:
            self._go_back(asked)
        if AskWhy in found:
            self._replies.say(why(asked))
        if not _ASKS_AGAIN.isdisjoint(found):
            self._answers["refusals"] = 0
        goes_on = not _GOES_ON.isdisjoint(found)
        return await self._proceed(None) if goes_on else None

    def _give(self, command: Command) -> None:
        """Takes the value in a command, if it holds one; what was confirmed is then out of date."""
        answers = self._answers
        match command:
            case Consent():
                answers.give(CONFIRM.slot, "yes")
            case Refuse():
                answers.give(CONFIRM.slot, "no")
            case Correct(slot, None):
                self._forget(slot)
            case Answer(slot, value) | Choose(slot, value) | Correct(slot, value):
                answers.give(slot, value)
                answers.clear(CONFIRM.slot)
            case _:
                pass

    async def _come_back(self, tracker: Any) -> Events:
        """Comes back after a rule answered, or a person: asks on, or whether to go on."""
        message, asked = self._message, self._answers["resume_asked"]
        if asked in {"now", RESUMING} or message.renewed:
            return self._asker.ask_to_resume(self._asked_now(None).slot)
        self._answers["resume_asked"] = None
        if values := values_of_question(message, self._situation(tracker)):
            await self._obstacle()
            claimed = self._claimed()
            for each in values:
                self._give(each)
            self._take(claimed)
        return await self._proceed(None)

    def _begin(self) -> None:
        """Infers answers from the first ones, and says what the customer should know first."""
        form, message, replies = self._form, self._message, self._replies
        form.infer(message, self._answers)
        if message.is_foreign:
            replies.say("utter_dutch_only")
        if message.left is not None and form.task in replies.topics:
            replies.say("utter_switched_task", topic_title=replies.topics[form.task]["title"])

    def _claimed(self) -> str | None:
        """The customer's claim, in a task with a proof."""
        proof = self._form.proof
        return self._answers[proof.claim.slot] if proof else None

    def _questions(self) -> tuple[Question, ...]:
        return all_questions(self._form, self._answers)

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
        # Of "toch vrijdag of zaterdag" nothing is changed before the customer chose.
        settled = not any(
            each.slot in answers.given and open_days.is_open(each, answers[each.slot])
            for each in self._questions()
        )
        if answers.corrected and settled:
            self._replies.say("utter_corrected")

    async def _proceed(self, requested: str | None) -> Events:
        """Checks the answers in order and asks for the first that is missing."""
        answers = self._answers
        while (question := self._next()) is not None:
            if (obstacle := await self._obstacle()) is not None:
                return self._end(obstacle)
            value = answers[question.slot]
            if value is None:
                return await self._asker.ask(question, requested)
            if question is CONFIRM and value == "yes" and not await self._asker.is_shown():
                answers.clear(CONFIRM.slot)
                return await self._asker.ask(question, None)
            step = await self._check(question, value)
            if isinstance(step, Accepted):
                answers.accept(question.slot, step.value)
            elif isinstance(step, RefusedAnswer):
                answers.clear(question.slot)
                if question is CONFIRM and value == "yes":
                    return await self._asker.show_summary_again()
                return self._asker.refuse(question, step, requested)
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
        if open_days.is_open(question, value):
            check = partial(form.check, answers=answers)
            known = form.day_known(question, answers)
            return await open_days.settle(question, value, check, known, self._days)
        return await form.check(question, value, answers)

    async def _consent(self, value: Any) -> Step:
        """Takes a plain yes; after anything else nothing is carried out."""
        if value != "yes":
            return RefusedAnswer(f"utter_edit_{self._form.task}")
        return (
            Accepted(value)
            if consents(self._message)
            else refused(await self._asker.prompt(CONFIRM))
        )

    def _go_back(self, question: Question) -> None:
        """Forgets the answer before the question asked now."""
        answers = self._answers
        slots = [each.slot for each in self._questions()]
        before = [s for s in slots[: slots.index(question.slot)] if answers[s] is not None]
        if not before:
            self._replies.say("utter_first_question")
            return
        self._forget(before[-1])

    def _forget(self, slot: str) -> None:
        """Forgets an answer with what depends on it: a consent, and the proof of a claim."""
        proof = self._form.proof
        self._answers.clear(slot, CONFIRM.slot)
        if proof and slot == proof.claim.slot:
            self._answers.clear(proof.answer.slot)

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
