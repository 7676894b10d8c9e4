"""What a bench makes of its rounds: medians, ranges, targets, and its table."""

from __future__ import annotations

import pytest

from bench.measuring.figures import Measure, Target, medians, missed, quantile, table
from bench.turns.figures import MEASURES, Round, Took, around, collected

FAST = Measure("a turn over {long}", "loket.turn", " ms", 1, Target(8), "rasa.turn")
MANY = Measure("turns", "loket.turns", "", 0, Target(20, least=True))


@pytest.mark.parametrize(
    ("part", "expected"), [(0, 1.0), (0.5, 2.5), (1, 4.0), (0.25, 1.75)], ids=str
)
def test_quantile(part: float, expected: float) -> None:
    """A quantile lies between two values where it must; their order does not matter."""
    assert quantile([4.0, 1.0, 3.0, 2.0], part) == pytest.approx(expected)


@pytest.mark.parametrize(("values", "part"), [([], 0.5), ([1.0], 1.1)], ids=["empty", "outside"])
def test_quantile_of_nothing(values: list[float], part: float) -> None:
    """There is no quantile of nothing, and none above all."""
    with pytest.raises(ValueError, match="values"):
        quantile(values, part)


def test_spread() -> None:
    """A figure is shown by its median with the range; one round has no range."""
    assert FAST.spread([9.04, 7.0, 8.0]) == "8.0 ms (7.0 to 9.0)"
    assert FAST.spread([9.04]) == "9.0 ms"
    assert not FAST.spread([])


def test_targets() -> None:
    """A median on the limit is good enough; without value or target there is no verdict."""
    assert FAST.verdict({"loket.turn": [1.0, 8.0, 30.0]}) is True
    assert FAST.verdict({"loket.turn": [8.1]}) is False
    assert MANY.verdict({"loket.turns": [20.0]}) is True
    assert MANY.verdict({"loket.turns": [19.9]}) is False
    assert FAST.verdict({}) is None
    assert Measure("x", "loket.turn").verdict({"loket.turn": [1.0]}) is None
    assert missed([FAST, MANY], {"loket.turn": [1.0], "loket.turns": [2.0]})
    assert not missed([FAST, MANY], {"loket.turn": [1.0]})


def test_medians() -> None:
    """Each figure that was measured has a median."""
    assert medians({"a": [1.0, 9.0, 2.0], "b": []}) == {"a": 2.0}


def test_table() -> None:
    """A row for each measure with a value, with both systems, the target, and whether it is met."""
    rounds = {"loket.turn": [9.0], "rasa.turn": [80.0, 100.0]}
    assert table([FAST, MANY], rounds, {"long": 300}, ("Loket", "Rasa")).splitlines() == [
        "| measure | Loket | Rasa | target | met? |",
        "| --- | --- | --- | --- | --- |",
        "| a turn over 300 | 9.0 ms | 90.0 ms (80.0 to 100.0) | at most 8 ms | no |",
    ]


def test_table_of_one() -> None:
    """Alone, Loket has the only column."""
    lines = table([MANY], {"loket.turns": [25.0]}, {}).splitlines()
    assert lines[0] == "| measure | Loket | target | met? |"
    assert lines[-1] == "| turns | 25 | at least 20 | yes |"


def test_around() -> None:
    """Twenty turns around a place; at either end the twenty that are there."""
    values = tuple(float(number) for number in range(1, 301))
    assert around(values, 10) == 10.5
    assert around(values, 100) == 100.5
    assert around(values, 300) == 290.5
    assert around((1.0, 2.0, 3.0), 10) == 2.0


def took(value: float, count: int) -> Took:
    return Took((value,) * count, (value / 2,) * count)


def test_round() -> None:
    """A round comes to all figures of the table, each within its kind of time."""
    slow = Took(took(10.0, 20).wall + (12.0,) * 20, took(10.0, 20).cpu + (5.5,) * 20)
    figures = Round(took(10.0, 30), 5.0, slow, took(2.0, 10), 50.0).figures()
    assert figures["wall_p50"] == 10.0
    assert figures["cpu_p95_by_p50"] == 1.0
    assert figures["wall_grown"] == pytest.approx(1.2)
    assert figures["cpu_grown"] == pytest.approx(1.1)
    assert figures["cpu_parse"] == 1.0
    shown = {each.figure.partition(".")[2] for each in MEASURES}
    assert set(figures) == shown - {"turns_by_rasas"}


def test_what_cannot_be_told() -> None:
    """Rasa's servers tell no processor time of a turn; in most rounds they have no long talk."""
    figures = Round(Took((90.0,)), 80.0, Took(), Took(), 5.0).figures()
    assert set(figures) == {
        "turns_a_second", "cpu_mean", "wall_p50", "wall_p95", "wall_p95_by_p50"
    }  # fmt: skip


def test_collected() -> None:
    """Rounds are compared each with its neighbour, not median with median."""
    ours = [Round(took(1.0, 20), 1.0, Took(), Took(), speed) for speed in (40.0, 60.0)]
    theirs = [Round(took(9.0, 20), 9.0, Took(), Took(), speed) for speed in (4.0, 5.0)]
    found = collected(ours, theirs)
    assert found["loket.turns_by_rasas"] == [10.0, 12.0]
    assert found["rasa.wall_p50"] == [9.0, 9.0]
    assert "loket.turns_by_rasas" not in collected(ours, [])
