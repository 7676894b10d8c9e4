"""Two requests in one message are told from one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.core.components.request_splitting import RequestJoiner, RequestSplitter
from bot.dutch.two_requests import MOST_PARTS, split
from bot.topics.facts import TopicFacts

TOPICS = TopicFacts(
    joined=frozenset({"track_order", "opening_hours", "return_item"}),
    alone=frozenset({"medewerker", "sensitive_matter", "complaint"}),
    who_entities=frozenset({"order_number", "postcode"}),
)
WHERE, OPEN = "waar is mijn pakket", "zijn jullie zondag open"
BOTH = f"{WHERE} en {OPEN}"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("waar is mijn pakket en hoe laat zijn jullie open", 2),
        ("Waar is mijn pakket? En hoe laat zijn jullie open?", 2),
        ("waar is mijn pakket, hoe laat zijn jullie open", 2),
        ("ik wil iets ruilen\nook wil ik mijn factuur zien", 2),
        ("ik heb een broek en een trui besteld", 0),
        ("zijn jullie maandag en dinsdag open", 0),
        ("track en trace werkt niet", 0),
        ("teveel betaald, hoe krijg ik dat terug", 0),
        ("de jaarnota, wanneer komt die", 0),
        ("mijn factuur wil ik per mail en waar blijft hij", 0),
        ("geef ik mijn stand door en de jaarnota, wanneer komt die?", 2),
        ("waar is mijn pakket en wanneer komt die monteur langs", 2),
        ("waar is mijn pakket en hoe laat zijn ze open", 2),
        ("hoi", 0),
        ("PP-100234. 1234AB.", 0),
        ("", 0),
        ("waar is het? " * 100, 0),
    ],
)
def test_split(text: str, parts: int) -> None:
    """Only where what follows begins as a request, and does not speak of what was before it."""
    assert len(split(text)) == parts


@given(st.text(st.sampled_from("aen .?,\nhoewat"), max_size=200))
def test_parts_lie_in_the_text(text: str) -> None:
    """Each part is the text at its place, and there are few."""
    parts = split(text)
    assert len(parts) <= MOST_PARTS
    for part in parts:
        assert text[part.start : part.end] == part.value


def understood(
    whole: tuple[str, float], meanings: dict[str, tuple[str, float]], text: str = BOTH
) -> Message:
    """The message after splitting, a pretended classifier, and joining."""
    message = Message.build(text)
    entities = [{"entity": "date", "value": "2026-11-29", "start": 36, "end": 42}]
    message.set("entities", entities if text == BOTH else [])
    everything = RequestSplitter().process([message])
    for each in everything:
        name, confidence = meanings.get(each.get("text"), whole)
        each.set("intent", {"name": name, "confidence": confidence})
        each.set("intent_ranking", [{"name": name, "confidence": confidence}])
    (joined,) = joiner().process(everything)
    return joined


def joiner() -> RequestJoiner:
    """One that was trained with these topics."""
    storage, resource = LocalModelStorage(Path()), Resource("joiner")
    return RequestJoiner(RequestJoiner.get_default_config(), storage, resource, TOPICS)


def second(message: Message) -> list[Any]:
    """What is offered afterwards."""
    found = message.get("entities") or []
    return [each["value"] for each in found if each["entity"] == "second_request"]


SURE = {WHERE: ("track_order", 0.9), OPEN: ("opening_hours", 0.9)}


@pytest.mark.parametrize("whole", ["track_order", "opening_hours", "nlu_fallback", "out_of_scope"])
def test_the_first_is_answered_the_second_offered(whole: str) -> None:
    """Whatever the whole looked like; the day goes with the question it belongs to."""
    message = understood((whole, 0.5), SURE)
    assert message.get("intent")["name"] == "track_order"
    assert second(message) == ['/opening_hours{"date": "2026-11-29"}']
    assert [each["entity"] for each in message.get("entities")] == ["second_request"]


@pytest.mark.parametrize(
    ("whole", "meanings"),
    [
        # A person comes first.
        (("medewerker", 1.0), SURE),
        (("sensitive_matter", 0.8), SURE),
        (("track_order", 0.8), {**SURE, OPEN: ("complaint", 0.9)}),
        # The same subject, or not clear.
        (("track_order", 0.8), {**SURE, OPEN: ("track_order", 0.9)}),
        (("track_order", 0.8), {**SURE, OPEN: ("opening_hours", 0.6)}),
        (("track_order", 0.8), {**SURE, OPEN: ("greet", 0.99)}),
        # As a whole it is clearly about something else.
        (("return_item", 0.8), SURE),
    ],
)
def test_one_request_stays_as_it_is(
    whole: tuple[str, float], meanings: dict[str, tuple[str, float]]
) -> None:
    """Intent and entities of the whole."""
    message = understood(whole, meanings)
    assert message.get("intent")["name"] == whole[0]
    assert second(message) == []
    assert [each["entity"] for each in message.get("entities")] == ["date"]


def test_payloads_are_left_alone() -> None:
    """A tapped option is no sentence."""
    message = Message.build('/track_order{"order_number": "a. waar is het. hoe laat"}')
    assert RequestSplitter().process([message]) == [message]
