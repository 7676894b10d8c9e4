"""The NLU components do what Rasa expects of components."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core import own_spellings
from bot.core.components.classifier import SentenceClassifier
from bot.core.components.entities import EntityRecognizer
from bot.core.components.tokenizer import DutchTokenizer
from bot.core.encoder import DIMENSIONS, encode, encode_all, similarity
from bot.core.intent_model import Weights
from bot.core.intent_training import train
from bot.core.rejection import Rejection

EXAMPLES = {
    "track_order": ["waar is mijn pakket", "wanneer komt mijn bestelling", "pakket niet ontvangen"],
    "return_item": ["ik wil iets terugsturen", "retour aanmelden", "artikel is kapot, ruilen"],
    "greet": ["hoi", "hallo", "goedemorgen"],
}
CONTEXT = ExecutionContext(GraphSchema({}), model_id="test")


def classifier(
    folder: Path, examples: dict[str, list[str]] = EXAMPLES, **options: Any
) -> SentenceClassifier:
    """A component trained on a few examples, stored, and brought back."""
    storage, resource = LocalModelStorage.create(folder), Resource("classifier")
    config = {**SentenceClassifier.get_default_config(), **options}
    data = TrainingData(
        [Message.build(text, intent=intent) for intent, texts in examples.items() for text in texts]
    )
    SentenceClassifier.create(config, storage, resource, CONTEXT).train(data)
    return SentenceClassifier.load(config, storage, resource, CONTEXT)


OWN = ["actions.extractors.OrderNumbers", "actions.extractors.MeterReadings"]


def recogniser(**config: Any) -> EntityRecognizer:
    """An untrained recogniser: it reads all that needs no lookup table."""
    storage = LocalModelStorage(Path("unused"))
    settings = {**EntityRecognizer.get_default_config(), "extractors": OWN, **config}
    return EntityRecognizer.create(settings, storage, Resource("entities"), CONTEXT)


def entities(text: str, **config: Any) -> dict[str, Any]:
    """What the recogniser reads on Monday 23 November 2026."""
    component = recogniser(today="2026-11-23", **config)
    message = Message.build(text)
    component.process([message])
    return {entity["entity"]: entity["value"] for entity in message.get("entities", [])}


def test_classifier_survives_storage(tmp_path: Path) -> None:
    """A model that was stored and loaded knows unseen and misspelt sentences."""
    component = classifier(tmp_path)
    message = Message.build("waar blijft mn paket nou")
    component.process([message])
    assert message.get("intent")["name"] == "track_order"
    ranking = message.get("intent_ranking")
    assert ranking[0] == message.get("intent")
    assert sum(item["confidence"] for item in ranking) == pytest.approx(1.0)


def test_classifier_leaves_what_is_certain(tmp_path: Path) -> None:
    """An intent of confidence 1.0 stays, with a ranking below it."""
    message = Message.build("medewerker")
    message.set("intent", {"name": "medewerker", "confidence": 1.0})
    classifier(tmp_path).process([message])
    assert message.get("intent") == {"name": "medewerker", "confidence": 1.0}
    names = [item["name"] for item in message.get("intent_ranking")]
    assert names[0] == "medewerker"
    assert set(names[1:]) == EXAMPLES.keys()


def test_nothing_rivals_what_is_certain(tmp_path: Path) -> None:
    """A clear topic beside the escape word does not make the message ambiguous."""
    message = Message.build("waar is mijn pakket")
    message.set("intent", {"name": "medewerker", "confidence": 1.0})
    classifier(tmp_path).process([message])
    assert {item["confidence"] for item in message.get("intent_ranking")[1:]} == {0.0}


@pytest.mark.parametrize("text", ["/greet", ' /rate{"score": 4}'])
def test_classifier_leaves_payloads(tmp_path: Path, text: str) -> None:
    """Payloads are Rasa's."""
    message = Message({"text": text})
    classifier(tmp_path).process([message])
    assert message.get("intent") == {"name": None, "confidence": 0.0}


