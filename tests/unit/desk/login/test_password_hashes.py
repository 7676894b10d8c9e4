"""Hashes of passwords."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from bot.desk.login import password_hashes


@pytest.fixture(scope="module")
def known() -> str:
    return password_hashes.hashed("één lange zin")


def test_the_right_one_matches_and_no_other(known: str) -> None:
    """Also when another keyboard composes its letters differently."""
    assert known.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_hashes.matches(known, "één lange zin")
    assert password_hashes.matches(known, "e\u0301e\u0301n lange zin")
    assert not password_hashes.matches(known, "een lange zin")
    assert not password_hashes.matches(known, "één lange zin ")


@pytest.mark.parametrize("password", ["", "\x00", "\ud800", "x" * 5000])
def test_nothing_typed_breaks_it(known: str, password: str) -> None:
    """Half a character and a very long text are wrong passwords, not errors."""
    assert not password_hashes.matches(known, password)


def test_nobody_has_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an account the same work is done, and the answer is no."""
    tried = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda self, *given: tried.append(given) or verify(self, *given)
    )
    assert not password_hashes.matches(None, "één lange zin")
    (once,) = tried
    assert once[0].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_damaged_hash_opens_nothing() -> None:
    """What is in the database and is no hash lets nobody in."""
    assert not password_hashes.matches("rubbish", "rubbish")


def test_an_old_hash_is_known_by_its_parameters(known: str) -> None:
    """So that the next log-in replaces it."""
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("één lange zin")
    assert password_hashes.outdated(old)
    assert password_hashes.matches(old, "één lange zin")
    assert not password_hashes.outdated(known)
