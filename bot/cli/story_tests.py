"""`loket test`: plays the stories in `tests/stories` with the model of the present content.

It needs no database and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.cli import story_lines
from bot.cli.story_lines import WrittenStory
from bot.core import stand_ins, used_components
from bot.errors import ConfigurationError, LoketError
from bot.logs import logging_setup
from bot.ops.train import train_if_needed
from bot.settings import Settings
from bot.settings_loading import load_settings

if TYPE_CHECKING:
    from bot.core.story_player import Difference, Played

STORIES: Final = Path("tests") / "stories"
#: How what was expected and what came are told, by what of a step went otherwise.
_TOLD: Final = {
    "intent": ("expected intent", "understood as"),
    "entity": ("expected entity", "found entities"),
    "action": ("expected action", "action that came"),
}
_NOTHING: Final = {"entity": "none", "action": "none: the bot waits for the customer"}


class StoryFailed(LoketError):
    """A story goes otherwise than it says. Mend story or content."""


@click.command()
def test() -> None:
    """Play the stories in tests/stories; trains a model first if the content changed."""
    settings = load_settings(otherwise={"LOKET_LOG_LEVEL": "WARNING"})
    logging_setup.configure(settings.log_level, settings.log_format)
    files = sorted((settings.root / STORIES).glob("test_*.yml"))
    written = [story for path in files for story in story_lines.read(settings.root, path)]
    if not written:
        raise ConfigurationError(
            f"There are no stories to play: {settings.root / STORIES} holds no file test_*.yml "
            "with one."
        )
    played = _play(settings, train_if_needed(settings), files)
    if wrong := [story for story in played if story.differences]:
        go = "goes" if len(wrong) == 1 else "go"
        told = "\n\n".join(told_of(wrong, written))
        raise StoryFailed(
            f"{len(wrong)} of {len(played)} stories {go} otherwise than written.\n\n{told}"
        )
    click.echo(f"loket: {len(played)} stories went as they say.", err=True)


def _play(settings: Settings, model: Path, files: Sequence[Path]) -> list[Played]:
    used = used_components.of_models([model])
    stand_ins.keep_tensorflow_out(used, wanted=settings.tensorflow)
    with stand_ins.lean_import():
        from bot.core import story_player  # noqa: PLC0415 - Rasa takes seconds to import

    return asyncio.run(story_player.play(model, settings.root, files))


def told_of(played: Sequence[Played], written: Sequence[WrittenStory]) -> Iterator[str]:
    """Each difference on lines of its own, in the order of the files.

    Args:
        played: stories that went otherwise.
        written: every story, with its lines.
    """
    order = {(story.file, story.name): number for number, story in enumerate(written)}
    at = {(story.file, story.name): story for story in written}
    # Rasa makes one story of several that are joined by checkpoints, with a name of its own.
    for story in sorted(played, key=lambda each: order.get((each.file, each.name), len(order))):
        stands = at.get((story.file, story.name))
        for each in story.differences:
            place = stands.place(each.step) if stands else story.file
            yield f"{place} ({story.name})\n{_told(each)}"


def _told(difference: Difference) -> str:
    expects, comes = _TOLD[difference.kind]
    nothing = _NOTHING.get(difference.kind, "")
    sure = f" ({difference.confidence:.0%} sure)" if difference.kind == "intent" else ""
    lines = {
        "customer says": difference.said,
        expects: difference.expected or nothing,
        comes: f"{difference.came or nothing}{sure}",
    }
    return "\n".join(f"  {name + ':':<18}{said}" for name, said in lines.items())
