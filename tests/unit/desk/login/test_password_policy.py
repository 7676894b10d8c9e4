"""Which passwords are refused, and why."""

from __future__ import annotations

import pytest

from bot.desk.login.password_policy import LEAST, MOST, fault, objection


@pytest.mark.parametrize(
    "password",
    [
        "paarse fietsen op dinsdag",
        "drie koeien in de wei",
        "xK7#mQ2$vL9p",
        "correct horse battery staple",
        "ééndagsvlieg in maart",
        "waar samira altijd koffie haalt",
        "日本語のパスワードですよね",
        "welkom bij ons in de tuin",
    ],
)
def test_a_long_one_of_ones_own_is_good(password: str) -> None:
    """Spaces, accents and other scripts are welcome; nothing is asked about capitals or digits."""
    assert fault(password, "samira", "Samira") is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "short"),
        ("x" * (LEAST - 1), "short"),
        ("xK7#mQ2$vL9p" * 20, "long"),
        ("samira123456", "name"),
        ("SamiraSamira!", "name"),
        ("s.devries2026", "name"),
        ("SanneDeVries1", "name"),
        ("Welkom123456", "common"),
        ("W3lk0mW3lk0m!", "common"),
        ("Wachtwoord01!", "common"),
        ("wáchtwoord2026", "common"),
        ("p@ssw0rd1234", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("abababababab", "common"),
        ("123456789012", "common"),
        ("987654321098", "common"),
        ("qwertyuiopas", "common"),
        ("abcdefghijkl", "common"),
    ],
)
def test_what_others_guess_first_is_refused(password: str, why: str) -> None:
    """Short, endless, one's own name, and what stands at the top of every list."""
    names = ("s.devries@voorbeeld.example", "Sanne de Vries", "samira")
    assert fault(password, *names) == why


@pytest.mark.parametrize("password", ["xq7!", "x" * (MOST + 1), "Welkom123456", "samira123456"])
def test_each_objection_is_a_sentence(password: str) -> None:
    """The person who chooses reads what to do, and never the password."""
    said = objection(password, "samira")
    assert said
    assert said.endswith(".")
    assert password not in said
