"""Takes private numbers out of a customer's message before it is stored.

Everything that anybody or anything reads comes from the inbox, so a number that is not in there
reaches no assistant, agent, transcript or external desk.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select, update

from bot.dutch import private_numbers
from bot.records.conversation import Conversation
from bot.store.identity import private_number_requests
from bot.store.sql.dialect_statements import backwards
from bot.store.sql.tables import inbox

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: Two messages so soon after each other may hold one number.
_TOGETHER: Final = timedelta(minutes=2)
_i = inbox.c
_BEFORE = backwards(select(_i.id, _i.text, _i.received_at), _i.conversation_id, _i.id)
_WRITE = update(inbox).where(_i.id == bindparam("this"))


def settle(
    conn: Connection, conversation: Conversation, inbox_id: int, typed: str, now: datetime
) -> None:
    """Corrects the masks of a message that was just stored: adds or removes some.

    A number that a person at the desk asked for is put back, once. One that began in the message
    before is taken out of both.

    Args:
        conn: the write transaction that kept the message and has locked the conversation.
        conversation: whose message it is.
        inbox_id: the message.
        typed: what the customer typed.
        now: when it was received.
    """
    if not any(sign.isdecimal() for sign in typed):
        return
    asks = (
        private_number_requests.open_(conn, conversation.id, now)
        if conversation.owner == "human"
        else {}
    )
    if asks:
        text, stayed = private_numbers.mask_but_first(typed, asks)
        for kind, ask_id in asks.items():
            if kind == stayed:
                private_number_requests.use(conn, ask_id, now)
                _write(conn, inbox_id, text)
    elif private_numbers.mask(typed) == typed:
        _with_the_one_before(conn, conversation.id, inbox_id, typed, now)


def _with_the_one_before(
    conn: Connection, conversation_id: str, inbox_id: int, typed: str, now: datetime
) -> None:
    where = {"conversation": conversation_id, "before": inbox_id, "limit": 1}
    before = conn.execute(_BEFORE, where).first()
    if before is None or now - before.received_at > _TOGETHER:
        return
    both = private_numbers.mask_split(before.text, typed)
    if both is not None:
        _write(conn, before.id, both[0])
        _write(conn, inbox_id, both[1])


def _write(conn: Connection, inbox_id: int, text: str) -> None:
    conn.execute(_WRITE, {"this": inbox_id, "text": text})
