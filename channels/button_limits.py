"""Finds texts of buttons that are too long to be a button on a channel of the installation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bot.catalogue import Entry
from channels import registry
from channels.capabilities import Capabilities

#: A text with this as a part of its key, as in `button.person`, stands on a button.
BUTTON: Final = "button"


def problems(entries: Iterable[Entry], root: Path) -> Iterator[str]:
    """Sentences about buttons that a channel could not show; none when all can.

    A channel's own text, such as `<channel>.button.list`, only has to fit that channel.

    Args:
        entries: texts; those that stand on no button are passed over.
        root: folder of the project, for its `credentials.yml`.

    Raises:
        ConfigurationError: `credentials.yml` is unusable.
    """
    buttons = [entry for entry in entries if BUTTON in entry.key.split(".")]
    limits = registry.capabilities(root) if buttons else {}
    for entry in buttons:
        owner = entry.key.partition(".")[0]
        concerned = {owner: limits[owner]} if owner in limits else limits
        over = ((name, each) for name, each in concerned.items() if _is_over(entry.text, each))
        # The strictest channel: what fits there fits everywhere.
        for name, each in sorted(over, key=lambda pair: pair[1].title)[:1]:
            yield (
                f"{entry.place}: {entry.key} has {each.length(entry.text)} characters; a button "
                f"on {name} holds {each.title}. Shorten it."
            )


def _is_over(text: str, capabilities: Capabilities) -> bool:
    return capabilities.buttons > 0 and capabilities.length(text) > capabilities.title
