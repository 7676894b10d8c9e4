"""Finds what a form in Python needs and does not get: a closing action, entities that answer."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.core.form_rules import FormTask, Rule, completes
from bot.dialogue.domain_names import names_in
from bot.dialogue.questions import CONFIRM, Question, Stopped, ToPerson
from bot.dialogue.registration import built_in_actions
from bot.dialogue.task import TaskForm
from bot.dutch import readers
from bot.near_names import meant

#: Actions that Rasa and the engine find by their names.
ASKED_FOR: Final = ("validate_", "action_ask_")
#: Other ways for a form to end, which a module of its own may choose every time.
_OTHER_ENDS: Final = (Stopped, ToPerson)


@dataclass(frozen=True, slots=True)
class FormNeeds:
    """What a form in Python needs from elsewhere.

    Attributes:
        task: whose form it is.
        where: file and line of the form, within the assistant's folder.
        closes: whether its answers must lead to an action: a customer agrees to a summary, or
            nothing else ends it.
        entities: that answer its questions, each with file and line.
    """

    task: FormTask
    where: str
    closes: bool
    entities: tuple[tuple[str, str], ...] = ()


def of_form(form: type[TaskForm], task: FormTask, root: Path) -> FormNeeds:
    """The needs of a form.

    Args:
        form: a class of the assistant's.
        task: what it declares.
        root: the assistant's folder.
    """
    questions = asked(form)
    module = vars(sys.modules[form.__module__]).values()
    ends_otherwise = any(each is end for each in module for end in _OTHER_ENDS)
    proof = (form.proof.claim, form.proof.answer) if form.proof else ()
    return FormNeeds(
        task,
        place(form, root),
        closes=CONFIRM in questions or not ends_otherwise,
        entities=tuple(
            (each.entity, _named(each.entity, form, root))
            for each in (*questions, *proof)
            if each.entity
        ),
    )


def asked(form: type[TaskForm]) -> list[Question]:
    """The questions that the method `questions` of a form names."""
    named = (form.questions.__globals__.get(name) for name in form.questions.__code__.co_names)
    return [each for each in named if isinstance(each, Question)]


def place(of: type, root: Path) -> str:
    """File and line of a class, within the assistant's folder."""
    file = Path(inspect.getfile(of)).resolve().relative_to(root.resolve())
    return f"{file.as_posix()} line {inspect.getsourcelines(of)[1]}"


def _named(entity: str, form: type[TaskForm], root: Path) -> str:
    """Where the package has a question answered by an entity; else where the form stands."""
    own = Path(inspect.getfile(form)).resolve()
    package = root.resolve() / form.__module__.partition(".")[0]
    for path in (own, *sorted(package.glob("**/*.py"))):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "entity"
                and isinstance(node.value, ast.Constant)
                and node.value.value == entity
            ):
                return f"{path.relative_to(root.resolve()).as_posix()} line {node.value.lineno}"
    return place(form, root)


def problems(
    needs: Sequence[FormNeeds],
    domain: Mapping[str, Any],
    actions: Collection[str],
    written: Sequence[Rule],
) -> Iterator[str]:
    """Says which forms lead nowhere and which questions nothing answers, and the way out. Pure.

    Args:
        needs: of the assistant's forms.
        domain: the whole domain.
        actions: names of the custom actions in its package.
        written: the rules in `data/`.
    """
    last = {each.task.action for each in needs}
    there = {*actions, *built_in_actions()}
    other = [each for each in actions if each not in last and not each.startswith(ASKED_FOR)]
    for each in needs:
        action, form = each.task.action, each.task.form
        if not each.closes or action in there or any(completes(rule, form) for rule in written):
            continue
        yield (
            f"{each.where}: the task {each.task.name} ends with the action {action}, and there is "
            f"none: what a customer says yes to is never done.{meant(action, other)} Have "
            f"the `name` of its action return {action}, or add a rule to data/rules for the end "
            f"of {form}."
        )
    entities = {*names_in(domain.get("entities")), *readers.NAMES}
    for entity, where in dict.fromkeys(pair for each in needs for pair in each.entities):
        if entity not in entities:
            yield (
                f"{where}: a question is answered by the entity {entity}, and there is none: no "
                f"answer fits.{meant(entity, entities)} Mend the spelling, or add the entity to "
                "domain.yml."
            )
