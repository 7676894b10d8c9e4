"""What `make bench-start` does around its measuring: parts, rounds, peaks, and what is whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest

from bench.measuring.neighbours import Load
from bench.start import __main__ as start
from bench.start import commands, workers
from bench.start.measures import MEASURES
from bench.turns import __main__ as turns

HOLD = "held = bytearray(120_000_000); held[::4096] = bytes([1]) * len(held[::4096])"


class Running:
    """A Loket that is there at once."""

    def __init__(self, folder: Path) -> None:
        assert folder.is_dir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def first_message(self) -> dict[str, float]:
        return {"run_accepted": 1.0, "run_answered": 3.0, "worker_answered": 2.0}

    def memory(self, role: str) -> dict[str, float]:
        return {"rss": 100.0 if role == "web" else 300.0, "uss": 90.0}

    def turns(self, count: int) -> None:
        assert count == 1000


class Server:
    """A PostgreSQL server."""

    def __init__(self, url: object) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started."""
    monkeypatch.setattr(start, "RunningLoket", Running)
    monkeypatch.setattr(start, "find_server", lambda _: "postgresql://there")
    monkeypatch.setattr(start, "Postgres", Server)
    monkeypatch.setattr(commands, "first_answer", lambda *_: 2.5)
    monkeypatch.setattr(commands, "train", lambda _, force: (30.0, 700.0) if force else (0.5, 60.0))
    monkeypatch.setattr(workers, "turns_a_second", lambda _, count, __: count * 40.0)


def bench(*arguments: str) -> start.Bench:
    """One that has measured."""
    made = start.Bench(start._parser().parse_args(arguments))
    made.run()
    return made


@pytest.mark.usefixtures("machine")
def test_all_parts() -> None:
    """Every row of the table gets its values, and every stretch its load."""
    made = bench("--rounds", "3", "--trainings", "2", "--worker-rounds", "2")
    assert set(made.rounds) == {each.figure for each in MEASURES}
    assert made.rounds["run_answered"] == [3.0] * 3
    assert made.rounds["later_rss"] == [300.0]
    assert made.rounds["two_by_one"] == [2.0, 2.0]
    assert len(made.during) == 3 + 1 + 2 + 2
    assert all(isinstance(each, Load) for each in made.during)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("part", "figure"),
    [
        ("start", "run_answered"),
        ("commands", "parse_answered"),
        ("turns", "later_rss"),
        ("training", "train_forced"),
        ("workers", "two_by_one"),
    ],
)
def test_left_out(part: str, figure: str) -> None:
    """Each part can be left out, and then takes its figures with it, and no others."""
    assert figure not in bench("--without", part).rounds
    assert figure in bench(*(f"--without={other}" for other in start.PARTS if other != part)).rounds


@pytest.mark.usefixtures("machine")
def test_without_postgresql(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a server the second worker is not measured, and a sentence says so."""
    monkeypatch.setattr(start, "find_server", lambda _: None)
    assert "two_by_one" not in bench().rounds
    assert "no PostgreSQL server answers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "whole"),
    [
        ("", True),
        ("--rounds 9 --trainings 5", True),
        ("--rounds 4", False),
        ("--turns 10", False),
        ("--turns 5000", False),
        ("--without workers", False),
    ],
    ids=lambda value: str(value) or "usual",
)
def test_whole_start(arguments: str, *, whole: bool) -> None:
    """More rounds are welcome; another number of turns is another figure."""
    parser = start._parser()
    assert start._is_whole(parser.parse_args(arguments.split()), parser) is whole


@pytest.mark.parametrize(
    ("arguments", "whole"),
    [
        ("", True),
        ("--conversations 100 --epochs 1", True),
        ("--conversations 3", False),
        ("--long 600", False),
        ("--without-rasa", False),
    ],
    ids=lambda value: str(value) or "usual",
)
def test_whole_turns(arguments: str, *, whole: bool) -> None:
    """README's rows of turns stand beside Rasa's, and for turn 300."""
    parser = turns._parser()
    assert turns._is_whole(parser.parse_args(arguments.split()), parser) is whole


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_counts(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No rounds are no run: said at once, not after it."""
    with pytest.raises(SystemExit):
        turns._parser().parse_args(["--rounds", value])
    assert "--rounds: invalid count value" in capsys.readouterr().err


def test_peak() -> None:
    """The peak counts what a grandchild holds."""
    held = f"{HOLD}; import time; time.sleep(1)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {held!r}])"
    process = subprocess.Popen([sys.executable, "-c", program])
    with commands.Peak(process.pid) as peak:
        process.wait()
    assert 120 < peak.megabytes < 600


def test_peak_of_one_moment() -> None:
    """A process's own peak, which Linux keeps, is seen after it has passed."""
    program = f"{HOLD}; del held; import time; time.sleep(1)"
    process: subprocess.Popen[Any] = subprocess.Popen([sys.executable, "-c", program])
    with commands.Peak(process.pid) as peak:
        process.wait()
    assert peak.megabytes > 120
