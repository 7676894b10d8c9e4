"""The rules for a password, after NIST SP 800-63B: long, and not what others would guess first.

No rules about capitals or digits and no yearly change: they make people choose worse ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Literal

from bot.catalogue import say

LEAST: Final = 12
MOST: Final = 200

#: What is left of the commonest long passwords in Dutch and English without digits and signs.
_COMMON: Final = frozenset(
    """
    aanmelden admin administrator administrators amsterdam beheerder changeme computer dashboard
    eindhoven geheim geheimwachtwoord goedemorgen helpdesk hetwachtwoord iloveyou ikhouvanjou
    klantcontact klantenservice letmein loket medewerker mijnwachtwoord mypassword nederland
    nieuwwachtwoord passphrase password qwerty rotterdam supervisor test testtest wachtwoord
    wachtwoordwachtwoord welkom welkomwelkom welcome utrecht passwordpassword
    """.split()
)
_ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789")
#: Letters as some people write them.
_LEET: Final = str.maketrans("013457@$!", "oieastasi")


Fault = Literal["short", "long", "name", "common"]


def objection(password: str, *names: str) -> str | None:
    """`fault` as a Dutch sentence, for the person who chooses the password."""
    found = fault(password, *names)
    match found:
        case None:
            return None
        case "short":
            return say("desk_access.password.short", least=LEAST)
        case "long":
            return say("desk_access.password.long", most=MOST)
        case _:
            return say(f"desk_access.password.{found}")


def fault(password: str, *names: str) -> Fault | None:
    """The reason why a password cannot be used; None when it can.

    Args:
        password: what was chosen.
        names: what it may not be made of: the log-in name and the person's name.
    """
    if len(password) < LEAST:
        return "short"
    if len(password) > MOST:
        return "long"
    plain = _plain(password)
    bare = _letters(plain)
    if any(bare == part for part in _parts(names)):
        return "name"
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)  # without the year or the "123!" at its end
    if bare in _COMMON or _letters(core.translate(_LEET)) in _COMMON or _row(plain):
        return "common"
    return None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _letters(plain: str) -> str:
    return re.sub(r"[^a-z]", "", plain)


def _parts(names: tuple[str, ...]) -> Iterator[str]:
    """Each name whole, its words, and twice the same, without digits and signs."""
    for name in map(_plain, names):
        for part in (name, name.partition("@")[0], *re.split(r"[^a-z]+", name)):
            if bare := _letters(part):
                yield bare
                yield bare * 2


def _row(plain: str) -> bool:
    """Whether it is one sign, or a row of the keyboard, over and over."""
    if len(set(plain)) < 4:
        return True
    return any(_follows(plain, row) or _follows(plain, row[::-1]) for row in _ROWS)


def _follows(plain: str, row: str) -> bool:
    start = row.find(plain[0])
    endless = row[start:] + row * (len(plain) // len(row) + 1)
    return start >= 0 and endless.startswith(plain)
