"""Reads what a customer tells for a call back: name, number or address, moment and subject. Pure.

Every message may hold any of them, in any order: "bel me morgen na 2 uur op 0612345678", "Jansen,
het gaat over mijn laatste brief". A clause that says what it is ("moment: ...", "het gaat over
...") is read as that; one that holds nothing but days and times is a moment. What is left is the
answer to what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from bot.conversation.contact import contact_in
from bot.conversation.escape import normalise
from bot.dutch import clauses, dates, names, times

Field = Literal["name", "contact", "moment", "question"]

#: "Zei ik toch", "dat heb ik al gezegd": about the talk, not about the matter.
_SAID_BEFORE: Final = re.compile(
    r"\W*\b(?:(?:dat|zoals|had|heb)\s+)*(?:zei|zeg|schreef|typte|vertelde)\s+ik\b"
    r"(?:\s+(?:al|toch|net|je|u|dat|ook|eerder|zojuist|nog))*[\s!.,]*"
    r"|\W*\b(?:zoals\s+|dat\s+)?(?:heb|had)\s+ik\s+(?:(?:al|toch|net|je|u|dat|eerder)\s+)+"
    r"(?:gezegd|verteld|gegeven|gestuurd|getypt)\b[\s!.,]*"
    r"|\W*\bzoals\s+(?:ik\s+(?:al\s+)?(?:zei|schreef)|gezegd)\b[\s!.,]*",
    re.IGNORECASE,
)
#: A clause of its own begins at one of these, with or without a mark before it.
_JOINED: Final = re.compile(
    r"\s+(?:en|of|maar)\s+(?=(?:mijn\s+(?:naam|nummer|vraag)|ik\s+(?:ben|heet)\b|het\s+gaat|bel\b|op\s+\+?\d))"
    r"|\s+(?=(?:het|dit)\s+gaat\s+over\b|(?:vraag|moment|naam|tijd)\s*:)",
    re.IGNORECASE,
)
_NAMES: Final = re.compile(
    r"^\W*(?:mijn\s+naam\s+is|(?:de\s+)?naam(?:\s+is)?|ik\s+ben|ik\s+heet|u\s+spreekt\s+met|met)\s*:?\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: Of these words only a name can follow.
_CALLED: Final = re.compile(r"^\W*(?:mijn\s+naam|(?:de\s+)?naam|ik\s+heet)\b", re.IGNORECASE)
_TITLED: Final = re.compile(
    r"^(?:mevrouw|mevr|mw|meneer|dhr|de heer|fam|familie)\b\.?\s+\S", re.IGNORECASE
)
_SUBJECT: Final = re.compile(
    r"^\W*(?:(?:want|en|nou|ja)\s+)*(?:(?:het|dit|dat|mijn\s+vraag)\s+gaat\s+(?:dan\s+|eigenlijk\s+)?(?:over|om)"
    r"|(?:mijn\s+)?(?:vraag|onderwerp)(?:\s+is)?\s*:?|betreft|betreffende|vanwege|i\.?v\.?m\.?|in\s+verband\s+met)"
    r"\s*:?\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: "Over mijn brief", not "over een uur".
_ABOUT: Final = re.compile(
    r"\bover\s+(?!(?:een|1|2|\d+|twee|drie|vijf|tien|half|kwart)\b\s*(?:uur\w*|minu\w*|dag\w*|we\w+|kwartier\w*|half|\d))"
    r"(?P<rest>(?:mijn|m'n|de|het|een|dat|die|deze|dit|onze|uw|jullie|hoe|wat|waar\w*|wanneer)\b.+)",
    re.IGNORECASE | re.DOTALL,
)
_MOMENT: Final = re.compile(
    r"^\W*(?:(?:het\s+)?(?:moment|tijd|tijdstip)(?:\s+is)?)\s*:?\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: Asks to be called, or says how: its day and time are those of the call.
_CALLS: Final = re.compile(
    r"\b(?:ge|terug|te|op)?(?:bel|bellen|belt|beld|gebeld|mail|mailen|mailt|bereikbaar|bereiken)\b",
    re.IGNORECASE,
)
#: Words of a moment that stand around a day or time.
_AROUND: Final = frozenset(
    """na om rond vanaf voor vóór tot tussen en uur uurtje u h in de het op s 's ergens alleen
    liefst graag kan of tegen te ochtends middags avonds einde eind begin van aan ook bij voorkeur
    half kwart over zo n die dan eerst later""".split()
)
#: Of these a moment may begin with.
_BEFORE: Final = frozenset(
    "na om rond vanaf voor vóór tot tussen tegen in de op met s 's einde eind begin het".split()
)
_VAGUE: Final = re.compile(
    r"\b(?:zo\s+(?:snel|spoedig)\s+mogelijk|zsm|asap|(?:zo\s+)?meteen|direct|straks|vandaag|maakt\s+(?:me\s+|mij\s+)?"
    r"niet\s+(?:zo\s?veel\s+)?uit|wanneer\s+u\s+wilt|altijd|de\s+hele\s+(?:dag|week)|hele\s+dag|elk\s+moment"
    r"|(?:in\s+het\s+)?weekend|doordeweeks|overdag|(?:na|tijdens)\s+(?:het\s+)?(?:eten|werk)|nu)\b",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"\b(vraag|moment|naam|tijd|nummer|onderwerp)\s*:", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\s,;]+")
#: Words that may stand beside a value without being one.
_FILLER: Final = frozenset(
    """en of ja ok oke graag aub svp dan maar is kan nummer tel telefoon mobiel mail mailadres email
    mijn het op bereikbaar ben ik alstublieft alsjeblieft a.u.b. liever liefst best hoor dat wel
    sorry hierbij dit via anders nee neen toch doe maak er van moet zijn""".split()
)
_NAME_WORDS: Final = 5
#: A clause with one of these is a sentence, no name.
_SENTENCE: Final = re.compile(
    r"\b(is|heb|heeft|bent|kan|kunt|moet|mijn|niet|geen|gaat|wordt|was|waar|wat|hoe|wanneer|"
    r"waarom|ik|u|jullie|dubbele?|letter|doet|werkt|krijg|bel|bellen|belt)\b|^(het|wil u|ja|nee)\b"
)
_READ: Final = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """What a message tells for a call back; each empty when it does not.

    Attributes:
        name: the customer's name.
        contact: telephone number or e-mail address, as `contact_in` writes it.
        moment: when it suits, in the customer's words.
        question: what it is about.
        left: what else it says, for the question that was asked.
    """

    name: str = ""
    contact: str = ""
    moment: str = ""
    question: str = ""
    left: str = ""


#: Before these "niet" turns a time round, and a moment goes on: "vrijdag, maar niet voor 3 uur".
_BOUNDS: Final = frozenset({"voor", "vóór", "na", "eerder", "vroeger", "later", "tussen", "vanaf"})
_LIMITS: Final = frozenset({"maar", "niet", "alleen", "wel"})


def without_said_before(text: str) -> str:
    """A text without "zei ik toch" and the like."""
    return _SAID_BEFORE.sub(" ", text).strip(" ,.;:!-")


def told(text: str, today: date) -> Told:
    """What a message tells.

    Args:
        text: what the customer typed.
        today: the day it is for the customer.
    """
    text = without_said_before(text[:_READ])
    contact = contact_in(text)
    if contact is not None:
        text = f"{text[: contact.start]} , {text[contact.end :]}"
    found: dict[str, list[str]] = {"name": [], "moment": [], "question": [], "left": []}
    for clause in _clauses(text):
        for field, value in _of_clause(clause, today):
            found[field].append(value)
    return Told(
        name=" ".join(found["name"][:1]),
        contact=contact.value if contact else "",
        moment=", ".join(found["moment"]),
        question=". ".join(found["question"]),
        left=", ".join(found["left"]),
    )


def as_name(text: str) -> str:
    """The name that a clause is, or empty: it is a sentence or mere talk, or holds a digit."""
    named = _NAMES.match(text)
    name = (named["rest"] if named else names.without_lead(text)).strip(" ,.;:!-")
    words = normalise(name).split()
    if not words or len(words) > _NAME_WORDS or re.search(r"[\d?@]", name):
        return ""
    if _SENTENCE.search(" ".join(words)) or set(words) <= _FILLER or len("".join(words)) < 2:
        return ""
    called = named is not None and _CALLED.match(text) is not None
    if not (called or names.is_like_name(name)):
        return ""
    return name


def moment_in(text: str, today: date) -> tuple[int, int] | None:
    """Where the words about a day or time stand in a text, prepositions included; None: nowhere.

    A day of the past is no moment of a call: "ik heb gisteren gebeld".
    """
    spans = [
        (span.start, span.end)
        for span in dates.read(text, today)
        if any(day >= today for day in span.value)
    ]
    spans += [(span.start, span.end) for span in times.find(text)]
    part = dates.find_day_part(text)
    if part is not None:
        spans.append((part.start, part.end))
    spans += [match.span() for match in _VAGUE.finditer(text)]
    if not spans:
        return None
    words = list(_WORD.finditer(text))
    core = [
        any(start < word.end() and word.start() < end for start, end in spans) for word in words
    ]
    first, last = core.index(True), len(core) - 1 - core[::-1].index(True)
    between = list(_inside(words, core, first, last))
    if any(
        word not in _AROUND and not (word in _LIMITS and not _BOUNDS.isdisjoint(between[at:]))
        for at, word in enumerate(between)
    ):
        # Words that are none of a moment stand between: the first days and times count.
        last = first
        while last + 1 < len(words) and (core[last + 1] or words[last + 1][0].lower() in _AROUND):
            last += 1
    while first > 0 and words[first - 1][0].lower() in _BEFORE:
        first -= 1
    if first > 0 and words[first - 1][0].lower() == "niet" and words[first][0].lower() in _BOUNDS:
        first -= 1  # "niet voor 10 uur" says from when on
    while last + 1 < len(words) and words[last + 1][0].lower() in ("uur", "uurtje", "u", "h"):
        last += 1
    return words[first].start(), words[last].end()


def _inside(words: list[re.Match[str]], core: list[bool], first: int, last: int) -> Iterator[str]:
    for at in range(first, last + 1):
        if not core[at]:
            yield words[at][0].lower()


def _clauses(text: str) -> Iterator[str]:
    for clause in clauses.cut(
        re.sub(
            r"\b(vraag|moment|naam|tijd|nummer|onderwerp)\s*:", r"\1 is", text, flags=re.IGNORECASE
        )
    ):
        ends = "?" if clause.asks else ""
        parts = [part for part in _JOINED.split(clause.text) if part.strip()]
        yield from (*parts[:-1], f"{parts[-1]}{ends}") if parts else ()


def _of_clause(clause: str, today: date) -> Iterator[tuple[str, str]]:
    """The fields that a clause tells."""
    place = moment_in(clause, today)
    if (subject := _SUBJECT.match(clause)) is not None:
        # "Vraag: het gaat over ..." says twice that it follows.
        if subject["rest"].strip() != "is":
            yield "question", subject["rest"].strip()
    elif (labelled := _MOMENT.match(clause)) is not None:
        yield "moment", clause[slice(*place)] if place else labelled["rest"].strip()
    elif _CALLS.search(clause):
        yield from _of_call(clause, today)
    elif place is not None and _is_filler(f"{clause[: place[0]]} {clause[place[1] :]}"):
        yield "moment", clause[slice(*place)]
    elif (_NAMES.match(clause) or _TITLED.match(clause)) and (name := as_name(clause)):
        yield "name", name
    elif (about := _ABOUT.match(clause)) is not None:
        yield "question", about["rest"].strip()
    elif not _is_filler(clause):
        yield "left", clause.strip()


def _of_call(clause: str, today: date) -> Iterator[tuple[str, str]]:
    """The fields of a clause that asks to be called: when, and what about."""
    about = _ABOUT.search(clause)
    if about is not None:
        yield "question", about["rest"].strip()
        clause = clause[: about.start()]
    if (place := moment_in(clause, today)) is not None:
        yield "moment", clause[slice(*place)]


def _is_filler(text: str) -> bool:
    return set(normalise(text).split()) <= _FILLER
