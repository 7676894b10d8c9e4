"""The line in which writers to a SQLite file wait."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.store.sql.sqlite_write_lock import WriteLock

ROOT = Path(__file__).parents[3]

#: Adds one to the number in a file, many times, each in a turn.
COUNTER = """
import sys
from pathlib import Path
from bot.store.sql.sqlite_write_lock import WriteLock
line, number = WriteLock(Path(sys.argv[1]), 30), Path(sys.argv[2])
for _ in range(200):
    with line.turn():
        number.write_text(str(int(number.read_text()) + 1))
"""


def test_threads_and_processes_take_turns(tmp_path: Path) -> None:
    """Nobody overwrites another's work."""
    lock, number = tmp_path / "deep" / "line", tmp_path / "number"
    number.write_text("0")
    line = WriteLock(lock, 30)

    def count(_: int) -> None:
        with line.turn():
            number.write_text(str(int(number.read_text()) + 1))

    processes = [
        subprocess.Popen([sys.executable, "-c", COUNTER, lock, number], cwd=ROOT) for _ in range(2)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(200)))
    assert [process.wait(60) for process in processes] == [0, 0]
    assert number.read_text() == "600"
    line.close()


def test_a_turn_ends_with_an_exception(tmp_path: Path) -> None:
    """And with `close` a new one can still be had."""
    line = WriteLock(tmp_path / "line", 1)
    for _ in range(2):
        with pytest.raises(RuntimeError), line.turn():
            raise RuntimeError
        line.close()


def test_turns_do_not_nest(tmp_path: Path) -> None:
    """A mistake in our code shows as an error instead of standing still for ever."""
    line = WriteLock(tmp_path / "line", 0.05)
    with line.turn(), pytest.raises(TimeoutError, match="no turn"), line.turn():
        pass
    with line.turn():
        pass
    line.close()
