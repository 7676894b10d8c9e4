"""What the call-back form says and understands. Dutch, level B1, "u"."""

from __future__ import annotations

import json
import re
from typing import Final, Literal

from bot.conversation.choices import CANCEL
from bot.conversation.contact import kind_of
from bot.conversation.escape import normalise
from bot.messages import Choice, Option

Field = Literal["name", "contact", "moment", "question"]

#: Starts the form.
START = Option("Bel of mail mij", "/callback")
LEAVE = Option("Stoppen", CANCEL)
RIGHT = Option("Klopt", "/callback_right")
CHANGE = Option("Aanpassen", "/callback_change")
#: Payload of "the number I write from".
OWN_NUMBER: Final = "/callback_own_number"
_EDIT: Final = "/callback_edit"
_MOMENT: Final = "/callback_moment"
_MOMENTS: Final = ("Zo snel mogelijk", "Ochtend", "Middag")

_LEAVES: Final = re.compile(
    r"(ik wil |wil )?(stop|stoppen|annuleer|annuleren|laat maar( zitten)?|toch niet|hoeft niet"
    r"( meer)?|cancel)( hiermee| ermee| maar| aub| svp)*"
)
_AGREES: Final = re.compile(
    r"(ja )?(ja|klopt|dat klopt|juist|correct|akkoord|ok|oke|prima|goed|is goed|in orde|yes|jep)"
    r"( hoor| graag| helemaal| zo| klopt)*"
)
_DISAGREES: Final = re.compile(r"(nee|neen|niet|fout|verkeerd|aanpassen|wijzig\w*|ander\w*)\b.*")
_DECLINES: Final = re.compile(
    r"(nee|neen|nee nee|hoeft niet|laat maar|niet nodig)"
    r"( (hoor|dank\w*|dank u|hoeft niet|bedankt))*"
)
_FIELDS: Final[tuple[tuple[Field, str], ...]] = (
    ("contact", r"\b(nummer|telefoon\w*|tel|mobiel|e?mail\w*|adres)\b"),
    ("name", r"\b(naam|namen)\b"),
    ("moment", r"\b(moment|tijd\w*|tijdstip|dag)\b"),
    ("question", r"\b(vraag)\b"),
)
_LEAD: Final = re.compile(
    r"^\W*((mijn (naam|nummer|mail|e-mail)( is)?|ik ben|ik heet|naam|met|dit is|de naam is|en|of)"
    r"\b\W*)+",
    re.IGNORECASE,
)
# Begins where such a row of signs does, so that each is looked at twice at most.
_TAIL: Final = re.compile(
    r"(?<![\s,;:.-])(?:[\s,;:.-]*+\b(?:en|of|op|nummer|tel|mail|e-mail|is|mijn)[\s,;:.-]*+$"
    r"|\b[\s,;:.-]*+$)",
    re.IGNORECASE,
)
#: Asks to be called or written back.
_WISHES: Final = re.compile(
    r"\b(bel|belt|mail|mailt)\b.{0,20}\b(me|mij|terug)\b|\bterug ?(bel|mail)\w*|"
    r"\b(me|mij)\b.{0,20}\b(bellen|mailen)\b|"
    r"\b(terug|op) ?(ge|te )?(bel|mail)\w*|\bgebeld worden\b|\bteruggebeld\b"
)

_QUESTIONS: Final = {
    "name": "Wat is uw naam?",
    "contact": "Op welk telefoonnummer of e-mailadres kunnen wij u bereiken?",
    "moment": "Wanneer kunnen wij u het best bellen? Kies, of typ een dag en tijd.",
    "question": "Wat is uw vraag? Dan weet de medewerker waar het over gaat.",
}
_REFUSALS: Final = {
    "name": (
        "Ik zie daar geen naam in. Typ alleen uw naam, bijvoorbeeld: Jan de Vries.",
        "Typ hier alleen uw naam, zonder cijfers of vraag.",
    ),
    "contact": (
        "Dat nummer of adres klopt niet helemaal. Typ het zo: 06 12345678, of naam@voorbeeld.nl.",
        "Wij hebben een nummer nodig met alle 10 cijfers, of een volledig e-mailadres.",
    ),
    "moment": (
        "Typ een dag of een tijd, bijvoorbeeld: morgen na 14 uur.",
        "Weet u het niet? Kies ‘Zo snel mogelijk’.",
    ),
    "question": (
        "Typ uw vraag in een paar woorden.",
        "Een paar woorden is genoeg, bijvoorbeeld: mijn retour is niet betaald.",
    ),
    "confirm": (
        "Kies ‘Klopt’ als alles goed is, of ‘Aanpassen’.",
        "Klopt het zo? Typ ‘klopt’ of ‘aanpassen’.",
    ),
    "edit": ("Kies wat er anders moet.", "Wat wilt u aanpassen? Kies hieronder."),
}


