"""Finds the folder of the assistant that a command is for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.environment import PREFIX
from bot.errors import ConfigurationError

#: What an assistant's folder holds beside config.yml, and no other folder is likely to.
_PARTS: Final = (
    "domain.yml",
    "endpoints.yml",
    "credentials.yml",
    "actions/__init__.py",
    "data/nlu",
    "data/organisation.yml",
)


def find_root(env: Mapping[str, str], root: Path | None) -> Path:
    """The folder of the assistant: the one that is named, the present one, or one above it.

    Args:
        env: the environment, for `LOKET_ROOT`.
        root: the folder, where the caller knows it.

    Raises:
        ConfigurationError: no assistant is here, nor in a folder above; or one is begun here,
            so that another one above it must not be started in its place.
    """
    if root is not None:
        return root
    if named := env.get(f"{PREFIX}ROOT"):
        return Path(named)
    here = Path.cwd()
    if (here / "config.yml").is_file():
        return here
    for folder in (here, *here.parents):
        # A config.yml alone, in a home folder say, is that of any program.
        if (folder / "config.yml").is_file() and (folder / "domain.yml").exists():
            return folder
        if held := [name for name in _PARTS if (folder / name).exists()]:
            raise ConfigurationError(
                f"{folder} holds {held[0]}, and no config.yml: it is no assistant yet, and another "
                "one is not started in its place. Add config.yml, or name an assistant in "
                "LOKET_ROOT."
            )
    raise ConfigurationError(
        f"{here} holds no assistant: config.yml is missing. Go to the folder of one, name it "
        "in LOKET_ROOT, or make one: loket new FOLDER"
    )
