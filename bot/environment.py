"""Reads values from environment variables, or says in a sentence what they must be."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.bucket_address import BucketAddress
from bot.errors import ConfigurationError
from bot.phone_identity import COUNTRIES

#: Every setting's name in the environment begins with this.
PREFIX = "LOKET_"

_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, slots=True)
class EnvironmentReader:
    """Reads values from an environment, with a clear sentence for each that is unusable.

    Every method takes the name without its prefix and raises ConfigurationError.

    Attributes:
        values: the environment; what is absent takes the default.
    """

    values: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        """The text of a variable, without spaces around it."""
        return self.values.get(PREFIX + name, default).strip()

    def path(self, name: str, root: Path, default: str) -> Path:
        """An absolute path; a relative one is taken from `root`."""
        return (root / Path(self.text(name, default)).expanduser()).resolve()

    def whole(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number within bounds, both included."""
        text = self.text(name, str(default))
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise self._wrong(name, text, f"a whole number from {least} to {most}")
        return value

    def number(
        self, name: str, default: float, *, least: float | None = None, most: float = 1e6
    ) -> float:
        """A number within bounds, both included; above 0 when no least one is given."""
        text = self.text(name, str(default))
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if least is None:
            if not 0 < value < most:
                raise self._wrong(name, text, "a number above 0")
        elif not least <= value <= most:
            raise self._wrong(name, text, f"a number from {least:g} to {most:g}")
        return value

    def one_of(self, name: str, default: _T, choices: tuple[_T, ...]) -> _T:
        """One of a few words, in any case."""
        text = self.text(name, default)
        for choice in choices:
            if choice.casefold() == text.casefold():
                return choice
        raise self._wrong(name, text, " or ".join(choices))

    def country(self, name: str, default: str) -> str:
        """A country that has telephone numbers: its two letters (ISO 3166-1), as capitals."""
        text = self.text(name, default)
        if text.upper() not in COUNTRIES:
            raise self._wrong(name, text, "the two letters of a country, such as NL or BE")
        return text.upper()

    def origin(self, name: str, default: str) -> str:
        """Scheme, host and port of an address, in lower case: `https://example.nl:8443`."""
        return self._origin(name, self.text(name, default))

    def origins(self, name: str) -> tuple[str, ...]:
        """Origins separated by commas; none by default."""
        parts = (part.strip() for part in self.text(name, "").split(","))
        return tuple(self._origin(name, part) for part in parts if part)

    def address(self, name: str) -> str:
        """Scheme, host, port and maybe a path of an address, without a slash at its end.

        Returns:
            Empty when it is not set.
        """
        text = self.text(name, "").rstrip("/")
        if text and not re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", text):
            raise self._wrong(name, text, "an address such as https://desk.example.nl")
        return text

    def bucket(self, name: str) -> str:
        """The address of a bucket, as `BucketAddress.of` reads it; empty when it is not set."""
        text = self.text(name, "")
        if text:
            try:
                BucketAddress.of(text)
            except ValueError as error:
                expected = (
                    "s3://bucket or s3://bucket/folder, if need be with ?region=eu-central-1 or "
                    "?endpoint=https://s3.example.nl"
                )
                raise self._wrong(name, text, expected) from error
        return text

    def socket(self, name: str) -> str:
        """A socket: an absolute path, or a host and port; empty when it is not set."""
        text = self.text(name, "")
        if text and not re.fullmatch(r"/\S+|(?:[a-zA-Z0-9.-]+|\[[0-9a-f:]+\]):\d{1,5}", text):
            raise self._wrong(name, text, "a path, or host:port as in 127.0.0.1:3310")
        return text

    def _origin(self, name: str, text: str) -> str:
        origin = text.rstrip("/").lower()
        if not re.fullmatch(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", origin):
            raise self._wrong(name, text, "http(s)://name or http(s)://name:port, without a path")
        return re.sub(r"^(https://[^/]+):443$|^(http://[^/]+):80$", r"\1\2", origin)

    @staticmethod
    def _wrong(name: str, text: str, expected: str) -> ConfigurationError:
        return ConfigurationError(f"{PREFIX}{name} is {text!r}; it must be {expected}.")
