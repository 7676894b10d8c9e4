"""Registers custom actions: the built-in ones first, then the assistant's own, which win."""

from __future__ import annotations

import inspect
from typing import Any

from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.utils import all_subclasses

from bot import assistant_code
from bot.dialogue.task import TaskForm, is_declared
from bot.dialogue.yaml_form import action_for

#: Package of the actions that every assistant has.
BUILT_IN = "bot.dialogue.actions"


def built_in_actions() -> dict[str, type[Action]]:
    """The actions that every assistant has, by name."""
    Executor().import_package(BUILT_IN)
    return {
        action().name(): action
        for action in all_subclasses(Action)
        if action.__module__.startswith(f"{BUILT_IN}.") and not inspect.isabstract(action)
    }


class Executor(ActionExecutor):
    """rasa-sdk's executor, in which an assistant's action replaces a built-in one of its name.

    A form that stands in the domain alone has no class; its actions are registered when they are
    asked for (`bot.dialogue.yaml_form`).
    """

    async def run(self, action_call: Any) -> dict[str, Any] | None:
        """Runs an action.

        Args:
            action_call: Rasa's: `next_action`, `tracker`, `domain`.

        Returns:
            `events` and `responses`; None when no action is named.

        Raises:
            ActionNotFoundException: there is no such action.
        """
        name = action_call.get("next_action")
        if name and name not in self.actions:
            made = action_for(str(name), action_call.get("domain") or {})
            if made is not None:
                self.register_function(name, made)
        answer: dict[str, Any] | None = await super().run(action_call)
        return answer

    def register_package(self, package: str) -> None:
        """Registers the built-in actions and those of a package, however they are imported.

        Args:
            package: importable package that holds the assistant's Action classes; an assistant
                need not have one.

        Raises:
            ImportError: the package, or a module of it, cannot be imported.
        """
        self.import_package(BUILT_IN)
        if package != assistant_code.PACKAGE or assistant_code.is_there():
            self.import_package(package)
        self._register_all_actions()

    def import_package(self, package: str) -> None:
        """Imports every module of a package, so that its classes are known; registers nothing.

        Raises:
            ImportError: the package, or a module of it, cannot be imported.
        """
        self._import_submodules(package)

    def _register_all_actions(self) -> None:
        """Scans for all actions, as rasa-sdk does, and registers the built-in ones first."""
        found = [
            action
            for action in all_subclasses(Action)
            if not action.__module__.startswith(("rasa.", "rasa_sdk."))
            and not inspect.isabstract(action)
            and (not issubclass(action, TaskForm) or is_declared(action))
        ]
        for action in sorted(found, key=lambda each: not each.__module__.startswith("bot.")):
            self.register_action(action)
