"""The search as a component of Rasa: what it needs of a project, and what is a general question."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core.components.knowledge_search import KNOWLEDGE, KnowledgeSearch
from bot.core.page_search import PageSearch

CONTEXT = ExecutionContext(GraphSchema({}), model_id="test")
PAGE = """---
title: {title}
url: /kennis/{slug}
date: 2026-09-01
owner: Balie
---

## {heading}

{text}
"""
PAGES = {
    "lenen": ("Lenen", "Hoe lang mag ik een boek lenen?", "U mag een boek drie weken lenen."),
    "lid": ("Lid worden", "Wat kost een lidmaatschap?", "Een lidmaatschap kost 40 euro per jaar."),
}
TOPICS = """
topics:
  renew_loan: {title: Boek verlengen, kind: task, belongings: [boek], entities: [date, loan_number]}
"""

Train = Callable[..., KnowledgeSearch]


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Train:
    """Trains in a project with some of the pages, stores, and brings back."""
    monkeypatch.chdir(tmp_path)

    def trained(*slugs: str, task: str = "", **files: str) -> KnowledgeSearch:
        folder = tmp_path / "data" / "knowledge"
        folder.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / "organisation.yml").write_text(TOPICS)
        for slug in slugs:
            title, heading, text = PAGES[slug]
            page = PAGE.format(slug=slug, title=title, heading=heading, text=text)
            page = page.replace("owner: Balie", f"owner: Balie\ntask: {task}") if task else page
            (folder / f"{slug}.md").write_text(page)
        for name, text in files.items():
            (folder / f"{name}.yml").write_text(text)
        (tmp_path / "model").mkdir()
        storage, resource = LocalModelStorage.create(tmp_path / "model"), Resource("knowledge")
        config = KnowledgeSearch.get_default_config()
        KnowledgeSearch.create(config, storage, resource, CONTEXT).train(TrainingData())
        return KnowledgeSearch.load(config, storage, resource, CONTEXT)

    return trained


def asked(component: KnowledgeSearch, text: str, intent: str = "ask_knowledge") -> Message:
    message = Message.build(text)
    message.set("intent", {"name": intent, "confidence": 0.9}, add_to_output=True)
    component.process([message])
    return message


@pytest.mark.parametrize("slugs", [("lenen",), ("lenen", "lid")])
def test_pages_alone_are_enough(train: Train, slugs: tuple[str, ...]) -> None:
    """Without questions.yml and words.yml it trains, and answers what a heading asks."""
    component = train(*slugs)
    found = asked(component, "hoe lang mag ik een boek lenen?").get(KNOWLEDGE)
    assert found["passage"]["slug"] == "lenen"
    assert found["passage"]["text"] == "U mag een boek drie weken lenen."


def test_what_no_page_answers_gets_no_answer(train: Train) -> None:
    """Untaught as well."""
    assert (
        asked(train("lenen", "lid"), "wanneer rijdt de trein naar Parijs").get(KNOWLEDGE)["passage"]
        is None
    )


def test_a_few_questions_teach_nothing_and_break_nothing(train: Train) -> None:
    """Too few of either kind to learn from."""
    questions = "pages: {lid: [{says: 40 euro, ask: [hoe duur is lid zijn]}]}\n"
    component = train("lenen", "lid", questions=questions, words="ignored: [balie]\n")
    assert component.ask("wat kost een lidmaatschap").near[0] == "lid#0"


@pytest.mark.parametrize("folder", [True, False])
def test_without_pages_there_is_nothing_to_search(
    train: Train, tmp_path: Path, folder: bool
) -> None:
    """It trains, loads, and leaves every message alone."""
    (tmp_path / "data" / "knowledge").mkdir(parents=True)
    if not folder:
        shutil.rmtree(tmp_path / "data" / "knowledge")
    component = train()
    message = asked(component, "hoe lang mag ik een boek lenen?", "nlu_fallback")
    assert message.get(KNOWLEDGE) is None
    assert message.get("intent")["name"] == "nlu_fallback"


@pytest.mark.parametrize(
    ("text", "entity", "leads"),
    [
        ("hoe lang mag ik een boek lenen", None, True),
        ("mag ik een boek drie weken lenen?", None, True),
        ("wat kost een lidmaatschap", None, True),
        ("hoe lang mag ik mijn boek lenen", None, False),
        ("hoe lang mag ik mijn nieuwe boek lenen", None, False),
        ("hoe lang mag ik een boek lenen", "loan_number", False),
        ("ik wil een boek lenen", None, False),
        ("wanneer rijdt de trein naar Parijs", None, False),
        ("verlengen graag", None, False),
    ],
)
def test_a_general_question_to_a_task(
    train: Train, text: str, entity: str | None, leads: bool
) -> None:
    """By its grammar and by how sure the search is; never the customer's own affairs."""
    message = Message.build(text)
    message.set("entities", [{"entity": entity, "value": "1"}] if entity else [])
    message.set("intent", {"name": "renew_loan", "confidence": 0.9}, add_to_output=True)
    train("lenen", "lid").process([message])
    assert bool((message.get(KNOWLEDGE) or {}).get("leads")) is leads


