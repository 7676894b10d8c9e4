"""The request to be called or written back: a form of a few questions, without the assistant.

Every message is read for all of them (`callback_reading`), the one that begins the form too; what
was told is not asked. It works while a customer waits for a person and when no model is loaded.
Pure: a form and an answer in, what comes of it out; the worker keeps the form with the hand-over
after every answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Final, Literal

from bot.conversation import callback_texts as words
from bot.conversation.callback_corrections import corrected, with_day_or_time
from bot.conversation.callback_moment import CallingHours, chosen, fit
from bot.conversation.callback_reading import (
    Told,
    as_name,
    moment_in,
    told,
    without_said_before,
)
from bot.conversation.contact import kind_of
from bot.dutch import clauses
from bot.messages import Choice, Outbound

Field = words.Field
Asked = Literal["name", "contact", "moment", "question", "confirm", "edit"]
_FIELDS: Final[tuple[Field, ...]] = ("name", "contact", "moment", "question")
#: Longest name, moment and question that are kept, in characters.
_LONGEST: Final[Mapping[Field, int]] = {
    "name": 80,
    "contact": 254,
    "moment": 120,
    "question": 1000,
}
#: With fewer words, such as "hoi", a message tells no matter.
_MATTER_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Form:
    """The call-back form as far as a customer has filled it in.

    Attributes:
        asked: what is asked now.
        name: the customer's name, or empty.
        contact: telephone number or e-mail address as `contact_in` writes it, or empty.
        moment: when it suits, in the customer's words, or empty; not asked for an e-mail.
        question: what the customer wants to know, or empty.
        own: the number the customer writes from, or empty: it can be chosen.
        refused: answers in a row that did not fit.
        hours: when people work, as a sentence, after a moment at which nobody does; else empty.
        days: after a moment whose day is in doubt: each day that it may be (ISO 8601), with the
            moment on that day; else empty.
    """

    asked: Asked = "name"
    name: str = ""
    contact: str = ""
    moment: str = ""
    question: str = ""
    own: str = ""
    refused: int = 0
    hours: str = ""
    days: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Form:
        """From plain data, also that of another version: what it does not know is asked again."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


@dataclass(frozen=True, slots=True)
class FormStep:
    """The outcome of an answer, and the form after it.

    Attributes:
        outcome: `asking` when the form goes on, `done` when the customer confirmed it, `left` when
            the customer left it.
        form: the form after the answer.
        message: what is said; None when done or left: the worker knows more to say then.
    """

    outcome: Literal["asking", "done", "left"]
    form: Form
    message: Outbound | None = None


def begin(
    question: str = "",
    own: str = "",
    earlier: Form | None = None,
    *,
    said: str = "",
    calling: CallingHours,
) -> Form:
    """A form that asks its first question.

    Args:
        question: what the customer asked before, or empty: then it is asked.
        own: the number the customer writes from, or empty.
        earlier: a request that is left already: it can be changed.
        said: the message that begins it; what it tells is taken.
        calling: when customers can be called.
    """
    form = earlier or Form(question=question[: _LONGEST["question"]])
    given = told(said, calling.today)
    form = _with(replace(form, own=own, refused=0), _begun(given), calling, anew=True)
    return _settled(replace(form, asked=next(_open_fields(form), "confirm")))


def ask(form: Form) -> Choice:
    """The message with the question that a form asks now."""
    if form.asked == "confirm":
        return words.confirmation(form.name, form.contact, form.moment, form.question)
    if form.asked == "edit":
        return words.which_to_change(kind_of(form.contact))
    doubted = form.asked == "moment" and form.days
    asked = words.which_day(form.days) if doubted else words.question(form.asked, form.own)
    if form.asked == "moment" and form.hours:
        return replace(asked, text=f"{form.hours} {asked.text}")
    return asked


def answer(form: Form, said: str, payload: str | None, calling: CallingHours) -> FormStep:
    """Takes a customer's answer into the form.

    Args:
        form: as it stands.
        said: the customer's words, cleaned; those of the option for a tap.
        payload: the option that was chosen, or None: the words are typed.
        calling: when customers can be called.
    """
    # A line is a part of its own; within it spaces say nothing.
    text = "\n".join(" ".join(line.split()) for line in said.splitlines() if line.strip())
    if payload == words.LEAVE or (payload is None and words.leaves(text)):
        return FormStep("left", form)
    if (to_change := words.field_of(payload)) is not None:
        return _asking(replace(form, asked=to_change))
    if payload == words.OWN_NUMBER and form.own:
        return _next(replace(form, contact=form.own))
    if form.asked == "confirm":
        return _confirmed(form, text, payload, calling)
    if form.asked == "edit":
        named = words.field_named(text)
        return _asking(replace(form, asked=named)) if named else _refused(form)
    if moment := words.moment_of(payload):
        return _filled(form, "moment", Told(moment=moment), calling)
    given = _answering(form.asked, text, calling.today)
    if form.asked == "moment" and form.days:
        # "Niet woensdag" chooses the other day; "weet ik niet" is no moment.
        other = given.moment if moment_in(text, calling.today) else ""
        given = replace(given, moment=chosen(text, form.days, calling.today) or other)
    return _filled(form, form.asked, given, calling)


