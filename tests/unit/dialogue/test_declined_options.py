"""What a customer declined is not offered again, unless nothing else is left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.change_delivery import ChangeDeliveryForm
from bot.core.complete_replies import CompleteReplies
from bot.dialogue import declined_options as declined
from bot.dialogue.buttons import Button, button, leave
from bot.dialogue.replies import LEFT_OUT
from tests.support.form_driver import Conversation, Said, domain

TODAY = date(2026, 11, 24)
FORM = ChangeDeliveryForm()
DAYS = [f"2026-12-{day:02}" for day in range(1, 12)]
OPTIONS = st.lists(st.sampled_from(DAYS), min_size=1, max_size=6, unique=True)


def offer(days: Sequence[str]) -> list[Button]:
    """Options for these days, and a way out."""
    return [*(button(day, "inform", date=day) for day in days), leave()]


def values(buttons: Sequence[Button]) -> list[Any]:
    """What options send."""
    return [value for each in buttons for _, value in declined.sent_by(each)]


@given(OPTIONS, st.sets(st.sampled_from(DAYS)))
def test_only_what_was_not_declined_is_left(days: list[str], no: set[str]) -> None:
    """All stay where all were declined; the ways out always stay."""
    left = declined.without(offer(days), {"date": list(no)})
    assert values(left) == ([day for day in days if day not in no] or days)
    assert left[-1] == leave()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vrijdag ben ik er niet", [("date", "2026-11-27")]),
        ("niet vrijdag maar zaterdag", [("date", "2026-11-27")]),
        ("ik ben vrijdag en zaterdag weg", [("date", "2026-11-27"), ("date", "2026-11-28")]),
        ("liever niet in de ochtend", [("day_part", "ochtend")]),
        ("kan het niet vrijdag?", []),
        ("vrijdag graag", []),
    ],
)
def test_days_and_parts_in_words(text: str, found: list[tuple[str, str]]) -> None:
    """Those that are refused, and no others."""
    assert list(declined.in_words(text, TODAY)) == found


def test_a_weekday_is_the_one_that_was_offered() -> None:
    """Whichever week it is in."""
    found = dict.fromkeys(declined.in_words("vrijdag kan ik niet", TODAY, offer(["2026-12-04"])))
    assert ("date", "2026-12-04") in found


def test_no_to_the_only_option_declines_it() -> None:
    """A no to "Dan past alleen vrijdag"; to several it says nothing of any of them."""
    assert list(declined.in_words("nee", TODAY, offer(DAYS[:1]))) == [("date", DAYS[0])]
    assert not list(declined.in_words("nee", TODAY, offer(DAYS[:2])))


def test_an_option_is_declined_by_its_name() -> None:
    """By a word that stands in no other title."""
    options = [button("Grote box", "x", plan="large"), button("Kleine box", "x", plan="small")]
    assert list(declined.in_words("niet de grote", TODAY, options)) == [("plan", "large")]
    assert not list(declined.in_words("geen box", TODAY, options))


def offered(said: Said) -> list[tuple[str, Any]]:
    """The values that can be chosen below what was said, those of the response too."""
    found: list[Button] = []
    for message in said.messages:
        own = (domain()["responses"].get(message["response"]) or [{}])[0].get("buttons") or ()
        payloads = [str(each["payload"]).replace("{{", "{").replace("}}", "}") for each in own]
        out = message.get(LEFT_OUT) or ()
        found += [{"title": "", "payload": each} for each in payloads if each not in out]
        found += message["buttons"]
    return [pair for each in found for pair in declined.sent_by(each)]


REFUSALS = {
    "vrijdag kan ik niet": ("date", "2026-11-27"),
    "niet zaterdag": ("date", "2026-11-28"),
    "donderdag ben ik weg": ("date", "2026-11-26"),
    "niet in de ochtend": ("day_part", "ochtend"),
    "liever niet 's avonds": ("day_part", "avond"),
}
ENTITIES = {
    "vrijdag kan ik niet": {"date": "[2026-11-25,2026-11-26,2026-11-28]"},
    "niet zaterdag": {"date": "[2026-11-25,2026-11-26,2026-11-27]"},
    "donderdag ben ik weg": {"date": "[2026-11-27,2026-11-28,2026-11-30]"},
    "dinsdag 1 december": {"date": "2026-12-01"},
}
SAYS = st.sampled_from([*REFUSALS, "blub", "weet ik niet", "terug", "dinsdag 1 december"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SAYS, min_size=1, max_size=8))
def test_nothing_declined_is_offered_in_the_rest_of_the_task(words: list[str]) -> None:
    """Whatever is said between, and whether a question, a refusal or a choice of days offers it."""
    asyncio.run(_play(words))


async def _play(words: list[str]) -> None:
    talk = Conversation(verified_orders=["PP-100234"])
    await talk.start(FORM, "andere dag graag")
    no: set[tuple[str, Any]] = set()
    for text in words:
        if text in REFUSALS:
            no.add(REFUSALS[text])
        said = await talk.say(FORM, text, "nlu_fallback", **ENTITIES.get(text, {}))
        if said.slots.get("form_outcome"):
            return
        found = offered(said)
        kinds = {name for name, _ in found}
        # Of three days and three parts never all were declined here.
        for name in kinds:
            assert not [pair for pair in found if pair in no and pair[0] == name]


async def test_what_is_chosen_after_all_is_offered_again() -> None:
    """A customer may think again."""
    talk = Conversation(verified_orders=["PP-100234"])
    await talk.start(FORM, "andere dag, vrijdag kan niet")
    assert talk.slots["declined_options"] == {"date": ["2026-11-27"]}
    await talk.say(FORM, "toch vrijdag", date="2026-11-27")
    assert not talk.slots["declined_options"]
    said = await talk.say(FORM, "terug")
    assert ("date", "2026-11-27") in offered(said)


async def test_a_responses_own_options_are_left_out() -> None:
    """The buttons of domain.yml: Rasa's generator adds them, so that it is told which not."""

    class Tracker:
        def current_slot_values(self) -> dict[str, Any]:
            return {}

    class Rasas:
        responses: Mapping[str, Any] = MappingProxyType({})

        async def generate(self, *_: Any, **given: Any) -> dict[str, Any]:
            assert LEFT_OUT not in given
            return {"text": "Welk deel?", "buttons": [{"payload": "/a"}, {"payload": "/b"}]}

    said = await CompleteReplies(Rasas()).generate("utter_x", Tracker(), "web", left_out=["/a"])
    assert said is not None
    assert said["buttons"] == [{"payload": "/b"}]
