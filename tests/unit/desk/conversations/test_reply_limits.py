"""What an agent is told about a channel before sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.conversations.reply_limits import MAX_REPLY, size, window
from bot.messages import Text
from channels.protocol import Channel
from channels.sms import Sms
from channels.webchat import WebChat
from channels.whatsapp import WhatsApp
from tests.support.configured_channels import PROFILES

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SMS = Sms.preview_only()


def test_text_messages_are_counted_as_they_are_sent() -> None:
    """The same segments as the courier's, and what is said to fit does."""
    for text in ("Hallo", "a" * 159, "a" * 160, "a" * 161, "€" * 80, "‘hé’", "👍 prima", "x" * 700):
        found = size(SMS, text)
        sent = sum(int(part["segments"]) for part in SMS.render(Text(text)))
        assert found.messages == sent, text
        more = SMS.render(Text(text + "e" * found.left))
        assert sum(int(part["segments"]) for part in more) == sent, text


def test_words_about_text_messages() -> None:
    """One, several, and the last sign."""
    assert size(SMS, "a" * 159).words == "1 sms, nog 1 teken in deze"
    assert size(SMS, "a" * 161).words.startswith("2 sms’jes, nog 145 tekens")


def test_other_channels_only_speak_up_near_the_end() -> None:
    """No counting where there is room."""
    whatsapp = WhatsApp.preview_only()
    assert size(whatsapp, "Hallo").words == ""
    assert size(whatsapp, "a" * (MAX_REPLY - 50)).words == "Nog 50 tekens"
    assert size(whatsapp, "a" * (MAX_REPLY + 7)).words == "7 tekens te lang"
    assert size(None, "Hallo").words == ""
    assert size(SMS, "  ").messages == 0


def test_windows() -> None:
    """Open until a time, then shut; STOP shuts every channel; the web chat is always open."""
    channels: dict[str, Channel] = {
        "webchat": WebChat(),
        "whatsapp": WhatsApp.preview_only(),
        "sms": SMS,
    }

    def ask(name: str, ago: timedelta, *, out: bool = False) -> tuple[bool, str]:
        last = NOW - ago
        channel, profile = channels.get(name), PROFILES[name]
        found = window(channel, profile, last, opted_out=out, now=NOW, zone=ZONE)
        return found.open, found.words

    hour = timedelta(hours=1)
    assert ask("whatsapp", hour) == (True, "U kunt antwoorden tot morgen 09:30.")
    late = "De klant schreef meer dan 24 uur geleden. WhatsApp laat nu geen bericht toe."
    assert ask("whatsapp", 24 * hour) == (False, late)
    assert ask("sms", 1000 * hour) == (True, "")
    assert ask("webchat", 1000 * hour) == (True, "")
    assert ask("sms", hour, out=True)[0] is False
    gone = "Telegram is hier niet ingesteld: u kunt niet antwoorden."
    assert ask("telegram", hour) == (False, gone)


def test_an_invitation_takes_the_place_of_a_late_answer() -> None:
    """With a template the box stays open, and says what will be sent."""
    whatsapp = WhatsApp(
        token="t",
        phone_number_id="1",
        app_secret="s",
        verify_token="v",
        graph_url="https://graph.facebook.com/v23.0",
        template="uitnodiging",
    )
    late = NOW - timedelta(hours=25)
    found = window(whatsapp, whatsapp.profile, late, opted_out=False, now=NOW, zone=ZONE)
    assert found.open
    assert "uitnodiging" in found.words
