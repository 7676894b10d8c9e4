"""No Dutch sentence of the framework stands outside the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parents[3]
#: Words that hardly a Dutch sentence does without, and no English one holds.
_DUTCH: Final = re.compile(
    r"(?i)(?<![\w/\[])(u|uw|je|jij|jouw|het|een|niet|de|wij|ons|onze|kunt|wilt|hebt|met|voor|naar|"
    r"geen|nog|van|dit|dat|er|typ|kies|klant|medewerker|gesprek|bericht|vandaag|gisteren|"
    r"minu(?:ut|ten)|second(?:e|en)|dag|dagen|bron)(?![\w-])"
)
#: What is matched against a customer's words rather than said: alternatives and classes.
_PATTERN: Final = re.compile(r"[|\\]|\(\?")
#: Where Dutch may stand in code, and why.
MAY_STAY: Final[Mapping[str, str]] = {
    "bot/dutch/": "words that are read in what customers write",
    "bot/conversation/escape_words.py": "the same: words for a person",
    "bot/conversation/declined_person.py": "the same: words around a person",
    "bot/conversation/callback_corrections.py": "the same: words around a moment or a name",
    "bot/dialogue/facts_told.py": "the same: words of a question that name no subject",
    "bot/dialogue/restated.py": "the same: words that say yes before what is repeated",
    "bot/conversation/callback_reading.py": "the same: words around a name, a day or a time",
    "bot/conversation/option_words.py": "the same: words around a choice",
    "bot/dialogue/consent.py": "the same: words that say yes",
    "bot/knowledge/answering.py": "the same: words that point back",
    "bot/knowledge/grounding.py": "the same: numbers, and words without meaning",
    "bot/knowledge/vocabulary.py": "the same: words without meaning",
    "bot/desk/login/password_policy.py": "words that no password may be",
    "bot/conversation/closing_confirmation.py": "what a customer may type to get a copy",
    "bot/conversation/opening_hours.py": "names of days: the language, nobody's voice",
    "bot/catalogue/entries.py": "an example in a message about a file of texts",
    "channels/webchat/__init__.py": "what the channel is called: a fact of the channel",
}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module with their lines, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def is_dutch(text: str) -> bool:
    """Whether a text is more than one word and seems to be Dutch that is said."""
    bare = re.sub(r"\$\{[^}]*\}", "", text).strip()
    # "u" alone is the hour in "1 u 05".
    spaced = (" " in bare or text != bare) and bare != "u"
    return spaced and _DUTCH.search(text) is not None and _PATTERN.search(text) is None


def found() -> Iterator[str]:
    for top in ("bot", "channels"):
        for path in sorted((ROOT / top).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for line, text in literals(path):
                if is_dutch(text):
                    yield f"{name}:{line} {text[:60]!r}"


def test_no_module_says_dutch_of_its_own() -> None:
    """A sentence in code could not be said otherwise by another organisation."""
    assert [each for each in found() if not each.startswith(tuple(MAY_STAY))] == []


def test_what_may_stay_is_still_there() -> None:
    """An exception that nothing needs any more hides the next literal."""
    places = list(found())
    for path in MAY_STAY:
        assert any(each.startswith(path) for each in places), path


@pytest.mark.parametrize(
    "text",
    ["Typ eerst uw vraag.", "Er ging iets mis.", "Gesprek ", " van 5", "Kies een antwoord"],
)
def test_a_sentence_would_be_found(text: str) -> None:
    """As they stood in code before."""
    assert is_dutch(text)


@pytest.mark.parametrize(
    "text",
    ["/medewerker", "there is no channel ", r"\b(van|voor) ", "gesprek.css", " u "],
)
def test_other_strings_are_left_alone(text: str) -> None:
    """Payloads, English, patterns."""
    assert not is_dutch(text)


def visible(path: Path) -> str:
    """What a template shows: its text and the attributes that are read aloud."""
    source = path.read_text(encoding="utf-8")
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<svg.*?</svg>", " ", source, flags=re.DOTALL)
    aloud = re.findall(r"(?:aria-label|placeholder|alt|title)=\"([^\"]*)\"", source)
    return " ".join([re.sub(r"<[^>]*>", " ", source), *aloud])


#: The scaffold's are an assistant's own, and its owner's to word.
TEMPLATES = sorted(path for path in (ROOT / "bot").rglob("*.html") if "scaffold" not in path.parts)


def test_the_templates_are_found() -> None:
    """Those of the desk, the pages, the transcript and the front page."""
    assert {path.relative_to(ROOT / "bot").parts[0] for path in TEMPLATES} >= {
        "desk",
        "front_page",
        "knowledge",
        "transcripts",
    }


@pytest.mark.parametrize(
    "path",
    TEMPLATES,
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_no_template_says_dutch_of_its_own(path: Path) -> None:
    """Its words come from the catalogue too."""
    assert _DUTCH.findall(visible(path)) == []


@pytest.mark.parametrize(
    "path",
    [*ROOT.glob("bot/desk/static/*.js"), *ROOT.glob("channels/webchat/static/*.js")],
    ids=lambda path: path.name,
)
def test_no_script_says_dutch_of_its_own(path: Path) -> None:
    """Comments apart."""
    source = path.read_text(encoding="utf-8")
    code = re.sub(r"(?m)^\s*(//|\*|/\*\*).*$|\s//\s.*$", "", source)
    quoted = re.findall(r"\"([^\"\n]*)\"|`([^`]*)`", code)
    said = [text for pair in quoted for text in pair if is_dutch(text)]
    assert said == []
