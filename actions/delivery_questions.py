"""What is asked about a delivery, and the words in which customers answer it."""

from __future__ import annotations

import re

from bot.dialogue.choice_patterns import says
from bot.dialogue.questions import Question
from bot.dutch import dates, postcode

#: Words for another place than the one it was to go to.
ADDRESS = (
    r"\b\w*adres\b|\bverhuis|\bander huis\b|\bbij (mijn?|m'n)\b|\bnaar (mijn?|m'n)\b"
    r"|\bbu(ren|ur\w*)\b|\bhuis ?(nummer|nr)\b|\bpostcode\b"
    r"|\b(op|naar|bij) (mijn |m'n |het |me )?(werk|kantoor|zaak)\b"
)
_MOMENT = (
    r"\b(dag|datum|moment|tijd|tijdstip|later|eerder|uitstellen|verzetten|niet thuis|er niet|morgen"
    r"|week|weekend|(maan|dins|woens|donder|vrij|zater|zon)dag)\b"
)
#: What is on its way: who moves and names it wants that delivery elsewhere.
PARCEL = r"pakket|pakje|pakske|pakkie|bestel|bezorg|lever|zending|order|\bPP\W?\d|\bspullen\b"

_BOTH = r"\b(allebei|beide|(alle|de) ?twee|zowel)\b"
_AND = r"(\ben\b|\bén\b|\bplus\b|\bmaar (dan )?ook\b|[,;.+&]).*"
#: Where somebody is then: a reason for another day or place, and no wish for both.
_STAYS = r"\b(ben|zit|zijn|zitten|werk|logeer|verblijf|slaap|thuis)\b"
_BRINGS = (
    r"\b(bezorg\w*|lever\w*|af ?gev\w*|breng\w*|stuur\w*)\b"
    r"|\b(naar|andere?|nieuwe?|ook|nog)\b"
)


def wants_both(text: str) -> bool:
    """Whether words ask for another day and another address: "vrijdag, en bij de buren"."""
    if says(_BOTH, text):
        return True
    joined = says(f"({_MOMENT}).*{_AND}({ADDRESS})", text) or says(
        f"({ADDRESS}).*{_AND}({_MOMENT})", text
    )
    return joined and not says(_STAYS, text)


def says_where(text: str) -> bool:
    """Whether words say where somebody is then: "vrijdag ben ik bij mijn zus"."""
    return says(_STAYS, text)


def replaces(text: str) -> bool:
    """Whether words want one part in the place of the other: "niet de dag maar het adres"."""
    return says(r"\b(niet|nie|geen|alleen|in plaats van|ipv|i\.p\.v\.|laat maar)\b", text)


def wants_elsewhere(text: str) -> bool:
    """Whether words ask to bring it to another place, and do not only name one."""
    return says(ADDRESS, text) and says(_BRINGS, text) and not says(_STAYS, text)


def _what(text: str) -> str | None:
    """The part to change, `address`, `moment` or `both`; None when the words do not tell."""
    if wants_both(text):
        return "both"
    address, moment = says(ADDRESS, text), says(_MOMENT, text)
    if address == moment:
        return None
    return "address" if address else "moment"


WHAT = Question("delivery_change", parse=_what, early=True)
DAY = Question("delivery_date", entity="date", names=("bezorgdag", "bezorgdatum"))
PART = Question("day_part", parse=dates.day_part, names=("deel van de dag", "tijdvak"))
#: Stands for the postcode that the delivery has now: at the neighbours' it is the same.
SAME_POSTCODE = "same"
_SAME = r"\b((de|het)?zelfde|eigen|als (die|dat|de mijne) van mij|mijn postcode)\b"


def _postcode(text: str) -> str | None:
    """A postcode, or the one there is: "dezelfde"."""
    return postcode.parse(text) or (SAME_POSTCODE if says(_SAME, text) else None)


NEW_POSTCODE = Question("new_postcode", entity="postcode", parse=_postcode, amend=postcode.amend)
NEW_NUMBER = Question(
    "new_house_number",
    entity="house_number",
    parse=postcode.parse_house_number,
    names=("nummer van het huis",),
)


def told_number(text: str) -> str | None:
    """The house number in words: "verkeerd huisnummer, moet 23b zijn", "bij de buren op nr 12"."""
    said = re.search(
        r"\b(?:huis ?(?:nummer|nr)\b.*?|bu(?:ren|ur\w*)\b.*?\b(?:nummer|nr)\.? *)\b"
        r"(\d{1,5} ?[a-z]?)\b",
        text,
        re.IGNORECASE,
    )
    return postcode.parse_house_number(said[1]) if said else None
