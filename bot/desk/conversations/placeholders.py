"""Placeholders of canned answers, such as `{naam_klant}`: what they are, and their values. Pure.

Besides the fixed ones there is one for everything that a customer can tell the assistant: the
label that agents read in the summary, in small letters, its words joined by `_`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.catalogue import say
from bot.conversation.opening_hours import say_hours
from bot.desk.errors import Unusable
from bot.organisation import Organisation
from bot.records.handover_record import Handover

#: Those that every assistant has, in the order in which supervisors read them.
FIXED: Final = (
    "naam_medewerker",
    "naam_klant",
    "nummer",
    "onderwerp",
    "team",
    "organisatie",
    "telefoon",
    "email",
    "website",
    "openingstijden",
)
_FORM: Final = re.compile(r"\{([a-z0-9_]+)\}")
_SLASHED: Final = re.compile(r"/[^\W_][\w-]{0,31}")
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")


def named(label: str) -> str:
    """The placeholder's name for a label: `house_number` for "House number"."""
    plain = unicodedata.normalize("NFKD", label.lower()).encode("ascii", "ignore").decode()
    return _NO_WORD.sub("_", plain).strip("_")


def known(organisation: Organisation) -> tuple[str, ...]:
    """All names that may stand between braces."""
    told = (
        named(label)
        for topic in organisation.topics
        for key, label in topic.labels.items()
        if "=" not in key
    )
    return tuple(dict.fromkeys([*FIXED, *(each for each in told if each)]))


def values(
    organisation: Organisation, handover: Handover, agent: str, customer: str, now: datetime
) -> Mapping[str, str]:
    """The values that are known for a conversation, by name.

    Args:
        organisation: the organisation.
        handover: the conversation's hand-over.
        agent: name of the agent who answers.
        customer: the name that the customer gave, or empty.
        now: the present.
    """
    stored, local = handover.summary, organisation.local(now)
    proved = [*(stored.get("proved") or ()), *(stored.get("unproved") or ())]
    today, hours = local.date(), organisation.hours(local.year, handover.team)
    told = {named(str(label)): str(value) for label, value in (stored.get("data") or {}).items()}
    found = told | {
        "naam_medewerker": agent,
        "naam_klant": customer,
        "nummer": str(proved[0]) if proved else "",
        "onderwerp": organisation.labels.get(handover.topic, ""),
        "team": organisation.team(handover.team).name,
        "organisatie": organisation.name,
        "telefoon": organisation.phone,
        "email": organisation.email,
        "website": organisation.website,
        "openingstijden": say_hours(today, today, hours).strip(),
    }
    return {name: value for name, value in found.items() if value}


def fill(text: str, found: Mapping[str, str]) -> str:
    """A text with what is known filled in; the rest stays as it is, for the agent to see."""
    return _FORM.sub(lambda match: found.get(match[1], match[0]), text)


def inside(text: str) -> tuple[str, ...]:
    """The names between braces in a text, each once."""
    return tuple(dict.fromkeys(_FORM.findall(text)))


def check_filled(text: str, organisation: Organisation) -> None:
    """Checks that no placeholder is left in a text for a customer, and that it is no `/word`.

    Raises:
        Unusable: one is left, or a canned answer's word stands there in its place.
    """
    if _SLASHED.fullmatch(text.strip()):
        raise Unusable(say("desk.refused.slashed", what=text.strip()))
    names = set(known(organisation))
    left = [f"{{{name}}}" for name in inside(text) if name in names]
    if left:
        raise Unusable(say("desk.refused.unfilled", what=", ".join(left)))
