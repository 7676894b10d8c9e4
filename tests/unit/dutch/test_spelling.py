"""Phone Dutch is brought back to plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import own_spellings
from bot.dutch.spelling import plain, spellings, without_numbers
from bot.errors import ConfigurationError

ROOT = Path(__file__).parents[3]
OWN = spellings({"bibliotheek": "bieb bibl"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wnr komt mn fiets?!!", "wanneer komt mijn fiets?"),
        ("  HALLOOOO  daar ", "halloo daar"),
        ("m'n ww vergeten", "mijn wachtwoord vergeten"),
        ("één geïnteresseerde", "een geinteresseerde"),
        ("👍👍", ""),
        ("привет", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    """Abbreviations are written out, repetition and accents go, what is no Dutch is dropped."""
    assert plain(text) == expected


@given(st.text(max_size=60))
def test_plain_is_stable(text: str) -> None:
    """What is plain stays as it is in letters and spaces."""
    once = plain(text, OWN)
    assert once.isascii()
    assert once == once.strip()
    assert plain(once) == plain(once, OWN) == once


def test_words_of_the_organisation_are_written_out_too() -> None:
    """Beside chat Dutch in general, and only where they are declared."""
    assert plain("Wnr is de bieb open", OWN) == "wanneer is de bibliotheek open"
    assert plain("wnr is de bieb open") == "wanneer is de bieb open"


def test_the_shops_spellings_are_good() -> None:
    """They are read as they stand in data/spelling.yml."""
    assert plain("mn pakketje en me fact", own_spellings.load(ROOT)) == "mijn pakket en me factuur"


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    """A small assistant has no spellings of its own."""
    assert own_spellings.load(tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spellings: [", "is not valid YAML"),
        ("bibliotheek: bieb", "must hold `spellings`, and nothing else"),
        ("spellings: [bieb]", "must hold `spellings`, and nothing else"),
        ("- bieb", "must hold `spellings`, and nothing else"),
        ("", "must hold `spellings`, and nothing else"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    """The file, what is wrong with it, and what it must hold."""
    (tmp_path / "data").mkdir()
    (tmp_path / own_spellings.FILE).write_text(text)
    with pytest.raises(ConfigurationError, match=r"data/spelling\.yml") as error:
        own_spellings.load(tmp_path)
    assert message in str(error.value)


def test_without_numbers() -> None:
    """Every digit is a zero and every postcode the same."""
    assert without_numbers("pp-100234 1234 ab") == "pp-000000 0000 xx"
