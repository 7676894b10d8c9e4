"""What a conversation was about a moment ago."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, SlotSet, UserUttered

from bot.core.recent_subject import RecentSubject, recent_subject

TOPICS = {"membership"}


def message(text: str, intent: str = "inform", sure: float = 0.9, **value: Any) -> UserUttered:
    entities = [{"entity": "card", **value}] if value else []
    return UserUttered(text, {"name": intent, "confidence": sure}, entities)


QUESTION = message("en dat dan?")
FORM, ENDED = ActiveLoop("renew_loan_form"), ActiveLoop(None)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([], RecentSubject()),
        (
            [message("hoe word ik lid"), SlotSet("quoted_passage", "lid#Kosten")],
            RecentSubject(page="lid", asked="hoe word ik lid"),
        ),
        (
            [message("verleng boek 12", start=13, end=15), FORM, ENDED],
            RecentSubject(ended=True, words="verleng boek"),
        ),
        (
            [message("ik wil langer lenen"), message("/renew_loan"), FORM, ENDED],
            RecentSubject(ended=True, words="ik wil langer lenen"),
        ),
        (
            [message("lid worden", "membership")],
            RecentSubject(topic="membership", words="lid worden"),
        ),
        ([message("lid?", "membership", 0.4)], RecentSubject()),
        ([message("lid worden", "membership"), SessionStarted()], RecentSubject()),
    ],
    ids=["nothing", "page", "task", "chosen task", "topic", "unsure", "another session"],
)
def test_what_came_last_counts(events: list[Event], found: RecentSubject) -> None:
    """Its own words, without the numbers in them."""
    assert recent_subject([*events, QUESTION], TOPICS) == found


def test_long_ago_is_at_hand_no_more() -> None:
    """Four messages later the subject is another."""
    between = [message(f"bericht {number}") for number in range(5)]
    ended = [message("verleng"), FORM, ENDED]
    assert recent_subject([*ended, *between, QUESTION], TOPICS) == RecentSubject()
