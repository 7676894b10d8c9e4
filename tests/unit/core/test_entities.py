"""Entities by the spaCy pipeline: what is read, that it can be kept, and that nothing breaks it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core import pipeline
from bot.core.components.entities import FOLDER, EntityRecognizer
from bot.core.entity_reader import MOST_FOUND
from bot.core.pipeline import EntitySettings, Phrase

#: A Monday.
TODAY = date(2026, 11, 23)
CONTEXT = ExecutionContext(GraphSchema({}), model_id="test")
OWN = ("actions.extractors.OrderNumbers", "actions.extractors.MeterReadings")
NLP = pipeline.build(
    EntitySettings(extractors=OWN, phrases=(Phrase("pay_method", "i deal", "ideal"),))
)
NLP.remove_pipe(pipeline.LEMMAS)


def read(text: str) -> list[tuple[Any, ...]]:
    """Name, value and words of each entity, and its role where it has one."""
    return [
        (each.name, each.value, text[each.start : each.end], *([each.role] if each.role else []))
        for each in pipeline.read(NLP, text, TODAY)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("overmorgen", [("date", "2026-11-25", "overmorgen")]),
        (
            "dinsdag tussen 12 en 3",
            [
                ("date", "2026-11-24", "dinsdag"),
                ("time", "12:00", "12", "from"),
                ("day_part", "middag", "12 en 3"),
                ("time", "15:00", "3", "to"),
            ],
        ),
        ("29-11", [("date", "2026-11-29", "29-11")]),
        ("dit weekend", [("date", "[2026-11-28,2026-11-29]", "dit weekend")]),
        ("morgen of vrijdag", [("date", "[2026-11-24,2026-11-27]", "morgen of vrijdag")]),
        ("donderdag 27 november", [("date", "[2026-11-27,2026-11-26]", "donderdag 27 november")]),
        ("woensdga", [("date", "2026-11-25", "woensdga")]),
        ("kan het een dag later", [("date", "P1D", "een dag later")]),
        ("niet voor 10 uur", [("time", "10:00", "10", "from")]),
        (
            "morgenavond",
            [("date", "2026-11-24", "morgenavond"), ("day_part", "avond", "morgenavond")],
        ),
        ("over twee weken", [("date", "2026-12-07", "over twee weken")]),
        ("volgende week woensdag", [("date", "2026-12-02", "volgende week woensdag")]),
        ("half drie", [("time", "14:30", "half drie"), ("day_part", "middag", "half drie")]),
        ("€ 12,50", [("amount", 12.5, "€ 12,50")]),
        ("12 euro 50", [("amount", 12.5, "12 euro 50")]),
        ("een tientje", [("amount", 10.0, "een tientje")]),
        ("bel 06-12345678 aub", [("phone", "+31612345678", "06-12345678")]),
        ("+32 470 12 34 56", [("phone", "+32470123456", "+32 470 12 34 56")]),
        ("mail jan@voorbeeld.nl.", [("email", "jan@voorbeeld.nl", "jan@voorbeeld.nl")]),
        ("met I Deal betaald", [("pay_method", "ideal", "I Deal")]),
        (
            "hoog 4512 laag 3890",
            [("meter_reading", {"high": 4512, "low": 3890}, "hoog 4512 laag 3890")],
        ),
        ("1243AB oeps 1234AB", [("postcode", "1234 AB", "1234AB")]),
        ("bsn 111222333", [("bsn", "[bsn]", "111222333")]),
        ("NL91 ABNA 0417 1643 00", [("iban", "[rekeningnummer]", "NL91 ABNA 0417 1643 00")]),
        ("over 2 uur", []),
        ("PP-100234", [("order_number", "PP-100234", "PP-100234")]),
        ("", []),
    ],
)
def test_what_is_read(text: str, expected: list[tuple[Any, ...]]) -> None:
    """Name, normalised value, exact place and role."""
    assert read(text) == expected


def test_two_addresses_are_two_groups() -> None:
    """A house number goes with the postcode before it; one address needs no group."""
    found = pipeline.read(NLP, "van 1234AB 12 naar 3511LX 5", TODAY)
    assert [(each.value, each.group) for each in found] == [
        ("1234 AB", "1"), ("12", "1"), ("3511 LX", "2"), ("5", "2"),
    ]  # fmt: skip
    assert all(each.group == "" for each in pipeline.read(NLP, "1234AB 12", TODAY))


def test_spacy_sees_them() -> None:
    """`doc.ents` holds those that do not overlap, with their values."""
    doc = NLP("PP-100234 graag morgenavond")
    values = {span.label_: span._.value for span in doc.ents}
    assert values["order_number"] == "PP-100234"
    assert "date" in values
    assert "day_part" not in values


def test_kept_and_brought_back(tmp_path: Path) -> None:
    """A folder that spaCy loads by its path reads the same, and Rasa's SpacyNLP takes it."""
    folder = tmp_path / "pipeline"
    numbers = {"name": "actions.extractors.OrderNumbers", "prefix": "AB", "digits": 4}
    colours = (Phrase("colour", "rood", "red"),)
    pipeline.build(EntitySettings(extractors=[numbers], phrases=colours)).to_disk(folder)
    again = pipeline.load(folder)
    assert [each.value for each in pipeline.read(again, "ab 1234 in ROOD")] == ["AB-1234", "red"]
    theirs = SpacyNLP.create(
        {"model": str(folder)}, LocalModelStorage(tmp_path), Resource("spacy"), CONTEXT
    )
    (message,) = theirs.process([Message.build("retour AB-1234 pakketten")], theirs.provide())
    doc = message.get("text_spacy_doc")
    assert [token.lemma_ for token in doc][-1] == "pakket"
    assert [span._.value for span in doc.ents] == ["AB-1234"]


