"""Rasa's importer: adds the rules and domain entries that every task and form needs.

Named in `config.yml`, so that Rasa's own commands read the same content as Loket's:

    importers:
      - name: bot.core.importer.TaskImporter

What it adds is made by `bot.core.generated_content`; `loket rules` shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.io import read_yaml_file

from bot.core.assistant_tasks import own_code
from bot.core.form_rules import OUTCOME, Rule
from bot.core.generated_content import MadeContent, make
from bot.core.project import folder
from bot.errors import ConfigurationError

#: What Rasa shows as the file of a made rule.
SOURCE: Final = "the rules that Loket makes (loket rules)"


class TaskImporter(RasaFileImporter):
    """Reads an assistant's files as Rasa does, and adds what tasks and forms need."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Takes the paths of the content; Rasa passes them by position.

        Args:
            config_file: the assistant's `config.yml`; its folder holds `actions/`.
            domain_path: file or folder of the domain.
            training_data_paths: files or folders with NLU data, stories and rules.
        """
        super().__init__(config_file, domain_path, training_data_paths)
        self._root = Path(config_file).parent if config_file else folder()

    def get_domain(self) -> Domain:
        """The domain of the files, with what tasks and forms need.

        Raises:
            RasaException: `actions/` cannot be imported, or a form would stand still.
        """
        return self._content[0]

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The stories and rules of the files, with the rules that tasks and forms need.

        Raises:
            RasaException: as `get_domain`.
        """
        written = super().get_stories(exclusion_percentage)
        domain, made = self._content
        if made is None:
            return written
        for step in written.story_steps:
            if isinstance(step, RuleStep):
                step.events = with_outcomes(step.events, made.forms)
        reader = YAMLStoryReader(domain, SOURCE)
        return written.merge(StoryGraph(reader.read_from_parsed_yaml({"rules": list(made.rules)})))

    @cached_property
    def _content(self) -> tuple[Domain, MadeContent | None]:
        """The whole domain, and what was made; Rasa asks for domain and stories several times.

        Nothing is made without a domain, as when Rasa reads the NLU data alone.
        """
        written = super().get_domain()
        if written.is_empty():
            return written, None
        try:
            code = own_code(self._root)
        except ConfigurationError as error:
            raise RasaException(str(error)) from error
        made = make(written.as_dict(), code, self._written_rules())
        if made.problems:
            raise RasaException(" ".join(made.problems))
        return Domain.from_dict(dict(made.domain)), made

    def _written_rules(self) -> Sequence[Rule]:
        held: list[Any] = []
        for file in self._story_files:
            read = read_yaml_file(file)
            held += (read.get("rules") if isinstance(read, dict) else None) or ()
        return [rule for rule in held if isinstance(rule, dict)]


def with_outcomes(events: Sequence[Event], forms: Collection[str]) -> list[Event]:
    """Adds the usual outcome of a form (all answers given) to a rule that names none.

    Rasa's documentation knows one way in which a form ends. The engine has others, and Rasa wants
    every rule of a form to say which one it is of.

    Args:
        events: of a rule in `data/`.
        forms: names of the forms that the engine runs.
    """
    if any(isinstance(event, SlotSet) and event.key == OUTCOME for event in events):
        return list(events)
    found: list[Event] = []
    for before, event in zip([None, *events], events, strict=False):
        found.append(event)
        runs = isinstance(before, ActionExecuted) and before.action_name in forms
        if runs and isinstance(event, ActiveLoop):
            found.append(SlotSet(OUTCOME, None if event.name else "complete"))
    return found
