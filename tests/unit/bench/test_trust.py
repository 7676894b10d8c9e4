"""When a run is to be trusted, and what others used of the machine meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest

from bench.measuring.machine import ROOT
from bench.measuring.neighbours import Neighbours, tree_spent
from bench.measuring.trust import judge

BURN = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"


def test_quiet_and_even() -> None:
    """A quiet machine and rounds that agree: nothing speaks against the run."""
    trust = judge([0.02, 0.10, 0.9], {"turns a second": [80.0, 100.0, 125.0]})
    assert trust.trusted
    assert str(trust).startswith("To be trusted")


def test_busy() -> None:
    """The median round counts: one noisy round is what medians are for, two of three are not."""
    trust = judge([0.02, 0.11, 0.4], {"turns a second": [100.0] * 3})
    assert not trust.trusted
    assert "other processes used 11% of a core" in str(trust)


@pytest.mark.parametrize("odd", [126.0, 79.0], ids=["above", "below"])
def test_uneven(odd: float) -> None:
    """A round further from the median than a quarter, up or down, shows that something else did."""
    trust = judge([0.0] * 3, {"turns a second": [100.0, 100.0, odd]})
    assert len(trust.reasons) == 1
    assert trust.reasons[0].startswith("turns a second went from")


@pytest.mark.parametrize("values", [[], [5.0], [5.0, 5.0]], ids=len)
def test_few_rounds(values: list[float]) -> None:
    """Rounds that are too few show no range, so that nothing is proved."""
    trust = judge([0.0], {"a start": values})
    assert trust.reasons == ("a start was measured in fewer than 3 rounds",)


LEAVE = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BURN!r}])"
#: Starts something that goes on when its own parent has ended.
ORPHAN = f"""
import os, subprocess, sys, time
from bench.measuring import neighbours
neighbours.adopt_orphans()
subprocess.run([sys.executable, "-c", {LEAVE!r}], check=True)
while any(each.status() != "zombie" for each in neighbours.psutil.Process().children()):
    time.sleep(0.1)
print(neighbours.tree_spent(os.getpid()))
"""


def test_own_work_is_not_others() -> None:
    """What our own child computes, ended or not, is not counted as others'."""
    this = psutil.Process().pid
    neighbours, before, began = Neighbours(), tree_spent(this), time.monotonic()
    subprocess.run([sys.executable, "-c", BURN], check=True)
    load, own = neighbours.lap(), tree_spent(this) - before
    assert own >= 0.45
    assert load.seconds == pytest.approx(time.monotonic() - began, abs=0.5)
    # The whole machine cannot have done more; what is left of it, less ours, is others'.
    assert load.others * load.seconds <= psutil.cpu_count() * load.seconds - own + 0.1


def test_orphans_are_ours() -> None:
    """What a process of ours left behind, as a training does, is not others' either."""
    done = subprocess.run(
        [sys.executable, "-c", ORPHAN], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert float(done.stdout) >= 0.5


def test_others_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Busy processors without a process of ours at work are others'."""
    looks = iter([(10.0, 1.0, 2.0, 100.0), (14.0, 2.0, 3.0, 110.0)])
    monkeypatch.setattr(Neighbours, "_look", lambda _: next(looks))
    load = Neighbours().lap()
    assert load.others == pytest.approx(0.3)
    assert load.stolen == pytest.approx(0.1)


def test_a_helper_is_ours() -> None:
    """A server that works for us although we did not start it can be named."""
    name = psutil.Process().name()
    assert Neighbours(also=[name])._own() >= Neighbours()._own()
