"""What another desk is shown: messages, and the summary of a hand-over. Pure; Dutch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.desk import words
from bot.desk.human_desk import Item
from bot.records.handover import Handover
from bot.store.timeline import Entry
from bot.transcripts.entries import received


def item(entry: Entry) -> Item:
    """A message as another desk shows it."""
    if entry.inbound is not None:
        return Item(f"i{entry.inbound.id}", "customer", received(entry.inbound.inbound))
    if entry.outbound is None:
        raise ValueError("an entry holds a message of the customer or one of ours")
    return Item(f"o{entry.outbound.id}", entry.author, entry.outbound.message.text)


def summary(handover: Handover, labels: Mapping[str, str]) -> Item:
    """What the agents of another desk read first.

    Args:
        handover: the hand-over.
        labels: Dutch names of topics.
    """
    return Item(f"summary-{handover.id}", "note", "\n".join(_lines(handover, labels)))


def _lines(handover: Handover, labels: Mapping[str, str]) -> Iterator[str]:
    known = handover.summary
    yield f"**Samenvatting** – {words.REASONS.get(handover.reason, handover.reason)}"
    if labels.get(handover.topic):
        yield f"Onderwerp: {labels[handover.topic]}"
    if known.get("question"):
        yield f"Vraag: {known['question']}"
    for label, value in (known.get("data") or {}).items():
        yield f"{label}: {value}"
    proved, unproved = known.get("proved") or (), known.get("unproved") or ()
    if proved:
        # This note stays as it is, also when the customer goes on from another channel.
        yield f"Gecontroleerd bij de overdracht: {', '.join(proved)}"
    if unproved or not proved:
        yield f"Niet gecontroleerd: {', '.join(unproved) or 'de klant bewees niets'}"
    if known.get("steps"):
        yield f"Geprobeerd: {', '.join(known['steps'])}"
    yield (
        "Afsluiten: schrijf een privénotitie die begint met ‘Afgesproken:’ en zet het gesprek op "
        "opgelost. De klant krijgt de afspraak te lezen."
    )
