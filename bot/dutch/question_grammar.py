"""Tells by its grammar whether a Dutch message asks something, which part, and about what."""

from __future__ import annotations

import re
from typing import Final

from bot.dutch import clauses

_LEAD: Final = (
    r"(?:(?:en|maar|ook|nog|hoi|hallo|hey|dag|goede(?:morgen|middag|avond|ndag)|vraag|vraagje|even"
    r"|trouwens|oke|ok|ja|nee|dus|want|sorry|mevrouw|meneer|beste)[\s,:.!]+)*"
)
_INTERROGATIVE: Final = (
    r"(?:wie|wat|waar\w*|wanneer|wnr|waarom|hoe\w*|welke?|wiens"
    r"|(?:op|met|bij|voor|tot|vanaf|binnen|per|sinds|om|aan|na|onder|in|naar) "
    r"(?:wie|wat|waar|wanneer|hoe\w*|welke?))\b"
)
#: Verb and subject the other way round. "Ben niet thuis" leaves the subject out and asks nothing.
_VERB_FIRST: Final = (
    r"(?!dank|bedankt|wens|groet|(?:nee+n?|ja|jawel|maar|want|dus|en|sorry|ok|oke)\b"
    r"|(?:weet|denk) ik\b)"
    r"[a-z]+ (?:jullie|u|ik|je|jij|we|wij|men|er|iemand|ze)\b"
    r"|(?:is|zijn|kan|mag|moet|kost|kosten|geldt|gelden|werkt|wordt|worden|gaat|komt|duurt|bestaat"
    r"|krijgt|zit|staat|klopt|hoort|valt) (?!niet\b|nog\b|al\b|ook\b|weer\b|steeds\b|kapot\b|stuk\b"
    r"|toch\b|wel\b|alleen\b|even\b|goed\b|prima\b|oke\b|akkoord\b|best\b)[a-z']+\b.{2}"
)
#: "Ik vroeg of het wat kost" asks again what was passed over.
_ASKED_BEFORE: Final = (
    r"(?:ik|k) (?:vroeg|vraag|bedoel|bedoelde|(?:wil|wou|wilde|moet)(?: \w+){0,3} weten)"
    r"(?: (?:u|je|jullie|juist|dus|me af|eigenlijk|meer|alleen))*"
    r" (?:of|wie|wat|waar\w*|wanneer|hoe\w*|welke?)\b"
)
#: A condition without what follows from it: "en als ik dan niet thuis ben".
_WHAT_IF: Final = (
    r"(?<=en |ar )(?:stel(?: dat)?|als|indien) (?!(?:het|t|dat) (?:even )?(?:kan|mag|lukt|moet)\b)"
    r"[a-z']+ [^,;.!?]+\W*$"
)
_ASKS: Final = re.compile(
    rf"^\W*{_LEAD}(?:{_INTERROGATIVE}|{_VERB_FIRST}|{_ASKED_BEFORE}|{_WHAT_IF})",
    re.IGNORECASE | re.DOTALL,
)
_INDIRECT: Final = re.compile(rf"^\W*{_LEAD}{_ASKED_BEFORE}", re.IGNORECASE)
_OPEN: Final = re.compile(
    rf"^\W*{_LEAD}{_INTERROGATIVE}(?: \w+)? (?:kost|kosten|is|zijn|was|duurt|geldt|betaal|krijg"
    r"|moet|mag|kan|gaat|komt|wordt|zit|heb|heeft|doet|betekent|werkt)\b",
    re.IGNORECASE,
)
#: A question that goes on from the answer to another: "en de buren zelf?".
_GOES_ON: Final = re.compile(r"^\W*(?:ok[eé]?|ja|nee|dus|hm+)?[\s,.]*(?:en|maar)\b", re.IGNORECASE)

#: A question behind a remark: "oké, wat kost dat", "niet voor de deur, kan dat dan wel". Behind a
#: comma a question word leads a clause more often than a question: only these are sure to ask.
_ASKS_BEHIND: Final = re.compile(
    r"(?:kan|mag|moet|kost|geldt|gaat|komt|duurt|is|krijg|heb|kunnen|mogen|zijn)"
    r" (?:dat|dit|het|t|er|ik|u|je|jullie|die|ie|hij|ze|we)\b"
    r"|hoe ?(?:lang|laat|veel|snel|vaak|duur)\b|hoe zit (?:dat|het)\b"
    rf"|wat (?:kost|krijg|moet|doe)\b|{_ASKED_BEFORE}",
    re.IGNORECASE,
)
#: What somebody might do, and has not done: "als ik nu opzeg".
_SUPPOSES: Final = re.compile(
    r"\b(?:als|wanneer|indien|stel(?: dat)?) (?:ik|we|wij)(?: het| iets| er| t)?"
    r" (?:nu|nou|vandaag|straks|zo|dadelijk|morgen)\b",
    re.IGNORECASE,
)
#: What is the customer's own.
_MINE: Final = re.compile(r"\b(?:mijn|mij|me|m'n|mn)\b", re.IGNORECASE)
#: "Is dat nu gewijzigd of niet?", "staat het er al in?": whether what is arranged was done.
_IF_DONE: Final = re.compile(
    r"\b(?:is|zijn|staat|heb|hebt|hebben|heeft|werd|wordt)\s+"
    r"(?:dat|dit|het|t|alles|hij|ie|die|deze|u|jullie|je|(?:mijn|m'n|de|het)\s+\w+)\b[^.?!]*?"
    r"\b(?:(?:ge|ver|aange|door|op|af|be)\w*(?:d|t|en)|klaar|rond|vast|gelukt)\b"
    r"(?:\s+(?:nu|al|nou|dan|of\s+(?:niet|nog\s+niet)|inmiddels|hoor))*\W*$",
    re.IGNORECASE,
)

