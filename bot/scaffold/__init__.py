"""Makes a new assistant out of the files in `template/`.

Their texts hold placeholders such as `[[name]]`. A name that ends in `.tmpl` loses that ending, so
that no tool takes a template for code.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from bot.errors import ConfigurationError

TEMPLATE: Final = Path(__file__).parent / "template"
_ENDING: Final = ".tmpl"
#: Names that get a dot in front. In the template it would work too, and a wheel would leave it out.
_DOTTED: Final = frozenset({"ci", "gitignore"})
_PLACEHOLDER: Final = re.compile(r"\[\[([a-z]+)\]\]")
#: A name is quoted in YAML and said in responses, where these characters mean something.
_NAME: Final = re.compile(r"['’]?[^\W_][\w &'’.,()!+-]{0,59}")
_PREFIX: Final = re.compile(r"[A-Z]{1,6}")


@dataclass(frozen=True, slots=True)
class Names:
    """What a new assistant is called.

    Attributes:
        name: of the organisation, as customers know it.
        prefix: capitals in front of the numbers that it gives out.
    """

    name: str
    prefix: str

    @classmethod
    def of(cls, folder: Path, name: str | None = None, prefix: str | None = None) -> Names:
        """The names that were given; what was not given follows from the others.

        Args:
            folder: of the new assistant.
            name: by default the folder's own, in words.
            prefix: by default the initials of the name, or its first letters.

        Raises:
            ConfigurationError: one cannot be used; the message says what it must be.
        """
        spoken = re.sub(r"[^\w&'’]+|_+", " ", folder.absolute().name).strip()
        name = " ".join((name or spoken[:1].upper() + spoken[1:]).split())
        if _NAME.fullmatch(name) is None:
            raise ConfigurationError(
                f"The name {name!r} cannot be used: it has at most 60 letters, digits, spaces and "
                "& ' . , ( ) ! + -, and begins with a letter or digit ('t Hart too). Give another "
                "with --name."
            )
        prefix = (prefix or _initials(name)).upper()
        if _PREFIX.fullmatch(prefix) is None:
            raise ConfigurationError(
                f"The prefix {prefix!r} cannot be used: it has one to six letters, such as AB. "
                "Give another with --prefix."
            )
        return cls(name, prefix)

    def values(self, today: date) -> dict[str, str]:
        """The text for each placeholder.

        Args:
            today: the day on which the pages count as checked.
        """
        slug = re.sub(r"[^a-z0-9]+", "-", _plain(self.name).lower()).strip("-")
        return {
            "name": self.name,
            "slug": slug or "loket",
            "prefix": self.prefix,
            "lower": self.prefix.lower(),
            "today": today.isoformat(),
        }


def create(folder: Path, names: Names, today: date) -> tuple[Path, ...]:
    """Writes a new assistant.

    Args:
        folder: where; made when it is not there.
        names: what it is called.
        today: the day on which its pages count as checked.

    Returns:
        The files, from the folder.

    Raises:
        ConfigurationError: the folder holds something already, or cannot be written.
    """
    values = names.values(today)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConfigurationError(
                f"{folder} holds something already, which is left alone. Give an empty or new one."
            )
        for source, target in files():
            made = folder / target
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(render(source.read_text(encoding="utf-8"), values), encoding="utf-8")
            if made.read_bytes().startswith(b"#!"):
                made.chmod(made.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written ({error.strerror}). Choose a folder of your own."
        ) from error
    return tuple(target for _, target in files())


def files() -> Iterator[tuple[Path, Path]]:
    """Each file of the template, with its place in an assistant."""
    for source in sorted(TEMPLATE.rglob("*")):
        if source.is_file() and "__pycache__" not in source.parts:
            *folders, name = source.relative_to(TEMPLATE).parts
            parts = (*folders, name.removesuffix(_ENDING))
            yield source, Path(*(f".{part}" if part in _DOTTED else part for part in parts))


def render(text: str, values: dict[str, str]) -> str:
    """A text with a value in place of each placeholder.

    Raises:
        KeyError: a placeholder has no value.
    """
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return decomposed.encode("ascii", "ignore").decode()


def _initials(name: str) -> str:
    words = re.findall(r"[A-Za-z]+", _plain(name))
    initials = "".join(word[0] for word in words)[:4]
    return (initials if len(initials) > 1 else "".join(words)[:2]) or "NR"
