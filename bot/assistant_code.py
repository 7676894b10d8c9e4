"""Imports an assistant's own code from its folder, whatever else is installed or importable.

Rasa names the package of custom actions `actions`, so several may be within reach: the one of the
assistant that runs, that of the folder in which a command was typed, and one that is installed.
Only the first may be imported.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Final

from bot.errors import ConfigurationError

#: Package with the assistant's code, as Rasa names it.
PACKAGE: Final = "actions"
#: What its code may raise when it is imported; `sys.exit` would end Loket without a word.
FAULTS: Final = (Exception, SystemExit)


class AssistantFinder(MetaPathFinder):
    """Finds the package `actions` in one assistant's folder and nowhere else."""

    def __init__(self, root: Path) -> None:
        """Takes the folder to look in.

        Args:
            root: the assistant's folder.
        """
        self._root = root

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - importlib's signature
        target: ModuleType | None = None,  # noqa: ARG002 - the same
    ) -> ModuleSpec | None:
        """Finds the package; None for any other module.

        Raises:
            ModuleNotFoundError: the assistant has no such package.
        """
        if fullname != PACKAGE:
            return None
        found = PathFinder.find_spec(PACKAGE, [str(self._root)])
        if found is None:
            raise ModuleNotFoundError(f"{self._root} has no package {PACKAGE}.", name=PACKAGE)
        return found


def use(root: Path) -> None:
    """Has this process import the code of one assistant.

    The assistant's folder comes first on `sys.path`, and its `actions` is the only one that can be
    imported. A folder that holds neither `config.yml` nor `actions` is no assistant; it changes
    nothing. A second call for the same folder changes nothing either.

    Args:
        root: the assistant's folder.

    Raises:
        ConfigurationError: this process has already imported the `actions` of another folder.
    """
    root = root.resolve()
    if not (root / "config.yml").is_file() and not (root / PACKAGE).is_dir():
        return
    loaded = sys.modules.get(PACKAGE)
    if loaded is not None and (folder := _folder_of(loaded)) != (root / PACKAGE).resolve():
        raise ConfigurationError(
            f"This process already runs the code in {folder}, so it cannot run that of the "
            f"assistant in {root}. Start Loket in {root}, or set LOKET_ROOT to it beforehand."
        )
    # A folder of that name in the assistant's must not hide the framework's.
    importlib.import_module("channels")
    sys.path[:] = [str(root), *(each for each in sys.path if each != str(root))]
    others = [each for each in sys.meta_path if not isinstance(each, AssistantFinder)]
    sys.meta_path[:] = [AssistantFinder(root), *others]


def not_importable(name: str, error: BaseException) -> ConfigurationError:
    """An error for whoever wrote the code, in place of one that ended its import.

    Args:
        name: of the module or package that was imported.
        error: what ended that; the file and line nearest to it, within the assistant's code, are
            told.
    """
    if isinstance(error, SyntaxError) and error.filename:
        where, said = _place(error.filename, error.lineno), error.msg
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [each for each in frames if PACKAGE in Path(each.filename).parts]
        where = _place(own[-1].filename, own[-1].lineno) if own else ""
        said = f"{error}" if isinstance(error, ImportError) else f"{type(error).__name__}: {error}"
        if isinstance(error, SystemExit):
            said = "it ends the program, which an import may not"
    return ConfigurationError(f"{name} cannot be imported: {where}{said.rstrip('.')}.")


def _place(file: str, line: int | None) -> str:
    path = Path(file)
    parts = path.parts
    if PACKAGE in parts:
        path = Path(*parts[len(parts) - 1 - parts[::-1].index(PACKAGE) :])
    return f"{path.as_posix()} line {line}: "


def is_there() -> bool:
    """Whether the assistant has code of its own."""
    try:
        return importlib.util.find_spec(PACKAGE) is not None
    except ModuleNotFoundError:
        return False


def _folder_of(package: ModuleType) -> Path:
    """The folder of a package, also of one without `__init__.py`."""
    return Path(next(iter(package.__path__), "")).resolve()
