"""Says what in the content does nothing, or leaves a customer without an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import GraphSchema
from rasa.shared.core.constants import DEFAULT_ACTION_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, UserUttered
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph

from bot.assistant_code import PACKAGE
from bot.core import content_lines, double_examples, unanswered_intents, unheard_intents
from bot.core.assistant_tasks import OwnCode, own_code
from bot.core.content_lines import ContentLines
from bot.core.form_needs import ASKED_FOR
from bot.core.form_rules import FormTask
from bot.dialogue.questions import CONFIRM
from bot.dialogue.registration import built_in_actions

#: Where Loket's own policies stand; none of them follows a story.
_LOKET: Final = (
    "bot.core.policies.knowledge_policy",
    "bot.core.policies.safeguard_policy",
    "bot.core.policies.unsure_start_policy",
)


def doubts(root: Path, domain: Domain, stories: StoryGraph, schema: GraphSchema) -> Iterator[str]:
    """Sentences about content that may be a mistake; only its writer can tell.

    Args:
        root: the assistant's folder.
        domain: the whole domain.
        stories: the stories and rules.
        schema: the graph that predicts.
    """
    if said := unread(stories, schema):
        yield said
    held: dict[bool, set[str]] = {True: set(), False: set()}
    for step in stories.story_steps:
        heard = (event for event in step.events if isinstance(event, UserUttered))
        held[isinstance(step, RuleStep)] |= {str(event.intent_name) for event in heard}
    code, own = unanswered_intents.code_of(root), own_code(root)
    lines = content_lines.read(root)
    yield from uncalled(own, stories, code)
    yield from unstarted(domain.form_names, stories, code, lines)
    yield from repeated_refusals(domain.responses, own.tasks, lines)
    yield from double_examples.sentences(lines.files)
    yield from unanswered_intents.sentences(domain.as_dict(), held[True], held[False], code)
    yield from unheard_intents.sentences(domain.as_dict(), held[True], code, lines.files)


def uncalled(own: OwnCode, stories: StoryGraph, code: str) -> Iterator[str]:
    """Sentences about actions that nothing calls, as when one is misnamed.

    Args:
        own: what the assistant's package declares.
        stories: the stories and rules, those that are made among them.
        code: the text of the assistant's package; what it names twice may be called there.
    """
    called = {
        event.action_name
        for step in stories.story_steps
        for event in step.events
        if isinstance(event, ActionExecuted)
    }
    known = {*DEFAULT_ACTION_NAMES, *built_in_actions()}
    for name in own.actions:
        if name in called or name in known or name.startswith(ASKED_FOR):
            continue
        if len(re.findall(rf"\b{re.escape(name)}\b", code)) < 2:
            yield (
                f"{own.places.get(name, PACKAGE)}: nothing calls the action {name}. What a task "
                "does in the end is named action_<task>, after its intent; any other action stands "
                "in a rule of data/rules."
            )


def unstarted(
    forms: Iterable[str], stories: StoryGraph, code: str, lines: ContentLines
) -> Iterator[str]:
    """Sentences about forms that nothing starts.

    Args:
        forms: their names.
        stories: the stories and rules, those that are made among them.
        code: the text of the assistant's package; a form that it names may be started there.
        lines: of the content.
    """
    started = {form for step in stories.story_steps for form in _started(step.events)}
    for form in forms:
        if form not in started and f'"{form}"' not in code and f"'{form}'" not in code:
            yield (
                f"{lines.place('forms', form)}: nothing starts {form}, so that no customer gets "
                "there. Add a rule to data/rules with the steps `intent: ...`, "
                f"`action: {form}` and `active_loop: {form}`."
            )


def _started(events: Sequence[Event]) -> Iterator[str]:
    """The forms that a rule or story starts: it runs them, and they were not running before."""
    running: str | None = None
    for before, event in pairwise([None, *events]):
        if isinstance(event, ActiveLoop):
            runs = isinstance(before, ActionExecuted) and before.action_name == event.name
            if event.name and runs and event.name != running:
                yield event.name
            running = event.name


def repeated_refusals(
    responses: Mapping[str, object], tasks: Iterable[FormTask], lines: ContentLines
) -> Iterator[str]:
    """Sentences about refusals that are said in the same words twice in a row.

    Args:
        responses: of the domain.
        tasks: those with a form in Python; a form of YAML has other words of itself.
        lines: of the content.
    """
    for task in tasks:
        asked = [f"utter_refusal_{slot}" for slot in (*task.slots, CONFIRM.slot)]
        for name in (*asked, f"utter_edit_{task.name}"):
            if name in responses and f"{name}_again" not in responses:
                yield (
                    f"{lines.place('responses', name)}: {name} is said in the same words a second "
                    f"time, as there is no {name}_again. Add it: other words, and a way out."
                )


def unread(stories: StoryGraph, schema: GraphSchema) -> str:
    """A sentence about stories that no policy follows; empty when there is no such story.

    Args:
        stories: the stories and rules of an assistant.
        schema: the graph that predicts.
    """
    written = [step for step in stories.story_steps if not isinstance(step, RuleStep)]
    policies = {node.uses for node in schema.nodes.values() if issubclass(node.uses, Policy)}
    if not written or any(_follows(policy) for policy in policies):
        return ""
    names = ", ".join(_named(step.block_name for step in written))
    return (
        f"No policy follows a story, so these change nothing: {names}. Add `- name: "
        "MemoizationPolicy` to config.yml under `policies:`, or write them as rules."
    )


def _follows(policy: type[Policy]) -> bool:
    """Rules alone are what RulePolicy follows; of a policy that is unknown it is not known."""
    return not issubclass(policy, RulePolicy) and policy.__module__ not in _LOKET


def _named(names: Iterable[str | None]) -> list[str]:
    found = [f'"{name}"' for name in dict.fromkeys(names) if name]
    return [*found[:3], f"and {len(found) - 3} more"] if len(found) > 3 else found
