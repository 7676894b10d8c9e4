"""Turns the store's values of a conversation into the lines that an agent's page shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from bot.catalogue import group, say
from bot.channel_profiles import ChannelProfile
from bot.conversation import built_in_messages
from bot.desk import dutch_labels
from bot.desk.pages.file_view import FileView, file_views
from bot.messages import Attachment, Media, Notice, Outbound, Quote, RatingRequest, options_of
from bot.store.handover.audit_log import IN_TALK, UNTOLD, ActKind, AuditEntry
from bot.store.handover.notes import Note
from bot.store.history.history_page import HistoryPage
from bot.store.history.timeline import TimelineEntry
from bot.store.identity.private_number_requests import LASTS

Who = Literal["customer", "bot", "human", "system", "note", "act"]

#: Acts of agents, for colleagues; what the customer is told of one is a notice of its own. That a
#: conversation was put in the queue is such a notice already.
_ACTS: Final[frozenset[ActKind]] = frozenset(get_args(ActKind)) - {"queued"}
_RATED = re.compile(r'/rate\{.*"score"\s*:\s*([1-5])')


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One line of the conversation.

    Attributes:
        key: its name for good: `i12` of the customer, `o34` to the customer, `n5` a note, `a6`
            what an agent did.
        who: its author; a notice to the customer is by `system`.
        name: the speaker as the page says it.
        text: what was said; paragraphs separated by an empty line.
        offered: titles of the options under it.
        source: page, date and words of a quoted source; empty without.
        at: when (ISO 8601, UTC).
        clock: the same as a time of day in the organisation's time zone.
        day: set on the first line of a day: that day in words.
        status: how far it came, in words; empty for what the customer wrote and for notes.
        failed: whether it did not arrive.
        files: what came or went with it.
        channel: name of its conversation, as `joined_names` gives it; empty where all of the page
            are of one.
        tone: colour of that channel's badge.
    """

    key: str
    who: Who
    name: str
    text: str
    offered: tuple[str, ...]
    source: str
    at: str
    clock: str
    day: str
    status: str
    failed: bool
    files: tuple[FileView, ...] = ()
    channel: str = ""
    tone: str = ""


