"""What every bench does around its measuring: it says where it is, and reports in the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.measuring import results
from bench.measuring.figures import Measure, Rounds, missed, table
from bench.measuring.machine import commit
from bench.measuring.neighbours import Load, Neighbours, adopt_orphans
from bench.measuring.results import Before
from bench.measuring.trust import judge

#: Seconds that the machine is watched before anything of ours runs.
_WATCHED: Final = 3.0

#: Exit codes: as wanted, a target missed, not to be trusted.
AS_WANTED, MISSED, DOUBTFUL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Run:
    """What a bench measured.

    Attributes:
        bench: its name, and that of its file of results.
        measures: the rows of its table.
        rounds: the values.
        main: the figures whose rounds must agree: name in `rounds` by name in words.
        before: machine and code before the run.
        during: the machine in each round.
        options: of the run.
        whole: whether it was all of the bench.
        systems: the columns of the table.
    """

    bench: str
    measures: Sequence[Measure]
    rounds: Rounds
    main: Mapping[str, str]
    before: Before
    during: Sequence[Load]
    options: Mapping[str, Any]
    whole: bool
    systems: tuple[str, str] = ("Loket", "")


def count(text: str) -> int:
    """The value of an option that counts something; for argparse.

    Raises:
        ValueError: it is no whole number, or below 1.
    """
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def say(sentence: str) -> None:
    """Tells, on standard error, what the bench is doing."""
    print(f"bench: {sentence}", file=sys.stderr, flush=True)


def before() -> Before:
    """Looks which code there is, and watches the machine for some seconds."""
    say("looking how busy the machine is without us ...")
    code = commit()
    adopt_orphans()
    neighbours = Neighbours()
    time.sleep(_WATCHED)
    return Before(neighbours.lap(), *code)


def report(run: Run, folder: Path) -> int:
    """Prints the table and the verdict, and records both.

    Args:
        run: what was measured.
        folder: where results are kept.

    Returns:
        The exit code: 0 as wanted, 1 a target missed, 2 not to be trusted.
    """
    main = {words: run.rounds.get(figure, ()) for words, figure in run.main.items()}
    trust = judge([each.others for each in run.during], main)
    result = results.made(run.options, run.rounds, run.before, run.during, trust, whole=run.whole)
    results.record(run.bench, result, folder)
    print(f"\n{_where(result)}\n")
    print(table(run.measures, run.rounds, run.options, run.systems))
    print(f"\n{_load(run)}\n{trust}")
    if hindrances := list(result.hindrances()):
        print(f"README leaves this run out: {'; '.join(hindrances)}.")
    else:
        print("Recorded; `make figures` puts it into README.")
    if not trust.trusted:
        return DOUBTFUL
    return MISSED if missed(run.measures, run.rounds) else AS_WANTED


def _where(result: results.Result) -> str:
    code = f"commit {result.commit[:10]}" if result.commit else "no commit"
    changed = ", with changes" if result.dirty else ""
    return f"{result.machine['processor']}, {result.machine['cores']} cores; {code}{changed}"


def _load(run: Run) -> str:
    first, last = run.before.load, run.during[-1]
    others = ", ".join(f"{each.others:.0%}" for each in run.during)
    sentence = (
        f"Others used {first.others:.0%} of a core before the run, and {others} in its rounds;"
        f" load average {first.average:.1f} before, {last.average:.1f} at the end."
    )
    stolen = max(each.stolen for each in (first, *run.during))
    if stolen >= 0.005:
        sentence += f" The machine's host took up to {stolen:.0%} of a core."
    return sentence
