"""One turn of a task: takes answers, corrections and digressions, and asks on.

A form of Rasa calls its `validate_<form>` action once a turn and does what the events say. The
engine decides there about the whole turn; it also asks the questions itself, because a refusal
already says what is expected and asking again below it would be the same reply twice.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from bot.dialogue import declined_options, denials, open_days, runtime, said_again, withdrawals
from bot.dialogue.asking import LEAVING, MISUNDERSTOOD, RESUMING, Asker, why
from bot.dialogue.buttons import Button
from bot.dialogue.commands import (
    Also,
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
from bot.dialogue.message_answers import told_earlier, values_of_question
from bot.dialogue.message_reading import said_before, shown_before
from bot.dialogue.page_answers import found_for, say_found
from bot.dialogue.questions import (
    CONFIRM,
    Answers,
    Question,
    Remark,
    Stopped,
    ToPerson,
)
from bot.dialogue.replies import FORM_ASIDE, NONE_OF_THESE, NOT_DONE
from bot.dialogue.situation import Situation
from bot.dialogue.task_progress import TaskProgress
from bot.dialogue.task_start import forget_earlier_run
from bot.dialogue.turn_message import TurnMessage
from bot.dialogue.understanding import commands_of
from bot.dutch.question_grammar import asks_if_done

if TYPE_CHECKING:
    from bot.dialogue.replies import Replies
    from bot.dialogue.task import TaskForm

Events = list[dict[str, Any]]


#: After so many refused answers a question without an answer is no step on.
_STUCK = 2
_ASKS_AGAIN = frozenset({Repeat, Resume})
#: After these there is nothing to go on with but the open question.
_GIVES_NOTHING = frozenset({Ask, AskBeside, Unclear})
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
        self._asker = Asker(form, message, answers, replies)
        self._progress = TaskProgress(form, message, answers, replies, self._asker)
        self._asides = False

    async def handle(self, tracker: Any) -> Events:
        """Handles the message; returns no events at all when it is not for this form."""
        answers, message = self._answers, self._message
        offered = shown_before(tracker.events)
        self._progress.days = open_days.offered(offered)
        self._asker.last_said = next(iter(said_before(tracker.events)[::-1]), None)
        self._asides = said_again.left_unanswered(tracker.events)
        comes_back = message.resumed or answers["resume_asked"] == "now"
        if message.started and (proof := self._form.proof):
            await proof.take_vouched(answers)
        if message.started and not comes_back:
            forget_earlier_run(self._form, self._own, message, answers)
        self._note_declined(offered)
        if comes_back:
            return await self._come_back(tracker)
        if not message.started:
            await self._progress.obstacle()
        now = self._situation(tracker)
        if now.asked is CONFIRM and asks_if_done(message.typed):
            self._replies.say(NOT_DONE)
            return await self._progress.proceed(None)
        commands = commands_of(message, now)
        told = await self._answer_beside(tracker, commands)
        return [*told, *await self._carry_out(commands, now.asked)]

    def _note_declined(self, offered: Collection[Button]) -> None:
        """Notes what the message declines, and of a task that begins the messages before it."""
        message, today = self._message, runtime.today()
        earlier = [each.typed for each in message.earlier] if message.started else []
        found = [*declined_options.in_words(message.typed, today, tuple(offered))]
        for text in earlier:
            found += declined_options.in_words(text, today)
        self._answers.decline(found)
        self._replies.declined = self._answers.declined

    def _situation(self, tracker: Any) -> Situation:
        """Where the task stands."""
        form, answers = self._form, self._answers
        questions, said = self._progress.questions(), said_before(tracker.events)
        offered = self._replies.topics.get(form.task)
        return Situation(
            questions,
            self._progress.asked_now(tracker.get_slot("requested_slot")),
            answers.values,
            answers.checked,
            self._own,
            runtime.topics(),
            runtime.topics().of(form.task).slots,
            claim=form.proof.claim if form.proof else None,
            proof=form.proof.answer if form.proof else None,
            resuming=answers["resume_asked"] in {"now", RESUMING},
            leaving=answers["resume_asked"] == LEAVING,
            editing=any(each.startswith(f"utter_edit_{form.task}") for each in said),
            misunderstood=answers["resume_asked"] == MISUNDERSTOOD,
            person_offered=said[-1:] == ["utter_break_loop_form"],
            explained=frozenset(q.slot for q in questions if self._replies.knows(why(q))),
            days=self._progress.days,
            refused=form.proof.last_refused(answers) if form.proof else {},
            title=f"{runtime.topics().of(form.task).title} {offered['title'] if offered else ''}",
        )

    async def _answer_beside(self, tracker: Any, commands: Collection[Command]) -> Events:
        """Answers a question that stands beside an answer: "middag. kost dat iets?"."""
        gives = any(isinstance(each, Answer | Choose) for each in commands)
        if not gives or self._message.started or not self._message.asks_beside:
            return []
        found = found_for(tracker, self._form.task)
        return await say_found(self._replies, tracker, self._message.typed, found) or []

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
        if (events := await self._without_values(found, asked)) is not None:
            return events
        self._say_beside(commands)
        claimed = self._progress.claimed()
        for command in commands:
            self._give(command)
        if besides := [each for each in commands if isinstance(each, Also)]:
            return await self._progress.keep_besides(besides)
        if StartTask in found:
            self._begin()
        if (events := await self._objected(found)) is not None:
            return events
        if StartTask not in found:
            self._progress.take_up(claimed)
        if (events := await self._aside(found, asked)) is not None:
            return events
        return await self._progress.proceed(asked.slot)

    def _say_beside(self, commands: Collection[Command]) -> None:
        """Says what the task cannot do, and that a question beside an answer has no answer here."""
        for each in commands:
            if isinstance(each, Beyond):
                self._asker.say_beyond(each.words)
        if any(isinstance(each, AskBeside) for each in commands):
            self._replies.say(FORM_ASIDE)

    async def _say_unanswered(self, asked: Question) -> Events:
        """Says that a question has no answer here, and asks on; a second time a person may."""
        if self._asides or int(self._answers["refusals"] or 0) >= _STUCK:
            return self._asker.offer_person(asked)
        self._replies.say(FORM_ASIDE)
        return await self._progress.proceed(None)

    async def _without_values(self, found: Collection[type], asked: Question) -> Events | None:
        """Carries out commands after which nothing is taken; None: others were given.

        No events at all leave the message to a rule or a page.
        """
        asks = {Ask, AskBeside}.issuperset(found)
        # "Kan ik een nieuw exemplaar krijgen?" may be what only a person can do.
        if asks and (events := await self._objected(found)) is not None:
            return events
        if Ask in found and not self._message.started:
            return []
        if Person in found:
            return self._progress.end(ToPerson("loop"))
        self._answers["resume_asked"] = None
        if Leave in found:
            return self._progress.finish("left")
        if Wait in found:
            self._replies.say("utter_take_your_time")
            return await self._progress.proceed(None)
        return await self._say_unanswered(asked) if found == {AskBeside} else None

    async def _objected(self, found: Collection[type]) -> Events | None:
        """Says or does what the task has against the message; None: nothing, or it may go on."""
        objected, message = self._form.objection(self._message, self._answers), self._message
        if isinstance(objected, Remark):
            self._replies.say(objected.response, objected.buttons, **objected.values)
            goes_on = _GIVES_NOTHING.isdisjoint(found)
            return None if goes_on else await self._progress.proceed(None)
        if objected is None:
            return None
        if {Ask, AskBeside}.issuperset(found) and isinstance(objected, Stopped):
            # What tells that it is not possible rules it out; a question or another task does not.
            task = runtime.topics().kind(message.intent) == "task"
            if task or message.is_question or message.asks_pages:
                return None
        return self._progress.end(objected)

    async def _aside(self, found: Collection[type], asked: Question) -> Events | None:
        """Carries out commands that answer nothing; None: there is an answer to check."""
        if Unclear in found:
            return await self._progress.refuse_words(asked)
        if NoneOfThese in found:
            self._replies.say(NONE_OF_THESE)
            return self._answers.events(asked.slot)
        if Back in found:
            self._progress.go_back(asked)
        if AskWhy in found:
            self._replies.say(why(asked))
        if not _ASKS_AGAIN.isdisjoint(found):
            self._answers["refusals"] = 0
        goes_on = not _GOES_ON.isdisjoint(found)
        return await self._progress.proceed(None) if goes_on else None

    def _give(self, command: Command) -> None:
        """Takes the value in a command, if it holds one; what was confirmed is then out of date."""
        answers = self._answers
        match command:
            case Consent():
                answers.give(CONFIRM.slot, "yes")
            case Refuse():
                answers.give(CONFIRM.slot, "no")
            case Correct(slot, None):
                self._progress.forget(slot)
            case Answer(slot, value) | Choose(slot, value) | Correct(slot, value):
                answers.give(slot, value)
                answers.clear(CONFIRM.slot)
                asked = (each for each in self._progress.questions() if each.slot == slot)
                answers.choose(next(asked, Question(slot)), value)
                self._replies.declined = answers.declined
            case _:
                pass

    async def _come_back(self, tracker: Any) -> Events:
        """Comes back after a rule answered, or a person: asks on, or whether to go on."""
        message, asked = self._message, self._answers["resume_asked"]
        if asked == "now":
            self._take_noted(tracker)
        denied = denials.denies_beside(message, self._situation(tracker))
        denied = denied or withdrawals.goes_on_elsewhere(message)
        if asked in {"now", RESUMING} or message.renewed or denied:
            return self._asker.ask_to_resume(self._progress.asked_now(None).slot)
        self._answers["resume_asked"] = None
        if values := values_of_question(message, self._situation(tracker)):
            await self._progress.obstacle()
            claimed = self._progress.claimed()
            for each in values:
                self._give(each)
            self._progress.take_up(claimed)
        return await self._progress.proceed(None)

    def _take_noted(self, tracker: Any) -> None:
        """Takes up what the customer told while waiting for a person."""
        if (proof := self._form.proof) and not proof.is_proved(self._answers):
            proof.take_noted(self._answers)
        now = self._situation(tracker)
        noted = [each for each in self._message.earlier if each.noted]
        for each in told_earlier(noted, now.unanswered, now):
            self._give(each)

    def _begin(self) -> None:
        """Infers answers from the first ones, and says what the customer should know first."""
        form, message, replies = self._form, self._message, self._replies
        form.infer(message, self._answers)
        if message.is_foreign:
            replies.say("utter_dutch_only")
        if message.left is not None and form.task in replies.topics:
            replies.say("utter_switched_task", topic_title=replies.topics[form.task]["title"])
