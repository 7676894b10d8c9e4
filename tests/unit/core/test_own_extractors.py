"""An assistant's own extractors: named in config.yml, asked in turn, refused with a reason."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.core import pipeline
from bot.core.pipeline import EntitySettings
from bot.dutch import extractors
from bot.dutch.found import FoundEntity
from bot.dutch.readers import ReaderContext
from bot.errors import ConfigurationError


class CaseNumbers:
    """Reads `Z2026-1234`, or another letter; its characters are nothing else."""

    entities = ("case_number",)
    exclusive = True

    def __init__(self, letter: str = "Z") -> None:
        if len(letter) != 1:
            raise ValueError("a letter is one letter")
        self._letter = letter

    def read(self, text: str, around: ReaderContext) -> Iterator[FoundEntity]:
        start = text.find(f"{self._letter}2026-")
        if start >= 0 and around.free(start, start + 10):
            yield FoundEntity("case_number", text[start : start + 10], start, start + 10)


class Last:
    """Claims what is left over: it is asked after the general readers."""

    entities = ("rest",)
    exclusive = False

    def read(self, text: str, around: ReaderContext) -> Iterator[FoundEntity]:
        if not around.found:
            yield FoundEntity("rest", text, 0, len(text))


class NoExtractor:
    """Has nothing of what an extractor needs."""


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in this module can be imported as `own.formats`."""
    module = types.ModuleType("own.formats")
    vars(module).update(CaseNumbers=CaseNumbers, Last=Last, NoExtractor=NoExtractor, thing=1)
    monkeypatch.setitem(sys.modules, "own.formats", module)


def read(text: str, *declared: Any) -> dict[str, Any]:
    nlp = pipeline.build(EntitySettings(extractors=declared))
    return {each.name: each.value for each in pipeline.read(nlp, text, date(2026, 11, 23))}


def test_a_format_of_ones_own() -> None:
    """It is read beside the general ones, which do not read its characters as well."""
    found = read("zaak Z2026-1104 morgen", "own.formats.CaseNumbers")
    assert found == {"case_number": "Z2026-1104", "date": "2026-11-24"}


def test_options() -> None:
    """What stands beside the name goes to the extractor."""
    declared = {"name": "own.formats.CaseNumbers", "letter": "B"}
    assert read("B2026-1104", declared)["case_number"] == "B2026-1104"


def test_the_others_come_last() -> None:
    """An extractor that is not exclusive sees what the general readers read."""
    assert read("morgen", "own.formats.Last") == {"date": "2026-11-24"}
    assert read("niets", "own.formats.Last") == {"rest": "niets"}


def test_without_extractors_only_general_dutch_is_read() -> None:
    """No organisation's format is built in."""
    assert read("PP-100234, stand is 12345 kWh") == {}


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        (["own.missing.Numbers"], "own.missing.Numbers cannot be imported"),
        (["own.formats.Missing"], "has no class Missing"),
        (["own.formats.thing"], "has no class thing"),
        (["own.formats.NoExtractor"], "is no extractor"),
        (["Numbers"], "each is an import path"),
        ([{"letter": "B"}], "each is an import path"),
        ([None], "each is an import path"),
        ("own.formats.CaseNumbers", "must be a list"),
        ({"name": "own.formats.CaseNumbers"}, "must be a list"),
        ([{"name": "own.formats.CaseNumbers", "letter": "ZZ"}], "a letter is one letter"),
        ([{"name": "own.formats.CaseNumbers", "size": 3}], "refuses its options"),
    ],
)
def test_what_cannot_be_loaded_says_so(declared: Any, complaint: str) -> None:
    """The message names the extractor, the place in config.yml and the way out."""
    with pytest.raises(ConfigurationError, match=complaint) as refused:
        extractors.load(declared)
    assert "config.yml" in str(refused.value)
