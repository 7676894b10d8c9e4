"""What a website says of a conversation's customer: the last word counts, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.records.site_customer import SiteCustomer
from bot.store.conversation import conversations
from bot.store.desk import last_messages
from bot.store.identity import site_customers
from bot.store.identity.site_customers import PROOF_LASTS, Told
from bot.store.sql.database import Database

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANNA = SiteCustomer("k-1", "Anna", "anna@example.nl", {"card_number": ("B-1", "B-2")})


def test_the_last_word_counts(database: Database) -> None:
    """What an older page says, or the same one again, is no news."""
    with database.begin() as conn:
        this = conversations.open_(conn, "webchat", "a" * 32, NOON).id
        assert site_customers.of(conn, this) is None
        assert site_customers.told(conn, this, ANNA, NOON)
        assert not site_customers.told(conn, this, ANNA, NOON)
        later = SiteCustomer("k-1", "Anna de Boer")
        assert site_customers.told(conn, this, later, NOON + MINUTE)
        assert not site_customers.told(conn, this, ANNA, NOON)
        assert site_customers.of(conn, this) == Told(later, NOON + MINUTE)
        assert site_customers.names(conn, [this, "nobody"]) == {this: "Anna de Boer"}
        assert last_messages.names(conn, [this]) == {this: "Anna de Boer"}


def test_what_is_proved_is_proved_for_hours(database: Database) -> None:
    """Of this conversation, of this kind, the one that is meant last."""
    with database.begin() as conn:
        this = conversations.open_(conn, "webchat", "a" * 32, NOON).id
        other = conversations.open_(conn, "webchat", "b" * 32, NOON).id
        site_customers.told(conn, this, ANNA, NOON)
        assert site_customers.proved(conn, this, "card_number", NOON) == ("B-1", "B-2")
        assert site_customers.proved(conn, this, "order_number", NOON) == ()
        assert site_customers.proved(conn, other, "card_number", NOON) == ()
        assert site_customers.proved(conn, this, "card_number", NOON + PROOF_LASTS) == ()
