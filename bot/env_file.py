"""The file `.env`: its values, and the line on which each stands."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.environment import PREFIX
from bot.errors import ConfigurationError

NAME: Final = ".env"
_OURS: Final = re.compile("loket", re.IGNORECASE)
_SETTING: Final = re.compile(rf"{PREFIX}[A-Z0-9_]+")
_BLANK: Final = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What `.env` says.

    Attributes:
        path: where it is.
        values: the values that are not empty, by name.
        lines: the line of each name in it, the last where it stands twice; from 1.
    """

    path: Path
    values: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> EnvFile:
        """Reads the file; one that is not there says nothing.

        Raises:
            ConfigurationError: it cannot be read; names the file, and the line where it is one's.
        """
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise ConfigurationError(
                f"{path} line {line} is no text in UTF-8. Save the file in that encoding."
            ) from error
        lines: dict[str, int] = {}
        for binding in parse_stream(io.StringIO(text)):
            line = _line(binding)
            if binding.error or _says_nothing(binding):
                # Not the line itself: it may hold a password.
                raise ConfigurationError(
                    f"{path} line {line} cannot be read. Write NAME=value, with a quote at both "
                    "ends of the value or at neither."
                )
            if binding.key:
                lines[binding.key] = line
        given = dotenv_values(stream=io.StringIO(text))
        return cls(path, {name: value for name, value in given.items() if value}, lines)

    def check_names(self, known: Collection[str]) -> None:
        """Refuses a name that was meant to be a setting's and is none.

        Args:
            known: the names of all settings.

        Raises:
            ConfigurationError: there is one; names its line, and the setting that is likely meant.
        """
        for name, line in self.lines.items():
            if _OURS.match(name) and name not in known:
                near = process.extractOne(name.upper(), known, scorer=OSA.normalized_similarity)
                raise ConfigurationError(
                    f"{self.path} line {line} sets {name}, which is no setting. Did you mean "
                    f"{near[0]}? `loket settings` lists them all."
                )

    def located(self, sentence: str, environment: Mapping[str, str]) -> str:
        """A sentence about settings, with the line that set the first of them, if this file did.

        Args:
            sentence: what is wrong; it names settings as the environment does.
            environment: goes before this file.
        """
        if str(self.path) in sentence:
            return sentence
        for name in _SETTING.findall(sentence):
            if name in self.values and not environment.get(name):
                return f"{sentence} {name} is set in {self.path} line {self.lines[name]}."
        return sentence


def _line(binding: Binding) -> int:
    """The line on which a binding begins; dotenv counts from the blank ones before it."""
    written = binding.original.string
    blank = _BLANK.match(written)
    return binding.original.line + (blank[0].count("\n") if blank else 0)


def _says_nothing(binding: Binding) -> bool:
    return binding.value is None and bool(binding.key) and bool(_OURS.match(binding.key or ""))
