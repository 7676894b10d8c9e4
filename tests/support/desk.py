"""An organisation with three teams and its desk, for tests of what agents do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from bot.conversation.opening_hours import OpenHours
from bot.conversation.routing import Team
from bot.desk.conversations.desk_context import DeskContext
from bot.desk.conversations.service import Service
from bot.messages import Inbound, Reason
from bot.organisation import Organisation
from bot.records.conversation import Conversation
from bot.store.conversation import conversations
from bot.store.desk import agents
from bot.store.desk.agents import Agent, Role
from bot.store.handover import handovers
from bot.store.worker import inbox
from bot.topics.topic import Topic
from bot.topics.topics import Topics
from channels.protocol import Channel
from channels.sms import Sms
from channels.webchat import WebChat
from channels.whatsapp import WhatsApp
from tests.support.configured_channels import PROFILES

#: A Monday morning; half past ten in Amsterdam.
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_NINE_TO_SIX = OpenHours(time(9), time(18))
_AFTERNOON = OpenHours(time(13), time(17))

ORGANISATION = Organisation(
    name="Pakket & Plug",
    timezone=ZoneInfo("Europe/Amsterdam"),
    week=dict.fromkeys(range(5), _NINE_TO_SIX),
    country="",
    closed={},
    phone="088 000 00 00",
    email="klantenservice@voorbeeld.example",
    website="www.voorbeeld.example",
    teams=(
        Team("algemeen", "Klantenservice", default=True),
        Team("bezorging", "Bezorging", ("track_order",)),
        Team("energie", "Energie", (), dict.fromkeys(range(5), _AFTERNOON)),
    ),
    topics=Topics(
        (
            Topic("return_item", "Retour aanmelden", "task"),
            Topic("track_order", "Bestelling volgen", "task", team="bezorging"),
            Topic("sensitive_matter", kind="sensitive"),
        )
    ),
)


def service(channels: dict[str, Channel] | None = None, *, teams_private: bool = True) -> Service:
    """A desk; with the web chat, WhatsApp (no template) and SMS unless channels are given."""
    own: dict[str, Channel] = {
        "webchat": WebChat(),
        "whatsapp": WhatsApp.preview_only(),
        "sms": Sms.preview_only(),
    }
    given = own if channels is None else channels
    return Service(DeskContext(ORGANISATION, given, teams_private, profiles=PROFILES))


def with_template() -> Service:
    """A desk whose WhatsApp may invite a customer to write."""
    whatsapp = WhatsApp(
        token="t",
        phone_number_id="1",
        app_secret="s",
        verify_token="v",
        graph_url="https://graph.facebook.com/v23.0",
        template="uitnodiging",
    )
    return service({"whatsapp": whatsapp})


def person(conn: Connection, name: str = "Samira", role: Role = "agent", *teams: str) -> Agent:
    """An agent who is at the desk now."""
    agent = agents.add(conn, name, name, role, teams, NOW)
    agents.seen(conn, agent.id, NOW)
    return agent


def customer(
    conn: Connection,
    who: str = "anna",
    channel: str = "webchat",
    now: datetime = NOW,
    text: str = "Waar is mijn pakket?",
) -> int:
    """A customer's message, which the worker has handled without a word; its inbox id."""
    count = inbox.newest(conn, conversations.open_(conn, channel, who, now).id)
    inbound = Inbound(channel, who, f"{who}-{channel}-{count}", text)
    number = inbox.accept(conn, inbound, now).inbox_id
    inbox.done(conn, number, now, None)
    return number


def queued(
    conn: Connection,
    who: str = "anna",
    channel: str = "webchat",
    *,
    topic: str = "",
    reason: Reason = "asked",
    team: str = "algemeen",
    now: datetime = NOW,
) -> str:
    """A customer who wrote and was handed over; the conversation's id."""
    customer(conn, who, channel, now)
    conversation = conversations.open_(conn, channel, who, now)
    summary = {"question": "Waar is mijn pakket?"}
    urgent = ORGANISATION.is_urgent(topic, reason)
    handovers.open_(conn, conversation.id, reason, topic, summary, now, team=team, urgent=urgent)
    own(conn, conversation, "queued")
    return conversation.id


def own(conn: Connection, conversation: Conversation, owner: str) -> None:
    """Give a conversation an owner, as the worker does."""
    conversations.change(conn, conversation.id, owner=owner)
