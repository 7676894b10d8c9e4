"""What is made for an assistant besides its files: rules, and entries of the domain. No Rasa."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.core import safeguard_check
from bot.core.form_rules import Rule, additions, rules, with_additions
from bot.core.own_tasks import own_code
from bot.errors import ConfigurationError

#: How `config.yml` names what gives Rasa these.
IMPORTER: Final = "bot.core.importer.TaskImporter"


@dataclass(frozen=True, slots=True)
class MadeContent:
    """What Rasa is given besides the files.

    Attributes:
        domain: sections of a domain with what the files leave out.
        rules: rules that the files leave out.
    """

    domain: Mapping[str, Any]
    rules: Sequence[Rule]


def made_content(root: Path) -> MadeContent:
    """What is made for the assistant in a folder.

    Args:
        root: the assistant's folder.

    Raises:
        ConfigurationError: a file cannot be read, or `actions/` cannot be imported.
    """
    code, content = own_code(root), safeguard_check.read(root)
    added = additions(code.tasks, content.domain, code.actions)
    written = [rule for held in content.rules.values() for rule in held if isinstance(rule, dict)]
    whole = with_additions(content.domain, added)
    return MadeContent(added, rules(code.tasks, whole, written))


def refuse_unread(root: Path, read: Collection[str]) -> None:
    """Refuses an assistant of which Rasa was not given what is made for it.

    Args:
        root: the assistant's folder.
        read: names of the rules that Rasa has read.

    Raises:
        ConfigurationError: rules are missing, as when `config.yml` does not name the importer.
    """
    missing = [rule["rule"] for rule in made_content(root).rules if rule["rule"] not in read]
    if missing:
        others = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ConfigurationError(
            f'The rule "{missing[0]}"{others} would be made, but Rasa has not read it. Add to '
            f"config.yml under `importers:` `- name: {IMPORTER}`."
        )
