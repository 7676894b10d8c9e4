"""The wall: the framework (`bot/`, `channels/`) holds no word of this repository's assistant.

What stands in `ALLOWED` may stay, for the reason given there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from bot.dutch.readers import NAMES
from tests.support.shop_vocabulary import (
    FRAMEWORK_INTENTS,
    FRAMEWORK_RESPONSES,
    FRAMEWORK_SLOTS,
    FRAMEWORK_WORDS,
    ROOT,
    Word,
    shop_names,
    vocabulary,
)

FRAMEWORK: Final = ("bot", "channels")

#: Path, name of the word, and why it may stay.
ALLOWED: Final[tuple[tuple[str, str, str], ...]] = (
    ("bot/catalogue/nl/attachment.yml", "bestel", "WhatsApp calls a kind of attachment an order"),
    ("channels/telegram/parse.py", "invoice", "Telegram's name of a field of a message"),
    *(
        (
            path,
            "energie",
            "a current that gives shocks is in every home, whoever sells it: words of danger",
        )
        for path in (
            "bot/safety/groups.yml",
            "bot/safety/examples/nl/electricity.yml",
            "bot/safety/words.py",
        )
    ),
    *(
        (
            "bot/dutch/private_numbers.py",
            word,
            "labels of anybody's numbers, of a carrier say: they keep nine digits from being a BSN",
        )
        for word in ("bestel", "factuur", "meterstand", "pakket", "zending")
    ),
    *(
        (path, "klacht indienen", "complaining is done at any organisation, in these words")
        for path in (
            "bot/acts/examples/nl.yml",
            "bot/safety/examples/nl/fire.yml",
            "bot/safety/examples/nl/innocent.yml",
            "bot/scaffold/template/data/nlu/complaint.yml",
            "bot/scaffold/template/tests/stories/test_questions.yml",
        )
    ),
    (
        "bot/safety/examples/nl/innocent.yml",
        "beschadigd aangekomen",
        "things of anybody arrive so: no danger, which is what the example teaches",
    ),
)

WORDS: Final = vocabulary()


def files() -> list[Path]:
    found = (path for tree in FRAMEWORK for path in (ROOT / tree).rglob("*"))
    return sorted(path for path in found if path.is_file() and is_text(path))


def is_text(path: Path) -> bool:
    """Whether people can read a file: whatever its name ends in, if it ends in anything."""
    return "__pycache__" not in path.parts and b"\0" not in path.read_bytes()


def standing(path: Path) -> dict[str, int]:
    """The words of the shop in a file, each with the first line on which it stands."""
    text = path.read_text(encoding="utf-8")
    places = ((word.name, word.first(text)) for word in WORDS)
    return {name: text.count("\n", 0, at) + 1 for name, at in places if at is not None}


def excused(name: str) -> set[str]:
    """The words that may stand in a file."""
    return {word for path, word, _ in ALLOWED if path == name}


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_framework_holds_no_word_of_the_shop(path: Path) -> None:
    """Not in code, not in a comment, not in an example: an invented one does as well."""
    name = str(path.relative_to(ROOT))
    found = {word: line for word, line in standing(path).items() if word not in excused(name)}
    assert not found, f"{name} has words of the shop, each on its line: {found}"


def test_every_exception_is_still_needed() -> None:
    """So that the lists shrink as the words go."""
    listed = {(path, word) for path, word, _ in ALLOWED}
    idle = {
        (path, word)
        for path, word in listed
        if not (ROOT / path).is_file() or word not in standing(ROOT / path)
    }
    assert not idle, f"take these off the list, they are gone: {sorted(idle)}"


@pytest.mark.parametrize(
    "names",
    [FRAMEWORK_INTENTS, FRAMEWORK_SLOTS - frozenset(NAMES), FRAMEWORK_RESPONSES],
    ids=["intents", "slots", "responses"],
)
def test_what_counts_as_the_framework_s_own_is_named_by_it(names: frozenset[str]) -> None:
    """An intent or slot that left the framework is no excuse for one of the shop's any more."""
    said = "\n".join(path.read_text(encoding="utf-8") for path in files())
    idle = {name for name in names if not re.search(rf"(?<![\w]){name}(?![\w])", said)}
    assert not idle, f"take these off the list, the framework names them nowhere: {sorted(idle)}"


def test_every_word_of_both_is_one_of_the_shop_too() -> None:
    """The list of English words holds none that the shop gave up."""
    assert FRAMEWORK_WORDS.keys() <= shop_names()


def test_every_exception_says_why() -> None:
    """A reason is a sentence, not a word."""
    assert all(len(why.split()) > 3 for _, _, why in ALLOWED)


def by_name(name: str) -> Word:
    return next(word for word in WORDS if word.name == name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("track_order", 'frozenset({"track_order"})'),
        ("track_order_form", "track_order_form"),
        ("track_order", '"action_track_order"'),
        ("return_item", "utter_edit_return_item_again"),
        ("order number", "# digits that are an order number"),
        ("utter_meter_solar", 'say("utter_meter_solar")'),
        ("box", "welke box wilt u"),
        ("afschrijving klopt niet", "title: Afschrijving klopt niet"),
        ("order_lines", "SELECT line FROM order_lines"),
        ("PP", "such as PP-100234"),
        ("pakket", "waar is mijn pakketje"),
        ("Pakket & Plug", "<h1>Pakket &amp; Plug</h1>"),
        ("Pakket & Plug", "@PakketEnPlugBot"),
        ("pakketenplug.example", "https://www.pakketenplug.example/retour"),
        ("bezorg", "bezorgdatum"),
        ("meterstand", "Meterstand doorgeven"),
        ("#f2a900", "stroke: #F2A900;"),
    ],
)
def test_the_vocabulary_finds_what_it_must(name: str, text: str) -> None:
    """The assistant's own names, the company's, and people's words for what it sells."""
    assert by_name(name).stands_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "box-shadow: 0 0 1px #0b5c57;",
        "box-sizing: border-box;",
        "a checkbox, a text box-like field, inbox",
        "utter_greet, utter_verification_failed",
        "wilt u verhuizen of inloggen",
        "def read(path: Path) -> str:",
        "the order of the parameters",
        "grep -n workshop",
        "mypp_value",
        "parameters",
        "a verbose log",
    ],
)
def test_the_vocabulary_leaves_ordinary_words_alone(text: str) -> None:
    """Otherwise the list of exceptions would be of no use."""
    assert not [word.name for word in WORDS if word.stands_in(text)]
