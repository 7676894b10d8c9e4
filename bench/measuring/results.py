"""The record of runs: `bench/results/<bench>.jsonl`, one JSON object a run, the newest last."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.measuring.figures import Rounds, medians
from bench.measuring.machine import ROOT, commit, machine
from bench.measuring.neighbours import Load
from bench.measuring.trust import Trust

RESULTS: Final = ROOT / "bench" / "results"


@dataclass(frozen=True, slots=True)
class Before:
    """What there was before a run.

    Attributes:
        load: the machine without us.
        commit: as in `Result`.
        dirty: as in `Result`.
    """

    load: Load
    commit: str
    dirty: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One run.

    Attributes:
        date: when it ended, in UTC, as ISO 8601 to the second.
        commit: what was checked out when it began: 40 hexadecimal characters, empty outside git.
        dirty: whether the files differed from it, then or at the end.
        machine: as `bench.measuring.machine.machine` gives it.
        options: of the run, by name.
        whole: whether nothing was left out or made smaller than usual.
        rounds: the values of each figure, round by round.
        medians: their medians.
        load: what others used before the run and in each round, and the load average.
        trusted: the verdict.
        why: the reasons against; empty when trusted.
    """

    date: str
    commit: str
    dirty: bool
    machine: dict[str, Any]
    options: dict[str, Any]
    whole: bool
    rounds: dict[str, list[float]]
    medians: dict[str, float]
    load: dict[str, Any]
    trusted: bool
    why: list[str]

    def hindrances(self) -> Iterator[str]:
        """Why README may not show it: a sentence each."""
        if not self.trusted:
            yield "it is not to be trusted"
        if self.dirty or not self.commit:
            yield "its code is in no commit"
        if not self.whole:
            yield "parts were left out or made smaller"


def made(
    options: Mapping[str, Any],
    rounds: Rounds,
    before: Before,
    during: Sequence[Load],
    trust: Trust,
    *,
    whole: bool,
) -> Result:
    """The result of a run that ends now.

    Args:
        options: of the run; no paths.
        rounds: the values of each figure.
        before: machine and code before anything of ours ran.
        during: the machine in each round.
        trust: the verdict.
        whole: whether it was all of the bench.
    """
    kept = {name: [_short(value) for value in values] for name, values in rounds.items()}
    load = {
        "others_before": _short(before.load.others),
        "others": [_short(each.others) for each in during],
        "others_median": _short(statistics.median(each.others for each in during)),
        "stolen": [_short(each.stolen) for each in during],
        "average_before": _short(before.load.average),
        "average": [_short(each.average) for each in during],
    }
    return Result(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=before.commit,
        # Whoever changes the code meanwhile leaves nobody knowing which of the two was measured.
        dirty=before.dirty or commit() != (before.commit, False),
        machine=machine(),
        options=dict(options),
        whole=whole,
        rounds=kept,
        medians={name: _short(value) for name, value in medians(kept).items()},
        load=load,
        trusted=trust.trusted,
        why=list(trust.reasons),
    )


def record(bench: str, result: Result, folder: Path = RESULTS) -> Path:
    """Adds a run to the file of its bench; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{bench}.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(result), sort_keys=True) + "\n")
    return path


def read(bench: str, folder: Path = RESULTS) -> list[Result]:
    """All runs of a bench, the newest last; none when it never ran.

    Raises:
        ValueError: a line is no result.
    """
    path = folder / f"{bench}.jsonl"
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        return [Result(**json.loads(line)) for line in lines if line.strip()]
    except (TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path.name} holds a line that is no result: {error}") from error


def last_for_readme(bench: str, folder: Path = RESULTS) -> Result | None:
    """The newest run that README may show."""
    fit = [each for each in read(bench, folder) if not any(each.hindrances())]
    return fit[-1] if fit else None


def _short(value: float) -> float:
    """Five digits say more than any clock here knows."""
    return float(f"{value:.5g}")
