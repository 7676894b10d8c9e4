"""Reading how the store stands, and joining it with what was sent and what arrived."""

from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import create_engine, select
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from bot.store.delivery.delivery_status import GIVEN_UP, OPEN
from bot.store.sql import tables
from tests.chaos.ear import Wire
from tests.chaos.evidence import Evidence, Heard, Person, Undelivered, Waiting
from tests.chaos.keeping import ROOT
from tests.chaos.ledger import Ledger
from tests.chaos.light import TOKEN
from tests.chaos.timeline import Timeline

#: The words by which every disclosure is known, Loket's own and the example content's.
_DISCLOSURE: Final = re.compile(r"AI-assistent|geen mens|virtuele assistent|chatbot", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that matter.

    Attributes:
        inbox: id to (token, conversation, when it was done or None).
        outbox: rows by id.
        deliveries: rows.
        customers: name by conversation.
        claims: who works on a conversation, by its id.
        persons: hand-overs.
    """

    inbox: Mapping[int, tuple[str | None, str, float | None]]
    outbox: Mapping[int, Any]
    deliveries: tuple[Any, ...]
    customers: Mapping[str, str]
    claims: Mapping[str, str]
    persons: tuple[Person, ...]


def read(url: str, ledger: Ledger, when: Timeline) -> Rows:
    """Reads them, past whatever stands between Loket and its database."""
    engine = create_engine(url, poolclass=NullPool, future=True)
    try:
        with engine.connect() as conn:
            return _rows(conn, ledger, when)
    finally:
        engine.dispose()


def _rows(conn: Connection, ledger: Ledger, when: Timeline) -> Rows:
    names = ("inbox", "outbox", "deliveries", "handovers", "conversations")
    i, o, d, h, c = (getattr(tables, name).c for name in names)
    inbox, customers = {}, {}
    for row in conn.execute(select(i.id, i.message_id, i.conversation_id, i.done_at)):
        token = ledger.token_of(row.message_id)
        token = token or ledger.token_of(row.message_id.rpartition(".")[2])
        inbox[row.id] = (token, row.conversation_id, row.done_at and when.at(row.done_at))
        if token is not None:
            customers[row.conversation_id] = ledger.entries[token].customer
    said = select(o.id, o.conversation_id, o.inbox_id, o.status, o.sent_with, c.channel).join(
        tables.conversations
    )
    outbox = {row.id: row for row in conn.execute(said)}
    columns = (
        *(d.id, d.conversation_id, d.outbox_id, d.part, d.content),
        *(d.status, d.error, d.provider_id, d.channel),
    )
    deliveries = conn.execute(select(*columns)).all()
    claimed = select(c.id, c.claimed_by, c.claimed_until).where(c.claimed_by.isnot(None))
    claims = {
        row.id: f"claimed by {row.claimed_by} until {row.claimed_until:%H:%M:%S}"
        for row in conn.execute(claimed)
    }
    handed = conn.execute(select(h.conversation_id, h.reason, h.created_at).order_by(h.id))
    persons = tuple(
        Person(customers.get(row.conversation_id, "?"), row.reason, when.at(row.created_at))
        for row in handed
    )
    return Rows(inbox, outbox, tuple(deliveries), customers, claims, persons)


class Facts:
    """One reading of the store, with questions to ask of it."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._together: dict[int, list[int]] = defaultdict(list)
        for number, row in rows.outbox.items():
            self._together[row.sent_with or number].append(number)
        self._by_provider = {
            (each.channel, each.provider_id): each for each in rows.deliveries if each.provider_id
        }

    def answers(self, outbox_id: int) -> tuple[str, ...]:
        """Tokens of the messages that a row of the outbox, and those sent with it, answer."""
        found = []
        for number in self._together.get(outbox_id, ()):
            asked = self._rows.inbox.get(self._rows.outbox[number].inbox_id)
            if asked is not None and asked[0] is not None:
                found.append(asked[0])
        return tuple(dict.fromkeys(found))

    def waiting(self, wires: Iterable[Wire] = ()) -> Iterator[Waiting]:
        """What is not done. All pages are open, so what none has fetched counts too.

        Args:
            wires: what arrived.
        """
        rows = self._rows
        pages = {each.key for each in wires if each.customer.startswith("webchat")}
        for number, (token, conversation, done) in rows.inbox.items():
            if done is None:
                tokens: tuple[str, ...] = (token,) if token else ()
                status = f"new in {conversation} {rows.claims.get(conversation, 'unclaimed')}"
                yield Waiting("message", number, self._customer(conversation), tokens, status)
        for each in rows.deliveries:
            if each.status in OPEN:
                tokens = self.answers(each.outbox_id)
                status = f"{each.status} {each.error}".strip()
                customer = self._customer(each.conversation_id)
                yield Waiting("delivery", each.id, customer, tokens, status)
        planned = {each.outbox_id for each in rows.deliveries}
        for number, row in rows.outbox.items():
            if row.status != "queued" or row.sent_with is not None or number in planned:
                continue
            tokens, customer = self.answers(number), self._customer(row.conversation_id)
            arrived = row.channel == "webchat" and str(number) in pages
            yield Waiting("reply", number, customer, tokens, "queued", arrived)

    def evidence(
        self,
        ledger: Ledger,
        wires: list[Wire],
        listed: frozenset[int],
        hung: list[tuple[str, float]],
        *,
        real: bool,
    ) -> Evidence:
        """All that the judge needs."""
        keys = {tuple(map(int, w.key.split(".")[:2])) for w in wires if w.key.count(".") == 2}
        texts = {(wire.customer, wire.text) for wire in wires if not wire.key}
        undelivered = (
            Undelivered(
                each.id,
                self._customer(each.conversation_id),
                each.error,
                self.answers(each.outbox_id),
                each.id in listed,
                (each.outbox_id, each.part) in keys or self._text(each) in texts,
            )
            for each in self._rows.deliveries
            if each.status in GIVEN_UP
        )
        handled = {
            token: done
            for token, _, done in self._rows.inbox.values()
            if done is not None and token
        }
        escapes: dict[str, list[str]] = defaultdict(list)
        for entry in ledger.entries.values():
            if entry.escape:
                escapes[entry.customer].append(entry.token)
        return Evidence(
            tuple(entry.asked() for entry in ledger.entries.values()),
            tuple(self._heard(wire, escapes.get(wire.customer, []), real=real) for wire in wires),
            tuple(undelivered),
            tuple(self.waiting(wires)),
            handled,
            self._rows.persons,
            tuple(hung),
        )

    def _heard(self, wire: Wire, escapes: list[str], *, real: bool) -> Heard:
        disclosure = _DISCLOSURE.search(wire.text) is not None
        row, resends = self._row_of(wire)
        place = (wire.customer, wire.at, wire.wire)
        if real:
            # The same words may well be said twice: only a key tells a message from its double.
            # Telegram gives none back, so there the model hides what the light assistant shows.
            tokens = self.answers(row) if row is not None else ()
            pieces = (wire.key or wire.wire,)
            return Heard(*place, tokens, pieces, disclosure, resends > 0)
        tokens = tuple(dict.fromkeys(TOKEN.findall(wire.text)))
        pieces = tuple(TOKEN.findall(wire.text))
        if not tokens and (not disclosure or len(wire.text) > _ALONE):
            # Words without a token tell of a person. An SMS may hold a disclosure besides.
            tokens = self.answers(row) if row is not None else tuple(escapes)
            pieces = (" ".join((*tokens, wire.text[:40])),)
        return Heard(*place, tokens, pieces, disclosure, resends > 0)

    def _row_of(self, wire: Wire) -> tuple[int | None, int]:
        numbers = wire.key.split(".")
        if all(number.isdecimal() for number in numbers) and len(numbers) in (1, 3):
            return int(numbers[0]), int(numbers[2]) if len(numbers) == 3 else 0
        found = self._by_provider.get((wire.customer.split(" ")[0].partition("-")[0], wire.wire))
        return (found.outbox_id, 0) if found else (None, 0)

    def _text(self, delivery: Any) -> tuple[str, str]:
        """Whose it is and what it says, where that is all there is to know it by."""
        return self._customer(delivery.conversation_id), str(delivery.content.get("text"))

    def _customer(self, conversation: str) -> str:
        return self._rows.customers.get(conversation, f"conversation {conversation}")


#: Longest disclosure that comes alone, in characters.
_ALONE: Final = 150


async def listed(env: Mapping[str, str]) -> frozenset[int]:
    """The deliveries that `loket outbox` shows, as an operator would run it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli",
        "outbox",
        env=env,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await process.communicate()
    return frozenset(int(found) for found in re.findall(r"(?m)^\s*(\d+)\s", out.decode()))
