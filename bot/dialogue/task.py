"""A task: a form of Rasa with questions, checks and an action, declared by a subclass."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from rasa_sdk import Action
from rasa_sdk.utils import all_subclasses

from bot.dialogue import form_endings
from bot.dialogue.buttons import Button, button
from bot.dialogue.identity_proof import Proof
from bot.dialogue.message_reading import read_message
from bot.dialogue.questions import (
    CONFIRM,
    Accepted,
    Answers,
    Prompt,
    Question,
    Remark,
    Step,
    Stopped,
    ToPerson,
)
from bot.dialogue.replies import Replies
from bot.dialogue.starting_intents import of_form
from bot.dialogue.task_turn import Events, TaskTurn
from bot.dialogue.turn_message import TurnMessage
from bot.topics.topic import Topic

__all__ = ["CONFIRM", "Events", "Step", "TaskForm", "proofs", "task_forms"]


class TaskForm(Action, ABC):
    """A form that helps with one task.

    A subclass declares its topic and its questions, and says what makes an answer fit. The engine
    (`bot.dialogue.task_turn`) takes answers, corrections and digressions, and asks on.
    """

    #: All that Loket must know of the task besides how it goes.
    topic: ClassVar[Topic]
    #: What the customer proves before the task's own questions; None: nothing.
    proof: ClassVar[Proof | None] = None
    #: The topic's intent; form, rules and texts are named after it.
    task: str
    #: The topic's slots, which belong to this task alone; forgotten when the form starts.
    own_slots: tuple[str, ...] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        """Completes the topic with the kind and the proof."""
        super().__init_subclass__(**options)
        if "topic" in vars(cls):
            cls.task, cls.own_slots = cls.topic.name, tuple(cls.topic.slots)
        if hasattr(cls, "topic"):
            proof = cls.proof.slots() if cls.proof else None
            cls.topic = replace(cls.topic, kind="task", proof=proof)

    def name(self) -> str:
        """Name of the action, as Rasa expects it."""
        return f"validate_{self.form_name}"

    @property
    def form_name(self) -> str:
        """The form's name in the domain."""
        return f"{self.task}_form"

    def read(self, tracker: Any) -> TurnMessage:
        """Reads what the customer said this turn."""
        return read_message(tracker, self.form_name)

    @abstractmethod
    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """The task's own questions, in order, as far as the answers say which apply."""

    async def prepare(self, answers: Answers) -> Stopped | ToPerson | None:  # noqa: ARG002 - for subclasses
        """Looks up what the questions need, once the customer's identity is proved.

        Returns:
            None to go on; otherwise why this task is not possible.
        """
        return None

    def objection(
        self,
        message: TurnMessage,  # noqa: ARG002 - for subclasses
        answers: Answers,  # noqa: ARG002
    ) -> Stopped | ToPerson | Remark | None:
        """The reason that the words rule this task out (it is about somebody else), or None.

        A question, or what is named besides, loses nothing that was told: a remark lets the task
        go on.
        """
        return None

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:  # noqa: ARG002 - for subclasses
        """Checks whether an answer fits; fits always, unless a subclass says otherwise."""
        return Accepted(value)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:  # noqa: ARG002 - for subclasses
        """The way to ask a question; its own text, unless a subclass says otherwise."""
        return Prompt()

    def day_known(self, question: Question, answers: Answers) -> date | None:  # noqa: ARG002 - for subclasses
        """The day from which "een dag later" is counted for a question that asks for a day.

        Returns:
            None, unless a subclass knows one: then "een dag later" is no answer.
        """
        return None

    def outdated(self, answers: Answers, own: Collection[str]) -> tuple[str, ...]:  # noqa: ARG002 - for subclasses
        """The slots whose answers are of an earlier run, and forgotten when the form starts.

        Args:
            answers: the slots, before the form starts.
            own: the intents that start it.
        """
        return self.own_slots

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Gives answers that follow from others: a customer who names a day wants another day."""

    def goes_on(self, text: str) -> bool:  # noqa: ARG002 - for subclasses
        """Whether words behind what the task told are for the task again: "ik heb niks gehad"."""
        return False

    def further(self, texts: Sequence[str], answers: Answers) -> tuple[Button, ...]:  # noqa: ARG002 - for subclasses
        """What was asked of this task and one run of it cannot hold, each as a button by its name.

        Asked when the task ends; offered after it.

        Args:
            texts: what the customer typed in this run, the newest first.
            answers: the task's.
        """
        return ()

    def another(self, question: Question, value: Any, answers: Answers) -> Button:  # noqa: ARG002 - for subclasses
        """The button for a run of its own, of what the task does one at a time.

        Args:
            question: its answer stays what it is in this run.
            value: the answer in the other run.
            answers: the task's.
        """
        return button(f"{self.topic.title}: {value}", self.task, **{question.slot: value})

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Handles a turn of the form; see Rasa's `FormValidationAction` for the contract.

        Returns:
            Slots, and the slot asked for. Nothing at all when the message is not for this form:
            Rasa then lets rules answer it and comes back.
        """
        message = self.read(tracker)
        answers = Answers(tracker.slots, str(tracker.sender_id))
        own = {self.task, *of_form(self.form_name, domain)}
        turn = TaskTurn(self, own, message, answers, Replies(dispatcher, domain))
        events = await turn.handle(tracker)
        return [_with_ending(event, self.form_name, answers, domain) for event in events]


def _with_ending(
    event: dict[str, Any], form: str, answers: Answers, domain: Mapping[str, Any]
) -> dict[str, Any]:
    """An event; of the outcome with all answers the one that rules have for these answers."""
    if event.get("name") != form_endings.OUTCOME or event.get("value") != form_endings.COMPLETE:
        return event
    return {**event, "value": form_endings.chosen(form, domain, answers.values)}


def task_forms() -> tuple[type[TaskForm], ...]:
    """The tasks of the assistant whose modules are imported; a subclass stands after its parent."""
    return tuple(each for each in all_subclasses(TaskForm) if is_declared(each))


def is_declared(form: type[TaskForm]) -> bool:
    """Whether a class declares a task; one that names none is a base of others, or made anew."""
    return hasattr(form, "task") and not inspect.isabstract(form)


def proofs() -> tuple[Proof, ...]:
    """The proofs of identity that these tasks ask for, each once."""
    found = (form.proof for form in task_forms())
    return tuple(dict.fromkeys(each for each in found if each is not None))
