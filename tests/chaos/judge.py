"""The judge: from what a run left behind to what was lost, doubled, out of order, stuck, unsure.

Pure. It trusts what customers saw over what the store says; the store only explains what is
missing. `tests/unit/chaos/test_judge.py` plants faults and sees each of them found.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tests.chaos.evidence import Asked, Evidence, Heard

Kind = Literal[
    "lost",
    "doubled",
    "out_of_order",
    "stuck",
    "undeclared",
    "crossed",
    "escape_missed",
    "undisclosed",
    "hung",
    "unsure",
    "unasked",
    "unnoted",
]
#: What may not happen, whatever fails around Loket.
FAULTS: Final[tuple[Kind, ...]] = (
    "lost",
    "doubled",
    "out_of_order",
    "stuck",
    "undeclared",
    "crossed",
    "escape_missed",
    "undisclosed",
    "hung",
)
#: What may happen, as long as it is told: messages that may have arrived, for a person to judge;
#: customers who were given to a person without asking; messages on a page that the desk does not
#: know of.
TOLD: Final[tuple[Kind, ...]] = ("unsure", "unasked", "unnoted")
MEANINGS: Final[Mapping[Kind, str]] = {
    "lost": "never accepted, or accepted and never answered",
    "doubled": "the same thing twice on a customer's phone",
    "out_of_order": "a later message answered before an earlier one",
    "stuck": "not handled or not sent although all was quiet",
    "undeclared": "given up, and `loket outbox` does not show it",
    "crossed": "an answer that reached another customer",
    "escape_missed": '"medewerker", and no person was called',
    "undisclosed": "the bot spoke before it had said that it is an AI",
    "hung": "a process that lived and did not answer",
    "unsure": "may have arrived or not; `loket outbox` shows it",
    "unasked": "given to a person without having asked",
    "unnoted": "a page shows it, and the store still says that it waits",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        kind: what it is.
        customer: whom it concerns, or which process.
        what: tokens, rows and ids: where to look.
        since: when the trouble may have begun.
        until: when it was certain.
    """

    kind: Kind
    customer: str
    what: str
    since: float
    until: float


def judge(evidence: Evidence, end: float) -> tuple[Finding, ...]:
    """Everything that went wrong, in the order of `Kind`.

    Args:
        evidence: what the run left behind.
        end: when the run ended.
    """
    by_token = {asked.token: asked for asked in evidence.asked}
    return (
        *_lost(evidence, end),
        *_doubled(evidence.heard),
        *_out_of_order(evidence),
        *_stuck(evidence, by_token, end),
        *_undelivered(evidence, by_token, end),
        *_crossed(evidence.heard, by_token),
        *_escapes(evidence, end),
        *_undisclosed(evidence.heard),
        *(Finding("hung", name, "did not answer", at, at) for name, at in evidence.hung),
        *_unasked(evidence),
    )


def _lost(evidence: Evidence, end: float) -> Iterator[Finding]:
    """A message that nobody answered, and of which nothing says that it was not."""
    answered = _tokens(each.answers for each in evidence.heard)
    told = _tokens(each.answers for each in evidence.undelivered)
    waiting = _tokens(each.answers for each in evidence.waiting)
    persons: dict[str, float] = {}
    for person in evidence.persons:
        persons[person.customer] = min(person.at, persons.get(person.customer, person.at))
    for asked in evidence.asked:
        where = (asked.customer, asked.posted_at, end)
        if asked.accepted_at is None:
            yield _finding("lost", where, f"{asked.token} never accepted in {asked.tries} tries")
        elif asked.token in answered | told | waiting:
            continue
        elif evidence.handled.get(asked.token, -1.0) > persons.get(asked.customer, math.inf):
            continue  # a person had the conversation already: the bot need not answer
        else:
            handled = "handled" if asked.token in evidence.handled else "not in the store"
            yield _finding("lost", where, f"{asked.token} accepted, {handled}, never answered")


def _doubled(heard: Sequence[Heard]) -> Iterator[Finding]:
    first: dict[tuple[str, str], Heard] = {}
    for each in heard:
        for piece in each.pieces:
            before = first.get((each.customer, piece))
            if before is None:
                first[each.customer, piece] = each
            else:
                what = f"{piece} as {before.wire} and {each.wire}"
                yield Finding("doubled", each.customer, what, before.at, each.at)