def changed(request: Form, said: str, calling: CallingHours) -> FormStep | None:
    """The step that changes the number or the moment of a request that was left; None: it stays.

    Only what says nothing else changes it ("toch liever morgen"): any other words are for the
    person who will call.

    Args:
        request: as it was left.
        said: the customer's words, cleaned.
        calling: when customers can be called.
    """
    earlier = Told(request.name, request.contact, request.moment, request.question)
    given = corrected(said, earlier, calling.today)
    says_more = bool(given.left) and len(clauses.cut(said)) > 1
    if given.question or says_more or not (given.moment or given.contact):
        return None
    given = replace(given, name="")
    form = _with(replace(request, refused=0), given, calling, anew=True)
    if form.hours or form.days:
        return _asking(replace(form, asked="moment"))
    if (form.moment, form.contact) == (request.moment, request.contact):
        return None
    return _asking(replace(form, asked=next(_open_fields(form), "confirm")))


def _begun(given: Told) -> Told:
    """What the message that begins the form tells; what is left is the matter, or the name."""
    left = without_said_before(given.left)
    if not given.question and len(left.split()) >= _MATTER_WORDS:
        return replace(given, question=left)
    # "De Boer, 0612345678": beside a number stands a name.
    if given.contact and not given.name and re.match(r"[A-Z]|(?:de|van|ten|ter|den)\b", left):
        return replace(given, name=as_name(left))
    return given


def _confirmed(form: Form, text: str, payload: str | None, calling: CallingHours) -> FormStep:
    if payload == words.RIGHT or (payload is None and words.agrees(text)):
        return FormStep("done", form)
    if payload is None:
        earlier = Told(form.name, form.contact, form.moment, form.question)
        given = corrected(text, earlier, calling.today)
        changed = _with(form, given, calling, anew=True)
        if changed.hours or changed.days:
            return _asking(replace(changed, asked="moment"))
        if changed != form or given.contact:
            return _asking(replace(changed, asked=next(_open_fields(changed), "confirm")))
    if (named := words.field_named(text)) is not None:
        return _asking(replace(form, asked=named))
    if payload == words.CHANGE or words.disagrees(text):
        return _asking(replace(form, asked="edit"))
    return _refused(form)


def _filled(form: Form, asked: Field, given: Told, calling: CallingHours) -> FormStep:
    """Takes a field's answer, and whatever else comes with it."""
    filled = _with(form, given, calling, anew=False, asked=asked)
    if given.moment and (filled.hours or filled.days):
        filled = replace(filled, asked="moment")
    elif getattr(given, asked):
        return _next(filled)
    # An address, to the question for a name: it is taken, and the name asked again.
    return _asking(filled) if filled != form else _refused(form)


def _answering(field: Field, text: str, today: date) -> Told:
    """What an answer tells, with what is left as the answer to the question that was asked."""
    given = told(text, today)
    left = [part for part in given.left.split(", ") if part]
    if field == "question":
        only_others = not given.question and not left
        whole = without_said_before(text)
        kept = "" if only_others else given.question if not left else whole
        return replace(given, question=kept if sum(map(str.isalpha, kept)) >= 3 else "")
    if field == "name" and not given.name:
        name = next((name for part in left if (name := as_name(words.without_lead(part)))), "")
        others = ", ".join(part for part in left if as_name(words.without_lead(part)) != name)
        given = replace(given, name=name)
        if name and not given.question and len(others.split()) >= _MATTER_WORDS:
            given = replace(given, question=others)
    if field == "moment" and not given.moment and left and "?" not in text:
        given = replace(given, moment=given.left)
    return given


def _with(
    form: Form, given: Told, calling: CallingHours, *, anew: bool, asked: Field | None = None
) -> Form:
    """The form with what was told.

    Args:
        form: as it stands.
        given: what a message tells.
        calling: when customers can be called.
        anew: whether it takes the place of earlier answers; a number or address always does.
        asked: the field that the message answers; its value is taken in any case.
    """
    told_now: tuple[Field, ...] = ("name", "contact", "question")
    for name in told_now:
        value = " ".join(getattr(given, name).split())[: _LONGEST[name]]
        if value and (anew or name in ("contact", asked) or not getattr(form, name)):
            form = Form.from_json({**form.to_json(), name: value})
    if given.moment and (anew or asked == "moment" or not form.moment):
        meant = chosen(given.moment, form.days, calling.today)
        found = fit(meant or with_day_or_time(given.moment, form.moment, calling.today), calling)
        moment = found.moment[: _LONGEST["moment"]]
        form = replace(form, moment=moment, hours=found.hours, days=found.days)
    return form


def _next(form: Form) -> FormStep:
    """Goes on to the first field that is empty, then to the confirmation."""
    return _asking(replace(form, asked=next(_open_fields(form), "confirm")))


def _open_fields(form: Form) -> Iterator[Field]:
    """The fields that still have to be asked, in order."""
    mailed = kind_of(form.contact) == "email"
    for each in _FIELDS:
        if not getattr(form, each) and not (each == "moment" and mailed):
            yield each


def _asking(form: Form) -> FormStep:
    form = _settled(form)
    return FormStep("asking", form, ask(form))


def _settled(form: Form) -> Form:
    # A moment is for calling: it would be no promise for a mail.
    mailed = kind_of(form.contact) == "email"
    asked = "confirm" if form.asked == "moment" and mailed else form.asked
    form = replace(form, asked=asked, moment="" if mailed else form.moment, refused=0)
    return replace(form, hours="", days={}) if mailed or form.moment else form


def _refused(form: Form) -> FormStep:
    form = replace(form, refused=form.refused + 1)
    own = form.own if form.asked == "contact" else ""
    asked = "which_day" if form.asked == "moment" and form.days else form.asked
    return FormStep("asking", form, words.refusal(asked, form.refused, ask(form).options, own))
