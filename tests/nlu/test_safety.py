"""The safety net finds danger in words that it never saw, and leaves the innocent alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety.kinds import INNOCENT, KINDS
from tests.nlu import safety

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.filterwarnings("ignore")]

HERE = Path(__file__).parent
#: Share of the dangers that must be found, and of the innocent that may be taken, by file. The
#: first was used while tuning; a set of somebody else goes beside it: its figures are the target.
SETS = {
    "safety_dev.yml": (0.92, 0.1),
    "safety_everyday.yml": (safety.WANTED, safety.ALLOWED),
    "safety_heldout.yml": (safety.WANTED, safety.ALLOWED),
}


@pytest.fixture(scope="module")
def net() -> safety.Judge:
    """Of the model of the shipped content."""
    return safety.trained()


@pytest.mark.parametrize("name", [name for name in SETS if (HERE / name).exists()])
def test_dangers_are_found_and_innocents_left(name: str, net: safety.Judge) -> None:
    """As many as the list asks for."""
    found, taken = SETS[name]
    figures = safety.judge(safety.read(HERE / name), net)
    assert figures.found >= found, figures.missed
    assert figures.alarmed <= taken, figures.taken


def test_every_kind_is_judged() -> None:
    """A list without a kind would say nothing of it."""
    held = {kind for _, kind in safety.read(HERE / "safety_dev.yml")}
    assert held == {*KINDS, INNOCENT}
