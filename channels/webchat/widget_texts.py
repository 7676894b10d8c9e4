"""The texts of the chat window, by the keys that its scripts use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.catalogue import group, script
from bot.catalogue.entries import read

#: The window's own texts in English, for a page that asks for them.
ENGLISH: Final = Path(__file__).with_name("labels.en.yml")


def widget_texts() -> Mapping[str, str]:
    """The window's own texts, the names of the speakers, and how a score is shown."""
    names = {f"name.{author}": name for author, name in group("name").items()}
    return {**group("webchat.widget"), **names, "rated": group("rating")["shown"]}


def english_texts() -> Mapping[str, str]:
    """The same in English: labels only, as what is said in the conversation is Dutch."""
    return {each.key: each.text for each in read(ENGLISH, ENGLISH.name)}


def texts_module() -> str:
    """The source of the module by which the scripts say them."""
    return script.in_languages({"nl": widget_texts(), "en": english_texts()})
