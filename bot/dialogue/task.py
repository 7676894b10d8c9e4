"""A task: a form of Rasa with questions, checks and an action, declared by a subclass."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk import Action
from rasa_sdk.utils import all_subclasses

from bot.dialogue.proof import Proof
from bot.dialogue.questions import (
    CONFIRM,
    Accepted,
    Answers,
    Prompt,
    Question,
    Step,
    Stopped,
    ToPerson,
)
from bot.dialogue.replies import Replies
from bot.dialogue.task_turn import Events, TaskTurn
from bot.dialogue.turn_message import TurnMessage, read_message

__all__ = ["CONFIRM", "Events", "Step", "TaskForm", "proofs", "task_forms"]


class TaskForm(Action, ABC):
    """A form that helps with one task.

    A subclass names the task and its questions, and says what makes an answer fit. The engine
    (`bot.dialogue.task_turn`) takes answers, corrections and digressions, and asks on.
    """

    #: The task's intent; form, rules and texts are named after it.
    task: ClassVar[str]
    #: Slots that belong to this task alone; forgotten when the form starts.
    own_slots: ClassVar[tuple[str, ...]] = ()
    #: What the customer proves before the task's own questions; None: nothing.
    proof: ClassVar[Proof | None] = None

    def name(self) -> str:
        """Name of the action, as Rasa expects it."""
        return f"validate_{self.task}_form"

    @abstractmethod
    def questions(self, answers: Answers) -> tuple[Question, ...]:
        """The task's own questions, in order, as far as the answers say which apply."""

    async def prepare(self, answers: Answers) -> Stopped | ToPerson | None:  # noqa: ARG002 - for subclasses
        """Looks up what the questions need, once who is asking is known.

        Returns:
            None to go on; otherwise why this task is not possible.
        """
        return None

    def objection(self, message: TurnMessage, answers: Answers) -> Stopped | None:  # noqa: ARG002 - for subclasses
        """Why the words themselves rule this task out (it is about somebody else), or None."""
        return None

    async def check(self, question: Question, value: Any, answers: Answers) -> Step:  # noqa: ARG002 - for subclasses
        """Whether an answer fits."""
        return Accepted(value)

    async def prompt(self, question: Question, answers: Answers) -> Prompt:  # noqa: ARG002 - for subclasses
        """How to ask a question."""
        return Prompt()

    def infer(self, message: TurnMessage, answers: Answers) -> None:
        """Gives answers that follow from others: who names a day wants another day."""

    async def run(self, dispatcher: Any, tracker: Any, domain: Mapping[str, Any]) -> Events:
        """Handles a turn of the form; see Rasa's `FormValidationAction` for the contract.

        Returns:
            Slots, and the slot asked for. Nothing at all when the message is for somebody else:
            Rasa then lets rules answer it and comes back.
        """
        message = read_message(tracker, f"{self.task}_form")
        answers = Answers(tracker.slots, str(tracker.sender_id))
        return await TaskTurn(self, message, answers, Replies(dispatcher, domain)).handle(tracker)


def task_forms() -> tuple[type[TaskForm], ...]:
    """The tasks of the assistant whose modules are imported; a subclass stands after its parent."""
    return tuple(each for each in all_subclasses(TaskForm) if not inspect.isabstract(each))


def proofs() -> tuple[Proof, ...]:
    """The proofs of identity that these tasks ask for, each once."""
    found = (form.proof for form in task_forms())
    return tuple(dict.fromkeys(each for each in found if each is not None))
