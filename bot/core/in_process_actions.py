"""Runs custom actions inside the worker: no second process, no HTTP hop.

Rasa's RemoteAction knows an endpoint only by `request`, `kwargs` and `url`. An object with these
three that calls rasa-sdk's executor directly is enough; the actions stay ordinary rasa-sdk actions.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import structlog
from rasa.core.actions.action import ActionExecutionRejection
from rasa.shared.core.domain import Domain
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection

from bot.assistant_code import PACKAGE
from bot.core.rasa_patches import resolve_events_by_name, trust_own_answers
from bot.core.rasa_shortcuts import copy_for_forms, spare_debug_copies, spare_idle_slots
from bot.core.tracker_replay import ReplayingTracker
from bot.dialogue.other_ways import unrepeated
from bot.dialogue.registration import Executor, built_in_actions

log = structlog.get_logger(__name__)

#: The built-in actions that tell something about the organisation.
_ABOUT_THE_SUBJECT = frozenset({"action_opening_hours", "action_answer_topic"})

#: Names of the actions that failed in the running turn; set by the code that runs the turn.
failed_actions: ContextVar[list[str] | None] = ContextVar("failed_actions", default=None)


class InProcessActions:
    """An action endpoint that is a function call.

    Attributes:
        url: what Rasa prints in an error about this endpoint.
        kwargs: Rasa reads `enable_selective_domain` here: on, so that Rasa does not serialise the
            whole domain for every action; `request` adds one that was serialised once.
    """

    url = "in-process"

    def __init__(self, package: str = PACKAGE) -> None:
        """Registers the actions.

        Args:
            package: importable package that holds the Action classes.
        """
        self.kwargs = {"enable_selective_domain": True}
        trust_own_answers(InProcessActions)
        spare_debug_copies()
        spare_idle_slots()
        copy_for_forms(ReplayingTracker)
        resolve_events_by_name()
        self._executor = Executor()
        self._executor.register_package(package)
        # Those about the conversation itself have rules of their own for what is said twice.
        self._about_talking = built_in_actions().keys() - _ABOUT_THE_SUBJECT
        self._domain: dict[str, Any] = {}

    def use(self, domain: Domain) -> None:
        """Sets the domain that actions are given."""
        self._domain = domain.as_dict()

    async def request(self, json: dict[str, Any], **_: Any) -> dict[str, Any] | None:
        """Runs one action.

        Args:
            json: Rasa's action call: `next_action`, `sender_id`, `tracker`.

        Returns:
            `events` and `responses`, as an action server answers.

        Raises:
            ActionExecutionRejection: the action declined, so that other policies may answer.
            Exception: whatever the action raised, after it was noted for the turn.
        """
        name = str(json["next_action"])
        try:
            answer: dict[str, Any] | None = await self._executor.run(
                {**json, "domain": self._domain}
            )
        except SdkRejection as rejection:
            raise ActionExecutionRejection(name) from rejection
        except Exception as error:
            log.error("action_failed", action=name, error=type(error).__name__)
            failures = failed_actions.get()
            if failures is not None:
                failures.append(name)
            raise
        if answer is None or name in self._about_talking:
            return answer
        return dict(unrepeated(answer, json.get("tracker") or {}, self._domain))
