"""Renders messages and the summary of a hand-over for an external desk, in Dutch. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bot.catalogue import group, say
from bot.desk.conversations import proven_identity
from bot.desk.external.external_desk import Item
from bot.records.handover_record import Handover
from bot.store.history.timeline import TimelineEntry
from bot.transcripts.transcript_entries import received


def item(entry: TimelineEntry) -> Item:
    """A message as an external desk shows it."""
    if entry.inbound is not None:
        return Item(f"i{entry.inbound.id}", "customer", received(entry.inbound.inbound))
    if entry.outbound is None:
        raise ValueError("an entry holds a message of the customer or one of ours")
    return Item(f"o{entry.outbound.id}", entry.author, entry.outbound.message.text)


def summary(handover: Handover, labels: Mapping[str, str], vouched: Collection[str] = ()) -> Item:
    """The summary of a hand-over, which the agents of an external desk read first.

    Args:
        handover: the hand-over.
        labels: Dutch names of topics.
        vouched: the numbers that the website said to be the customer's.
    """
    lines = _lines(handover, labels, vouched)
    return Item(f"summary-{handover.id}", "note", "\n".join(lines))


def _lines(
    handover: Handover, labels: Mapping[str, str], vouched: Collection[str]
) -> Iterator[str]:
    known = handover.summary
    reason = group("desk.reason").get(handover.reason, handover.reason)
    yield f"**{say('desk.elsewhere.summary')}** – {reason}"
    if labels.get(handover.topic):
        yield say("desk.elsewhere.topic", topic=labels[handover.topic])
    if known.get("question"):
        yield say("desk.elsewhere.question", question=known["question"])
    for label, value in (known.get("data") or {}).items():
        yield f"{label}: {value}"
    identity = proven_identity.of(known, vouched)
    if identity.proved:
        # This note stays as it is, also when the customer goes on from another channel.
        yield say("desk.elsewhere.proved", proved=", ".join(identity.proved))
    if identity.unproved or not identity.proved:
        nothing = say("desk.elsewhere.nothing_proved")
        yield say("desk.elsewhere.unproved", unproved=", ".join(identity.unproved) or nothing)
    if known.get("steps"):
        yield say("desk.elsewhere.tried", steps=", ".join(known["steps"]))
    yield say("desk.elsewhere.how_to_close")
