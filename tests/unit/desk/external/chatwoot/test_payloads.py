from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.desk.external.chatwoot import Config, config, payloads, webhook_calls
from bot.desk.external.chatwoot.webhook_calls import Call
from bot.desk.external.external_desk import Case, ExternalAgent, Item, Reply
from bot.errors import ConfigurationError
from bot.settings import Settings
from bot.settings_loading import load_settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SAMIRA = {"id": 21, "name": "Samira el Idrissi", "available_name": "Samira", "type": "user"}
ALL = {
    "LOKET_CHATWOOT_URL": "https://desk.example.nl/",
    "LOKET_CHATWOOT_TOKEN": "token",
    "LOKET_CHATWOOT_ACCOUNT": "3",
    "LOKET_CHATWOOT_INBOX": "7",
    "LOKET_CHATWOOT_SECRET": "secret",
}


def settings(tmp_path: Path, env: dict[str, str]) -> Settings:
    return load_settings({"LOKET_VAR_DIR": str(tmp_path), **env}, tmp_path)


def test_all_or_nothing(tmp_path: Path) -> None:
    """Without settings there is no Chatwoot; with all there is one."""
    assert config(settings(tmp_path, {})) is None
    wanted = Config("https://desk.example.nl", "token", 3, 7, "secret")
    assert config(settings(tmp_path, ALL)) == wanted


@pytest.mark.parametrize("name", ALL)
def test_half_a_configuration_is_told(tmp_path: Path, name: str) -> None:
    """The sentence names what is missing."""
    rest = {key: value for key, value in ALL.items() if key != name}
    with pytest.raises(ConfigurationError, match=name):
        config(settings(tmp_path, rest))


@pytest.mark.parametrize("name", ["LOKET_CHATWOOT_ACCOUNT", "LOKET_CHATWOOT_INBOX"])
def test_a_number_is_a_number(tmp_path: Path, name: str) -> None:
    """A name in its place is told at the start."""
    with pytest.raises(ConfigurationError, match=name):
        config(settings(tmp_path, {**ALL, name: "api-inbox"}))


def test_an_address_is_an_address(tmp_path: Path) -> None:
    """Also one with a path, as behind a proxy."""
    given = settings(tmp_path, {**ALL, "LOKET_CHATWOOT_URL": "https://example.nl/desk/"})
    assert given.chatwoot_url == "https://example.nl/desk"
    with pytest.raises(ConfigurationError, match="LOKET_CHATWOOT_URL"):
        settings(tmp_path, {**ALL, "LOKET_CHATWOOT_URL": "desk.example.nl"})


def signature(body: bytes, timestamp: int, secret: str = "secret") -> str:
    signed = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def test_only_chatwoot_itself_is_believed() -> None:
    """Signed over time and body, lately."""
    body, at = b'{"event": "x"}', int(NOW.timestamp())
    good = signature(body, at)
    assert webhook_calls.genuine("secret", body, str(at), good, NOW)
    assert webhook_calls.genuine("secret", body, str(at - 290), signature(body, at - 290), NOW)
    for given_body, timestamp, given in (
        (body + b" ", str(at), good),
        (body, str(at - 1), good),
        (body, str(at - 301), signature(body, at - 301)),
        (body, str(at + 301), signature(body, at + 301)),
        (body, str(at), signature(body, at, "other")),
        (body, "", good),
        (body, "9" * 40, good),
        (body, str(at), ""),
        (body, str(at), "é"),
    ):
        assert not webhook_calls.genuine("secret", given_body, timestamp, given, NOW)


@pytest.mark.parametrize(
    ("data", "call"),
    [
        (
            {"event": "message_created", "id": 1, "conversation": {"id": 12}},
            Call("12", message=True),
        ),
        ({"event": "conversation_status_changed", "id": 12}, Call("12", message=False)),
        ({"event": "contact_updated", "id": 12}, None),
        ({"event": "conversation_updated", "id": "12"}, None),
        ({"event": "message_created", "conversation": []}, None),
        ([], None),
    ],
)
def test_a_call_names_its_conversation(data: Any, call: Call | None) -> None:
    """Or none, whatever it holds."""
    assert webhook_calls.read(json.dumps(data).encode()) == call
    assert webhook_calls.read(b"{" * 3) is None


