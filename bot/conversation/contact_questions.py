"""Recognises a question for the organisation's number, address or hours: no wish to be spoken with.

"Hoe kan ik jullie bellen?" asks how, "ik zoek alleen het nummer" asks what. A plea for a person
names one ("hoe kan ik een medewerker bereiken") and is for `bot.conversation.escape`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from bot.conversation.escape_words import is_person

Detail = Literal["phone", "email", "hours"]

_ADDRESS: Final = re.compile(r"\b(e ?)?mail ?adres(sen)?\b")
_NUMBER: Final = re.compile(r"\b(telefoon|tel|bel|fon|service|helpdesk) ?(nummer|nr)\b")
#: "Het nummer" may be any that the assistant asked for; this is the organisation's.
_OUR_NUMBER: Final = re.compile(
    r"\b(jullie|uw|alleen (het|een|t|n)|enkel (het|een)|gewoon het) (algemene |gratis )?"
    r"(nummer|nr)\b"
    r"|\b(nummer|nr)\b.*\b(bellen|bel|klantenservice|helpdesk)\b"
)
#: Ours, not those of a place where something can be fetched.
_HOURS: Final = re.compile(
    r"\b(jullie|uw|je) openings?(tijden|uren)\b|^((wat zijn|de|aub|graag) )*openings?(tijden|uren)$"
    r"|\bbeltijden\b|\b(dn|de|welke|jullie|uw) (uren|tijden)\b.*\b(telefoon|bellen|bereikbaar)\b"
)
#: Words with which a thing is asked for.
_ASKS: Final = re.compile(
    r"\b(hoe|wat|wa|welke?|waar|wanneer|mag|hebben|heeft|geef|geeft|zoek|alleen|allinnig|enkel|wil|"
    r"graag|stuur|weet|weten|staat|vind|nodig|aub|svp|jullie|uw|is er|kunt|kun)\b"
)
#: A number or address of the customer's own, or one to be changed.
_OWN: Final = re.compile(
    r"\b(mijn|mn|m n|onze|haar|zijn|wijzig\w*|verander\w*|aan ?pas\w*|andere?|nieuwe?|fout|"
    r"verkeerde?|klopt|(ben|heb) ik|ik (me|mij|ben|heb)|gebruik\w*|ontvang\w*|"
    r"gekregen|gebeld|ingevuld|van (de|het|een) (?!klantenservice|helpdesk|telefoon)\w+)\b"
)
_HOW: Final = r"(hoe\w*|waar\w*|wanneer|welke?|wat)"
#: "Hoe laat kan ik bellen", "op welk adres mail ik jullie".
_REACHES: Final = re.compile(
    rf"\b{_HOW}\b.{{0,40}}\b(kan|kun|ku|kunnen|kunne|mag|moet|bereik|bel|mail) (ik|je|we|wij|men)\b"
    r".*"
    r"|\bhoe (ik|we) (jullie |u |je )?(kan|kun|moet|mag)\b.*"
)
_AT: Final = re.compile(
    r"\b(hoe la\w*t|hoe vroeg|hoe lang|wanneer|(uren|tijden|dag|dagen))\b.*"
    r"\b(open|geopend|bereikbaar|bereiken|(op)?bellen|bel)\b"
)
_CALLS: Final = re.compile(r"\b((op)?bellen|bel|bereiken|bereik|telefonisch)\b")
_MAILS: Final = re.compile(r"\b(e ?)?mail(en)?\b")
_US: Final = re.compile(r"\b(jullie|u|klantenservice|helpdesk|telefoon\w*)\b")
#: In so few words the thing itself is the question: "telefoonnummer aub".
_SHORT: Final = 3
#: A department is asked for its number like an organisation.
_DEPARTMENTS: Final = frozenset("klantenservice helpdesk".split())


def of_clause(plain: str) -> frozenset[Detail]:
    """What a customer asks to know of how the organisation is reached; empty: nothing.

    Args:
        plain: normalised words between two marks (`bot.conversation.escape.normalise`).
    """
    if any(is_person(word) and word not in _DEPARTMENTS for word in plain.split()):
        return frozenset()
    return frozenset(_asked(plain))


def _asked(plain: str) -> Iterator[Detail]:
    short, asks = len(plain.split()) <= _SHORT, _ASKS.search(plain) is not None
    if not _OWN.search(plain):
        if _ADDRESS.search(plain) and (short or asks):
            yield "email"
        elif (_NUMBER.search(plain) and (short or asks)) or (_OUR_NUMBER.search(plain) and asks):
            yield "phone"
    if _HOURS.search(plain):
        yield "hours"
    reaches = _REACHES.search(plain)
    at = _AT.search(plain)
    if at and (reaches or _US.search(plain)):
        if not re.search(r"\b(mij|me)\b", plain):
            yield "hours"
    elif reaches and not re.search(r"\bgebeld\b", plain):
        if _MAILS.search(reaches[0]):
            yield "email"
        elif _CALLS.search(reaches[0]):
            yield "phone"
