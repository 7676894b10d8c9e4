"""What customers are told when people take over, pass on or leave. Pure; Dutch, B1, "u"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from bot.messages import Notice, Text

#: Said when the agent was away for too long and the customer waits for an answer.
LOST: Final = Notice(
    "Uw medewerker is er even niet. Een collega neemt uw vraag over. U hoeft niets te herhalen."
)
#: Numbers that a person may ask for, as customers and agents read them.
ASKED: Final[Mapping[str, str]] = {"bsn": "BSN", "iban": "rekeningnummer (IBAN)"}
RELEASED: Final = Notice("Een collega neemt uw vraag over. U hoeft niets te herhalen.")


def taken(name: str, organisation: str) -> Notice:
    """A person is there.

    Args:
        name: that person's name.
        organisation: name of the organisation.
    """
    return Notice(f"U chat nu met {name} van {organisation}.", "to_human")


def transferred(team: str, opens: str) -> Notice:
    """The question goes to another team.

    Args:
        team: that team's name.
        opens: when it opens, such as `morgen om 9.00 uur`; empty while it is open.
    """
    text = f"Uw vraag gaat naar een collega van {team}. U hoeft niets te herhalen."
    return Notice(f"{text} U krijgt antwoord vanaf {opens}." if opens else text)


def sent_back(name: str) -> Notice:
    """The assistant goes on.

    Args:
        name: name of the person who leaves.
    """
    return Notice(f"{name} sluit af. U praat weer met de AI-assistent.", "to_bot")


def asks_number(name: str, kind: Literal["bsn", "iban"], minutes: int) -> Notice:
    """A person asks for a number that is taken out of messages otherwise.

    Args:
        name: that person's name.
        kind: which number.
        minutes: how long it can be sent.
    """
    return Notice(
        f"{name} vraagt uw {ASKED[kind]}. Stuur het in één bericht. Dat kan {minutes} minuten "
        "lang. U hoeft niet: vraag gerust waarom het nodig is."
    )


def reply(text: str) -> Text:
    """An agent's words as they are sent: without spaces around them or at the ends of lines."""
    return Text("\n".join(line.rstrip() for line in text.strip().splitlines()))
