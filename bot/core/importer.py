"""Rasa's importer: adds the rules and domain entries that every task and form needs.

Named in `config.yml`, so that Rasa's own commands read the same content as Loket's:

    importers:
      - name: bot.core.importer.TaskImporter

What it adds is made by `bot.core.generated_content`; `loket rules` shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from bot.core import content_lines, lost_names
from bot.core.assistant_tasks import own_code
from bot.core.form_rules import Rule
from bot.core.generated_content import MadeContent, make, told
from bot.core.project import folder
from bot.dialogue.form_endings import COMPLETE, OUTCOME
from bot.errors import ConfigurationError

#: What Rasa shows as the file of a made rule.
SOURCE: Final = "the rules that Loket makes (loket rules)"


class ContentProblems(RasaException):
    """The content has problems, of which each is told with its place and the way out."""


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
            RasaException: `actions/` cannot be imported, or the content has a problem.
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
                of = made.endings.by_rule.get(str(step.block_name))
                step.events = with_outcomes(step.events, made.forms, *(of or ()))
        reader = YAMLStoryReader(domain, SOURCE)
        return written.merge(StoryGraph(reader.read_from_parsed_yaml({"rules": list(made.rules)})))

    def get_nlu_data(self, language: str | None = None) -> TrainingData:  # noqa: ARG002
        """The NLU data of the files, read once: Rasa asks three times in a training.

        Args:
            language: means nothing to files in Rasa's own format.
        """
        return self._nlu_data

    @cached_property
    def _nlu_data(self) -> TrainingData:
        return super().get_nlu_data()

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
        lines = content_lines.read(self._root)
        made = make(written.as_dict(), code, self._written_rules(), lines)
        lost = lost_names.problems(made.domain, code.actions, lines)
        pages = lost_names.of_pages(self._root, made.domain)
        if problems := [*made.problems, *lost, *pages]:
            raise ContentProblems(told(problems))
        return Domain.from_dict(dict(made.domain)), made

    def _written_rules(self) -> Sequence[Rule]:
        held: list[Any] = []
        for file in self._story_files:
            read = read_yaml_file(file)
            held += (read.get("rules") if isinstance(read, dict) else None) or ()
        return [rule for rule in held if isinstance(rule, dict)]


def with_outcomes(
    events: Sequence[Event], forms: Collection[str], ends: str = "", outcome: str = COMPLETE
) -> list[Event]:
    """Adds the usual outcome of a form (all answers given) to a rule that names none.

    Rasa's documentation knows one way in which a form ends. The engine has others, and Rasa wants
    every rule of a form to say which one it is of.

    Args:
        events: of a rule in `data/`.
        forms: names of the forms that the engine runs.
        ends: the form that the rule has end by the values of slots (`bot.core.form_endings`).
        outcome: by which the engine says that they are so, in place of these slots.
    """
    if ends:
        events = [event for event, asked in _asked(events, ends) if not asked]
    elif any(isinstance(event, SlotSet) and event.key == OUTCOME for event in events):
        return list(events)
    found: list[Event] = []
    for before, event in zip([None, *events], events, strict=False):
        found.append(event)
        runs = isinstance(before, ActionExecuted) and before.action_name in forms
        if runs and isinstance(event, ActiveLoop):
            found.append(SlotSet(OUTCOME, None if event.name else outcome))
    return found


def _asked(events: Sequence[Event], form: str) -> Iterator[tuple[Event, bool]]:
    """The events of a rule, and whether each is a slot that the rule asks about when a form ends.

    Such slots stand in its condition, and directly behind the end of the form.
    """
    before, ended = True, False
    for previous, event in zip([None, *events], events, strict=False):
        if isinstance(event, ActionExecuted):
            before, ended = False, False
        elif isinstance(event, ActiveLoop) and not event.name:
            ended = isinstance(previous, ActionExecuted) and previous.action_name == form
        slot = isinstance(event, SlotSet) and event.key != REQUESTED_SLOT
        yield event, slot and (before or ended)
