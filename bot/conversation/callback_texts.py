"""The messages of the call-back form, and how it reads a customer's words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from bot.catalogue import group, say
from bot.conversation.contact import kind_of
from bot.conversation.escape import normalise
from bot.conversation.leaving_queue import leaving
from bot.conversation.option_matching import CANCEL
from bot.dutch import clauses
from bot.dutch.calendar import MONTHS, WEEKDAYS
from bot.messages import Choice, Option

Field = Literal["name", "contact", "moment", "question"]

#: Payloads of options: start the form, leave it, all is right, something must change.
START: Final = "/callback"
LEAVE: Final = CANCEL
RIGHT: Final = "/callback_right"
CHANGE: Final = "/callback_change"
#: Payload of the option "the number I write from".
OWN_NUMBER: Final = "/callback_own_number"
_EDIT: Final = "/callback_edit"
_MOMENT: Final = "/callback_moment"

_AGREES: Final = re.compile(
    r"((ja|ok|oke|nou|hm+|prima|goed) )*(ja|klopt|dat klopt|juist|correct|akkoord|ok|oke|prima|"
    r"goed|is goed|in orde|yes|jep|graag|doe( dat)? maar|dat is goed|dat mag)"
    r"( hoor| graag| helemaal| zo| klopt| dan| maar| aub| svp)*"
)
#: "Ok" hears an offer; one of these takes it.
_TAKES: Final = re.compile(r"\b(ja|yes|jep|graag|doe|mag)\b")
_DISAGREES: Final = re.compile(r"(nee|neen|niet|fout|verkeerd|aanpassen|wijzig\w*|ander\w*)\b.*")
_DECLINES: Final = re.compile(
    r"(nee|neen|nee nee|hoeft niet|laat maar|niet nodig)"
    r"( (hoor|dank\w*|dank u|hoeft niet|bedankt))*"
)
_FIELDS: Final[tuple[tuple[Field, str], ...]] = (
    ("contact", r"\b(nummer|telefoon\w*|tel|mobiel|e?mail\w*|adres)\b"),
    ("name", r"\b(\w*naam|namen|dubbele?|letters?)\b"),
    ("moment", r"\b(moment|tijd\w*|tijdstip|dag|later|eerder|vroeger)\b"),
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
#: Words that ask to be called or written back.
_WISHES: Final = re.compile(
    r"\b(bel|belt)\b.{0,20}\b(me|mij|ons|terug)\b|\bterug ?(bel|mail)\w*|"
    r"\b(me|mij|ons)\b.{0,20}\b(bel|belt|bellen)\b|"
    r"\bmailt? (me|mij)( (maar|dan|even|liever|gewoon|terug|aub|svp|op|terug))*$|"
    r"\b(me|mij)( (maar|dan|ook|even|liever|gewoon|beter))* (mailen|mailt)\b|"
    r"\b(terug|op) ?(ge|te )?(bel|mail)\w*|\bgebeld worden\b|\bteruggebeld\b"
)
#: "Bel mij niet", "geen terugbelverzoek"; not "kunt u mij niet bellen", "bel me niet voor 10 uur".
_NO_WISH: Final = re.compile(
    r"\b(geen|gin|zonder|hoeft?|hoeven)\b|^(?!.*\b(kan|kunt|kun|waarom)\b).*\bnie?t\b"
    r"(?! (op|voor|na|om|in|te|later|eerder|alleen|zo|vandaag|morgen|\w+dag)\b)"
)
#: "Kan de monteur mij bellen": somebody else is to call.
_ANOTHER: Final = re.compile(
    r"\b(de|een|die|mijn|het) (?!klantenservice|helpdesk|mede\w+|collega\w*)\w+ (mij|me|ons)\b"
)


def start() -> Option:
    """The option that starts the form."""
    return Option(say("button.call_back"), START)


def leave() -> Option:
    """The option that leaves the form."""
    return Option(say("button.stop"), LEAVE)


def wishes(text: str) -> bool:
    """Whether a customer asks to be called or written back: "bel mij terug"."""
    for clause in clauses.cut(text):
        plain = normalise(clause.text)
        if _WISHES.search(plain) and not _NO_WISH.search(plain) and not _ANOTHER.search(plain):
            return True
    return False


def leaves(text: str) -> bool:
    """Whether a customer leaves the form: "laat maar", "hoeft niet"."""
    left = leaving(text)
    return left is not None and left.only


def agrees(text: str) -> bool:
    """Whether words say that all is right."""
    return _AGREES.fullmatch(normalise(text)) is not None


def accepts(text: str) -> bool:
    """Whether words take an offer up: "ja graag", "doe maar"; "ok" may only have heard it."""
    return agrees(text) and _TAKES.search(normalise(text)) is not None


def declines(text: str) -> bool:
    """Whether words turn an offer down."""
    return _DECLINES.fullmatch(normalise(text)) is not None


def disagrees(text: str) -> bool:
    """Whether words say that something is not right."""
    return _DISAGREES.match(normalise(text)) is not None


def without_lead(text: str) -> str:
    """An answer without the words around it: `Jan` of "mijn naam is Jan en"."""
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
        text = say("callback.question.own_number", number=own)
        return Choice(text, (Option(say("button.own_number"), OWN_NUMBER), leave()))
    moments = group("button.moment").values() if field == "moment" else ()
    offered = (_moment(each, each) for each in moments)
    return Choice(say(f"callback.question.{field}"), (*offered, leave()))


def which_day(days: Mapping[str, str]) -> Choice:
    """The question which of several days is meant; for a moment, where only one of them fits.

    Args:
        days: each (ISO 8601), with the moment that it stands for.
    """
    offered = (_moment(_title(date.fromisoformat(day)), days[day]) for day in sorted(days))
    asked = "which_day" if len(days) > 1 else "moment"
    return Choice(say(f"callback.question.{asked}"), (*offered, leave()))


def _title(day: date) -> str:
    """A day on a button, in at most 15 characters: `Wo 2 december`."""
    return f"{WEEKDAYS[day.weekday()][:2].capitalize()} {day.day} {MONTHS[day.month - 1]}"


def _moment(title: str, moment: str) -> Option:
    return Option(title, f"{_MOMENT}{json.dumps({'is': moment})}")


def refusal(asked: str, times: int, options: tuple[Option, ...], own: str) -> Choice:
    """The message to an answer that does not fit, never the same twice in a row.

    Args:
        asked: what was asked.
        times: answers in a row that did not fit, this one included.
        options: what can be chosen.
        own: the number that can be chosen, or empty.
    """
    variant = "second" if times % 2 == 0 else "first"
    text = say(f"callback.refusal.{asked}.{variant}", **_titles(asked, variant))
    if own:
        number = say("callback.or_own_number", button=say("button.own_number"), number=own)
        text = f"{text} {number}"
    if times > 2:
        text = f"{text} {say('callback.may_stop')}"
    return Choice(text, options)


def _titles(asked: str, variant: str) -> dict[str, str]:
    """The titles of buttons that a refusal names."""
    if (asked, variant) == ("moment", "second"):
        return {"soon": say("button.moment.soon")}
    if (asked, variant) == ("confirm", "first"):
        return {"right": say("button.right"), "change": say("button.change")}
    return {}


def confirmation(name: str, contact: str, moment: str, asked: str) -> Choice:
    """All answers, to be confirmed."""
    lines = [say("callback.question.confirm"), *_lines(name, contact, moment, asked)]
    right = Option(say("button.right"), RIGHT)
    change = Option(say("button.change"), CHANGE)
    return Choice("\n".join(lines), (right, change, leave()))


def which_to_change(kind: Literal["phone", "email"]) -> Choice:
    """The question which answer must be changed."""
    options = (
        Option(title, f'{_EDIT}{{"field": "{field}"}}')
        for field, title in group("button.field").items()
        if not (field == "moment" and kind == "email")
    )
    return Choice(say("callback.question.edit"), (*options, leave()))


def noted(name: str, contact: str, moment: str, asked: str, when: str) -> str:
    """The confirmation in writing.

    Args:
        name: the customer's name.
        contact: how to reach the customer.
        moment: when it suits, or empty.
        asked: the question.
        when: from when people work, as a sentence; empty while they do.
    """
    lines = [promise(contact)]
    lines += _lines(name, contact, moment, asked)
    lines.append(f"{when} {say('callback.write_on')}".strip())
    return "\n".join(lines)


def promise(contact: str) -> str:
    """Says what a customer who left a request may expect.

    Args:
        contact: how to reach the customer.
    """
    mailed = kind_of(contact) == "email"
    return say("callback.promise_mail") if mailed else say("callback.promise_call")


def _lines(name: str, contact: str, moment: str, asked: str) -> list[str]:
    way = "email" if kind_of(contact) == "email" else "phone"
    given = [("name", name), (way, contact), ("moment", moment), ("question", asked)]
    return [say(f"callback.line.{line}", value=value) for line, value in given if value]