def wishes(text: str) -> bool:
    """Whether a customer asks to be called or written back: "bel mij terug"."""
    return _WISHES.search(normalise(text)) is not None


def leaves(text: str) -> bool:
    """Whether a customer leaves the form: "laat maar"."""
    return _LEAVES.fullmatch(normalise(text)) is not None


def agrees(text: str) -> bool:
    """Whether words say that all is right."""
    return _AGREES.fullmatch(normalise(text)) is not None


def declines(text: str) -> bool:
    """Whether words turn an offer down."""
    return _DECLINES.fullmatch(normalise(text)) is not None


def disagrees(text: str) -> bool:
    """Whether words say that something is not right."""
    return _DISAGREES.match(normalise(text)) is not None


def without_lead(text: str) -> str:
    """What somebody gives, without the words around it: `Jan` of "mijn naam is Jan en"."""
    return _TAIL.sub("", _LEAD.sub("", text)).strip()


def field_of(payload: str | None) -> Field | None:
    """The field that an option wants changed, or None."""
    if payload is None or not payload.startswith(_EDIT):
        return None
    field: Field = json.loads(payload.removeprefix(_EDIT))["field"]
    return field


def field_named(text: str) -> Field | None:
    """The field that words name ("het nummer klopt niet"), or None."""
    plain = normalise(text)
    return next((field for field, names in _FIELDS if re.search(names, plain)), None)


def moment_of(payload: str | None) -> str:
    """The moment that an option stands for, or empty."""
    if payload is None or not payload.startswith(_MOMENT):
        return ""
    return str(json.loads(payload.removeprefix(_MOMENT))["is"])


def question(field: Field, own: str) -> Choice:
    """The question for a field.

    Args:
        field: which.
        own: the number the customer writes from, or empty.
    """
    if field == "contact" and own:
        text = f"Kunnen wij u bellen op {own}? Of typ een ander nummer of e-mailadres."
        return Choice(text, (Option("Dit nummer", OWN_NUMBER), LEAVE))
    moments = _MOMENTS if field == "moment" else ()
    offered = (Option(each, f'{_MOMENT}{{"is": "{each}"}}') for each in moments)
    return Choice(_QUESTIONS[field], (*offered, LEAVE))


def refusal(asked: str, times: int, options: tuple[Option, ...], own: str) -> Choice:
    """What is said to an answer that does not fit, never the same twice in a row.

    Args:
        asked: what was asked.
        times: answers in a row that did not fit, this one included.
        options: what can be chosen.
        own: the number that can be chosen, or empty.
    """
    variants = _REFUSALS[asked]
    text = variants[(times - 1) % len(variants)]
    if own:
        text = f"{text} Of kies ‘Dit nummer’: {own}."
    if times > 2:
        text = f"{text} U kunt ook stoppen: een medewerker leest dit gesprek, en antwoordt hier."
    return Choice(text, options)


def confirmation(name: str, contact: str, moment: str, asked: str) -> Choice:
    """All answers, to be confirmed."""
    lines = ["Klopt dit?", *_lines(name, contact, moment, asked)]
    return Choice("\n".join(lines), (RIGHT, CHANGE, LEAVE))


def which_to_change(kind: Literal["phone", "email"]) -> Choice:
    """The question what must be changed."""
    named: list[tuple[Field, str]] = [
        ("name", "Naam"),
        ("contact", "Nummer of e-mail"),
        ("moment", "Moment"),
        ("question", "Vraag"),
    ]
    options = (
        Option(title, f'{_EDIT}{{"field": "{field}"}}')
        for field, title in named
        if not (field == "moment" and kind == "email")
    )
    return Choice("Wat wilt u aanpassen?", (*options, LEAVE))


def noted(name: str, contact: str, moment: str, asked: str, when: str) -> str:
    """The confirmation in writing.

    Args:
        name: who asked.
        contact: how to reach them.
        moment: when it suits, or empty.
        asked: the question.
        when: from when people work, as a sentence; empty while they do.
    """
    lines = [promise(contact)]
    lines += _lines(name, contact, moment, asked)
    lines.append(f"{when} U kunt hier ook gewoon verder schrijven.".strip())
    return "\n".join(lines)


def promise(contact: str) -> str:
    """What who left a request may expect.

    Args:
        contact: how to reach them.
    """
    how = "Wij mailen u." if kind_of(contact) == "email" else "Wij bellen u."
    return f"Uw verzoek staat bij onze medewerkers. {how}"


def _lines(name: str, contact: str, moment: str, asked: str) -> list[str]:
    label = "E-mail" if kind_of(contact) == "email" else "Telefoon"
    given = [("Naam", name), (label, contact), ("Moment", moment), ("Vraag", asked)]
    return [f"{title}: {value}" for title, value in given if value]
