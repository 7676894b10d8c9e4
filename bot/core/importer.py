"""Adds to an assistant's content what is the same for every task: rules, and entries of the domain.

Named in `config.yml`, so that Rasa's own commands read the same content as Loket's:

    importers:
      - name: bot.core.importer.TaskImporter

What it adds is made by `bot.core.form_rules`; `loket rules` shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.io import read_yaml_file

from bot.core.form_rules import Rule, additions, rules, with_additions
from bot.core.own_tasks import OwnCode, own_code
from bot.core.project import folder
from bot.errors import ConfigurationError

#: What Rasa shows as the file of a made rule.
SOURCE: Final = "the rules that Loket makes (loket rules)"


class TaskImporter(RasaFileImporter):
    """Rasa's reader of files, with what follows from the tasks of `actions/` besides."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Keeps where the content is; Rasa gives these by position.

        Args:
            config_file: the assistant's `config.yml`; its folder holds `actions/`.
            domain_path: file or folder of the domain.
            training_data_paths: files or folders with NLU data, stories and rules.
        """
        super().__init__(config_file, domain_path, training_data_paths)
        self._root = Path(config_file).parent if config_file else folder()
        self._domain: Domain | None = None

    def get_domain(self) -> Domain:
        """The domain of the files, with what the tasks need.

        Raises:
            RasaException: `actions/` cannot be imported.
        """
        written = super().get_domain()
        if written.is_empty():
            return written
        code, domain = self._code(), written.as_dict()
        return Domain.from_dict(with_additions(domain, additions(code.tasks, domain, code.actions)))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The stories and rules of the files, with the rules that the tasks need.

        Raises:
            RasaException: `actions/` cannot be imported.
        """
        written = super().get_stories(exclusion_percentage)
        domain = self.get_domain()
        if domain.is_empty():
            return written
        made = rules(self._code().tasks, domain.as_dict(), self._written_rules())
        reader = YAMLStoryReader(domain, SOURCE)
        return written.merge(StoryGraph(reader.read_from_parsed_yaml({"rules": made})))

    def _completed(self, written: Domain) -> Domain:
        if written.is_empty():
            return written
        code, domain = self._code(), written.as_dict()
        added = additions(code.tasks, domain, code.actions)
        return Domain.from_dict(with_additions(domain, added))

    def _code(self) -> OwnCode:
        try:
            return own_code(self._root)
        except ConfigurationError as error:
            raise RasaException(str(error)) from error

    def _written_rules(self) -> Sequence[Rule]:
        held: list[Any] = []
        for file in self._story_files:
            read = read_yaml_file(file)
            held += (read.get("rules") if isinstance(read, dict) else None) or ()
        return [rule for rule in held if isinstance(rule, dict)]
