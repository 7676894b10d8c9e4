"""Asks the questions of a task, and says what is expected when an answer does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.catalogue import say
from bot.dialogue.buttons import Button, button, leave, person
from bot.dialogue.consent import digest
from bot.dialogue.questions import CONFIRM, Answers, Prompt, Question, RefusedAnswer
from bot.dialogue.replies import BEYOND, LEAVE_QUESTION, MISUNDERSTANDING, NOTED
from bot.dialogue.task_titles import title_of

if TYPE_CHECKING:
    from bot.dialogue.replies import Replies
    from bot.dialogue.task import TaskForm
    from bot.dialogue.turn_message import TurnMessage

Events = list[dict[str, Any]]

#: Slot that holds which summary was shown last (`bot.dialogue.consent.digest`); None after a no.
SHOWN: Final = "summary_shown"
#: Values of the slot `resume_asked`: what was asked in place of the open question.
RESUMING: Final = "asked"
LEAVING: Final = "leave"
MISUNDERSTOOD: Final = "misunderstood"
#: So many refusals of a summary show it again; then the safeguard offers the ways out.
_SUMMARIES: Final = 2


class Asker:
    """Says a task's questions and refusals.

    Attributes:
        last_said: the response that stands directly above the customer's message; None: nothing was
            said to the message before.
    """

    def __init__(
        self, form: TaskForm, message: TurnMessage, answers: Answers, replies: Replies
    ) -> None:
        """Takes the task, the customer's message, the slots (changed) and where things are said."""
        self._form = form
        self._message = message
        self._answers = answers
        self._replies = replies
        self.last_said: str | None = None

    def ask_to_resume(self, first: str) -> Events:
        """Asks whether to go on with what was left hours ago, rather than the open question.

        Args:
            first: the slot to ask for when none was; nothing agrees to it until it was asked again.
        """
        answers = self._answers
        answers[SHOWN] = None
        self._replies.say("utter_resume", task=title_of(self._form.task, self._replies))
        answers["resume_asked"] = RESUMING
        answers["refusals"] = 0
        answers["topic"] = self._form.task
        return answers.events(answers["requested_slot"] or first)

    def ask_how_to_go_on(self, question: Question, doubt: str) -> Events:
        """Asks how to go on, in place of the open question; after two objections by a person.

        Args:
            question: the one that is open; nothing agrees to it until it was asked again.
            doubt: `LEAVING` or `MISUNDERSTOOD`.
        """
        answers, replies = self._answers, self._replies
        if answers["resume_asked"] == doubt == MISUNDERSTOOD:
            return self.offer_person(question)
        answers["resume_asked"], answers[SHOWN] = doubt, None
        on = _go_on(question)
        if doubt == LEAVING:
            replies.say(LEAVE_QUESTION, [button(say("button.do_stop"), "cancel_task"), on])
        else:
            other = button(say("button.something_else"), "cancel_task")
            topics = (name for name in self._message.near if name in replies.topics)
            near = [replies.topics[name] for name in topics if name != self._form.task][:1]
            replies.say(MISUNDERSTANDING, [*near, on, other, person()])
        return answers.events(question.slot)

    def offer_person(self, question: Question) -> Events:
        """Offers a person to a customer who gets no further, in place of the open question.

        Args:
            question: the one that is open; nothing agrees to it until it was asked again.
        """
        self._answers[SHOWN] = None
        self._replies.say("utter_break_loop_form", [person(), _go_on(question), leave()])
        return self._answers.events(question.slot)

    def say_beyond(self, words: str) -> None:
        """Says what the task cannot do, rather than leaving it out in silence."""
        own = f"{BEYOND}_{self._form.task}"
        response = own if self._replies.knows(own) else BEYOND
        self._replies.say(response, [person()], words=words)

    async def is_shown(self) -> bool:
        """Whether the summary, as it is now, was shown last, and nothing was said behind it."""
        own = await self.prompt(CONFIRM)
        # A rule, a safeguard or another question may have spoken since.
        behind = self.last_said is not None and self.last_said != _response(CONFIRM, own)
        return bool(self._answers[SHOWN] == digest(own)) and not behind

    async def ask(self, question: Question, requested: str | None) -> Events:
        """Asks a question; one that was just asked and passed over is asked in other words."""
        answers, replies = self._answers, self._replies
        own = await self.prompt(question)
        noted = f"utter_noted_{question.slot}"
        if question.slot == requested and answers.given - {requested} and not answers.corrected:
            # Not what was asked, but of use: "1234AB" where another number is asked.
            if replies.knows(noted):
                replies.say(noted, own.buttons, **own.values)
                return answers.events(question.slot)
            replies.say(NOTED)
            requested = None
        if question.slot == requested and not answers.corrected:
            return self.refuse(question, refused(own), requested)
        if question.slot != answers["requested_slot"] or answers.corrected:
            answers["refusals"] = 0
        self._say(question, own)
        return answers.events(question.slot)

    def _say(self, question: Question, own: Prompt, *more: Button) -> None:
        """Says a question; of a summary it is noted which one was shown."""
        response = _response(question, own)
        self._replies.say(response, [*own.buttons, *more], **own.values)
        if question is CONFIRM:
            # Nobody has agreed to what a summary left out.
            whole = self._replies.is_whole(response, {**self._answers.values, **own.values})
            self._answers[SHOWN] = digest(own) if whole else None

    async def show_summary_again(self) -> Events:
        """Says that nothing was done, and shows the summary: the yes to that one counts."""
        own = await self.prompt(CONFIRM)
        events = self.refuse(CONFIRM, refused(own), CONFIRM.slot)
        if (count := int(self._answers["refusals"])) > _SUMMARIES:
            return events
        self._say(CONFIRM, own, *([person()] if count == _SUMMARIES else []))
        return self._answers.events(CONFIRM.slot)

    async def prompt(self, question: Question) -> Prompt:
        """The way in which a question is asked, by the task or by its proof."""
        form = self._form
        if form.proof and form.proof.asks(question):
            return form.proof.prompt(question, form.task, self._answers)
        return await form.prompt(question, self._answers)

    def refuse(self, question: Question, refused: RefusedAnswer, requested: str | None) -> Events:
        """Says that an answer does not fit, and what would; in other words each time."""
        answers, replies = self._answers, self._replies
        if question is CONFIRM:
            # A yes counts directly behind its summary: whatever came in between, it is shown again.
            answers[SHOWN] = None
        before = int(answers["refusals"] or 0) if question.slot == requested else 0
        count = max(before, 1) if refused.narrows else before + 1
        answers["refusals"] = before if refused.narrows else count
        response = refused.response or f"utter_refusal_{question.slot}"
        # The first text, then other words, then less of them: never the same twice in a row. The
        # third time the safeguard offers the ways out, so that they are not offered here as well.
        turn = (count - 1) % 3
        if turn == 1 and replies.has(f"{response}_again"):
            response = f"{response}_again"
        if turn == 2 and not refused.values:
            replies.say("utter_refusal_stuck")
        else:
            choices = [each for each in refused.buttons if turn < 2 or each != leave()]
            replies.say(response, choices, **refused.values)
        return answers.events(question.slot)

    async def refuse_words(self, question: Question) -> Events:
        """Says that the words were no answer to the question, and what would be."""
        if self._message.renewed:
            return self.ask_to_resume(question.slot)
        if question is CONFIRM:
            return await self.show_summary_again()
        own = await self.prompt(question)
        unknown = own.unknown or f"utter_unknown_{question.slot}"
        if self._message.knows_not and (own.unknown or self._replies.knows(unknown)):
            values = own.refusal_values if own.unknown else {}
            return self.refuse(question, RefusedAnswer(unknown, values, own.buttons), question.slot)
        return self.refuse(question, refused(own), question.slot)


def _response(question: Question, own: Prompt) -> str:
    """The response that asks a question."""
    return own.response or f"utter_question_{question.slot}"


def refused(own: Prompt) -> RefusedAnswer:
    """The refusal when the words were no answer to a question."""
    return RefusedAnswer(own.refusal, own.refusal_values, own.buttons)


def _go_on(question: Question) -> Button:
    """The button that asks the open question once more."""
    return button(say("button.go_on"), "inform", edit=question.slot)


def why(question: Question) -> str:
    """The response that says why an answer is needed."""
    return f"utter_why_{question.slot}"
