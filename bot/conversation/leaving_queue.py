"""Recognises that a customer who waits for a person does not want to wait any more. Pure.

Words are read clause by clause. A clause leaves when it is nothing else ("laat maar", "hoeft
niet meer"), when it says what the customer does instead ("ik mail wel zelf", "ik wacht wel tot de
buren terug zijn"), when it declines a person ("geen mens"), and when it turns to the assistant
("probeer jij het eens"). What else the message says is what the customer wants now. A question
leaves nothing, and neither does a clause that goes on ("laat maar weten wanneer er iemand is").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.conversation.dropping import DROP, LEAD, LET, POLITE, says_nothing
from bot.conversation.escape import declines_person, normalise
from bot.conversation.thanks_and_greetings import is_thanks
from bot.dutch import clauses
from bot.dutch.clauses import Clause

#: Complete in themselves: more behind one, and it says something else.
_COMPLETE: Final = (
    r"(?:(?:het|dat|t|da) )?(?:h?oeft|hoef) "
    r"(?:(?:al|ook|dan|nu|het|t|voor mij|echt|eigenlijk|verder) )*nie?t?"
    r"|(?:het |dat |t )?(?:is |hoeft )?(?:(?:al|verder|toch|nu) )*niet (?:meer )?nodig"
    r"|nu(?: maar| dan)? nie?t?"
    r"|ik (?:ga|wil|haak|stap|moet)(?: (?:er|nu|weer))? (?:uit de rij|weg|af|ervandoor)"
    r"|ik wil nie?t? (?:meer|langer|zo lang) wachten"
    r"|ik wacht (?:er )?nie?t? (?:meer|langer)(?: op)?"
    r"|(?:haal|zet|gooi) (?:mij|me) (?:(?:dan|maar) )*uit de (?:wacht)?rij"
    r"|(?:het|dit) is (?:al|inmiddels|nu) (?:opgelost|gelukt|gevonden|duidelijk|geregeld)"
)
_BARE: Final = re.compile(rf"{LEAD}(?:{DROP}|{_COMPLETE}){POLITE}")
#: "Laat maar" before a new sentence without a mark between them.
_GOES_ON: Final = re.compile(
    rf"{LEAD}(?:{LET}|toch maar niet)(?: (?:dan|hoor|joh))* "
    r"(?P<rest>(?:ik|jij|probeer|zeg|wat|hoe\w*|waar\w*|wanneer|wie|welke?|"
    r"kan|kun|kunt|mag|doe|vertel|geef|want) .+)"
)
_HIMSELF: Final = re.compile(
    rf"{LEAD}(?:ik (?P<one>\w+)|(?P<other>\w+) ik)\b"
    r"(?=.*\bwel\b)(?=.*\b(?:zelf|eigen|later|morgen|straks|volgende|andere keer|de site)\b).*"
)
#: These verbs tell how things are, not what the customer does instead.
_STATES: Final = frozenset(
    """ben heb weet vind denk kan wil moet mag zou had was word wacht hoor zie zit wou hoop snap
    begrijp sta blijf""".split()
)
_INSTEAD_WORDS: Final = 9
_WAITS: Final = re.compile(rf"{LEAD}(?:ik wacht|wacht ik)\b.*\b(?:tot|totdat|af)\b(?P<until>.*)")
_STAYS: Final = re.compile(
    rf"{LEAD}(?:ik wacht|wacht ik) (?:nog |wel |het )*(?:wel|even|nog)?{POLITE}"
)
#: "Duurt lang": why the customer leaves, and nothing for the assistant.
_WAIT_REMARK: Final = re.compile(
    rf"{LEAD}(?:(?:het|dit|dat) )?(?:duurt|duurde) "
    rf"(?:(?:mij|me|wel|veel|zo|te|echt|al|erg|heel) )*lang{POLITE}"
    rf"|{LEAD}ik (?:wacht|zit) (?:hier )?(?:nu )?al .*"
)
#: Waiting until one of these is waiting here.
_HERE: Final = re.compile(
    r"\b(iemand|mede\w*|mens|jullie|u|beurt|vrij|antwoord|reactie|collega|plek|nummer|gebeld|belt|hier)\b"
)
_TO_ASSISTANT: Final = re.compile(
    rf"{LEAD}(?:(?:zeg|vertel|probeer|doe|kijk|zoek|geef|regel|help|beantwoord|check) jij\b.*"
    r"|(?:jij|je|u|de bot|de assistent) (?:(?:is|bent|mag|kan) )?(?:het )?ook"
    r"(?: goed| proberen| wel)?)"
)
_READ: Final = 2000
#: In so few words a turn to the assistant asks nothing by itself.
_NO_MORE: Final = 6


@dataclass(frozen=True, slots=True)
class Leaving:
    """The end of a wait.

    Attributes:
        rest: what the message says besides, as typed; empty: nothing, or only thanks.
        thanks: whether it says thanks or goodbye.
        only: whether it holds nothing but words of leaving ("laat maar, dank u").
        declines: whether it may turn down an offer instead of the wait ("hoeft niet").
        to_assistant: whether the customer turns to the assistant.
    """

    rest: str = ""
    thanks: bool = False
    only: bool = False
    declines: bool = False
    to_assistant: bool = False


def leaving(text: str) -> Leaving | None:
    """How a customer's words leave the queue; None: they do not, or there is doubt.

    Args:
        text: what the customer typed; the first 2,000 characters are read.
    """
    text = text[:_READ]
    kept: list[str] = []
    kinds: set[str] = set()
    for clause in clauses.cut(text):
        kind, left = _read(clause)
        kinds.add(kind)
        if left == clause.text:
            kept.append(text[clause.start : clause.end])
        elif left:
            kept.append(f"{left}{'?' if clause.asks else '.'} ")
    if "stays" in kinds or kinds <= {"", "thanks", "remark"}:
        return None
    rest = "".join(kept).strip()
    only = kinds <= {"bare", "thanks", "remark"} and not rest
    return Leaving(
        rest=rest,
        thanks="thanks" in kinds,
        only=only,
        declines=only and _declines_offer(normalise(text)),
        to_assistant="assistant" in kinds,
    )


def _declines_offer(plain: str) -> bool:
    """Whether the words may turn an offer down instead of the wait."""
    offer = re.search(r"\b(hoeft?|nodig|toch|doe)\b", plain)
    return offer is not None and not re.search(r"\b(meer|rij|wachten)\b", plain)


def _read(clause: Clause) -> tuple[str, str]:
    """How a clause leaves, or empty, and what of it is left."""
    plain = normalise(clause.text)
    if goes_on := _GOES_ON.fullmatch(plain):
        # Word by word the same: normalising joins and parts none of these.
        count = len(goes_on["rest"].split())
        return "bare", " ".join(clause.text.split()[-count:])
    if clause.asks:
        return "", clause.text
    if is_thanks(clause.text):
        return "thanks", ""
    if _TO_ASSISTANT.fullmatch(plain):
        return "assistant", "" if len(plain.split()) <= _NO_MORE else clause.text
    kind = _kind(clause.text, plain)
    return kind, "" if kind else clause.text


def _kind(text: str, plain: str) -> str:
    """What a clause is that leaves nothing to answer; empty: another."""
    if says_nothing(plain) or _WAIT_REMARK.fullmatch(plain):
        return "remark"
    if _BARE.fullmatch(plain):
        return "bare"
    if _does_himself(plain) or declines_person(text):
        return "instead"
    waits = _WAITS.fullmatch(plain)
    if waits and waits["until"].strip() and not _HERE.search(waits["until"]):
        return "instead"
    return "stays" if waits or _STAYS.fullmatch(plain) else ""


def _does_himself(plain: str) -> bool:
    himself = _HIMSELF.fullmatch(plain)
    if himself is None or len(plain.split()) > _INSTEAD_WORDS:
        return False
    return (himself["one"] or himself["other"]) not in _STATES
