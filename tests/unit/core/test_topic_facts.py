"""Components and policies keep what the topics said when they were trained."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML

from bot.core.components.entities import EntityRecognizer
from bot.core.components.knowledge_search import KnowledgeSearch
from bot.core.components.request_splitting import RequestJoiner
from bot.core.policies.safeguard_policy import SafeguardPolicy
from bot.core.project import project
from bot.topics import declared

ROOT = Path(__file__).parents[3]
CONTEXT = ExecutionContext(GraphSchema({}), model_id="test")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Path]:
    """A project with a topic of its own."""
    (tmp_path / "data").mkdir()
    declare(tmp_path, "renew_loan: {title: Lening verlengen, kind: task, told: [loan]}")
    token = project.set(tmp_path)
    yield tmp_path
    project.reset(token)
    declared.load.cache_clear()


def declare(root: Path, topic: str) -> None:
    (root / "data" / "organisation.yml").write_text(f"topics:\n  {topic}\n")
    declared.load.cache_clear()


@pytest.fixture
def place(tmp_path: Path) -> tuple[LocalModelStorage, Resource]:
    """Where a component keeps what it learned."""
    (tmp_path / "storage").mkdir()
    return LocalModelStorage(tmp_path / "storage"), Resource(uuid.uuid4().hex)


def test_a_joiner_comes_back_with_its_topics(
    library: Path, place: tuple[LocalModelStorage, Resource]
) -> None:
    """Also when the content has changed since: the model answers as it was trained."""
    config = RequestJoiner.get_default_config()
    RequestJoiner.create(config, *place, CONTEXT).train(TrainingData())
    declare(library, "fines: {title: Boetes}")
    joiner = RequestJoiner.load(config, *place, CONTEXT)
    assert "renew_loan" in joiner._facts.joined
    assert "fines" not in joiner._facts.joined
    assert {"medewerker", "sensitive_matter"} <= joiner._facts.alone


def test_the_safeguard_comes_back_with_what_questions_are_about(
    library: Path, place: tuple[LocalModelStorage, Resource]
) -> None:
    """Asking the same about another loan is no loop."""
    domain = Domain.from_dict(YAML(typ="safe").load(ROOT / "domain.yml"))
    config = SafeguardPolicy.get_default_config()
    SafeguardPolicy.create(config, *place, CONTEXT).train([], domain)
    policy = SafeguardPolicy.load(config, *place, CONTEXT)
    assert {"loan", "asked_day", "quoted_passage"} <= policy._facts.told


@pytest.mark.parametrize(
    "component", [RequestJoiner, KnowledgeSearch, SafeguardPolicy, EntityRecognizer]
)
def test_other_topics_make_another_component(library: Path, component: type[RequestJoiner]) -> None:
    """`rasa train` keeps what it trained before; not when the topics changed."""
    config = component.get_default_config()
    before = component.fingerprint_addon(config)
    assert component.fingerprint_addon(config) == before
    declare(library, "renew_loan: {extractors: [actions.extractors.OrderNumbers], alone: true}")
    assert component.fingerprint_addon(config) != before
