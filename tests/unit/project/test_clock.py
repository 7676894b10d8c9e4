"""One clock: nothing but `bot/clock.py` asks what time it is, so that one move moves all of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
TREES: Final = ("bot", "channels", "actions")

#: Ways to ask for the present; those of `_UNLESS_GIVEN` only without a moment.
ASKS: Final = frozenset(
    """datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today
    time.time time.time_ns time.ctime time.localtime time.gmtime time.strftime
    sqlalchemy.func.now sqlalchemy.func.current_timestamp sqlalchemy.func.current_date""".split()
)
_UNLESS_GIVEN: Final = {"time.ctime": 0, "time.localtime": 0, "time.gmtime": 0, "time.strftime": 1}

#: Path, how it asks, and why it may.
ALLOWED: Final[tuple[tuple[str, str, str], ...]] = (
    ("bot/clock.py", "datetime.datetime.now", "this is the clock, made of the machine's own"),
    ("bot/clock.py", "time.time", "the same in seconds, for the events of Rasa"),
    (
        "bot/core/cache_folder.py",
        "time.time",
        "the age of a file, of which the file system wrote the time",
    ),
    (
        "channels/sms/twilio_list.py",
        "datetime.datetime.now",
        "how far the provider's clock is from this machine's, by the head of its answer",
    ),
)


def asked(source: str) -> set[str]:
    """The ways in which a module asks for the present, whatever it calls what it imports."""
    tree = ast.parse(source)
    names = {
        alias.asname or alias.name.partition(".")[0]: f"{whose}{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for whose in [f"{node.module}." if isinstance(node, ast.ImportFrom) else ""]
        for alias in node.names
    }
    given = {id(node.func): len(node.args) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    found = set()
    for node in ast.walk(tree):
        way = ".".join(_path(node, names))
        if way in ASKS and given.get(id(node), 0) <= _UNLESS_GIVEN.get(way, 99):
            found.add(way)
    return found


def _path(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield from _path(node.value, names)
        yield node.attr
    elif isinstance(node, ast.Name) and node.id in names:
        yield names[node.id]


def modules() -> list[Path]:
    return sorted(path for tree in TREES for path in (ROOT / tree).rglob("*.py"))


def test_nothing_asks_for_another_time() -> None:
    """Use `bot.clock.now()`, or better: take the moment as an argument."""
    allowed = {(path, way) for path, way, _ in ALLOWED}
    found = {
        (name, way)
        for path in modules()
        for name in [str(path.relative_to(ROOT))]
        for way in asked(path.read_text(encoding="utf-8"))
    }
    assert not found - allowed, "these ask the machine for the time; bot.clock.now() can be moved"
    assert not allowed - found, "take these off the list: they are gone"


def test_every_exception_says_why() -> None:
    """A reason is a sentence, not a word."""
    assert all(len(why.split()) > 4 for _, _, why in ALLOWED)


@pytest.mark.parametrize(
    ("source", "way"),
    [
        ("from datetime import datetime\ndatetime.now(UTC)", "datetime.datetime.now"),
        ("import datetime as dt\nx = dt.datetime.now", "datetime.datetime.now"),
        ("from datetime import date as day\nday.today()", "datetime.date.today"),
        ("import time\ntime.time()", "time.time"),
        ("from time import time as clock\nclock()", "time.time"),
        ("def f():\n    import time\n    return time.strftime('%H')", "time.strftime"),
        ("from sqlalchemy import func\nfunc.now()", "sqlalchemy.func.now"),
    ],
)
def test_each_way_is_found(source: str, way: str) -> None:
    """Under another name too, and within a function."""
    assert asked(source) == {way}


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.monotonic(); time.perf_counter(); time.sleep(1)",
        "from bot import clock\nclock.now()",
        "import time\ntime.gmtime(5); time.strftime('%H', moment)",
        "from datetime import datetime\ndatetime.fromtimestamp(5, UTC)",
        "def f(now, datetime):\n    return now(), datetime.now",
    ],
)
def test_what_measures_or_reads_is_left_alone(source: str) -> None:
    """Only the present is refused."""
    assert not asked(source)
