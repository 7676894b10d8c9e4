"""`make figures`: writes README's figures of turns and starts from the last trusted runs.

What stands between the two comments in README comes from `bench/results` alone, so that no figure
outlives the code it measured: each bench is named with the date and the commit of its run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.measuring import results
from bench.measuring.figures import Measure, row
from bench.measuring.machine import ROOT
from bench.measuring.results import Result
from bench.start.measures import MEASURES as START
from bench.turns.figures import MEASURES as TURNS

BEGIN: Final = "<!-- made by `make figures` from bench/results; changes by hand are lost -->"
END: Final = "<!-- until here -->"
NOT_MEASURED: Final = "not measured on a quiet machine yet"

#: Benches whose figures are written, with their rows and the options that name them until a run.
BENCHES: Final[Mapping[str, tuple[Sequence[Measure], Mapping[str, object]]]] = {
    "turns": (TURNS, {"long": 300, "rasa_long": 100}),
    "start": (START, {"turns": 1000}),
}


def written(text: str, folder: Path = results.RESULTS) -> str:
    """README with the figures of the last runs.

    Args:
        text: README as it is.
        folder: where results are kept.

    Raises:
        ValueError: README lacks one of the two comments, or a result cannot be read.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md lacks the comment {BEGIN if not begin else END}")
    return f"{before}{BEGIN}\n\n{figures(folder)}\n\n{END}{after}"


def figures(folder: Path) -> str:
    """The table of all benches, and below it where and when each was run."""
    heads = ["what", "median (range of the rounds)", "Rasa's default", "wanted", "command"]
    lines, captions = [row(heads), row(["---"] * len(heads))], []
    for bench, (measures, usual) in BENCHES.items():
        result = results.last_for_readme(bench, folder)
        lines += _rows(bench, measures, result, usual)
        captions.append(_caption(bench, result))
    return "\n".join((*lines, "", *captions))


def _rows(
    bench: str, measures: Sequence[Measure], result: Result | None, usual: Mapping[str, object]
) -> Iterator[str]:
    rounds = result.rounds if result else {}
    command = f"`make bench-{bench}`"
    for each in measures:
        if not each.readme:
            continue
        name = each.name.format(**(result.options if result else usual))
        # A whole run may lack a figure still, such as that of a database that was not there.
        value = each.spread(rounds.get(each.figure, ())) or (
            "not measured" if result else NOT_MEASURED
        )
        met = {True: ": met", False: ": not met", None: ""}[each.verdict(rounds)]
        other = each.spread(rounds.get(each.beside, ()))
        yield row([name, value, other, each.wanted() + met, command])
        command = "the same"


def _caption(bench: str, result: Result | None) -> str:
    if result is None:
        return f"- `make bench-{bench}`: {NOT_MEASURED}."
    machine = result.machine
    return (
        f"- `make bench-{bench}`: {result.date[:10]}, commit {result.commit[:10]}, on"
        f" {machine['processor']}, {machine['cores']} cores, {machine['memory_mb'] / 1000:.0f} GB;"
        f" others used {result.load['others_median']:.0%} of a core."
    )


def main() -> None:
    """Writes README."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    try:
        new = written(text)
    except ValueError as error:
        sys.exit(f"bench: {error}")
    path.write_text(new, encoding="utf-8")
    print("README.md has the figures of bench/results." if new != text else "Nothing changed.")


if __name__ == "__main__":
    main()
