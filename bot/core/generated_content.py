"""Makes the rules and domain entries that an assistant's files leave out. Imports no Rasa."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.core import (
    content_lines,
    dead_buttons,
    form_endings,
    form_needs,
    given_values,
    own_texts,
    safeguard_check,
    unfilled_placeholders,
)
from bot.core.assistant_tasks import OwnCode, own_code
from bot.core.content_lines import ContentLines
from bot.core.form_endings import FormEndings
from bot.core.form_rules import Rule, additions, rules, with_additions
from bot.core.safeguard_table import DANGER, SAFETY
from bot.core.yaml_forms import completed, problems, yaml_forms
from bot.dialogue import starting_intents
from bot.dialogue.domain_names import names_in
from bot.dialogue.form_endings import noted
from bot.errors import ConfigurationError

#: The importer that gives them to Rasa, as `config.yml` names it.
IMPORTER: Final = "bot.core.importer.TaskImporter"
_NO_LINES: Final = ContentLines()
_NO_ENDINGS: Final = FormEndings()
#: Problems in one refusal; of more, it says how many.
_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class MadeContent:
    """An assistant's content with what is made for it.

    Attributes:
        domain: the whole domain, in Rasa's form.
        rules: rules that the files leave out.
        forms: names of the forms that the engine runs.
        problems: why a form would stand still before a customer, or a reply be missing; sentences
            with the way out.
        endings: how its forms end by the values of slots.
    """

    domain: Mapping[str, Any]
    rules: Sequence[Rule]
    forms: Collection[str]
    problems: Sequence[str] = ()
    endings: FormEndings = _NO_ENDINGS


def make(
    domain: Mapping[str, Any],
    code: OwnCode,
    written: Sequence[Rule],
    lines: ContentLines = _NO_LINES,
) -> MadeContent:
    """Makes the whole content of an assistant from what is written.

    Args:
        domain: as it is written.
        code: what the package declares.
        written: the rules in `data/`.
        lines: of the domain as it is written.
    """
    alone = yaml_forms(domain, code.actions)
    added = additions(code.tasks, domain, code.actions, other_forms=bool(alone))
    whole = completed(with_additions(domain, added), alone)
    whole = with_additions(whole, _safety(whole))
    tasks = (*code.tasks, *alone)
    said = (*code.texts, *own_texts.of_loket(whole, forms=bool(tasks)))
    values = code.values + given_values.of_loket()
    made, forms = rules(tasks, whole, written), frozenset(task.form for task in tasks)
    endings = form_endings.read((*written, *made), forms)
    whole = starting_intents.noted(whole, (*written, *made), sorted(forms))
    whole = noted(whole, endings.by_form)
    return MadeContent(
        whole,
        made,
        forms,
        (
            *form_needs.problems(code.needs, whole, code.actions, written),
            *problems(domain, alone, written, code.actions, lines),
            *unfilled_placeholders.problems(whole, alone, (*written, *made), values, lines),
            *own_texts.problems(whole, said),
            *form_endings.problems(whole, endings, lines),
            *dead_buttons.problems(whole, lines),
        ),
        endings,
    )


def _safety(domain: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the answer to danger needs in a domain, as far as it is not there."""
    slot = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
    needed = {"actions": [SAFETY], "slots": {DANGER: slot}}
    return {
        section: held
        for section, held in needed.items()
        if not set(names_in(held)) <= set(names_in(domain.get(section)))
    }


def read(root: Path) -> tuple[Mapping[str, Any], MadeContent]:
    """Reads the domain of an assistant as it is written, and makes its whole content.

    Args:
        root: the assistant's folder.

    Raises:
        ConfigurationError: a file cannot be read, or `actions/` cannot be imported.
    """
    code, content = own_code(root), safeguard_check.read(root)
    written = [rule for held in content.rules.values() for rule in held if isinstance(rule, dict)]
    return content.domain, make(content.domain, code, written, content_lines.read(root))


def told(problems: Sequence[str]) -> str:
    """The first of these problems in one text, and how many there are besides."""
    more = len(problems) - _MOST
    return " ".join([*problems[:_MOST], *([f"And {more} more."] if more > 0 else [])])


def difference(written: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a domain that were made, or changed, by section."""
    found: dict[str, Any] = {}
    for section, held in made.items():
        before = written.get(section)
        if isinstance(held, Mapping):
            known = before if isinstance(before, Mapping) else {}
            new: Any = {name: each for name, each in held.items() if known.get(name) != each}
        elif isinstance(held, list):
            listed = names_in(before)
            new = [each for each in held if names_in([each])[0] not in listed]
        else:
            new = None
        if new:
            found[section] = new
    return found


def refuse_unread(root: Path, read_rules: Collection[str]) -> None:
    """Refuses an assistant if Rasa was not given the rules that are made for it.

    Args:
        root: the assistant's folder.
        read_rules: names of the rules that Rasa has read.

    Raises:
        ConfigurationError: rules are missing, as when `config.yml` does not name the importer; or a
            form would stand still.
    """
    _, made = read(root)
    if made.problems:
        raise ConfigurationError(told(made.problems))
    missing = [rule["rule"] for rule in made.rules if rule["rule"] not in read_rules]
    if missing:
        others = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ConfigurationError(
            f'The rule "{missing[0]}"{others} would be made, but Rasa has not read it. Add to '
            f"config.yml under `importers:` `- name: {IMPORTER}`."
        )
