"""`loket rules`: shows the rules and domain entries that Loket makes for tasks and forms."""

from __future__ import annotations

import sys
from typing import Any, Final

import click
from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter

from bot.core.generated_content import difference, read
from bot.logs import logging_setup
from bot.settings_loading import load_settings

_HEAD: Final = """\
# Made from the tasks in actions/ and the forms in domain.yml each time a model is trained; there is
# no file to edit. A rule of the same name in data/ takes a rule's place, and what domain.yml lists
# goes before what is listed here.
"""


@click.command()
def rules() -> None:
    """Show the rules and entries of the domain that are made for tasks and forms.

    Writes YAML as it could stand in data/rules and domain.yml.
    """
    settings = load_settings(otherwise={"LOKET_LOG_LEVEL": "WARNING"})
    logging_setup.configure(settings.log_level, settings.log_format)
    written, made = read(settings.root)
    added = difference(written, made.domain)
    content: dict[str, object] = {"version": "3.1", **added, "rules": list(made.rules)}
    click.echo(_HEAD, nl=False)
    _writer().dump(content, sys.stdout)


class _Representer(RoundTripRepresenter):
    """Writes None as `null`, and a repeated value in full rather than as a YAML alias."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - ruamel's signature
        """Whether a value is never written as an alias: always."""
        return True

    def represent_none(self, data: object) -> object:  # noqa: ARG002 - ruamel's signature
        """Writes None as `null`."""
        return self.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _Representer.represent_none)


def _writer() -> Any:
    """A YAML writer with the layout that designers use."""
    writer: Any = YAML()
    writer.default_flow_style = False
    writer.width = 100
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.Representer = _Representer
    return writer
