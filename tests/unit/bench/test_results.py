"""The record of runs: what it holds, and what it never holds."""

from __future__ import annotations

import getpass
import json
import socket
import subprocess
from pathlib import Path

import pytest

from bench.measuring import results
from bench.measuring.figures import Measure, Target
from bench.measuring.machine import ROOT, commit
from bench.measuring.neighbours import Load
from bench.measuring.results import Before, Result
from bench.measuring.running import AS_WANTED, DOUBTFUL, MISSED, Run, report

QUIET = Load(0.01, 0.0, 0.1, 20.0)
BUSY = Load(0.7, 0.02, 3.0, 20.0)


def run(*values: float, load: Load = QUIET) -> Run:
    """A run of one figure."""
    return Run(
        bench="turns",
        measures=[Measure("a turn", "loket.turn", " ms", 1, Target(8))],
        rounds={"loket.turn": values},
        main={"a turn": "loket.turn"},
        before=Before(QUIET, "a" * 40, dirty=False),
        during=[load] * 3,
        options={"rounds": 3},
        whole=True,
    )


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit without changes."""
    monkeypatch.setattr(results, "commit", lambda: ("a" * 40, False))


@pytest.mark.usefixtures("clean")
def test_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each run adds a line; what is read is what was measured."""
    assert report(run(7.0, 7.5, 7.2), tmp_path) == AS_WANTED
    assert "`make figures`" in capsys.readouterr().out
    assert report(run(7.0, 7.1234567, 8.0), tmp_path) == AS_WANTED
    first, second = results.read("turns", tmp_path)
    assert first.rounds == {"loket.turn": [7.0, 7.5, 7.2]}
    assert first.medians == {"loket.turn": 7.2}
    assert second.medians == {"loket.turn": 7.1235}
    assert first.trusted
    assert first.load["others"] == [0.01] * 3
    assert results.last_for_readme("turns", tmp_path) == second


@pytest.mark.usefixtures("clean")
def test_a_missed_target(tmp_path: Path) -> None:
    """A figure that misses its target is told by the exit code, and recorded all the same."""
    assert report(run(9.0, 9.0, 9.0), tmp_path) == MISSED
    assert results.last_for_readme("turns", tmp_path) is not None


@pytest.mark.usefixtures("clean")
def test_a_doubtful_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run on a busy machine is recorded with the reason, and README goes on with the last."""
    report(run(7.0, 7.0, 7.0), tmp_path)
    assert report(run(5.0, 5.0, 5.0, load=BUSY), tmp_path) == DOUBTFUL
    out = capsys.readouterr().out
    assert "Not to be trusted: other processes used 70% of a core" in out
    assert "took up to 2% of a core" in out
    assert "README leaves this run out: it is not to be trusted." in out
    assert results.read("turns", tmp_path)[-1].why
    kept = results.last_for_readme("turns", tmp_path)
    assert kept is not None
    assert kept.medians["loket.turn"] == 7.0


@pytest.mark.parametrize("now", [("a" * 40, True), ("b" * 40, False)], ids=["changed", "committed"])
def test_code_that_changes_meanwhile(
    now: tuple[str, bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run belongs to the commit with which it began, and to none when the code changed since."""
    monkeypatch.setattr(results, "commit", lambda: now)
    report(run(7.0, 7.0, 7.0), tmp_path)
    (found,) = results.read("turns", tmp_path)
    assert (found.commit, found.dirty) == ("a" * 40, True)


def result(**changes: object) -> Result:
    """One that README may show, but for the changes."""
    values = {
        "date": "2026-12-01T20:00:00+00:00",
        "commit": "b" * 40,
        "dirty": False,
        "machine": {"processor": "Some CPU", "cores": 2, "memory_mb": 16000},
        "options": {},
        "whole": True,
        "rounds": {},
        "medians": {},
        "load": {},
        "trusted": True,
        "why": [],
    }
    return Result(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [{"dirty": True}, {"commit": ""}, {"whole": False}, {"trusted": False, "why": ["noise"]}],
    ids=lambda changes: next(iter(changes)),
)
def test_not_for_readme(changes: dict[str, object], tmp_path: Path) -> None:
    """What is in no commit, not whole or not to be trusted never gets into README."""
    results.record("turns", result(**changes), tmp_path)
    assert results.last_for_readme("turns", tmp_path) is None


def test_never_run(tmp_path: Path) -> None:
    """A bench that never ran has no results."""
    assert results.read("turns", tmp_path / "nowhere") == []
    assert results.last_for_readme("turns", tmp_path) is None


@pytest.mark.parametrize("line", ["{", "[1]", '{"date": "today"}'])
def test_damaged(line: str, tmp_path: Path) -> None:
    """A line that is no result is told by the file's name."""
    (tmp_path / "turns.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"turns\.jsonl"):
        results.read("turns", tmp_path)


def test_nothing_of_whose_machine(tmp_path: Path) -> None:
    """No host name, user or path is recorded."""
    report(run(7.0, 7.0, 7.0), tmp_path)
    text = (tmp_path / "turns.jsonl").read_text(encoding="utf-8")
    assert socket.gethostname() not in text
    assert getpass.getuser() not in json.loads(text)["machine"].values()
    for path in (ROOT, tmp_path, Path.home()):
        assert str(path) not in text


def test_commit(tmp_path: Path) -> None:
    """Changed and new files make a tree differ from its commit; results and README do not."""
    assert commit(tmp_path) == ("", False)

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    (tmp_path / "code.py").write_text("1", encoding="utf-8")
    git("add", ".")
    git("commit", "-m", "First")
    found, dirty = commit(tmp_path)
    assert (len(found), dirty) == (40, False)
    (tmp_path / "bench" / "results").mkdir(parents=True)
    (tmp_path / "bench" / "results" / "turns.jsonl").write_text("{}", encoding="utf-8")
    (tmp_path / "README.md").write_text("new", encoding="utf-8")
    assert commit(tmp_path) == (found, False)
    (tmp_path / "code.py").write_text("2", encoding="utf-8")
    assert commit(tmp_path) == (found, True)


def test_those_recorded() -> None:
    """What is in bench/results can be read, and its medians are those of its rounds."""
    for path in sorted(results.RESULTS.glob("*.jsonl")):
        for each in results.read(path.stem):
            expected = {name: pytest.approx(value) for name, value in each.medians.items()}
            assert results.medians(each.rounds) == expected
