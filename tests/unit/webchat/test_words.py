"""The chat window's words: served as data from the catalogue, and all that the window says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot import catalogue
from bot.catalogue import Catalogue, Entry, framework
from bot.catalogue.placeholders import placeholders
from channels.webchat import words

STATIC = Path(__file__).parents[3] / "channels" / "webchat" / "static"


@pytest.fixture(autouse=True)
def framework_afterwards() -> Iterator[None]:
    """What a test puts in use is taken out again."""
    yield
    catalogue.use(framework())


def served() -> Mapping[str, str]:
    source = words.module().body.decode("ascii")
    found = re.fullmatch(r"export const texts = Object\.freeze\((.*)\);\n", source)
    assert found is not None
    texts: Mapping[str, str] = json.loads(found[1])
    return texts


def scripts() -> Iterator[str]:
    for path in STATIC.glob("*.js"):
        yield path.read_text(encoding="utf-8")


def test_every_text_that_the_window_says_is_served_and_the_other_way_round() -> None:
    """A missing one would stop the chat; one too many is a text that nobody reads."""
    texts, source = served(), "".join(scripts())
    begun = set(re.findall(r"(?<![#.\w])say\(`([\w.]+)\$\{", source))
    plain = set(re.findall(r"(?<![#.\w])say\(\"([\w.]+)\"", source))
    # Two are chosen by a condition.
    chosen = {"unread_one", "unread_many", "character", "characters"}
    assert all(f'"{key}"' in source for key in chosen)
    made = {key for key in texts if key.startswith(tuple(begun))}
    assert plain | chosen | made == set(texts)
    assert all(any(key.startswith(each) for key in texts) for each in begun)


def test_what_the_window_fills_in_is_what_its_texts_hold() -> None:
    """By name: `say("score", { score, meaning })`."""
    texts = served()
    for source in scripts():
        for key, values in re.findall(r"(?<![#.\w])say\(\"([\w.]+)\"(?:, \{([^}]*)\})?", source):
            given = set(re.findall(r"(?:^|,)\s*(\w+)", values))
            assert given == placeholders(texts[key]), key


def test_an_own_text_reaches_the_browser_and_changes_the_files_mark() -> None:
    """Also one that would be HTML or end a script elsewhere: it is data, shown as text."""
    before = words.module().etag
    own = Entry("webchat.widget.send", "</script><b>Sturen\u2028", "data/texts.yml", 1)
    catalogue.use(Catalogue((*framework().entries.values(), own)))
    assert served()["send"] == "</script><b>Sturen\u2028"
    assert words.module().etag != before


def test_no_script_of_the_window_writes_html() -> None:
    """Every text goes in as text."""
    for source in scripts():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", source)
