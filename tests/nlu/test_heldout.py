"""The shipped examples make a model that understands messages it has never seen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from bot.ops.train import train_if_needed
from bot.settings_loading import load_settings

if TYPE_CHECKING:
    from rasa.core.agent import Agent

# Importing Rasa's agent imports what Rasa stands on, which announces its next versions.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.model,
    pytest.mark.filterwarnings("ignore"),
]

ROOT = Path(__file__).parents[2]
#: Intents that mean "this was not understood" to the customer: a question back, no guess.
UNSURE = {"nlu_fallback", "out_of_scope"}

Parsed = list[tuple[str, str, dict[str, Any]]]


@pytest.fixture(scope="session")
def agent() -> Agent:
    """The model of the shipped pipeline and examples."""
    from rasa.core.agent import Agent

    return Agent.load(str(train_if_needed(load_settings())))


def read(path: Path) -> list[tuple[str, str]]:
    """The texts of an NLU file or folder, each with its intent."""
    from rasa.shared.nlu.training_data.loading import load_data

    return [
        (str(example.get("text")), str(example.get("intent")))
        for example in load_data(str(path)).intent_examples
    ]


@pytest.fixture(scope="session", params=["heldout.yml", "heldout_personas.yml"])
def parsed(agent: Agent, request: pytest.FixtureRequest) -> Parsed:
    """The held-out messages, the intent of each, and what the model made of them."""
    examples = read(ROOT / "tests" / "nlu" / request.param)

    async def parse_all() -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for text, _ in examples]

    results = asyncio.run(parse_all())
    return [(*example, result) for example, result in zip(examples, results, strict=True)]


def test_messages_are_new(parsed: Parsed) -> None:
    """No held-out message stands among the examples, and there are enough of them."""
    known = {text.lower() for text, _ in read(ROOT / "data" / "nlu")}
    assert len(parsed) >= 140
    assert [text for text, _, _ in parsed if text.lower() in known] == []


def test_understood(parsed: Parsed) -> None:
    """At least 92 in a hundred messages get their intent; at most 4 get a wrong one."""
    own = [
        (text, intent, result["intent"]["name"])
        for text, intent, result in parsed
        if intent != "out_of_scope"
    ]
    missed = [(text, found) for text, intent, found in own if found != intent]
    wrong = [(text, found) for text, found in missed if found not in UNSURE]
    assert len(missed) / len(own) <= 0.08, missed
    assert len(wrong) / len(own) <= 0.04, wrong


def test_out_of_scope_is_not_accepted(parsed: Parsed) -> None:
    """At most one in ten questions that are not ours is taken for one that is."""
    foreign = [
        (text, result["intent"]["name"])
        for text, intent, result in parsed
        if intent == "out_of_scope"
    ]
    accepted = [(text, found) for text, found in foreign if found not in UNSURE]
    assert len(accepted) / len(foreign) <= 0.10, accepted


def test_confidence_can_be_believed(parsed: Parsed) -> None:
    """Messages classified with high confidence are nearly always right."""
    sure = [
        (intent, result["intent"]["name"])
        for _, intent, result in parsed
        if result["intent"]["confidence"] >= 0.9
    ]
    assert len(sure) >= len(parsed) / 2
    assert sum(intent == found for intent, found in sure) / len(sure) >= 0.97


async def test_employee_in_passing(agent: Agent) -> None:
    """A sentence that only mentions an employee goes to its own topic."""
    told = await agent.parse_message(
        "uw medewerker heeft mij gisteren geholpen, waar is mijn pakket"
    )
    assert told["intent"]["name"] == "track_order"


@pytest.mark.parametrize(
    "text", ["waar is mijn pakket? medewerker!", "ik wil een klacht indienen bij een medewerker"]
)
async def test_nothing_overrules_the_escape_word(agent: Agent, text: str) -> None:
    """A clear topic in the same message does not make the request ambiguous."""
    result = await agent.parse_message(text)
    assert result["intent"] == {"name": "medewerker", "confidence": 1.0}


@pytest.mark.parametrize("text", ["niet doorverbinden", "vacature medewerker"])
async def test_a_person_declined(agent: Agent, text: str) -> None:
    """Who does not want a person gets none."""
    result = await agent.parse_message(text)
    assert result["intent"]["name"] != "medewerker"


async def test_entities_arrive(agent: Agent) -> None:
    """The whole pipeline hands over what code reads."""
    result = await agent.parse_message("waar is pp 100234, postcode 1234ab")
    values = {entity["entity"]: entity["value"] for entity in result["entities"]}
    assert values == {"order_number": "PP-100234", "postcode": "1234 AB"}


def _two_requests() -> dict[str, list[list[str]]]:
    path = ROOT / "tests" / "nlu" / "two_requests.yml"
    loaded: dict[str, list[list[str]]] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return loaded


async def _second(agent: Agent, text: str) -> tuple[str, list[str]]:
    """The intent of a message, and what it asks besides."""
    result = await agent.parse_message(text)
    offered = [
        str(entity["value"]).lstrip("/").partition("{")[0]
        for entity in result["entities"]
        if entity["entity"] == "second_request"
    ]
    return result["intent"]["name"], offered


async def test_two_requests_are_heard(agent: Agent) -> None:
    """At most one message in ten with two requests is taken for another."""
    cases = _two_requests()["two"]
    missed = [
        (text, found)
        for text, first, second in cases
        if (found := await _second(agent, text)) != (first, [second])
    ]
    assert len(missed) <= len(cases) / 10, missed


async def test_one_request_is_not_split(agent: Agent) -> None:
    """No message that only looks like two is answered with an offer of another subject."""
    cases = _two_requests()["one"]
    found = [(text, await _second(agent, text)) for text, _ in cases]
    assert [each for each in found if each[1][1]] == []
