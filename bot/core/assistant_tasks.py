"""Finds the tasks and custom actions that an assistant's package declares."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rasa_sdk import Action
from rasa_sdk.utils import all_subclasses

from bot import assistant_code
from bot.assistant_code import PACKAGE
from bot.core import form_needs, given_values, own_texts
from bot.core.form_needs import FormNeeds
from bot.core.form_rules import FormTask
from bot.core.given_values import CodeValues
from bot.core.own_texts import SaidText
from bot.dialogue.identity_proof import ATTEMPTS, REFUSED_PAIRS
from bot.dialogue.registration import Executor
from bot.dialogue.task import TaskForm, task_forms
from bot.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class OwnCode:
    """The tasks and actions that an assistant's package declares.

    Attributes:
        tasks: the tasks that have a form in Python.
        actions: names of all its custom actions, those of the forms among them.
        texts: the responses that they say, as far as the code tells.
        values: what they can fill placeholders with.
        needs: what its forms need from elsewhere.
        places: file and line of each action.
    """

    tasks: tuple[FormTask, ...] = ()
    actions: tuple[str, ...] = ()
    texts: tuple[SaidText, ...] = ()
    values: CodeValues = CodeValues()  # noqa: RUF009 - frozen
    needs: tuple[FormNeeds, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)


def own_code(root: Path) -> OwnCode:
    """The declarations in the package `actions` of an assistant's folder; none without a package.

    Args:
        root: the assistant's folder.

    Raises:
        ConfigurationError: the package cannot be imported, or that of another folder was.
    """
    root = root.resolve()
    if not (root / PACKAGE).is_dir():
        return OwnCode()
    _import(root)
    actions = [each for each in all_subclasses(Action) if _is_own(each, root)]
    forms = [form for form in task_forms() if _is_own(form, root)]
    places = {_name(each, root): form_needs.place(each, root) for each in actions}
    return OwnCode(
        tasks=tuple(map(_task, forms)),
        actions=tuple(sorted(places)),
        texts=(
            *own_texts.in_code(root),
            *(text for form in forms for text in own_texts.of_form(form, root)),
        ),
        values=given_values.in_code(root),
        needs=tuple(form_needs.of_form(form, _task(form), root) for form in forms),
        places=places,
    )


def _import(root: Path) -> None:
    assistant_code.use(root)
    try:
        Executor().import_package(PACKAGE)
    except assistant_code.FAULTS as error:
        raise assistant_code.not_importable(f"{PACKAGE} in {root}", error) from error


def _is_own(action: type[Action], root: Path) -> bool:
    if inspect.isabstract(action) or action.__module__.partition(".")[0] != PACKAGE:
        return False
    file = getattr(sys.modules.get(action.__module__), "__file__", None)
    return file is not None and Path(file).resolve().is_relative_to(root)


def _name(action: type[Action], root: Path) -> str:
    """The name by which rules call an action.

    Raises:
        ConfigurationError: it cannot be made without arguments, or does not tell its name.
    """
    try:
        return str(action().name())
    except assistant_code.FAULTS as error:
        raise ConfigurationError(
            f"{form_needs.place(action, root)}: the action {action.__name__} does not tell its "
            f"name ({type(error).__name__}: {error}). Give it a method `name` that "
            "returns one, and no arguments in `__init__`."
        ) from error


def _task(form: type[TaskForm]) -> FormTask:
    proof = form.proof
    if proof is None:
        return FormTask(form.task, f"{form.task}_form", form.own_slots)
    asked = (proof.claim.slot, proof.answer.slot)
    noted = (proof.proved_slot, proof.noted_claim, proof.noted_answer, REFUSED_PAIRS, ATTEMPTS)
    return FormTask(form.task, f"{form.task}_form", (*asked, *form.own_slots), noted)
