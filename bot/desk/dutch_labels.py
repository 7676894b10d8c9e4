"""Dutch words at the desk for channels, reasons, delivery statuses, customers and times. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers

from bot.catalogue import group, say
from bot.channel_profiles import ChannelProfile
from bot.dutch.calendar import MONTHS, WEEKDAYS
from bot.records.handover_record import Handover

#: Dutch words for why a message is in doubt, by the word after `ambiguous`.
_DOUBTS: Final = frozenset({"interrupted", "timeout", "cut_off"})
_DOUBT_ALIASES: Final[Mapping[str, str]] = {"TimeoutError": "timeout", "broken_off": "cut_off"}
_MINUTE: Final = timedelta(minutes=1)


def reason(why: str) -> str:
    """The words for why a conversation came to the desk."""
    return group("desk.reason").get(why) or say("desk.reason_unknown")


def settled(handover: Handover, *, bare: bool = False) -> str:
    """The words for what was agreed when a conversation was closed; empty where nothing was.

    Words that the customer never read are not called an agreement.

    Args:
        handover: the hand-over.
        bare: whether an agreement stands under a heading of its own.
    """
    if not handover.settled:
        return ""
    if handover.is_silent:
        return say("desk_page.state_private", settled=handover.settled)
    return handover.settled if bare else say("desk_page.state_settled", settled=handover.settled)


def resolution(what: str | None) -> str:
    """The words for what came of a conversation; empty where nobody said so."""
    return group("desk.resolution").get(what or "", "")


def delivery(channel: ChannelProfile, status: str, error: str) -> str:
    """The words for how far a message came; when it failed also why.

    Args:
        channel: by which it goes.
        status: as in `bot.store.delivery.delivery_status`.
        error: the word or code of what went wrong; empty when nothing did.
    """
    # Where the customer's own page fetches messages, a message waits for that page.
    fetched = group("desk.status_fetched").get(status) if channel.fetched else None
    words = fetched or group("desk.status").get(status, "")
    if status not in ("failed", "dead"):
        return words
    if is_doubt(error):
        return say("desk.status_unsure")
    return f"{words}: {_why(channel, error)}" if error else words


def is_doubt(error: str) -> bool:
    """Whether a message with this error may have arrived."""
    return error == "interrupted" or error.startswith("ambiguous")


def doubt(error: str) -> str:
    """The words for why nobody knows whether a message arrived."""
    what = error.removeprefix("ambiguous").strip()
    if what.isdecimal():
        return say("desk.doubt.error", error=what)
    known = _DOUBT_ALIASES.get(what, what)
    return say(f"desk.doubt.{known if known in _DOUBTS else 'other'}")


def _why(channel: ChannelProfile, error: str) -> str:
    if error.startswith("gave_up"):
        return say("desk.why.gave_up")
    # Both with the provider's code behind them.
    for word in ("kept_failing", "overtaken"):
        if error.startswith(word):
            return say(f"desk.why.{word}")
    match error:
        case "window_closed":
            hours, label = channel.window_hours, channel.label
            return say("desk.why.window_closed", hours=hours, channel=label)
        case "window_closed invited":
            hours, label = channel.window_hours, channel.label
            return say("desk.why.window_closed_invited", hours=hours, channel=label)
        case "opted_out" | "undisclosed" | "dismissed":
            return say(f"desk.why.{error}")
        case _:
            return say("desk.why.refused", error=error)


def customer(channel: ChannelProfile, *known: str, name: str = "", number: str = "") -> str:
    """What a customer is called at the head of a page.

    Args:
        channel: on which the customer is.
        known: the customer's addresses within it, the likeliest first.
        name: the one that was given, or empty; it goes before all else.
        number: of an order, say; for who has no telephone number there.
    """
    kind = channel.customer or say("desk.customer_via", channel=channel.label)
    return name or phone(channel, *known) or number or kind


def phone(channel: ChannelProfile, *known: str) -> str:
    """The first telephone number among a customer's addresses, as people write it, or empty.

    Args:
        channel: on which the customer is.
        known: the customer's addresses within it, the likeliest first.
    """
    for address in known:
        digits = address.removeprefix("+")
        if channel.address == "phone" and digits.isdecimal() and len(digits) >= 8:
            return _number(digits)
    return ""


def _number(digits: str) -> str:
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{digits}"
    form = phonenumbers.PhoneNumberFormat
    dutch = parsed.country_code == 31
    return str(phonenumbers.format_number(parsed, form.NATIONAL if dutch else form.INTERNATIONAL))


def decimal(number: float) -> str:
    """A number with one decimal, as `4,2`."""
    return f"{number:.1f}".replace(".", ",")


def lasted(span: timedelta) -> str:
    """A length of time in whole minutes: `< 1 min`, `12 min`, `1 u 05`, `3 dagen`."""
    minutes = max(0, span // _MINUTE)
    if minutes < 1:
        return say("desk_page.script.lasted_moment")
    if minutes < 60:
        return say("desk_page.script.lasted_minutes", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return say("desk_page.script.lasted_hours", hours=hours, minutes=f"{minutes:02d}")
    days = hours // 24
    return (
        say("desk_page.script.lasted_day")
        if days == 1
        else say("desk_page.script.lasted_days", days=days)
    )


def clock(at: datetime, zone: ZoneInfo) -> str:
    """A time of day, as `14:05`."""
    return at.astimezone(zone).strftime("%H:%M")


def day(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A day in words, seen from today: `Vandaag`, `Gisteren`, `Morgen`, `maandag 2 november`."""
    then, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if then == today + timedelta(days=1):
        return say("desk.tomorrow")
    if then == today:
        return say("desk.today")
    if then == today - timedelta(days=1):
        return say("desk.yesterday")
    words = f"{WEEKDAYS[then.weekday()]} {then.day} {MONTHS[then.month - 1]}"
    return words if then.year == today.year else f"{words} {then.year}"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A time, with its day when that is not today: `14:05`, `gisteren 14:05`."""
    which = day(at, now, zone)
    return clock(at, zone) if which == say("desk.today") else f"{which.lower()} {clock(at, zone)}"
