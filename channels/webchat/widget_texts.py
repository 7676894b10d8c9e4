"""The texts of the chat window, by the keys that its scripts use."""

from __future__ import annotations

from collections.abc import Mapping

from bot.catalogue import group


def widget_texts() -> Mapping[str, str]:
    """The window's own texts, the names of the speakers, and how a score is shown."""
    names = {f"name.{author}": name for author, name in group("name").items()}
    return {**group("webchat.widget"), **names, "rated": group("rating")["shown"]}
