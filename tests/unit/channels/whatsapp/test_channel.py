"""The channel as the rest of Loket sees it: set up, looked after, previewed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.errors import ConfigurationError, LoketError
from bot.messages import Text
from channels.protocol import PushChannel, SetsWebhook
from channels.whatsapp import WhatsApp
from tests.contract.adapters.whatsapp import VERIFY_TOKEN
from tests.providers.graph import PHONE_NUMBER_ID, TOKEN, Graph

GOOD = {
    "token": TOKEN,
    "phone_number_id": PHONE_NUMBER_ID,
    "app_secret": "s",
    "verify_token": VERIFY_TOKEN,
    "graph_url": "https://graph.facebook.com/v23.0",
}


def test_it_is_a_channel_that_pushes() -> None:
    """Configured or for a preview."""
    for channel in (WhatsApp(**GOOD), WhatsApp.preview_only()):
        assert isinstance(channel, PushChannel)
        assert isinstance(channel, SetsWebhook)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"phone_number_id": "+31 85 000 0000"}, "WHATSAPP_PHONE_NUMBER_ID"),
        ({"graph_url": "https://graph.facebook.com"}, "WHATSAPP_GRAPH_URL"),
        ({"graph_url": "graph.facebook.com/v23.0"}, "WHATSAPP_GRAPH_URL"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(change: dict[str, str], key: str) -> None:
    """At start, not at the first message."""
    with pytest.raises(ConfigurationError, match=key):
        WhatsApp(**{**GOOD, **change})


def test_the_template_goes_in_place_of_anything_but_itself() -> None:
    """With none configured there is none."""
    channel = WhatsApp(**GOOD, template="antwoord_klaar", template_language="nl_BE")
    (part,) = channel.render(Text("Dag"))
    template = channel.outside_window(part)
    assert template == {
        "type": "template",
        "template": {"name": "antwoord_klaar", "language": {"code": "nl_BE"}},
    }
    assert channel.outside_window(template) is None
    assert channel.preview(template) == "(template antwoord_klaar, nl_BE)"
    assert WhatsApp(**GOOD).outside_window(part) is None


def test_a_preview_needs_no_library_of_the_provider() -> None:
    """`loket chat` and the web process start without heyoo until it is needed."""
    program = "import sys, channels.whatsapp; assert 'heyoo' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


async def test_a_webhook_that_meta_cannot_reach_is_refused(channel: WhatsApp) -> None:
    """Meta asks it to prove itself, and says no; the sentence says what to look at."""
    with pytest.raises(LoketError, match="2200") as caught:
        await channel.set_webhook("http://127.0.0.1:9")
    assert "https" in str(caught.value)


async def test_the_doctor_tells_a_dead_token_from_a_wrong_webhook(
    graph: Graph, channel: WhatsApp
) -> None:
    """Each finding says what to do."""
    checks = {check.name: check for check in await channel.checks("https://loket.example")}
    assert checks["Graph API"].ok
    assert not checks["webhook"].ok
    assert "loket webhook set whatsapp" in checks["webhook"].sentence
    graph.webhook = "https://loket.example/webhooks/whatsapp"
    checks = {check.name: check for check in await channel.checks("https://loket.example/")}
    assert checks["webhook"].ok
    graph.webhook = "https://elsewhere.example/webhooks/whatsapp"
    checks = {check.name: check for check in await channel.checks("https://loket.example")}
    assert not checks["webhook"].ok
    graph.revoked = True
    checks = {check.name: check for check in await channel.checks("https://loket.example")}
    assert "WHATSAPP_TOKEN" in checks["token"].sentence
    graph.close()
    checks = {check.name: check for check in await channel.checks("https://loket.example")}
    assert "WHATSAPP_GRAPH_URL" in checks["Graph API"].sentence


def test_a_text_comes_out_as_rendered(channel: WhatsApp) -> None:
    """The preview shows what is sent."""
    (part,) = channel.render(Text("Dag"))
    assert part == {"type": "text", "text": {"preview_url": False, "body": "Dag"}}
    assert channel.preview(part) == "Dag"
