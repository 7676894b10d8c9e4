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


def _what(text: str) -> str | None:
    """The part to change, `address` or `moment`; None when the words do not tell."""
    address, moment = says(ADDRESS, text), says(_MOMENT, text)
    if address == moment:
        return None
    return "address" if address else "moment"


WHAT = Question("delivery_change", parse=_what, early=True)
DAY = Question("delivery_date", entity="date", names=("bezorgdag", "bezorgdatum"))
PART = Question("day_part", parse=dates.day_part, names=("deel van de dag", "tijdvak"))
NEW_POSTCODE = Question(
    "new_postcode", entity="postcode", parse=postcode.parse, amend=postcode.amend
)
NEW_NUMBER = Question(
    "new_house_number",
    entity="house_number",
    parse=postcode.parse_house_number,
    names=("nummer van het huis",),
)


def corrected_number(text: str) -> str | None:
    """The house number in words that correct one: "verkeerd huisnummer, moet 23b zijn"."""
    said = re.search(r"\bhuis ?(?:nummer|nr)\b.*?\b(\d{1,5} ?[a-z]?)\b", text, re.IGNORECASE)
    return postcode.parse_house_number(said[1]) if said else None