def test_the_customer_stays_unknown() -> None:
    """Chatwoot gets a random id and the channel's name."""
    case = Case(5, "abc", "WhatsApp", "Retour aanmelden", "asked", urgent=True)
    assert payloads.contact(case, 7) == {
        "inbox_id": 7,
        "name": "Klant via WhatsApp",
        "identifier": "loket-abc",
    }
    assert payloads.conversation(case, 7, 9)["priority"] == "urgent"


def test_who_says_it_is_shown() -> None:
    """The customer as the customer, the bot with its name, a note to the agents alone."""
    customer = payloads.message(Item("i1", "customer", "hoi"))
    assert (customer["message_type"], customer["content"]) == ("incoming", "hoi")
    bot = payloads.message(Item("o1", "bot", "Hallo."))
    assert (bot["message_type"], bot["content"]) == ("outgoing", "**AI-assistent:** Hallo.")
    assert bot["source_id"] == "loket-o1"
    assert payloads.message(Item("s", "note", "x"))["private"] is True


def message(number: int, content: str, **more: Any) -> dict[str, Any]:
    given = {"id": number, "content": content, "message_type": 1, "private": False}
    return {**given, "sender": SAMIRA, "source_id": None, **more}


def test_only_an_agents_words_go_to_the_customer() -> None:
    """Not notes, activities, templates, bots, the customer, or what we showed ourselves."""
    given = [
        message(1, "Goedemiddag."),
        message(2, "let op", private=True),
        message(3, "Samira opened it", message_type=2),
        message(4, "sjabloon", message_type=3),
        message(5, "hoi", message_type=0, sender={"id": 1, "type": "contact"}),
        message(6, "bot", sender={"id": 2, "name": "Bot", "type": "agent_bot"}),
        message(7, "Hallo.", source_id="loket-o1"),
        message(8, "", attachments=[{"data_url": "https://desk.example.nl/f.pdf"}]),
        message(9, "Afgesproken: geld terug  op vrijdag", private=True),
        message(10, "", attachments=[]),
        message(11, "stil", private=None),
        message(12, "wie", sender=None),
        message(13, "wat", sender={"id": 3, "name": "Captain", "type": "captain_assistant"}),
        message(14, "welk", sender={"id": 4, "name": "Onbekend"}),
        message(15, "This message was deleted", content_attributes={"deleted": True}),
        message(16, "Afgesproken: niets", private=True, content_attributes={"deleted": True}),
    ]
    meta = {"assignee": SAMIRA, "assignee_type": "User"}
    found = payloads.news({"status": "open", "meta": meta}, given)
    samira = ExternalAgent("21", "Samira")
    assert found.replies == (
        Reply(1, samira, "Goedemiddag."),
        Reply(8, samira, "https://desk.example.nl/f.pdf"),
    )
    assert found.keys == {"o1"}
    assert (found.assignee, found.resolved) == (samira, False)
    assert found.agreed == "geld terug  op vrijdag".replace("  ", " ")


@pytest.mark.parametrize("kind", ["AgentBot", "Captain::Assistant", "Team", "", None])
def test_only_a_user_is_a_person(kind: str | None) -> None:
    """A bot that has the conversation is announced to nobody, whatever kind a later version has."""
    meta = {"assignee": {"id": 4, "name": "Robin", "type": "user"}, "assignee_type": kind}
    assert payloads.news({"status": "open", "meta": meta}, ()).assignee is None


def test_the_editors_markdown_is_no_part_of_the_answer() -> None:
    """Nor of an agreement: the customer reads plain words."""
    given = [
        message(1, "Dag, het is **vandaag** klaar.\n\n[Volg het](https://www.example.nl/a_b)"),
        message(2, "**Afgesproken:** geld *terug* op vrijdag", private=True),
    ]
    found = payloads.news({}, given)
    (reply,) = found.replies
    assert reply.text == "Dag, het is vandaag klaar.\n\nVolg het (https://www.example.nl/a_b)"
    assert found.agreed == "geld terug op vrijdag"


@pytest.mark.parametrize("state", [None, [], {}, {"meta": []}, {"meta": {"assignee": "x"}}])
def test_an_answer_of_another_form_is_no_accident(state: Any) -> None:
    """Nothing is known then, and nothing breaks."""
    found = payloads.news(state, payloads.page({"payload": [None, {"id": "x"}, {"id": 1}]}))
    assert (found.replies, found.assignee, found.resolved) == ((), None, False)