#: Words of a question that has no subject of its own: "kost dat iets", "hoe lang duurt het".
_ELLIPTIC: Final = frozenset(
    """aan al alles allemaal als betalen betaal bij dat daar daarvoor daarmee dan die dit doorgaans
    duren duurt eigenlijk een en er erbij ervoor extra gaat geld gratis ga gemiddeld heb hebben hebt
    het hier hiervoor hiermee hoe hoelang hoeveel hoger iets ik ineens is jullie kan kost kosten
    kosteloos krijg lang later maar mag meer me mee met mij mijn mogelijk moet na normaal nog nou
    nu ook om ongeveer online op per precies rond snel te tegen tijd tijdje toch tot u van vanaf
    verbonden voor vooraf verder waar
    wanneer want wat we weer wel welke werkt wie wij wordt zelf zijn zit zitten zo""".split()
)
_ABOUT: Final = frozenset(
    """betalen betaal duren duurt extra geld gratis hoelang kost kosten kosteloos lang snel
    werkt""".split()
)
_POINTS: Final = frozenset(
    "dat dit het er daar hier daarvoor hiervoor ervoor daarmee hiermee erbij die".split()
)
#: Longer questions have a subject of their own.
_LONGEST: Final = 8


def is_question(text: str) -> bool:
    """Whether a message asks something, with or without a question mark.

    Args:
        text: as it was typed.
    """
    if "?" in text or _ASKS.match(text) is not None:
        return True
    return any(_asks(clause) for clause in clauses.parts(text)[1:])


def asking_part(text: str) -> str:
    """The sentences of a message that ask, in order; all of it when they cannot be told apart.

    "Middag. Kost dat nog wat extra?" asks the second only, and "oké, dan wacht ik. hoe lang duurt
    het?" as well. A sentence keeps what stands in front of its comma: that may be its subject.

    Args:
        text: as it was typed.
    """
    sentences = clauses.sentences(text)
    # Who writes question marks writes them behind every question.
    asking = [each for each in sentences if "?" in each] or [*filter(is_question, sentences)]
    return " ".join(asking) if asking else text.strip()


def asks_indirectly(text: str) -> bool:
    """Whether a message says what it asks: "ik bedoel of het wat kost", "ik wil weten waar".

    Args:
        text: as it was typed.
    """
    return _INDIRECT.match(text) is not None


def goes_on(text: str) -> bool:
    """Whether a question goes on from an answer, so that it asks something else: "en de buren?".

    Args:
        text: as it was typed.
    """
    return _GOES_ON.match(text) is not None


def is_open_question(clause: str) -> bool:
    """Whether a clause asks with a question word, so that no value in it is an answer.

    Args:
        clause: as it was typed: "wat kost de avond", not "kan het ook in de avond".
    """
    return _OPEN.match(clause) is not None


def supposes(text: str) -> bool:
    """Whether a question is about what somebody might do: "krijg ik het terug als ik nu opzeg".

    Args:
        text: as it was typed.
    """
    return _SUPPOSES.search(text) is not None


def says_mine(text: str) -> bool:
    """Whether a message names something as the customer's own.

    Args:
        text: as it was typed.
    """
    return _MINE.search(text) is not None


def asks_if_done(text: str) -> bool:
    """Whether a question is whether something was carried out: "is dat nu gewijzigd of niet?".

    Args:
        text: as it was typed.
    """
    return _IF_DONE.search(text) is not None and is_question(text)


def _asks(clause: str) -> bool:
    return _ASKS_BEHIND.match(re.sub(rf"^\W*{_LEAD}", "", clause, flags=re.IGNORECASE)) is not None


def ends_asking(text: str) -> bool:
    """Whether what is told ends in a question about it: "ik heb hem een keer gedragen, mag dat".

    Args:
        text: as it was typed.
    """
    last = clauses.parts(text.strip())[-1]
    return last != text.strip() and _asks(last) and names_nothing(last)


def is_elliptic(text: str) -> bool:
    """Whether a question has no subject of its own, so that it is about what is going on.

    Args:
        text: as it was typed: "kost dat iets?", "zitten daar kosten aan".
    """
    told = set(re.findall(r"\w+", text.casefold()))
    return names_nothing(text) and not (told.isdisjoint(_ABOUT) or told.isdisjoint(_POINTS))


def names_nothing(text: str) -> bool:
    """Whether words hold no subject at all, so that only what is going on says what is meant.

    Args:
        text: as it was typed: "hoeveel tijd heb ik nog", "kan dat ook".
    """
    words = re.findall(r"\w+", text.casefold())
    return len(words) <= _LONGEST and set(words) <= _ELLIPTIC
