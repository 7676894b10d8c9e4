"""Prepares the slots where a task starts: forgets an earlier run, takes up what was set aside."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.dialogue import declined_options, paused_tasks, runtime
from bot.dialogue.asking import SHOWN
from bot.dialogue.questions import CONFIRM, Answers, Question
from bot.dialogue.second_request import SLOT, intent_of

if TYPE_CHECKING:
    from bot.dialogue.task import TaskForm
    from bot.dialogue.turn_message import TurnMessage


def all_questions(form: TaskForm, answers: Answers) -> tuple[Question, ...]:
    """The questions of a task that apply now, those of its proof first."""
    first = form.proof.questions(answers) if form.proof else ()
    return (*first, *form.questions(answers))


def forget_earlier_run(
    form: TaskForm, own: Collection[str], message: TurnMessage, answers: Answers
) -> None:
    """Forgets what is of an earlier run, and takes up what was told before the task began.

    A task that was set aside goes on with all that was given; the one that it takes the place of is
    set aside, if anything was given to it.

    Args:
        form: the task.
        own: the intents that start it.
        message: the one that starts it.
        answers: the slots; changed.
    """
    stack = paused_tasks.read(answers[paused_tasks.SLOT])
    mine = next((each for each in stack if each.form == form.form_name), None)
    if message.left is not None:
        proofs = runtime.topics().proofs
        left = paused_tasks.PausedTask.of(message.left, answers.values, proofs)
        stack = paused_tasks.pushed(stack, left) if left.values else stack
    answers.clear(*form.outdated(answers, own), CONFIRM.slot)
    answers[paused_tasks.SLOT] = paused_tasks.stored(paused_tasks.without(stack, form.form_name))
    answers["form_outcome"] = answers["resume_asked"] = answers[SHOWN] = None
    answers["refusals"] = 0
    answers[declined_options.SLOT] = None
    answers["topic"] = form.task
    held = answers[SLOT]
    if not message.has_second and isinstance(held, str) and intent_of(held) in own:
        answers[SLOT] = None
    if mine is not None:
        answers.restore(mine.values, mine.checked)
    else:
        _take_up(form, message, answers)


def _take_up(form: TaskForm, message: TurnMessage, answers: Answers) -> None:
    """Takes up the proof that was given before, and slots that were filled for this start."""
    proof = form.proof
    if proof and message.left is None:
        proof.begin(answers)
    if proof:
        proof.forget_noted(answers)
        if message.names_another(proof.claim.slot, answers[proof.claim.slot]):
            answers.clear(proof.answer.slot, proof.claim.slot)
    known = {each.slot for each in all_questions(form, answers)}
    for slot, value in message.told.items():
        if value is not None and slot in known:
            answers.give(slot, value)
