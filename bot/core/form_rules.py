"""Makes the rules that every form needs, and what the domain must list for them. Pure.

How a form starts and what follows on each way it can end is the same for every task, so nobody
writes it down: these rules are made from the tasks (`bot.core.importer` gives them to Rasa, and
`loket rules` shows them). What stands in `data/` goes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from bot.dialogue.domain_names import names_in
from bot.dialogue.form_endings import COMPLETE, OUTCOME
from bot.topics.rule_steps import steps_of

#: What a form's engine notes; no designer needs to know these.
BOOKKEEPING: Final[Mapping[str, Mapping[str, Any]]] = {
    OUTCOME: {
        "type": "categorical",
        "values": [COMPLETE, "left", "stopped", "handover"],
        "influence_conversation": True,
    },
    **{
        name: {"type": "any"}
        for name in (
            "checked_slots",
            "confirmed",
            "summary_shown",
            "refusals",
            "topic",
            "paused_tasks",
            "declined_options",
            "resume_asked",
        )
    },
}
#: The entity of a tap that says that no choice applies.
_NONE_OF_THESE: Final = "none_of_these"
_CUSTOM: Final = [{"type": "custom"}]
_NEXT: Final = "action_anything_else"
_LEFT: Final = "action_cancel_task"
_PERSON: Final = "action_handover"

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FormTask:
    """A task whose form needs rules.

    Attributes:
        name: the task's intent; form, action and texts are named after it.
        form: name of the form.
        slots: slots that its questions fill.
        notes: slots in which it notes something else.
    """

    name: str
    form: str
    slots: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """Action that does what the customer asked for, once every answer is there."""
        return f"action_{self.name}"


def rules(
    tasks: Iterable[FormTask], domain: Mapping[str, Any], written: Sequence[Rule]
) -> list[Rule]:
    """Makes the rules of these tasks that are not in the files.

    Args:
        tasks: whose forms need them.
        domain: the assistant's, with every action in it.
        written: rules of `data/`. One of the same name takes a made one's place, and so does one
            that begins with the same intent or says what follows when the form has all answers.
    """
    names = {str(rule.get("rule")) for rule in written}
    known = {*names_in(domain.get("actions")), *names_in(domain.get("intents"))}
    made = (rule for task in tasks for rule in _of(task, known, written))
    return [rule for rule in made if rule["rule"] not in names]


def additions(
    tasks: Iterable[FormTask],
    domain: Mapping[str, Any],
    actions: Iterable[str],
    *,
    other_forms: bool = False,
) -> dict[str, Any]:
    """What the domain must list for these tasks: intents, slots, entities, forms and actions.

    Args:
        tasks: the assistant's.
        domain: the assistant's, as it is written.
        actions: names of the custom actions in its package.
        other_forms: whether there are forms of YAML alone, which need the engine's notes as well.

    Returns:
        Sections of a domain, in Rasa's form; without those in which nothing is missing.
    """
    tasks = tuple(tasks)
    # Also of a slot that the domain lists: without its entity what is tapped is lost.
    answered = sorted({name for task in tasks for name in task.slots})
    noted = {name: {"type": "any"} for task in tasks for name in (*task.slots, *task.notes)}
    engine = bool(tasks) or other_forms
    slots = {**BOOKKEEPING, **noted} if engine else {}
    used = [*actions, *([_NEXT, _LEFT, _PERSON] if engine else [])]
    found = {
        "intents": [task.name for task in tasks],
        # A tapped answer names its slot.
        "entities": [
            {name: {"influence_conversation": False}}
            for name in (*answered, *([_NONE_OF_THESE] if engine else []))
        ],
        "slots": {name: {**held, "mappings": _CUSTOM} for name, held in slots.items()},
        "forms": {task.form: {"required_slots": []} for task in tasks},
        "actions": used,
    }
    return {section: new for section, held in found.items() if (new := _new(domain, section, held))}


def with_additions(domain: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """Merges a domain with what it must list besides."""
    whole = dict(domain)
    for section, held in added.items():
        if isinstance(held, Mapping):
            whole[section] = {**(whole.get(section) or {}), **held}
        else:
            whole[section] = [*(whole.get(section) or ()), *held]
    return whole


def _new(domain: Mapping[str, Any], section: str, held: Any) -> Any:
    """The entries of a section that the domain lacks."""
    known = set(names_in(domain.get(section)))
    if isinstance(held, Mapping):
        return {name: value for name, value in held.items() if name not in known}
    by_name = {names_in([item])[0]: item for item in held}
    return [item for name, item in by_name.items() if name not in known]


def _of(task: FormTask, known: set[str], written: Sequence[Rule]) -> Iterator[Rule]:
    form = task.form
    if task.name in known and not any(_hears(rule, task.name) for rule in written):
        yield {
            "rule": f"{task.name} begins",
            "steps": [
                {"intent": task.name},
                {"action": form},
                {"active_loop": form},
                {"slot_was_set": [{OUTCOME: None}]},
            ],
        }
    if task.action in known and not any(completes(rule, form) for rule in written):
        yield _end(task, "has all answers", COMPLETE, task.action, _NEXT)
    yield _end(task, "is not possible, as was said", "stopped", _NEXT)
    yield _end(task, "is left by the customer", "left", _LEFT)
    yield _end(task, "goes to a person", "handover", _PERSON)


def _end(task: FormTask, how: str, outcome: str, *then: str) -> Rule:
    return {
        "rule": f"{task.name} {how}",
        "condition": [{"active_loop": task.form}],
        "steps": [
            {"action": task.form},
            {"active_loop": None},
            {"slot_was_set": [{"requested_slot": None}, {OUTCOME: outcome}]},
            *({"action": action} for action in then),
        ],
    }


def _hears(rule: Rule, intent: str) -> bool:
    """Whether a rule says what an intent does at any moment."""
    steps = steps_of(rule)
    return bool(steps) and steps[0].get("intent") == intent and not rule.get("condition")


def completes(rule: Rule, form: str) -> bool:
    """Whether a rule says what follows when a form ends with all answers."""
    steps = steps_of(rule)
    ends = [
        place
        for place, (step, following) in enumerate(pairwise(steps))
        if step.get("action") == form
        and "active_loop" in following
        and following["active_loop"] is None
    ]
    return any(_outcome(steps[place:]) == COMPLETE for place in ends)


def _outcome(steps: Sequence[Mapping[str, Any]]) -> str:
    """The outcome with which a rule has a form end; the usual one where it does not say."""
    for step in steps:
        held = step.get("slot_was_set")
        for each in held if isinstance(held, list) else ():
            if isinstance(each, Mapping) and OUTCOME in each:
                return str(each[OUTCOME])
    return COMPLETE
