"""Whole conversations with the trained model and the real actions: every task, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.conversation.option_matching import meaning
from bot.messages import HandOver, Inbound, Rated, RatingRequest, options_of
from bot.ops.train import train_if_needed
from bot.settings_loading import load_settings
from tests.support.process_caches import forget

pytestmark = [pytest.mark.slow, pytest.mark.model]

#: What the customer says, and a part of what the reply must hold; `|` parts several replies.
CONVERSATIONS = {
    "track_order": [
        ("waar is mijn pakket", "U chat met de AI-assistent|bestelnummer"),
        ("PP-100234", "postcode"),
        ("1234 AB", "PP-100234 is onderweg|nog iets voor u doen"),
        ("nee", "Bedankt|Geef een cijfer"),
        ("4", "Uw cijfer is een 4"),
    ],
    "change_delivery": [
        ("ik wil mijn bezorging verzetten", "bestelnummer"),
        ("PP-100234, 1234 AB", "Op welke dag"),
        ("gisteren", "is al geweest"),
        ("hoe laat zijn jullie open", "tot en met vrijdag|Op welke dag"),
        ("overmorgen", "deel van de dag"),
        ("terug", "Op welke dag"),
        ("overmorgen", "deel van de dag"),
        ("'s avonds", "avond"),
        ("nee ochtend", "aangepast|ochtend"),
        ("ja", "Gewijzigd|nog iets"),
    ],
    "return_item": [
        ("ik wil iets terugsturen", "bestelnummer"),
        ("PP-100871, 3511 LX", "Welk artikel"),
        ("die regenjas", "Waarom"),
        ("te klein", "Regenjas, maat M. Reden: past niet goed"),
        ("ja klopt", "Uw retourcode is R100871-1|nog iets"),
    ],
    "return_item too late": [
        ("ik wil iets terugsturen", "bestelnummer"),
        ("PP-100302, 2011 DK", "lukt niet meer|nog iets"),
    ],
    "invoice_payment": [
        ("ik wil mijn factuur betalen", "bestelnummer"),
        ("PP-100640, 5611 AZ", "nog niet betaald|nog iets"),
        ("Betalingsregeling", "medewerker"),
    ],
    "change_subscription": [
        ("ik wil mijn abonnement opzeggen", "bestelnummer"),
        ("PP-100456, 9712 HM", "Om welk abonnement"),
        ("Maandelijkse box", "Ik zeg uw maandelijkse box op"),
        ("ja", "opgezegd|nog iets"),
    ],
    "submit_meter_reading": [
        ("meterstand doorgeven", "bestelnummer"),
        ("PP-100456, 9712 HM", "Welke stand"),
        ("50000", "lager dan de vorige"),
        ("51100", "51.100 kWh. Klopt dit?"),
        ("ja", "Genoteerd: 51.100 kWh|nog iets"),
    ],
    "complaint": [
        ("ik heb een klacht", "Wat is er gebeurd"),
        ("uw bezorger gooide mijn pakket over de schutting", "medewerker"),
    ],
    "sensitive_matter": [("mijn man is overleden", "met een medewerker"), ("ja", "medewerker")],
    "login_help": [
        ("wachtwoord vergeten", "nieuw wachtwoord"),
        ("Geen e-mail gekregen", "ongewenste e-mail"),
        ("Het is gelukt", "Graag gedaan|nog iets"),
    ],
    "verification": [
        ("waar is mijn pakket", "bestelnummer"),
        ("PP-100234", "postcode"),
        ("1111 AA", "horen niet bij elkaar"),
        ("1112 AA", "nog één keer"),
        ("1113 AA", "medewerker"),
    ],
    "switching and stopping": [
        ("waar is mijn pakket", "bestelnummer"),
        ("ben je een mens?", "geen mens|bestelnummer"),
        ("ik wil toch iets terugsturen", "We gaan verder met|bestelnummer"),
        ("stop", "we stoppen hiermee"),
    ],
    "stuck in a form": [
        ("waar is mijn pakket", "bestelnummer"),
        ("blub blub", "geen bestelnummer"),
        ("blab blab", "zes cijfers"),
        ("pff", "niet verder|Zo komen we niet verder"),
        ("Opnieuw proberen", "bestelnummer"),
        ("medewerker", "medewerker"),
    ],
}


@pytest.fixture(scope="module")
def assistant() -> Iterator[Any]:
    """The agent with the actions in its process, as the worker has it."""
    from rasa.core.agent import Agent

    from bot.core.in_process_actions import InProcessActions

    actions = InProcessActions()
    agent = Agent.load(str(train_if_needed(load_settings())), action_endpoint=actions)
    actions.use(agent.domain)
    return agent


@pytest.fixture(autouse=True)
def _own_shop(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sample data as of today, gone after the test."""
    forget()
    monkeypatch.setenv("LOKET_VAR_DIR", str(tmp_path))
    yield
    forget()


class Chat:
    """One conversation."""

    def __init__(self, agent: Any, name: str) -> None:
        self.agent, self.name = agent, name
        self.said: tuple[Any, ...] = ()
        self.effects: tuple[Any, ...] = ()

    async def say(self, text: str) -> str:
        """The replies to a message, one line each."""
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        from bot.core.translate import translate

        inbound = Inbound("webchat", self.name, text, text)
        taken = meaning(inbound, text, self.said, numbered=False)
        output = CollectingOutputChannel()
        await self.agent.handle_message(UserMessage(taken.value, output, self.name))
        outcome = translate(output.messages)
        self.said, self.effects = outcome.messages, outcome.effects
        return "\n".join(message.text for message in self.said)


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_conversation(name: str, assistant: Any) -> None:
    """Each reply says what it must, and leads somewhere."""
    chat = Chat(assistant, name)
    for text, parts in CONVERSATIONS[name]:
        reply = await chat.say(text)
        for part in parts.split("|"):
            assert part in reply, f"after {text!r}: {reply}"
        last = chat.said[-1]
        asks = options_of(last) or "?" in last.text or "Typ" in last.text
        assert asks or chat.effects or "Vertel" in last.text or "ziet er zo uit" in last.text


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["medewerker"], "asked"),
        (["waar is mijn pakket", "geef me een mens"], "asked"),
        (["ik heb schulden en kan niet betalen", "Ja, een medewerker"], "sensitive"),
        (["doei", "1", "Medewerker"], "low_rating"),
        (["asdf qwer", "blub blub", "grmbl grmbl"], "not_understood"),
    ],
)
async def test_to_a_person(texts: list[str], reason: str, assistant: Any) -> None:
    """The worker is told who owns the conversation from now on, and why."""
    chat = Chat(assistant, " ".join(texts))
    for text in texts:
        await chat.say(text)
    assert [effect.reason for effect in chat.effects if isinstance(effect, HandOver)] == [reason]


async def test_a_score_may_be_changed_once(assistant: Any) -> None:
    """Asked once, changed once."""
    chat = Chat(assistant, "scores")
    await chat.say("doei")
    assert isinstance(chat.said[-1], RatingRequest)
    await chat.say("3")
    assert chat.effects == (Rated(3, "bot"),)
    await chat.say("Cijfer wijzigen")
    await chat.say("5")
    assert chat.effects == (Rated(5, "bot"),)
    await chat.say("doei")
    assert not isinstance(chat.said[-1], RatingRequest)
