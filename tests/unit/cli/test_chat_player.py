"""Conversations are played beside each other, each in its own time."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.cli.chat import Terminal
from bot.cli.chat_player import Player
from bot.records.outbox_message import TERMINAL
from bot.store.sql.database import Database
from bot.worker.handler import Handler
from bot.worker.worker_config import WorkerConfig
from channels import registry
from tests.support.office import Echo

ROOT = Path(__file__).parents[3]
HOURS_6 = timedelta(hours=6)

Play = Callable[[str], Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/loket.db")
    made.upgrade()
    yield made
    made.dispose()


def player(database: Database, run: str = "r") -> Play:
    """Plays line after line; the assistant says back what it hears."""
    manner = WorkerConfig()
    handler = Handler(database, clock.now, manner)
    channels = registry.previews(ROOT, {})
    made = Player(
        lambda to, name: Terminal(database, handler, Echo(), to, f"{TERMINAL}{name}", "w"),
        channels,
        "webchat",
        run,
        manner,
    )
    numbers = iter(range(1, 1000))
    return lambda line: made.play(next(numbers), line)


@pytest.fixture
def play(database: Database) -> Play:
    return player(database)


def said(told: dict[str, Any]) -> list[str]:
    assert "error" not in told, told
    return [reply["text"] for reply in told["replies"]]


def apart(one: dict[str, Any], other: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(other["at"]) - datetime.fromisoformat(one["at"])


async def test_words_and_objects(play: Play) -> None:
    """Lines that name no conversation are one; those that do are another."""
    first = await play("hoi")
    assert (first["line"], first["session"], first["turn"]) == (1, "r", 1)
    assert said(first)[-1] == "hoi"
    assert first["asked"] == {"text": "hoi", "payload": None}
    assert first["state"]["owner"] == "bot"
    assert first["state"]["closed"] is False
    assert "hoi" in first["rendering"][-1]
    other = await play('{"session": "b", "text": "dag"}')
    assert (other["session"], other["turn"], said(other)[-1]) == ("b", 1, "dag")
    assert said(await play("en nu")) == ["en nu"]


async def test_a_gap_of_six_hours_is_of_one_conversation(play: Play) -> None:
    """What happens meanwhile happens at its own moment; the other conversation keeps its time."""
    a = await play('{"session": "a", "text": "een"}')
    b = await play('{"session": "b", "text": "een"}')
    later = await play('{"session": "a", "text": "twee", "after": "6h"}')
    assert timedelta() <= apart(a, later) - HOURS_6 < timedelta(minutes=1)
    (asked,) = later["meanwhile"]
    assert asked["kind"] == "rating"
    assert timedelta(minutes=10) <= apart(a, asked) < timedelta(minutes=11)
    assert said(later)[-1] == "twee"
    assert "AI" in said(later)[0], "after so long it is said again"
    same = await play('{"session": "b", "text": "twee"}')
    assert apart(b, same) < timedelta(minutes=1)
    assert said(same) == ["twee"]
    assert same["meanwhile"] == []
    assert apart(later, await play('{"session": "a", "text": "drie"}')) < timedelta(minutes=1)
    assert clock.ahead() == timedelta()


async def test_time_alone(play: Play) -> None:
    """Nobody says anything, and that is told; what was asked meanwhile can be tapped."""
    await play("een")
    told = await play('{"after": "20m"}')
    assert (told["asked"], told["replies"], told["turn"], told["understood"]) == (None, [], 1, None)
    (asked,) = told["meanwhile"]
    title = asked["options"][0]["title"]
    tapped = await play(f'{{"tap": "{title.upper()}"}}')
    assert tapped["asked"] == {"text": title, "payload": asked["options"][0]["payload"]}


async def test_a_moment(play: Play) -> None:
    """Where the organisation is; a conversation does not go back."""
    told = await play('{"text": "hoi", "at": "2027-03-02T09:30"}')
    assert told["at"].startswith("2027-03-02T09:30:0")
    assert told["at"].endswith("+01:00")
    assert "error" not in await play('{"text": "dag", "at": "2027-03-02T09:30"}')
    back = await play('{"text": "hoi", "at": "2027-03-02T09:29"}')
    assert "before the last message" in back["error"]
    old = await play('{"session": "b", "text": "hoi", "at": "2020-03-02T09:29:00Z"}')
    assert old["at"] == "2020-03-02T10:29:00+01:00"
    assert "too far" in (await play('{"session": "c", "text": "hoi", "at": "9999-01-01"}'))["error"]


async def test_a_person_in_the_queue(play: Play) -> None:
    """Silence is visible: an empty list, and who owns the conversation."""
    told = await play("medewerker")
    assert told["state"]["owner"] == "queued"
    assert told["state"]["handover"]["reason"] == "asked"
    await play("ik wacht")
    silent = [await play(f"nog iets {n}") for n in range(3)]
    assert all(each["state"]["owner"] == "queued" for each in silent)
    assert all(isinstance(each["replies"], list) for each in silent)


async def test_a_bad_line_stops_nothing(play: Play) -> None:
    """It has its number, and says what is right; so does a tap on what was not shown."""
    assert said(await play("een"))[-1] == "een"
    bad = await play('{"text": ')
    assert (bad["line"], "right" in bad, "no JSON" in bad["error"]) == (2, True, True)
    fax = await play('{"session": "f", "text": "a", "channel": "fax"}')
    assert "webchat" in fax["right"]
    moved = await play('{"text": "a", "channel": "sms"}')
    assert "another channel" in moved["error"]
    tapped = await play('{"tap": "Ja"}')
    assert "was not shown last" in tapped["error"]
    assert said(await play("twee")) == ["twee"]


async def test_a_channel_of_its_own(play: Play) -> None:
    """Drawn as a customer there sees it, one text message a turn."""
    told = await play('{"session": "s", "text": "hoi", "channel": "sms"}')
    assert told["channel"] == "sms"
    assert len(told["replies"]) == 2
    (drawn,) = told["rendering"]
    assert "segment" in drawn


async def test_a_later_run_does_not_go_back_in_time(database: Database) -> None:
    """The same name goes on when the earlier run was; another name is another conversation."""
    first = await player(database)('{"session": "a", "text": "een", "after": "6h"}')
    again = player(database)
    second = await again('{"session": "a", "text": "twee"}')
    assert timedelta() <= apart(first, second) < timedelta(minutes=1)
    assert said(second) == ["twee"]
    other = await player(database, "q")('{"session": "a", "text": "een"}')
    assert apart(first, other) < -timedelta(hours=5)
    assert len(said(other)) == 2
