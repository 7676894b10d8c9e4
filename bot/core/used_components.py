"""The components that a process is going to load, so that it can leave out what none of them uses.

Read without Rasa: what is left out has to be known before Rasa is imported.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.errors import ConfigurationError

#: In the file beside a model, and the file within one that Rasa writes.
KEY = "components"
_METADATA = "metadata.json"
_CONFIG = "config.yml"
_UNREADABLE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError)


def of_content(root: Path) -> tuple[str, ...]:
    """The components that `config.yml` names; none when it does not say them all.

    Where it leaves out the pipeline or the policies, Rasa chooses.

    Args:
        root: the assistant's folder.

    Raises:
        ConfigurationError: the file is no YAML.
    """
    try:
        text = (root / _CONFIG).read_text(encoding="utf-8")
        config = YAML(typ="safe").load(text)
        parts = [config["pipeline"], config["policies"]]
        return tuple(str(each["name"]) for part in parts for each in part) if all(parts) else ()
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(_CONFIG, error, text)) from error
    except _UNREADABLE:
        return ()  # training says what is wrong with it


def of_models(archives: Iterable[Path]) -> tuple[str, ...]:
    """The components of trained models. A damaged one has none: it is not loaded either.

    Args:
        archives: the models; `<name>.json` beside one spares unpacking it.
    """
    return tuple(name for archive in archives for name in _described(archive) or _within(archive))


def _described(archive: Path) -> tuple[str, ...]:
    beside = archive.with_name(f"{archive.name.removesuffix('.tar.gz')}.json")
    try:
        return tuple(map(str, json.loads(beside.read_text(encoding="utf-8"))[KEY]))
    except _UNREADABLE:
        return ()


def _within(archive: Path) -> tuple[str, ...]:
    try:
        with tarfile.open(archive) as held:
            stored = held.extractfile(_METADATA)
            return _used(json.load(stored)) if stored else ()
    except (tarfile.TarError, *_UNREADABLE):
        return ()


def _used(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    nodes = metadata["predict_schema"]["nodes"].values()
    return tuple(sorted({str(node["uses"]) for node in nodes}))
