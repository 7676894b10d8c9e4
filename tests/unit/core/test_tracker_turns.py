"""The turns that loop detection reads, read event by event as a conversation goes on."""

from __future__ import annotations

import random
from collections import deque
from typing import Any

import pytest
from rasa.core.test import EndToEndUserUtterance, WronglyPredictedAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.conversation.loop_detection import LoopTurn, Thresholds, after_reply
from bot.core.safeguard_table import BREAK, HANDOVER
from bot.core.tracker_replay import ReplayingTracker
from bot.core.tracker_turns import turns_of
from bot.dialogue.message_reading import NOTED

TOLD = frozenset({"day"})


def message(text: str, intent: str = "ask", *entities: dict[str, Any]) -> UserUttered:
    """What a customer said."""
    return UserUttered(text, {"name": intent}, list(entities))


def test_what_was_noted_while_waiting_is_no_turn() -> None:
    """Nobody was to answer it, so that it is no step in a circle."""
    noted = UserUttered("hallo?", {"name": "nlu_fallback"}, metadata={NOTED: True})
    events = [message("open?"), BotUttered("Ja."), noted, ActionExecuted("action_listen")]
    assert [turn.text for turn in turns_of(events, TOLD)] == ["open?"]


def test_what_a_turn_holds() -> None:
    """The words, what they were about, what was asked before and after, replies and refusals."""
    events = [
        SlotSet("requested_slot", "number"),
        message("morgen", "inform", {"entity": "date", "value": "2026-01-01"}),
        ActionExecuted("form"),
        SlotSet("day", "friday"),
        BotUttered("Dat kan niet."),
        BotUttered(None, {"custom": {"kind": "choice"}}),
        SlotSet("refusals", 2),
        SlotSet("requested_slot", "day"),
        message("/stop", "nlu_fallback"),
        ActionExecuted(BREAK),
        BotUttered("Wilt u een medewerker?"),
    ]
    assert turns_of(events, TOLD) == (
        LoopTurn(
            text="morgen",
            intent="inform",
            data=frozenset({'date="2026-01-01"', "day=friday"}),
            replies=("Dat kan niet.", '{"kind": "choice"}'),
            asked="day",
            was_asked="number",
            refusals=2,
        ),
        LoopTurn(text="", intent=None, asked=None, was_asked="day", broke=True),
    )


@pytest.mark.parametrize(
    ("event", "asked"), [(SessionStarted(), None), (ActionExecuted(HANDOVER), "number")]
)
def test_where_the_turns_begin_anew(event: Event, asked: str | None) -> None:
    """With a session, with every slot empty; and after a hand-over."""
    events = [SlotSet("requested_slot", "number"), message("een"), event, BotUttered("Dag.")]
    assert turns_of(events, TOLD) == ()
    (turn,) = turns_of([*events, message("twee")], TOLD)
    assert turn == LoopTurn("twee", "ask", asked=None, was_asked=asked)


def test_a_form_that_did_not_run_asked_nothing() -> None:
    """Its question stands open, and the same reply twice is a loop all the same."""
    events = [
        SlotSet("requested_slot", "number"),
        *[message("wifi?", "wifi"), ActionExecuted("action_clarify"), BotUttered("Wat?")] * 2,
        *[message("een"), ActionExecuted("form"), SlotSet("requested_slot", "number")],
    ]
    turns = turns_of(events, TOLD)
    assert [turn.asked for turn in turns] == [None, None, "number"]
    assert {turn.was_asked for turn in turns} == {"number"}
    assert after_reply(turns[:2], Thresholds(), lambda *_: 0.0) == "same_reply"


def test_the_events_of_rasa_test_are_read_too() -> None:
    """Its stories are played with classes of its own."""
    played = [
        EndToEndUserUtterance("een", {"name": "ask"}),
        WronglyPredictedAction("utter_a", None, "utter_b"),
        BotUttered("Ja."),
    ]
    plain = [message("een"), ActionExecuted("utter_a"), BotUttered("Ja.")]
    assert turns_of(played, TOLD) == turns_of(plain, TOLD) != ()


@pytest.mark.parametrize("seed", range(20))
def test_event_by_event_is_as_all_at_once(seed: int) -> None:
    """A tracker keeps what it read."""
    chance = random.Random(seed)
    domain = Domain.from_yaml('version: "3.1"\nslots:\n  day: {type: any, mappings: []}')
    tracker, events = ReplayingTracker("x", domain.slots), deque[Event]()
    for _ in range(80):
        event: Event = chance.choice([
            message(chance.choice(["een", "/twee"]), chance.choice(["ask", "nlu_fallback"])),
            ActionExecuted(chance.choice(["utter_a", BREAK, "utter_b"])),
            BotUttered(chance.choice(["Ja.", "Nee."])),
            SlotSet(chance.choice(["day", "requested_slot", "refusals"]), chance.choice([None, 1])),
            *([SessionStarted(), ActionExecuted(HANDOVER)] if chance.random() < 0.1 else []),
        ])  # fmt: skip
        tracker.update(event)
        events.append(event)
        if chance.random() < 0.7:
            assert tracker.turns(TOLD) == turns_of(events, TOLD)
    assert tracker.turns(frozenset()) == turns_of(events, frozenset())
