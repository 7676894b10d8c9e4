"""Finds names in rules, stories, mappings, examples and pages that stand for nothing.

Rasa takes most of them as they are: then a rule never holds, or a question is never answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rasa.shared.core.constants import (
    DEFAULT_ACTION_NAMES,
    DEFAULT_INTENTS,
    DEFAULT_SLOT_NAMES,
    RULE_SNIPPET_ACTION_NAME,
)

from bot import yaml_nodes
from bot.core.content_lines import FILE, ContentLines
from bot.core.form_needs import ASKED_FOR
from bot.dialogue.domain_names import names_in
from bot.dialogue.registration import built_in_actions
from bot.dutch import readers
from bot.knowledge import pages
from bot.near_names import meant
from bot.yaml_nodes import Written

#: Where a domain lists what is named.
_SECTIONS: Final = {
    "intent": "intents",
    "entity": "entities",
    "slot": "slots",
    "form": "forms",
    "action": "actions",
}
#: Keys of an entity in a step.
_OF_ENTITY: Final = ("entity", "role", "group", "value", "start", "end")


@dataclass(frozen=True, slots=True)
class Known:
    """The names that stand for something, by what they are."""

    intent: Collection[str]
    entity: Collection[str]
    slot: Collection[str]
    form: Collection[str]
    action: Collection[str]

    @classmethod
    def of(cls, domain: Mapping[str, Any], own: Collection[str]) -> Known:
        """The names of a whole domain, of Rasa and of Loket.

        Args:
            domain: the whole domain.
            own: names of the custom actions in the assistant's package.
        """
        held = {section: set(names_in(part)) for section, part in domain.items()}
        listed = {name: held.get(name, set()) for name in ("intents", "entities", "slots", "forms")}
        said = held.get("actions", set()) | held.get("responses", set())
        return cls(
            listed["intents"] | set(DEFAULT_INTENTS),
            listed["entities"] | set(readers.NAMES),
            listed["slots"] | set(DEFAULT_SLOT_NAMES),
            listed["forms"],
            said | listed["forms"] | provided(own) | {RULE_SNIPPET_ACTION_NAME},
        )


def provided(own: Collection[str]) -> set[str]:
    """The actions that can be run: of the assistant, of Loket, of Rasa.

    Args:
        own: names of the custom actions in the assistant's package.
    """
    return {*own, *DEFAULT_ACTION_NAMES, *built_in_actions()}


#: A name with the kind of thing it should be, and the line on which it stands.
Found = tuple[str, str, int]


def problems(domain: Mapping[str, Any], own: Collection[str], lines: ContentLines) -> Iterator[str]:
    """Says which names stand for nothing, where, and the way out; each once a file.

    Args:
        domain: the whole domain.
        own: names of the custom actions in the assistant's package.
        lines: of the content.
    """
    known = Known.of(domain, own)
    for file, text in ({FILE: lines.domain} | dict(lines.files)).items():
        held = yaml_nodes.read(text)
        told: set[tuple[str, str]] = set()
        for kind, name, line in (*_in_slots(held), *_in_parts(held)):
            names = getattr(known, kind)
            # A retrieval intent is listed by its first part.
            if name in names or name.partition("/")[0] in names or (kind, name) in told:
                continue
            told.add((kind, name))
            section = "responses" if name.startswith("utter_") else _SECTIONS[kind]
            yield (
                f"{file} line {line}: there is no {kind} {name}.{meant(name, names)} Mend the "
                f"spelling, or add it to domain.yml under {section}."
            )
    yield from _not_provided(yaml_nodes.read(lines.domain), domain, provided(own))


def of_pages(root: Path, domain: Mapping[str, Any]) -> Iterator[str]:
    """Says which pages are about a task that is none, and the way out: nobody is offered it.

    Args:
        root: the assistant's folder.
        domain: the whole domain.
    """
    intents = names_in(domain.get("intents"))
    for path in sorted((root / pages.FOLDER).glob("*.md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if number > 1 and line.rstrip() == pages.FENCE:
                break
            task = line.removeprefix("task:").strip() if line.startswith("task:") else ""
            if task and task not in intents:
                yield (
                    f"{path.relative_to(root).as_posix()} line {number}: the page is about the "
                    f"task {task}, and there is no such intent.{meant(task, intents)} Mend the "
                    "spelling, or leave the line out."
                )


def _not_provided(
    written: Written, domain: Mapping[str, Any], there: Collection[str]
) -> Iterator[str]:
    """Says which actions a domain lists that nothing can run."""
    for name, line in written.get("actions").names():
        made = name.startswith((*ASKED_FOR, "utter_")) or name in names_in(domain.get("forms"))
        if name not in there and not made:
            yield (
                f"{FILE} line {line}: the action {name} is listed, and no code has it."
                f"{meant(name, there)} Mend the spelling, write it in actions/, or leave it out."
            )


def _in_slots(domain: Written) -> Iterator[Found]:
    """The names in the mappings of slots."""
    for slot in domain.get("slots").fields.values():
        for mapping in slot.get("mappings").entries:
            yield from _named("entity", mapping.get("entity"))
            for key in ("intent", "not_intent"):
                yield from _named("intent", mapping.get(key))
            for condition in mapping.get("conditions").entries:
                yield from _named("form", condition.get("active_loop"))
                yield from _named("slot", condition.get("requested_slot"))


def _in_parts(held: Written) -> Iterator[Found]:
    """The names in the rules, stories and examples of a file."""
    for section in ("rules", "stories"):
        for part in held.get(section).entries:
            for step in (*part.get("condition").entries, *part.get("steps").entries):
                yield from _in_step(step)
    for example in held.get("nlu").entries:
        yield from _named("intent", example.get("intent"))


def _in_step(step: Written) -> Iterator[Found]:
    yield from _named("intent", step.get("intent"))
    yield from _named("action", step.get("action"))
    yield from _named("form", step.get("active_loop"))
    yield from (("slot", *each) for each in step.get("slot_was_set").names())
    for name, line in step.get("entities").names():
        if name not in _OF_ENTITY:
            yield "entity", name, line
    for each in step.get("or").entries:
        yield from _in_step(each)


def _named(kind: str, value: Written) -> Iterator[Found]:
    yield from ((kind, each.text or "", each.line) for each in value.plain())
