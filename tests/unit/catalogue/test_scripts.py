"""Words of scripts in a browser: served as data from the catalogue, and all that they say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot import catalogue
from bot.catalogue import Catalogue, Entry, framework, group, script
from bot.catalogue.text_placeholders import placeholders
from channels.webchat.widget_texts import widget_texts

ROOT = Path(__file__).parents[3]
Words = Callable[[], Mapping[str, str]]


def desk() -> Mapping[str, str]:
    return group("desk_page.script")


PAGES = [
    pytest.param(ROOT / "channels" / "webchat" / "static", widget_texts, id="webchat"),
    pytest.param(ROOT / "bot" / "desk" / "static", desk, id="desk"),
]


@pytest.fixture(autouse=True)
def framework_afterwards() -> Iterator[None]:
    """What a test puts in use is taken out again."""
    yield
    catalogue.use(framework())


def source(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js")))


@pytest.mark.parametrize(("folder", "served"), PAGES)
def test_every_text_that_a_script_says_is_served_and_the_other_way_round(
    folder: Path, served: Words
) -> None:
    """A missing one would stop the page; one too many is a text that nobody reads."""
    code, texts = source(folder), served()
    begun = tuple(re.findall(r"(?<![#.\w])say\(`([\w.]+)\$\{", code))
    said = set(re.findall(r"(?<![#.\w])say\(\"([\w.]+)\"", code))
    # Chosen by a condition: `say(one ? "a" : "b")`, or `const key = one ? "a" : "b"`.
    said |= {key for pair in re.findall(r"\? \"(\w+)\" : \"(\w+)\"", code) for key in pair} & set(
        texts
    )
    assert said | {key for key in texts if key.startswith(begun or ("\0",))} == set(texts)
    assert all(any(key.startswith(each) for key in texts) for each in begun)


@pytest.mark.parametrize(("folder", "served"), PAGES)
def test_what_a_script_fills_in_is_what_its_text_holds(folder: Path, served: Words) -> None:
    """By name: `say("score", { score, meaning })`."""
    texts = served()
    pattern = r"(?<![#.\w])say\(\"([\w.]+)\"(?:, \{([^}]*)\})?"
    for key, values in re.findall(pattern, source(folder)):
        given = set(re.findall(r"(?:^|,)\s*(\w+)", values))
        assert given == placeholders(texts[key]), key


def test_an_own_text_reaches_the_browser_as_data() -> None:
    """Also one that would be HTML or end a script elsewhere; scripts show it as text."""
    said = "</script><b>Sturen\u2028"
    own = Entry("webchat.widget.send", said, "data/texts.yml", 1)
    catalogue.use(Catalogue((*framework().entries.values(), own)))
    first, _, rest = script.module(widget_texts()).partition(";\n")
    assert first.isascii()
    assert json.loads(first.removeprefix("const texts = "))["send"] == said
    assert "export function say" in rest


@pytest.mark.parametrize(("folder", "served"), PAGES)
def test_what_is_served_is_a_module(folder: Path, served: Words) -> None:
    """Its texts, and the function that says them."""
    first, _, rest = script.module(served()).partition(";\n")
    assert json.loads(first.removeprefix("const texts = ")) == dict(served())
    assert "export function say" in rest


@pytest.mark.parametrize(("folder", "served"), PAGES)
def test_no_script_writes_html(folder: Path, served: Words) -> None:
    """Every text goes in as text."""
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write"
    assert not re.search(unsafe, source(folder))
