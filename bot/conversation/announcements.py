"""The messages that tell a customer that a person takes over, passes on or leaves."""

from __future__ import annotations

from typing import Literal

from bot.catalogue import say
from bot.messages import Choice, Notice, Option, Text


def lost(wait: str) -> Notice:
    """Says that the agent was away for too long; the customer waits for another.

    Args:
        wait: what may be expected: place and time, or when people are back.
    """
    return Notice(f"{say('handover.lost')} {wait}")


def silent(wait: str) -> Notice:
    """As `lost`, of an agent who did not come to an answer."""
    return Notice(f"{say('handover.silent')} {wait}")


def released(wait: str) -> Notice:
    """As `lost`, of an agent who gave the conversation back to the queue."""
    return Notice(f"{say('handover.released')} {wait}")


def taken(name: str, organisation: str) -> Notice:
    """Says that a person is there.

    Args:
        name: that person's name.
        organisation: name of the organisation.
    """
    return Notice(say("handover.taken", name=name, organisation=organisation), "to_human")


def transferred(team: str, opens: str, wait: str) -> Notice:
    """Says that the question goes to another team.

    Args:
        team: that team's name.
        opens: when it opens, such as `morgen om 9.00 uur`; empty while it is open.
        wait: place and time there; told while it is open.
    """
    if opens:
        return Notice(say("handover.transferred_later", team=team, opens=opens))
    return Notice(f"{say('handover.transferred', team=team)} {wait}")


def task_open(title: str, topic: str) -> Choice:
    """Offers the task with which the assistant was busy when a person came.

    Args:
        title: the Dutch name of the task.
        topic: its intent.
    """
    return Choice(say("handover.task_open", task=title), (Option(title, f"/{topic}"),))


def sent_back(name: str) -> Notice:
    """Says that the assistant goes on.

    Args:
        name: name of the person who leaves.
    """
    return Notice(say("handover.sent_back", name=name), "to_bot")


def asks_number(name: str, kind: Literal["bsn", "iban"], minutes: int) -> Notice:
    """Says that a person asks for a number that is taken out of messages otherwise.

    Args:
        name: that person's name.
        kind: which number.
        minutes: how long it can be sent.
    """
    number = say(f"handover.number.{kind}")
    return Notice(say("handover.asks_number", name=name, number=number, minutes=minutes))


def settled_elsewhere(where: str) -> Notice:
    """Says that a person settled the customer's question in another conversation with them.

    Args:
        where: name of its channel within a sentence; empty where it is the same one as here.
    """
    if not where:
        return Notice(say("handover.settled_in_other"))
    return Notice(say("handover.settled_elsewhere", where=where))


def reply(text: str) -> Text:
    """The message of an agent's words, without spaces around them or at the ends of lines."""
    return Text("\n".join(line.rstrip() for line in text.strip().splitlines()))


def call_back_moved(when: str, *, by_mail: bool) -> Notice:
    """Says that the customer is called, or written to, at another time than was said.

    Args:
        when: the new moment, in words.
        by_mail: whether the customer left an e-mail address.
    """
    key = "moved_mail" if by_mail else "moved_call"
    return Notice(say(f"callback.{key}", when=when))
