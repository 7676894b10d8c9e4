"""The Dutch words of the desk: channels, reasons, how far a message came, times. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers

from bot.channel_profiles import ChannelProfile
from bot.dutch.calendar import MONTHS, WEEKDAYS

REASONS: Final[Mapping[str, str]] = {
    "asked": "Vroeg om een medewerker",
    "loop": "Gesprek liep vast",
    "not_understood": "Niet begrepen",
    "sensitive": "Gevoelig onderwerp",
    "complaint": "Klacht",
    "verification_failed": "Gegevens kloppen niet",
    "low_rating": "Laag cijfer gegeven",
    "system_failure": "Storing bij de assistent",
}
NO_TOPIC: Final = "Onderwerp nog niet bekend"
#: How far a message came, on channels whose provider takes it.
_STATUS: Final[Mapping[str, str]] = {
    "queued": "wordt verstuurd",
    "sending": "wordt verstuurd",
    "sent": "verzonden",
    "delivered": "afgeleverd",
    "read": "gelezen",
    "failed": "mislukt",
    "dead": "mislukt",
}
#: Where the customer's own page fetches messages, "sent" means that the page has it.
_FETCHED_STATUS: Final[Mapping[str, str]] = {
    **_STATUS,
    "queued": "wacht tot de klant de chat opent",
    "sent": "afgeleverd",
}
#: Why a message did not arrive, by the word in `deliveries.error`.
_WHY: Final[Mapping[str, str]] = {
    "opted_out": "de klant wil geen berichten meer (STOP)",
    "window_closed": "de {hours} uur van {label} zijn voorbij",
    "window_closed invited": "de {hours} uur van {label} zijn voorbij; de klant kreeg een "
    "uitnodiging",
    "undisclosed": "de melding dat een AI-assistent antwoordt, kwam niet aan",
    "dismissed": "niet opnieuw verstuurd",
}
UNSURE: Final = "niet zeker of het aankwam"
#: What happened to a message that may have arrived, by the word after `ambiguous`.
_DOUBTS: Final[Mapping[str, str]] = {
    "interrupted": "Loket stopte tijdens het versturen",
    "timeout": "De aanbieder antwoordde niet op tijd",
    "TimeoutError": "De aanbieder antwoordde niet op tijd",
    "broken_off": "De verbinding brak af",
    "cut_off": "De verbinding brak af",
}
_MINUTE: Final = timedelta(minutes=1)


def reason(why: str) -> str:
    """Why a conversation came to the desk."""
    return REASONS.get(why, "Vraag voor een medewerker")


def delivery(channel: ChannelProfile, status: str, error: str) -> str:
    """How far a message came; when it failed also why.

    Args:
        channel: by which it goes.
        status: as in `bot.store.delivery_status`.
        error: the word or code of what went wrong; empty when nothing did.
    """
    words = (_FETCHED_STATUS if channel.fetched else _STATUS).get(status, "")
    if status not in ("failed", "dead"):
        return words
    if is_doubt(error):
        return UNSURE
    return f"{words}: {_why(channel, error)}" if error else words


def is_doubt(error: str) -> bool:
    """Whether a message with this error may have arrived."""
    return error == "interrupted" or error.startswith("ambiguous")


def doubt(error: str) -> str:
    """Why nobody knows whether a message arrived."""
    what = error.removeprefix("ambiguous").strip()
    if what.isdecimal():
        return f"De aanbieder gaf een foutmelding ({what})"
    return _DOUBTS.get(what, "De aanbieder gaf geen duidelijk antwoord")


def _why(channel: ChannelProfile, error: str) -> str:
    if error.startswith("gave_up"):
        return "de aanbieder was een dag lang niet bereikbaar"
    if (why := _WHY.get(error)) is None:
        return f"de aanbieder nam het niet aan (fout {error})"
    return why.format(hours=channel.window_hours, label=channel.label)


def customer(channel: ChannelProfile, *known: str) -> str:
    """How the desk calls a customer: by telephone number where an address is one.

    Args:
        channel: on which the customer is.
        known: the customer's addresses within it, the likeliest first.
    """
    for address in known if channel.address == "phone" else ():
        digits = address.removeprefix("+")
        if digits.isdecimal() and len(digits) >= 8:
            return _number(digits)
    return channel.customer


def _number(digits: str) -> str:
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{digits}"
    form = phonenumbers.PhoneNumberFormat
    dutch = parsed.country_code == 31
    return str(phonenumbers.format_number(parsed, form.NATIONAL if dutch else form.INTERNATIONAL))


def lasted(span: timedelta) -> str:
    """A length of time in whole minutes: `< 1 min`, `12 min`, `1 u 05`, `3 dagen`."""
    minutes = max(0, span // _MINUTE)
    if minutes < 1:
        return "< 1 min"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} u {minutes:02d}"
    days = hours // 24
    return "1 dag" if days == 1 else f"{days} dagen"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """A time of day, as `14:05`."""
    return at.astimezone(zone).strftime("%H:%M")


def day(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A day as it is spoken of now: `Vandaag`, `Gisteren`, `maandag 2 november`."""
    then, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if then == today:
        return "Vandaag"
    if then == today - timedelta(days=1):
        return "Gisteren"
    words = f"{WEEKDAYS[then.weekday()]} {then.day} {MONTHS[then.month - 1]}"
    return words if then.year == today.year else f"{words} {then.year}"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A time, with its day when that is not today: `14:05`, `gisteren 14:05`."""
    which = day(at, now, zone)
    return clock(at, zone) if which == "Vandaag" else f"{which.lower()} {clock(at, zone)}"
