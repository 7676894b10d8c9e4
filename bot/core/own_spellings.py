"""Reads `data/spelling.yml`: how customers write the words that only this organisation has."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.dutch.spelling import spellings
from bot.errors import ConfigurationError

FILE: Final = Path("data") / "spelling.yml"


def load(root: Path) -> dict[str, str]:
    """Short and misspelt words, each with what it stands for; none when there is no file.

    Args:
        root: the project's folder.

    Raises:
        ConfigurationError: the file is wrong; the message says what it must hold.
    """
    path = root / FILE
    if not path.is_file():
        return {}
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{FILE} cannot be read as UTF-8 text.") from error
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(str(FILE), error)) from error
    declared = data.get("spellings") if isinstance(data, dict) else None
    if not isinstance(declared, dict) or len(data) != 1:
        raise ConfigurationError(
            f"{FILE} must hold `spellings`, and nothing else: a line a word, such as "
            "`bibliotheek: bieb`."
        )
    return spellings({str(word): str(also) for word, also in declared.items()})
