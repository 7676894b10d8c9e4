"""Conversations that were joined, read as one, on each kind of database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.store.handover import notes
from bot.store.history import joined_history
from bot.store.sql.database import Database
from tests.support.desk import MINUTE, NOW, customer, person, queued, service

PHONE = "+31612345678"


def test_a_page_has_both_in_order_of_time(database: Database) -> None:
    """Each message, note and act once, however small the pages."""
    with database.begin() as conn:
        samira = person(conn)
        chat, app = queued(conn), queued(conn, PHONE, "whatsapp", now=NOW + MINUTE)
        for number in range(9):
            who = ("anna", "webchat") if number % 3 else (PHONE, "whatsapp")
            customer(conn, *who, now=NOW + (number + 2) * MINUTE, text=f"bericht {number}")
        notes.add(conn, app, samira.id, "Let op", NOW + 2.5 * MINUTE)
        notes.add(conn, chat, samira.id, "Later", NOW + timedelta(hours=1))
        service().joins.join(conn, chat, samira, app, "Nagevraagd", NOW)
        read = joined_history.parts(conn, (chat, app))
        whole = joined_history.page(conn, read, None, 50)
        assert whole.before is None
        for size in (1, 2, 5):
            place, texts, noted = None, list[str](), list[str]()
            while True:
                found = joined_history.page(conn, read, place, size)
                entries = sorted(
                    (each for page in found.pages for each in page.entries),
                    key=lambda each: each.at,
                )
                texts = [e.inbound.inbound.text for e in entries if e.inbound] + texts
                noted = [note.text for page in found.pages for note in page.notes] + noted
                if found.before is None:
                    break
                place = joined_history.place(str(found.before))
            assert texts == ["Waar is mijn pakket?"] * 2 + [f"bericht {n}" for n in range(9)]
            assert noted == ["Let op", "Later"]
        alone = joined_history.page(conn, joined_history.parts(conn, (app,)), place, 50)
        assert {page.conversation_id for page in alone.pages} == {app}


@pytest.mark.parametrize("text", ["", "x~y", "~", "1~", "9" * 30, "-1~x.1.1"])
def test_a_made_up_place_is_none(text: str) -> None:
    """Anybody can type one."""
    with pytest.raises(ValueError, match="place"):
        joined_history.place(text)
