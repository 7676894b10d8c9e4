"""The request to be called or written back: a form of a few questions, without the assistant.

It works while a customer waits for a person and when no model is loaded. Pure: a form and an
answer in, what comes of it out; the worker keeps the form with the hand-over after every answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Final, Literal

from bot.conversation import callback_moment
from bot.conversation import callback_texts as words
from bot.conversation.contact import contact_in, kind_of
from bot.messages import Choice, Outbound

Field = Literal["name", "contact", "moment", "question"]
Asked = Literal["name", "contact", "moment", "question", "confirm", "edit"]
_FIELDS: Final[tuple[Field, ...]] = ("name", "contact", "moment", "question")
#: Longest name, moment and question that are kept, in characters.
_LONGEST: Final[Mapping[Field, int]] = {
    "name": 80,
    "contact": 254,
    "moment": 120,
    "question": 1000,
}
#: More words than this are no name.
_NAME_WORDS: Final = 6


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
    """

    asked: Asked = "name"
    name: str = ""
    contact: str = ""
    moment: str = ""
    question: str = ""
    own: str = ""
    refused: int = 0

    def to_json(self) -> dict[str, object]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Form:
        """From plain data, also that of another version: what it does not know is asked again."""
        known = {field.name for field in fields(cls)}
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


def begin(question: str = "", own: str = "", earlier: Form | None = None) -> Form:
    """A form that asks its first question.

    Args:
        question: what the customer asked before, or empty: then it is asked.
        own: the number the customer writes from, or empty.
        earlier: a request that is left already: it can be changed.
    """
    if earlier is not None:
        return replace(earlier, asked="confirm", own=own, refused=0)
    return Form(question=question[: _LONGEST["question"]], own=own)


def ask(form: Form) -> Choice:
    """The message with the question that a form asks now."""
    if form.asked == "confirm":
        return words.confirmation(form.name, form.contact, form.moment, form.question)
    if form.asked == "edit":
        return words.which_to_change(kind_of(form.contact))
    return words.question(form.asked, form.own)


def answer(form: Form, said: str, payload: str | None, today: date) -> FormStep:
    """Takes a customer's answer into the form.

    Args:
        form: as it stands.
        said: the customer's words, cleaned; those of the option for a tap.
        payload: the option that was chosen, or None: the words are typed.
        today: the day it is for the organisation.
    """
    text = " ".join(said.split())
    if payload == words.LEAVE or words.leaves(text):
        return FormStep("left", form)
    if (field := words.field_of(payload)) is not None:
        return _asking(replace(form, asked=field))
    if form.asked == "confirm":
        return _confirmed(form, text, payload)
    if form.asked == "edit":
        chosen = words.field_named(text)
        return _asking(replace(form, asked=chosen)) if chosen else _refused(form)
    return _filled(form, form.asked, text, payload, today)


def _confirmed(form: Form, text: str, payload: str | None) -> FormStep:
    if payload == words.RIGHT or (payload is None and words.agrees(text)):
        return FormStep("done", form)
    if (found := contact_in(text)) is not None:
        return _asking(replace(form, contact=found.value))
    if (chosen := words.field_named(text)) is not None:
        return _asking(replace(form, asked=chosen))
    if payload == words.CHANGE or words.disagrees(text):
        return _asking(replace(form, asked="edit"))
    return _refused(form)


def _filled(form: Form, field: Field, text: str, payload: str | None, today: date) -> FormStep:
    """Takes a field's answer, and a number or address that comes with it."""
    if payload == words.OWN_NUMBER and form.own:
        return _next(replace(form, contact=form.own))
    chosen = words.moment_of(payload)
    if field == "moment" and form.moment and not chosen:
        chosen = callback_moment.chosen(text, form.moment, today)
    text = chosen or text
    contact = contact_in(text)
    if contact is not None and field != "question":
        form = replace(form, contact=contact.value)
        text = words.without_lead(f"{text[: contact.start]} {text[contact.end :]}")
    if field == "contact":
        return _next(form) if contact else _refused(form)
    value = _value(field, text)
    if value is not None and field == "moment" and not chosen:
        moment = callback_moment.read(value, today)
        if moment.choices:
            doubted = replace(form, moment=value, refused=0)
            return FormStep("asking", doubted, words.which_day(moment.choices))
        value = moment.words[: _LONGEST["moment"]] or None
    if value is not None:
        return _next(Form.from_json({**form.to_json(), field: value}))
    # "jan@example.nl" to the question for a name: that is taken, and the name asked again.
    return _asking(form) if contact and field == "name" else _refused(form)


def _value(field: Field, text: str) -> str | None:
    """The answer in a text, or None when there is none."""
    letters = sum(char.isalpha() for char in text)
    if field == "name":
        name = words.without_lead(text)
        if "?" in name or len(name.split()) > _NAME_WORDS or re.search(r"\d", name):
            return None
        return name[: _LONGEST["name"]] if sum(char.isalpha() for char in name) >= 2 else None
    if field == "moment":
        return text[: _LONGEST["moment"]] if letters or re.search(r"\d", text) else None
    return text[: _LONGEST["question"]] if letters >= 3 else None


def _next(form: Form) -> FormStep:
    """Goes on to the first field that is empty, then to the confirmation."""
    return _asking(replace(form, asked=next(_open_fields(form), "confirm")))


def _open_fields(form: Form) -> Iterator[Field]:
    """The fields that still have to be asked, in order."""
    mailed = kind_of(form.contact) == "email"
    for field in _FIELDS:
        if not getattr(form, field) and not (field == "moment" and mailed):
            yield field


def _asking(form: Form) -> FormStep:
    # A moment is for calling: it would be no promise for a mail.
    moment = "" if kind_of(form.contact) == "email" else form.moment
    form = replace(form, moment=moment, refused=0)
    return FormStep("asking", form, ask(form))


def _refused(form: Form) -> FormStep:
    form = replace(form, refused=form.refused + 1)
    own = form.own if form.asked == "contact" else ""
    return FormStep("asking", form, words.refusal(form.asked, form.refused, ask(form).options, own))
