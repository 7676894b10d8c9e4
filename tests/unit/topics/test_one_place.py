"""A task is declared in one place: everything else of it is its content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.verification import ORDER
from bot.topics import declared
from bot.topics.topic import Topic

ROOT = Path(__file__).parents[3]
SHOP = [topic for topic in declared.load(ROOT) if topic.team]
#: Names that general Dutch has as well: kinds of entity, and a reason for a hand-over.
GENERAL = frozenset({"postcode", "day_part", "complaint"})


def files(*places: str) -> Iterator[Path]:
    for place in places:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


SETTINGS = ROOT / "data" / "organisation.yml"


@pytest.mark.parametrize("topic", SHOP, ids=lambda topic: topic.name)
def test_the_framework_and_the_settings_name_no_topic_of_the_shop(topic: Topic) -> None:
    """Neither its intent nor its slots."""
    names = {topic.name, *topic.slots, *vars_of_proof()} - GENERAL
    words = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
    places = files("bot", "channels", "config.yml", "data/organisation.yml")
    named = [path for path in places if words.search(path.read_text(encoding="utf-8"))]
    # A topic without code is declared in the settings, and there alone.
    declared_there = f"  {topic.name}: {{" in SETTINGS.read_text(encoding="utf-8")
    assert named == ([SETTINGS] if declared_there else [])


def vars_of_proof() -> set[str]:
    proof = ORDER.slots()
    return {proof.claim, proof.answer, proof.proved, proof.noted_claim, proof.noted_answer}


def test_a_task_stands_in_one_file_of_code() -> None:
    """Readings of a meter: no other action, backend or setting names the task."""
    code = files("actions", "bot", "channels", "config.yml", "data/organisation.yml")
    naming = [path for path in code if "submit_meter_reading" in path.read_text(encoding="utf-8")]
    assert naming == [ROOT / "actions" / "submit_meter_reading.py"]