@pytest.mark.parametrize("text", ["", "👍", "привет"])
def test_classifier_does_not_guess(tmp_path: Path, text: str) -> None:
    """A message without a Latin letter or digit is not understood."""
    message = Message({"text": text})
    classifier(tmp_path).process([message])
    assert message.get("intent") == {"name": "nlu_fallback", "confidence": Rejection().least}


def test_fallback_stands_before_the_ranking(tmp_path: Path) -> None:
    """In doubt the intent is the fallback, and the ranking goes on to name what is likeliest."""
    message = Message({"text": "paarse olifanten"})
    component = classifier(tmp_path)
    component.process([message])
    ranking = message.get("intent_ranking")
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == "nlu_fallback"
    assert {item["name"] for item in ranking[1:]} == EXAMPLES.keys()


def test_without_a_fallback(tmp_path: Path) -> None:
    """Who leaves doubt to another component gets the likeliest intent, however unlikely."""
    message = Message({"text": "paarse olifanten"})
    classifier(tmp_path, fallback_intent=None).process([message])
    assert message.get("intent")["name"] in EXAMPLES


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"treshold": 0.4}, "treshold"),
        ({"wrong_rate": 5}, "wrong_rate"),
        ({"smoothing": "high"}, "smoothing"),
    ],
)
def test_options_are_checked(tmp_path: Path, config: dict[str, Any], named: str) -> None:
    """A misspelt or impossible option is refused by name; it would do nothing, silently."""
    with pytest.raises(InvalidConfigException, match=named):
        classifier(tmp_path, **config)


def test_classifier_without_examples(tmp_path: Path) -> None:
    """One intent or none cannot be told apart: nothing is stored and nothing guessed."""
    component = classifier(tmp_path, {"greet": ["hoi", "hallo"]})
    message = Message.build("hoi")
    component.process([message])
    assert message.get("intent")["name"] is None


def test_two_intents_and_long_text(tmp_path: Path) -> None:
    """Two intents are enough, and a very long text is classified too."""
    two = {name: EXAMPLES[name] for name in ("greet", "return_item")}
    message = Message.build("retour " * 2000)
    classifier(tmp_path, two).process([message])
    assert message.get("intent")["name"] == "return_item"


def test_same_examples_same_model() -> None:
    """Training is repeatable, so that a comparison of models compares content."""
    texts = [text for texts in EXAMPLES.values() for text in texts]
    intents = [intent for intent, texts in EXAMPLES.items() for _ in texts]
    first, second = (train(texts, intents, Weights()) for _ in range(2))
    assert first.ranking("waar is het") == second.ranking("waar is het")
    with pytest.raises(ValueError, match="two intents"):
        train(["hoi"], ["greet"], Weights())


def test_entities_of_a_full_answer() -> None:
    """Everything that code reads comes as entities, dates counted from the day of the message."""
    found = entities("order pp 100234, postcode 1234ab nr 12a, graag morgenochtend")
    assert found == {
        "order_number": "PP-100234",
        "postcode": "1234 AB",
        "house_number": "12A",
        "date": "2026-11-24",
        "day_part": "ochtend",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100234", {"order_number": "PP-100234", "meter_reading": 100234}),
        ("12345", {"meter_reading": 12345}),
        ("12", {"house_number": "12"}),
        ("hoog 4512 laag 3890", {"meter_reading": {"high": 4512, "low": 3890}}),
        ("29-11", {"date": "2026-11-29"}),
        ("2026-12-24", {"date": "2026-12-24"}),
        ("29-11-2026", {"date": "2026-11-29"}),
        ("ik geef je een 4", {"score": 4}),
        ("vijf sterren", {"score": 5}),
        ("doe maar 3 van de 5", {"score": 3}),
        ("1243AB oeps 1234AB", {"postcode": "1234 AB"}),
        ("PP-100871 sorry PP-100234", {"order_number": "PP-100234"}),
        ("701233 is fout, het moet 100701 zijn", {"order_number": "PP-100701"}),
        ("1234 PP-100456", {"order_number": "PP-100456"}),
        ("niet donderdag maar vrijdag", {"date": "2026-11-27"}),
        ("donderdag, nee ik bedoel vrijdag", {"date": "2026-11-27"}),
        (
            "ik ben morgen niet thuis",
            {"date": "[2026-11-25,2026-11-26,2026-11-27,2026-11-28,2026-11-29,2026-11-30]"},
        ),
        ("waar is mijn pakket", {}),
        ('/rate{"score": 4, "of": "bot"}', {}),
    ],
)
def test_entities(text: str, expected: dict[str, Any]) -> None:
    """Bare numbers may be several things; payloads are left to Rasa."""
    assert entities(text) == expected