def test_trained_with_lookup_tables(tmp_path: Path) -> None:
    """Designers' own words are entities; a synonym gives their value."""
    storage, resource = LocalModelStorage.create(tmp_path), Resource("entities")
    config = EntityRecognizer.get_default_config()
    data = TrainingData(
        entity_synonyms={"blauwe": "blauw"},
        lookup_tables=[{"name": "colour", "elements": ["blauw", "blauwe", "donker groen"]}],
    )
    EntityRecognizer.create(config, storage, resource, CONTEXT).train(data)
    with storage.read_from(resource) as kept:
        assert spacy.load(kept / FOLDER).lang == "nl"
    component = EntityRecognizer.load(config, storage, resource, CONTEXT)
    message = Message.build("de Blauwe of donker groen")
    component.process([message])
    assert [each["value"] for each in message.get("entities")] == ["blauw", "donker groen"]


def test_nothing_is_remembered() -> None:
    """What customers write does not stay in the pipeline's vocabulary."""
    pipeline.read(NLP, "hoi", TODAY)
    before = len(NLP.vocab.strings), len(NLP.vocab)
    for number in range(300):
        pipeline.read(NLP, f"woord{number} jan{number}@x.nl PP-1{number:05d} morgen", TODAY)
    assert (len(NLP.vocab.strings), len(NLP.vocab)) == before


JUNK = [
    "a", "1", "0 ", "1234", "NL91 ", "- ", "06", "tussen 1 en ", "12 ", "van ", "a@", "€1,",
    "ma di ", "1 2 3 ", " ", " \t", "en ", "geef een ", "half ", "stand is ", "7u", "1234ab ",
    "sorry 1234ab ",
]  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize("junk", JUNK)
def test_junk(junk: str) -> None:
    """4,096 characters of anything are read at once: one of these once took four minutes."""
    text = (junk * 4096)[:4096]
    found = pipeline.read(NLP, text, TODAY)
    assert len(found) <= MOST_FOUND * 8


WORDS = st.sampled_from(
    """morgen tussen 12 en 3 half drie € 12,50 euro tientje 1234AB 12a PP-100234 0612345678 jan@x.nl
    NL91ABNA0417164300 111222333 hoog 4512 laag 29-11 sorry oeps niet vrijdag uur 's avonds van naar
    , . ? - cijfer 4 over weken""".split()
)


@settings(max_examples=60)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map(" ".join)))
def test_never_fails(text: str) -> None:
    """Any text gives entities in order that lie within it and that JSON can hold."""
    found = pipeline.read(NLP, text, TODAY)
    assert [each.start for each in found] == sorted(each.start for each in found)
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert isinstance(each.value, str | int | float | dict)
