"""The rows of the table of `make bench-start`."""

from __future__ import annotations

from bench.measuring.figures import Measure, Target

_SOON = Target(4)


def _measure(
    name: str,
    figure: str,
    unit: str = " s",
    digits: int = 1,
    target: Target | None = None,
    *,
    readme: bool = True,
) -> Measure:
    return Measure(name, figure, unit, digits, target, readme=readme)


MEASURES = (
    _measure("`loket run` until a first message is stored", "run_accepted"),
    _measure("`loket run` until a first answer", "run_answered"),
    _measure("its worker, from its own start until then", "worker_answered", target=_SOON),
    _measure("`loket parse` until a first answer", "parse_answered", target=_SOON),
    _measure("`loket chat --json` until a first answer", "chat_answered", target=_SOON),
    _measure("web after it: memory (RSS)", "web_rss", " MB", 0),
    _measure("the same that is its own (USS)", "web_uss", " MB", 0, readme=False),
    _measure("worker after it: memory (RSS)", "worker_rss", " MB", 0),
    _measure("the same that is its own (USS)", "worker_uss", " MB", 0, readme=False),
    _measure("worker after {turns} turns: memory (RSS)", "later_rss", " MB", 0, Target(350)),
    _measure("the same that is its own (USS)", "later_uss", " MB", 0, readme=False),
    _measure("`loket train` when nothing changed", "train_unchanged", " s", 2, Target(1)),
    _measure("`loket train --force`", "train_forced", " s", 0, Target(40)),
    _measure("its most memory (RSS of all its processes)", "train_peak", " MB", 0, Target(800)),
    _measure(
        "turns a second, one worker on PostgreSQL, all messages waiting",
        "one_worker",
        "",
        readme=False,
    ),
    _measure("turns a second, two workers", "two_workers", "", readme=False),
    _measure(
        "two workers on one PostgreSQL beside one",
        "two_by_one",
        " times",
        2,
        Target(1.8, least=True),
    ),
)
#: The figures whose rounds must agree, in words.
MAIN = {"the start until a first answer": "run_answered"}