def test_values_side_by_side() -> None:
    """Two values without a word that takes one back both stay, in order of the text."""
    message = Message.build("PP-100234 en PP-100871")
    recogniser().process([message])
    assert [entity["value"] for entity in message.get("entities")] == ["PP-100234", "PP-100871"]


def test_entities_of_another_shop() -> None:
    """Prefix and length of order numbers come from config.yml."""
    numbers = {"name": "actions.extractors.OrderNumbers", "prefix": "WEB", "digits": 4}
    found = entities("web-1234 graag", extractors=[numbers])
    assert found["order_number"] == "WEB-1234"


def test_an_extractor_may_stand_with_its_topic() -> None:
    """Meter readings are declared where they are asked; nothing is read twice."""
    text = "de meterstand is 51234"
    assert entities(text, extractors=[]) == entities(text) == {"meter_reading": 51234}


def test_entity_places() -> None:
    """Each entity says where it stands in the text, and who read it."""
    text = "mijn postcode is 1234ab"
    message = Message.build(text)
    recogniser().process([message])
    (entity,) = message.get("entities")
    assert text[entity["start"] : entity["end"]] == "1234ab"
    assert entity["extractor"] == "EntityRecognizer"


@pytest.mark.parametrize("text", ["'s avonds aub", "  ", "m'n pakket!", "👍"])
def test_tokens_lie_in_the_text(text: str) -> None:
    """Every token is found at its place, and a text always has one."""
    tokenizer = DutchTokenizer(DutchTokenizer.get_default_config())
    tokens = tokenizer.tokenize(Message.build(text), "text")
    assert tokens
    assert all(text[token.start : token.end] == token.text for token in tokens)


def test_encoder() -> None:
    """Vectors have length one, the same alone and in a batch; nothing said is like nothing."""
    alone, batch = encode("waar is mijn pakket"), encode_all(["hoi", "waar is mijn pakket"])
    assert alone.shape == (DIMENSIONS,)
    assert np.linalg.norm(alone) == pytest.approx(1.0, abs=1e-4)
    assert np.allclose(alone, batch[1], atol=1e-4)
    assert similarity("waar is mijn pakket", "") == 0.0
    assert encode_all([]).shape == (0, DIMENSIONS)


def test_encoder_knows_dutch() -> None:
    """The same question in other words is near, another question far."""
    near = similarity("wanneer komt mijn pakket", "hoe laat wordt mijn pakket bezorgd")
    far = similarity("wanneer komt mijn pakket", "ik ben mijn wachtwoord vergeten")
    assert near > far + 0.3


def test_what_is_counted_comes_from_the_configuration() -> None:
    """Where orders are counted, "de 2e bestelling" is no day."""
    assert "date" in entities("waar is de 2e bestelling")
    assert "date" not in entities("waar is de 2e bestelling", counted=["bestelling"])


def test_the_classifier_keeps_the_spellings_it_learned_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that no example has is known by its plain form, also after a restart elsewhere."""
    (tmp_path / "data").mkdir()
    spelling = tmp_path / own_spellings.FILE
    spelling.write_text("spellings: {bestelling: zqx}\n")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").mkdir()
    component = classifier(tmp_path / "model")
    spelling.unlink()
    plain, own = Message.build("bestelling"), Message.build("zqx")
    component.process([plain, own])
    assert own.get("intent_ranking") == plain.get("intent_ranking")
