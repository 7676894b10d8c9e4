"""What a run came to, for people and for programs."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from tests.chaos.evidence import Evidence
from tests.chaos.judge import FAULTS, MEANINGS, TOLD, Finding, Kind
from tests.chaos.ledger import Took
from tests.chaos.line import Trouble
from tests.chaos.timeline import Timeline

#: Findings of one kind that are written out; the others are in the file.
_SHOWN: Final = 5
#: Kinds of happening that explain nothing.
_STEPS: Final = {"traffic", "quiet", "the rest of the traffic, in quiet", "5xx"}


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done and measured.

    Attributes:
        database: `sqlite` or `postgresql`.
        seed: of the run.
        seconds: how long it took.
        quiet: seconds until nothing waited any more.
        late: messages that were not accepted when the faults were over.
        faults: how often each kind was done.
        restarts: how often a role was started again, and why.
        answers: how often each channel got which answer.
        fuzz: answers to packets that are no HTTP.
        took: each acknowledgement.
        given_up: how often a provider with few tries would have given a message up.
        receipts: how many receipts were delivered.
        troubled: requests to each provider that hung or were reset.
    """

    database: str
    seed: int
    seconds: float
    quiet: float
    late: int
    faults: Mapping[str, int]
    restarts: Mapping[str, int]
    answers: Mapping[str, int]
    fuzz: Mapping[str, int]
    took: Sequence[Took]
    given_up: int
    receipts: int
    troubled: Mapping[str, Mapping[Trouble, int]]


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run.

    Attributes:
        figures: what was done.
        evidence: what the judge looked at.
        findings: what the judge found.
        when: what happened at which time.
    """

    figures: Figures
    evidence: Evidence
    findings: tuple[Finding, ...]
    when: Timeline

    @property
    def good(self) -> bool:
        """Whether nothing happened that may not."""
        return not any(each.kind in FAULTS for each in self.findings)

    def counts(self) -> Mapping[Kind, int]:
        """How many findings of each kind."""
        found = Counter(each.kind for each in self.findings)
        return {kind: found[kind] for kind in (*FAULTS, *TOLD)}

    def lines(self) -> Iterator[str]:
        """The report for a terminal."""
        figures, evidence = self.figures, self.evidence
        accepted = sum(each.accepted_at is not None for each in evidence.asked)
        yield f"== {figures.database}, seed {figures.seed}: {'good' if self.good else 'FAILED'}"
        yield (
            f"{len(evidence.asked)} messages sent, {accepted} accepted,"
            f" {len(evidence.heard)} heard, {figures.receipts} receipts,"
            f" in {figures.seconds:.0f} s; {figures.late} were late;"
            f" quiet after {figures.quiet:.0f} s"
        )
        yield f"faults: {_listed(figures.faults)}"
        yield f"restarts: {_listed(figures.restarts)}"
        troubled: Counter[Trouble] = Counter()
        for line in figures.troubled.values():
            troubled.update(line)
        yield f"requests to providers that went wrong: {_listed(troubled)}"
        yield f"answers to webhooks and pages: {_listed(_by_status(figures.answers))}"
        yield f"answers to fuzz: {_listed(figures.fuzz)}"
        yield f"messages Twilio would have given up: {figures.given_up}"
        yield f"acknowledged: {_times([each.seconds for each in figures.took])}"
        calm = [e.seconds for e in figures.took if not self._troubled(e.at - e.seconds, e.at)]
        yield f"acknowledged while nothing was broken: {_times(calm)}"
        answered = self._answered()
        slow = sum(each > 60 for each in answered)
        most = max(answered, default=0.0)
        yield f"answered: {_times(answered)}, most {most:.0f} s; {slow} over 60 s"
        for kind, count in self.counts().items():
            yield f"{kind:<14}{count:>6}  {MEANINGS[kind]}"
            for each in [found for found in self.findings if found.kind == kind][:_SHOWN]:
                yield f"    {each.customer}: {each.what}"
                yield f"        {each.since:.1f}-{each.until:.1f} s: {self._causes(each)}"

    def write(self, folder: Path) -> None:
        """Keeps all of it in `report.json`; the timeline is beside it."""
        data = {
            "good": self.good,
            "counts": self.counts(),
            "findings": [{**asdict(each), "during": self._causes(each)} for each in self.findings],
            "figures": {k: v for k, v in asdict(self.figures).items() if k != "took"},
            "acknowledged_ms": _percentiles([each.seconds for each in self.figures.took]),
        }
        (folder / "report.json").write_text(json.dumps(data, indent=1), encoding="utf-8")

    def _causes(self, finding: Finding) -> str:
        """What was broken from shortly before the trouble may have begun, at most ten of it."""
        until, before = min(finding.until, finding.since + 45), 5
        left_out = {*_STEPS, "packet"}
        if finding.kind == "hung":
            left_out, before, until = _STEPS, 10, finding.since + 10
        provider = finding.customer.partition(" ")[0]
        others = tuple(each for each in self.figures.troubled if each != provider)
        found = [
            f"{each.kind} ({each.detail}) at {each.begin:.1f}"
            for each in self.when.between(finding.since - before, until)
            if each.kind not in left_out
            and not each.kind.endswith("ended")
            and not each.detail.startswith(others)
        ]
        more = f" and {len(found) - 8} more" if len(found) > 8 else ""
        return ("; ".join(found[:8]) + more) or "nothing was broken"

    def _answered(self) -> list[float]:
        """Seconds from "I have it" to the answer, for each message that was answered."""
        heard: dict[str, float] = {}
        for each in self.evidence.heard:
            for token in each.answers:
                heard.setdefault(token, each.at)
        return [
            max(0.0, heard[each.token] - each.accepted_at)
            for each in self.evidence.asked
            if each.accepted_at is not None and each.token in heard
        ]

    def _troubled(self, since: float, until: float) -> bool:
        return any(each.kind not in _STEPS for each in self.when.between(since - 2, until))


def _by_status(answers: Mapping[str, int]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for name, count in answers.items():
        found[name.partition(" ")[2]] += count
    return dict(sorted(found.items()))


def _listed(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"


def _times(seconds: Sequence[float]) -> str:
    found = _percentiles(seconds)
    return f"{len(seconds)}, p50 {found['p50']:.0f} ms, p99 {found['p99']:.0f} ms"


def _percentiles(seconds: Sequence[float]) -> Mapping[str, float]:
    ordered = sorted(seconds) or [math.nan]
    return {
        name: ordered[math.ceil(share * len(ordered)) - 1] * 1000
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }
