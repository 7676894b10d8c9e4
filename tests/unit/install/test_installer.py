"""The installer explains itself; `tests/unit/project/test_wheel.py` starts it from a wheel."""

from __future__ import annotations

import pytest

from bot.install import __main__ as installer
from bot.install.__main__ import InstallError


def test_outside_a_wheel_it_says_where_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    """A checkout has commands of its own."""
    assert installer.main(["somewhere"]) == 1
    assert "make wheel" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("python", "system", "machine", "said"),
    [
        ((3, 12), "Linux", "x86_64", "this is 3.12"),
        ((3, 11), "Darwin", "arm64", "Darwin on arm64"),
    ],
)
def test_other_machines_are_refused(
    python: tuple[int, int], system: str, machine: str, said: str
) -> None:
    """Before anything is made."""
    with pytest.raises(InstallError, match=said):
        installer.check_machine(python, system, machine)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "not the one that was locked"),
        ("Temporary failure in name resolution", "network or proxy"),
        ("one\ntwo\nthree\nfour", "two / three / four"),
    ],
)
def test_a_failure_is_explained(output: str, said: str) -> None:
    """In a sentence, with pip's own words when nothing is known of it."""
    assert said in installer.explain(output)
