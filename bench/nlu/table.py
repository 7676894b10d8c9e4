"""The table of bench-nlu, ready for a README."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scores import Predicted, accuracy, acted_upon, calibration_error, median_and_slow


@dataclass(frozen=True, slots=True)
class Measured:
    """What one model did.

    Attributes:
        clean: predictions for the messages as they are.
        mistyped: for the same with typing errors.
        few: per cent right after training on a few examples of each intent, if measured.
        seconds: of training on all, by the clock.
        processor: seconds of the processors that training and start used, if measured: with nothing
            else on the machine, training takes half of that on two cores, or more.
        megabytes: the most memory that training used, if measured.
    """

    clean: Sequence[Predicted]
    mistyped: Sequence[Predicted]
    few: float | None
    seconds: float
    processor: float | None
    megabytes: float | None

    @property
    def is_probabilistic(self) -> bool:
        """Whether it gives a confidence at all."""
        return any(row.confidence != 1.0 for row in self.clean)


def _loss(each: Measured) -> str:
    before, after = accuracy(each.clean), accuracy(each.mistyped)
    return f"{before - after:.1f} points ({after:.1f} %)"


def _acted(each: Measured) -> str:
    share, wrong = acted_upon(each.clean)
    return f"{share:.1f} %, {wrong:.1f} % of it wrong"


def _took(each: Measured) -> str:
    median, slow = median_and_slow([row.took for row in each.clean])
    return f"{median:.1f} / {slow:.1f} ms"


def _worked(each: Measured) -> str:
    median, slow = median_and_slow([row.worked for row in each.clean])
    return f"{median:.1f} / {slow:.1f} ms"


#: Name of a row, its target, and its value; None where a model has none.
_ROWS: Sequence[tuple[str, str, Callable[[Measured], str | None]]] = (
    ("right", ">= 88.0 %", lambda each: f"{accuracy(each.clean):.2f} %"),
    (
        "right after 8 examples an intent, mean of 5 seeds",
        ">= 60 %",
        lambda each: None if each.few is None else f"{each.few:.1f} %",
    ),
    ("lost when one of ten words has a wrong character", "<= 3 points", _loss),
    (
        "expected calibration error",
        "<= 0.03",
        lambda each: f"{calibration_error(each.clean):.3f}" if each.is_probabilistic else None,
    ),
    (
        "acted upon without asking back",
        "",
        lambda each: _acted(each) if each.is_probabilistic else None,
    ),
    ("a parse, one core, p50 / p95", "<= 3 ms", _took),
    ("the same in processor time", "", _worked),
    ("training, two cores", "<= 120 s", lambda each: f"{each.seconds:.0f} s"),
    (
        "processor time of training and start, main process",
        "",
        lambda each: None if each.processor is None else f"{each.processor:.0f} s",
    ),
    (
        "most memory in training",
        "",
        lambda each: None if each.megabytes is None else f"{each.megabytes:.0f} MB",
    ),
)


def table(measured: Mapping[str, Measured]) -> list[str]:
    """The lines of the table, in Markdown."""
    lines = [
        f"| measure | target | {' | '.join(measured)} |",
        "|---|---|" + "---|" * len(measured),
    ]
    for name, target, value in _ROWS:
        cells = [value(each) or "" for each in measured.values()]
        if any(cells):
            lines.append(f"| {name} | {target} | {' | '.join(cells)} |")
    return lines
