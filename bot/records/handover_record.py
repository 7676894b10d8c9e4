"""A hand-over to a person: why, about what, and how far it came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.messages import Reason

#: How a hand-over ended. `closed`: a person settled it; `to_bot`: a person sent the customer back
#: to the assistant; `resumed`: the customer went back; `wiped`: the customer, who waited, wiped the
#: conversation; `joined`: it was settled with another one of the same customer, and counts no more.
Outcome = Literal["closed", "to_bot", "resumed", "wiped", "joined"]
#: What came of a conversation that a person closed. `solved`: it is done; `pending`: the
#: organisation goes on with it elsewhere; `referred`: the customer was sent elsewhere; `no_answer`:
#: the customer went silent; `double`: it is in another conversation; `no_question`: it was no
#: customer's question, as advertising.
Resolution = Literal["solved", "pending", "referred", "no_answer", "double", "no_question"]
#: What a customer was told when a person ended a hand-over. `score`: what was agreed, and asked for
#: a score; `ended`: that it ended, and not asked for one; `nothing`.
Told = Literal["score", "ended", "nothing"]


@dataclass(frozen=True, slots=True)
class Handover:
    """A hand-over.

    Attributes:
        id: its row; grows with time.
        conversation_id: the conversation.
        reason: why a person is needed.
        topic: what it is about (an intent name), or empty.
        summary: what the person must know, as `bot.conversation.handover_summary` makes it.
        created_at: when the customer was handed over (UTC).
        closed_at: when it ended (UTC), or None.
        outcome: how it ended; None while open.
        team: id of the team it waits for, or empty: see `Organisation.team`.
        urgent: whether it goes before all that are not.
        queued_at: since when it waits for this team (UTC): later than `created_at` when another
            team had it, or when its agent gave it back.
        agent_id: the agent who took it, or None; once it is closed, the last one who did.
        taken_at: when it was taken (UTC); None while it waits.
        first_reply_at: when a person first answered the customer (UTC), or None.
        last_reply_at: when a person last did (UTC), or None.
        form: how far the call-back form got, or None when it is not being filled in.
        settled: what was agreed, in the agent's words, or None; for colleagues alone where the
            customer was told nothing.
        reminded_at: when its agent was last reminded that the customer waits (UTC), or None.
        resolution: what came of it, as the person said who closed it, or None.
        snoozed_at: when its agent set it aside (UTC), or None.
        snoozed_until: until when (UTC), or None; a customer who writes ends it earlier.
        woken_at: when that was over (UTC), until the customer is answered; or None.
        told: what the customer was told when a person ended it, or None: not on record.
    """

    id: int
    conversation_id: str
    reason: Reason
    topic: str
    summary: Mapping[str, Any]
    created_at: datetime
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    team: str = ""
    urgent: bool = False
    queued_at: datetime | None = None
    agent_id: int | None = None
    taken_at: datetime | None = None
    first_reply_at: datetime | None = None
    last_reply_at: datetime | None = None
    form: Mapping[str, Any] | None = None
    settled: str | None = None
    reminded_at: datetime | None = None
    resolution: Resolution | None = None
    snoozed_at: datetime | None = None
    snoozed_until: datetime | None = None
    woken_at: datetime | None = None
    told: Told | None = None

    def asleep(self, last_inbound_at: datetime | None) -> bool:
        """Whether it is set aside, given when the customer last wrote (UTC)."""
        if self.snoozed_at is None or self.snoozed_until is None:
            return False
        return last_inbound_at is None or last_inbound_at <= self.snoozed_at

    def asleep_until(self, last_inbound_at: datetime | None) -> datetime | None:
        """Until when it is set aside (UTC), given when the customer last wrote; None: it is not."""
        return self.snoozed_until if self.asleep(last_inbound_at) else None

    def woken(self, last_inbound_at: datetime | None) -> bool:
        """Whether it was set aside, came back, and the customer was not answered since."""
        return self.woken_since(last_inbound_at) is not None

    def woken_since(self, last_inbound_at: datetime | None) -> datetime | None:
        """When it last came back (UTC), while the customer was not answered since; or None."""
        by_customer = self.snoozed_until is not None and not self.asleep(last_inbound_at)
        return last_inbound_at if by_customer else self.woken_at

    def one_case_with(self, other: Handover) -> bool:
        """Whether both, of one customer and open, are one case: in one hand, or one team's queue.

        That is what the desk shows as one line.
        """
        if self.agent_id is not None and self.agent_id == other.agent_id:
            return True
        return self.taken_at is None and other.taken_at is None and self.team == other.team

    @property
    def is_silent(self) -> bool:
        """Whether it was ended without a word to the customer, who reads nothing of `settled`."""
        return self.told == "nothing"

    @property
    def asks_score(self) -> bool:
        """Whether its customer may be asked for a score: never where its end asked for none."""
        return self.told in (None, "score")

    @property
    def waits_since(self) -> datetime:
        """The moment since when it waits, or waited, for its present team (UTC)."""
        return self.queued_at or self.created_at