def test_a_question_without_a_subject_is_about_each_task(train: Train) -> None:
    """The pages of a task answer it, for when that task is going on; outside it nothing does."""
    PAGES["kosten"] = ("Boek verlengen kosten", "Wat kost een boek verlengen?", "Dat kost 1 euro.")
    try:
        component = train("lenen", "kosten", task="renew_loan")
    finally:
        del PAGES["kosten"]
    message = Message.build("kost dat iets?")
    message.set("intent", {"name": "renew_loan", "confidence": 0.9}, add_to_output=True)
    component.process([message])
    found = message.get(KNOWLEDGE) or {}
    assert found["about"]["renew_loan"]["passage"]["text"] == "Dat kost 1 euro."
    assert not found.get("leads")


@pytest.mark.parametrize(
    ("text", "intent", "confidence", "gives_way"),
    [
        ("wat kost het lidmaatschap", "sensitive_matter", 0.97, True),
        ("wat kost geen lidmaatschap", "sensitive_matter", 0.97, False),
        ("ik kan mijn lidmaatschap niet meer betalen", "sensitive_matter", 0.75, False),
        ("wat kost een lidmaatschap", "opening_hours", 0.6, True),
        ("wat kost een lidmaatschap", "opening_hours", 0.9, False),
        ("wat kost een vriend met lidmaatschap", "opening_hours", 0.6, False),
    ],
)
def test_a_heading_goes_before_an_intent_that_is_for_less(
    train: Train, text: str, intent: str, confidence: float, gives_way: bool
) -> None:
    """One that is not sure, or sensitive; the heading must be the question itself."""
    message = Message.build(text)
    message.set("intent", {"name": intent, "confidence": confidence}, add_to_output=True)
    train("lenen", "lid").process([message])
    assert (message.get("intent")["name"] == "ask_knowledge") is gives_way
    if gives_way:
        assert message.get(KNOWLEDGE)["passage"]["slug"] == "lid"


def test_a_question_that_could_be_about_anything_is_quoted_nothing(train: Train) -> None:
    """Outside a task no page is it about; a page may be near."""
    found = asked(train("lenen", "lid"), "wat kost dat?").get(KNOWLEDGE)
    assert found["passage"] is None


def test_the_title_of_a_task_alone_finds_no_passage(train: Train) -> None:
    """A question without a subject needs its own words in the passage too."""
    PAGES["verlengen"] = ("Verlengen", "Waar kan ik een boek verlengen?", "Aan de balie.")
    try:
        component = train("verlengen", task="renew_loan")
    finally:
        del PAGES["verlengen"]
    assert not asked(component, "kost dat iets?").get(KNOWLEDGE).get("about")


def test_a_model_that_is_loaded_twice_keeps_its_search(train: Train) -> None:
    """The policy finds it by the model's id, whichever of the two is dropped."""
    first = train("lenen")
    resource, storage = first._resource, first._model_storage
    second = KnowledgeSearch.load(first._config, storage, resource, CONTEXT)
    assert PageSearch.of_model("test") is second._search
    del second
    gc.collect()
    assert PageSearch.of_model("test") is first._search
    del first
    gc.collect()
    assert PageSearch.of_model("test") is None
