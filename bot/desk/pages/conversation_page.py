"""What the page of a conversation shows: the values that its templates use."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.routing import Team
from bot.desk.conversations.reply_limits import ReplyWindow
from bot.desk.pages.call_back_rows import CallbackRow
from bot.desk.pages.conversation_view import MessageLine
from bot.desk.pages.earlier_contacts import EarlierContact
from bot.desk.pages.joined_view import JoinedView
from bot.desk.pages.reply_tools import ReplyTools
from bot.desk.pages.site_customer_view import SiteCustomerView
from bot.desk.pages.summary_view import SummaryView
from bot.messages import Owner


@dataclass(frozen=True, slots=True)
class ConversationPart:
    """A stretch of a conversation, with the place of the messages before it.

    Attributes:
        lines: oldest first.
        earlier: where older messages are, as `history_page.place` reads it, or
            `joined_history.place` where conversations were joined; empty at the beginning.
        heading: set when it belongs to an earlier conversation on another channel.
        key: names the heading.
    """

    lines: tuple[MessageLine, ...]
    earlier: str
    heading: str
    key: str


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """A conversation as its page shows it.

    Attributes:
        id: the conversation's.
        who: the customer's name at the desk: the one that was given, else a number, say.
        phone: the telephone number by which the customer writes, or empty.
        callback: the open request to be called back, or None.
        viewers: names of the colleagues who have this page open.
        channel: name of the channel.
        channel_name: the same as people know it, told apart from those that were joined to it.
        channel_tone: colour of its badge.
        topic: what it is about.
        team: name of the team, or empty.
        teams: the other teams, to pass it on to.
        owner: the conversation's owner.
        urgent: whether it goes first.
        colleagues: to whom it can be passed: id, and name with status.
        mine: whether the agent has it.
        may_act: whether the agent may do something with it.
        agent: name of the agent who has or had it.
        settled: what was agreed, or noted for colleagues, in words; may be empty.
        answer_until: time of day until when the agent must answer to keep it; empty when the
            customer does not wait too long.
        left: when the customer closed the chat; empty while it is open.
        wiped: when the customer wiped the conversation, in words; empty: it can still be read.
        window: what the channel allows.
        closing_tells: name of the conversation, as `channel_name`, in which closing tells the
            customer how it was settled; empty: in none it can.
        asleep_until: until when its agent set it aside, in words; empty when it is not.
        woken: whether it was set aside and came back.
        tools: what is at hand for writing to the customer.
        ask_minutes: how long a customer may send a private number that was asked for.
        client_id: name of the next answer, so that sending it twice is sending it once.
        summary: what to know first; None without a hand-over.
        site: what the website says of a customer who has logged in there; None: nothing.
        first: when the customer first wrote.
        scores: what the customer gave, in words.
        earlier: what was settled with this customer before, the newest first.
        joined: the conversations of the same customer that were joined to it, or None.
        piece: the newest messages.
    """

    id: str
    who: str
    phone: str
    callback: CallbackRow | None
    viewers: tuple[str, ...]
    channel: str
    channel_name: str
    channel_tone: str
    topic: str
    team: str
    teams: tuple[Team, ...]
    owner: Owner
    urgent: bool
    colleagues: tuple[tuple[int, str], ...]
    mine: bool
    may_act: bool
    agent: str
    settled: str
    answer_until: str
    left: str
    wiped: str
    window: ReplyWindow
    closing_tells: str
    asleep_until: str
    woken: bool
    tools: ReplyTools
    ask_minutes: int
    client_id: str
    summary: SummaryView | None
    site: SiteCustomerView | None
    first: str
    scores: str
    earlier: tuple[EarlierContact, ...]
    joined: JoinedView | None
    piece: ConversationPart