def lines(
    page: HistoryPage,
    channel: ChannelProfile,
    teams: Mapping[str, str],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[MessageLine, ...]:
    """A piece of a conversation, oldest first, with notes and acts of agents in between.

    Args:
        page: what the store gave.
        channel: the channel of this piece.
        teams: names of the teams by id.
        now: the present.
        zone: the organisation's time zone.
    """
    return tuple(_with_days(_unmarked(page, channel, teams, zone), now, zone))


def joined_lines(
    pages: Iterable[tuple[HistoryPage, ChannelProfile, str]],
    teams: Mapping[str, str],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[MessageLine, ...]:
    """A piece of several conversations in one order of time, each message with the name of its own.

    Args:
        pages: what the store gave of each, its channel, and its name.
        teams: names of the teams by id.
        now: the present.
        zone: the organisation's time zone.
    """
    merged = sorted(
        (
            (at, replace(line, channel=name, tone=channel.tone))
            for page, channel, name in pages
            for at, line in _unmarked(page, channel, teams, zone)
        ),
        key=lambda pair: pair[0],
    )
    return tuple(_with_days(merged, now, zone))


def _unmarked(
    page: HistoryPage, channel: ChannelProfile, teams: Mapping[str, str], zone: ZoneInfo
) -> list[tuple[datetime, MessageLine]]:
    said = [(entry.at, _message(entry, page, channel, zone)) for entry in page.entries]
    noted = [(note.created_at, _note(note, zone)) for note in page.notes]
    done = [(act.at, _act(act, teams, zone)) for act in page.acts if _is_shown(act)]
    return sorted([*said, *noted, *done], key=lambda pair: pair[0]) if noted or done else said


def _is_shown(act: AuditEntry) -> bool:
    return act.act in _ACTS and act.detail != IN_TALK


def plain(message: Outbound) -> str:
    """The text of a message, without its options and source."""
    if isinstance(message, Media) and not message.file:
        return f"{message.text}\n{message.url}".strip()
    return message.text


def _with_days(
    merged: list[tuple[datetime, MessageLine]], now: datetime, zone: ZoneInfo
) -> Iterator[MessageLine]:
    shown = ""
    for at, line in merged:
        which = dutch_labels.day(at, now, zone)
        yield line if which == shown else replace(line, day=which)
        shown = which


def _message(
    entry: TimelineEntry, page: HistoryPage, channel: ChannelProfile, zone: ZoneInfo
) -> MessageLine:
    clock = dutch_labels.clock(entry.at, zone)
    if entry.inbound is not None:
        inbound = entry.inbound.inbound
        text = heard(inbound.text, inbound.payload, inbound.attachment)
        key = f"i{entry.inbound.id}"
        return MessageLine(
            key, "customer", say("desk.name.customer"), text, (), "", entry.at.isoformat(), clock,
            "", "", failed=False, files=file_views(page.received.get(entry.inbound.id, ()), clock),
        )  # fmt: skip
    said = entry.outbound
    assert said is not None
    who: Who = "system" if isinstance(said.message, Notice) else said.author
    error = page.errors.get(said.id, "")
    return MessageLine(
        key=f"o{said.id}",
        who=who,
        name=page.names.get(said.id) or say(f"desk.name.{who}"),
        text=plain(said.message),
        offered=tuple(option.title for option in options_of(said.message))
        if not isinstance(said.message, RatingRequest)
        else (say("desk.scores_offered"),),
        source=_source(said.message),
        at=entry.at.isoformat(),
        clock=clock,
        day="",
        status=dutch_labels.delivery(channel, said.status, error),
        failed=said.status in ("failed", "dead"),
        files=file_views(page.sent.get(said.id, ()), clock),
    )


def heard(text: str, payload: str | None, attachment: Attachment | None) -> str:
    """The words for what a customer wrote, tapped or sent."""
    score = _RATED.match(payload or "")
    if score:
        return say("rating.shown", score=score[1])
    brought = built_in_messages.attachment_shown(attachment) if attachment else ""
    return "\n".join(filter(None, (brought, text))) or say("desk.empty_message")


def _source(message: Outbound) -> str:
    if not isinstance(message, Quote):
        return ""
    return say("desk.source", title=message.title, url=message.url)


def _note(note: Note, zone: ZoneInfo) -> MessageLine:
    return MessageLine(
        f"n{note.id}", "note", note.by or "Loket", note.text, (), "", note.created_at.isoformat(),
        dutch_labels.clock(note.created_at, zone), "", "", failed=False,
    )  # fmt: skip


def _act(act: AuditEntry, teams: Mapping[str, str], zone: ZoneInfo) -> MessageLine:
    by = act.by or say("desk.an_agent")
    match act.act:
        case "transferred":
            text = say("desk.act.transferred", by=by, team=teams.get(act.detail, act.detail))
        case "assigned":
            text = say("desk.act.assigned", by=by, to=act.detail)
        case "asked_number":
            number = group("handover.number").get(act.detail, "")
            until = dutch_labels.clock(act.at + LASTS, zone)
            text = say("desk.act.asked_number", by=by, number=number, until=until)
        case "resumed":
            text = say("desk.act.resumed")
        case "wiped":
            text = say("desk.act.wiped")
        case "snoozed":
            until = dutch_labels.moment(datetime.fromisoformat(act.detail), act.at, zone)
            text = say("desk.act.snoozed", by=by, until=until)
        case "woken" if act.agent_id is None:
            text = say("desk.act.woken_due")
        case "closed" if act.detail == UNTOLD:
            text = say("desk.act.closed_untold", by=by)
        case _:
            text = say(f"desk.act.{act.act}", by=by)
    return MessageLine(
        f"a{act.id}", "act", "", text, (), "", act.at.isoformat(), dutch_labels.clock(act.at, zone),
        "", "", failed=False,
    )  # fmt: skip