def _out_of_order(evidence: Evidence) -> Iterator[Finding]:
    """Two messages, the first accepted before the second was sent: answered in that order.

    What was sent side by side has no order of its own, and what a person or a later proof has sent
    anew comes when it comes.
    """
    place: dict[str, tuple[int, Heard]] = {}
    for index, each in enumerate(evidence.heard):
        if not each.resent:
            for token in each.answers:
                place.setdefault(token, (index, each))
    for customer, asked in _by_customer(evidence.asked).items():
        answered = [each for each in asked if each.token in place]
        for number, later in enumerate(answered):
            for earlier in answered[:number]:
                certain = earlier.accepted_at is not None and (
                    earlier.accepted_at < later.posted_at
                )
                (was, one), (then, other) = place[earlier.token], place[later.token]
                if certain and then < was:
                    what = f"{later.token} ({other.wire}) before {earlier.token} ({one.wire})"
                    yield Finding("out_of_order", customer, what, earlier.posted_at, one.at)


def _stuck(evidence: Evidence, by_token: Mapping[str, Asked], end: float) -> Iterator[Finding]:
    for each in evidence.waiting:
        what = f"{each.what} {each.row} {each.status} {' '.join(each.answers)}".strip()
        kind: Kind = "unnoted" if each.arrived else "stuck"
        yield Finding(kind, each.customer, what, _since(each.answers, by_token), end)


def _undelivered(
    evidence: Evidence, by_token: Mapping[str, Asked], end: float
) -> Iterator[Finding]:
    for each in evidence.undelivered:
        came = "arrived" if each.arrived else "did not arrive"
        tokens = " ".join(each.answers)
        what = f"delivery {each.delivery} {each.error or '-'}: {tokens} {came}"
        kind: Kind = "unsure" if each.listed else "undeclared"
        yield Finding(kind, each.customer, what, _since(each.answers, by_token), end)


def _crossed(heard: Sequence[Heard], by_token: Mapping[str, Asked]) -> Iterator[Finding]:
    for each in heard:
        for token in each.answers:
            asked = by_token.get(token)
            if asked is None or asked.customer != each.customer:
                whose = asked.customer if asked else "nobody"
                what = f"{token} of {whose} as {each.wire}"
                yield Finding("crossed", each.customer, what, each.at, each.at)


def _escapes(evidence: Evidence, end: float) -> Iterator[Finding]:
    persons = {person.customer for person in evidence.persons}
    for asked in evidence.asked:
        if asked.escape and asked.accepted_at is not None and asked.customer not in persons:
            where = (asked.customer, asked.posted_at, end)
            yield _finding("escape_missed", where, asked.token)


def _undisclosed(heard: Sequence[Heard]) -> Iterator[Finding]:
    told: set[str] = set()
    for each in heard:
        if each.customer in told:
            continue
        told.add(each.customer)
        if not each.disclosure:
            what = f"{' '.join(each.pieces)} as {each.wire} came first"
            yield Finding("undisclosed", each.customer, what, max(0.0, each.at - 30), each.at)


def _unasked(evidence: Evidence) -> Iterator[Finding]:
    asked = {each.customer for each in evidence.asked if each.escape}
    for person in evidence.persons:
        if person.customer not in asked or person.reason != "asked":
            yield Finding("unasked", person.customer, person.reason, person.at, person.at)


def _finding(kind: Kind, where: tuple[str, float, float], what: str) -> Finding:
    customer, since, until = where
    return Finding(kind, customer, what, since, until)


def _tokens(many: Iterable[Iterable[str]]) -> set[str]:
    return {token for tokens in many for token in tokens}


def _by_customer(asked: Iterable[Asked]) -> Mapping[str, list[Asked]]:
    found: dict[str, list[Asked]] = defaultdict(list)
    for each in sorted(asked, key=lambda each: each.posted_at):
        found[each.customer].append(each)
    return found


def _since(tokens: Iterable[str], by_token: Mapping[str, Asked]) -> float:
    return min((by_token[each].posted_at for each in tokens if each in by_token), default=0.0)
