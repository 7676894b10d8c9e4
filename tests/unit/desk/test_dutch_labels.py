"""The desk's words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk import dutch_labels
from tests.support.configured_channels import PROFILES

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "< 1 min"),
        (0, "< 1 min"),
        (59, "< 1 min"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 u 00"),
        (3_900, "1 u 05"),
        (86_399, "23 u 59"),
        (86_400, "1 dag"),
        (172_800, "2 dagen"),
    ],
)
def test_lengths_of_time(seconds: int, shown: str) -> None:
    """Whole minutes, never more than has passed."""
    assert dutch_labels.lasted(timedelta(seconds=seconds)) == shown


@pytest.mark.parametrize(
    ("status", "error", "shown"),
    [
        ("sent", "", "verzonden"),
        ("read", "", "gelezen"),
        ("queued", "unavailable", "wordt verstuurd"),
        ("dead", "opted_out", "mislukt: de klant wil geen berichten meer (STOP)"),
        ("dead", "window_closed", "mislukt: de 24 uur van WhatsApp zijn voorbij"),
        ("dead", "ambiguous timeout", "niet zeker of het aankwam"),
        ("dead", "interrupted", "niet zeker of het aankwam"),
        (
            "failed",
            "kept_failing 131000",
            "mislukt: de aanbieder nam het steeds aan, maar het kwam niet aan",
        ),
        (
            "failed",
            "overtaken 131000",
            "mislukt: het kwam niet aan, en wat daarna is gezegd, is al verstuurd",
        ),
        ("dead", "gave_up throttled", "mislukt: de aanbieder was een dag lang niet bereikbaar"),
        ("failed", "131026", "mislukt: de aanbieder nam het niet aan (fout 131026)"),
        ("failed", "", "mislukt"),
    ],
)
def test_how_far_a_message_came(status: str, error: str, shown: str) -> None:
    """Each status in words, and why when it failed."""
    assert dutch_labels.delivery(PROFILES["whatsapp"], status, error) == shown


def test_the_web_chat_is_fetched() -> None:
    """There, "sent" means that a page has it, "delivered" that the customer had it in sight."""
    assert dutch_labels.delivery(PROFILES["webchat"], "sent", "") == "verzonden"
    assert dutch_labels.delivery(PROFILES["webchat"], "delivered", "") == "afgeleverd"
    assert (
        dutch_labels.delivery(PROFILES["webchat"], "queued", "")
        == "wacht tot de klant de chat opent"
    )


@pytest.mark.parametrize(
    ("channel", "known", "shown"),
    [
        ("sms", ("+31612345678",), "06 12345678"),
        ("whatsapp", ("NL.1349", "31612345678"), "06 12345678"),
        ("sms", ("+32470123456",), "+32 470 12 34 56"),
        ("whatsapp", ("NL.1349",), "Klant via WhatsApp"),
        ("webchat", ("web-12345678",), "Bezoeker van de website"),
        ("telegram", ("99112233445",), "Klant via Telegram"),
    ],
)
def test_what_a_customer_is_called(channel: str, known: tuple[str, ...], shown: str) -> None:
    """By number where there is one; a number of Telegram's is no telephone number."""
    assert dutch_labels.customer(PROFILES[channel], *known) == shown


def test_moments() -> None:
    """A time today is a time; another day is named; Dutch clock."""
    assert dutch_labels.moment(NOW, NOW, ZONE) == "10:30"
    assert dutch_labels.moment(NOW - timedelta(days=1), NOW, ZONE) == "gisteren 10:30"
    assert dutch_labels.day(NOW - timedelta(days=7), NOW, ZONE) == "maandag 26 oktober"
    assert dutch_labels.day(NOW - timedelta(days=365), NOW, ZONE) == "zondag 2 november 2025"


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("interrupted", "Loket stopte tijdens het versturen"),
        ("ambiguous timeout", "De aanbieder antwoordde niet op tijd"),
        ("ambiguous broken_off", "De verbinding brak af"),
        ("ambiguous 502", "De aanbieder gaf een foutmelding (502)"),
        ("ambiguous unreadable", "De aanbieder gaf geen duidelijk antwoord"),
        ("ambiguous", "De aanbieder gaf geen duidelijk antwoord"),
    ],
)
def test_why_nobody_knows(error: str, shown: str) -> None:
    """What happened, for who must decide."""
    assert dutch_labels.doubt(error) == shown
