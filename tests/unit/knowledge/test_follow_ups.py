"""Questions that lean on an answer are looked up among the pages at hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.errors import ConfigurationError
from bot.knowledge import follow_up_examples, follow_up_training, pages
from bot.knowledge.example_questions import ExampleQuestion
from bot.knowledge.follow_up_examples import FollowUp
from bot.knowledge.follow_up_model import Context
from bot.knowledge.follow_ups import FollowUps
from bot.knowledge.pages import Page
from bot.knowledge.search_index import Index

FRONT = "---\ntitle: {}\nurl: /kennis/{}\ndate: 2026-09-01\nowner: {}\n{}---\n\n"
RETURN = """## Wat kost het?
Terugsturen is gratis.

## Hoe lang kan het?
Dat kan dertig dagen lang."""
BOX = """## Wat kost de box?
Een box kost tien euro.

## Hoe lang loopt hij?
De box loopt een jaar lang."""
TEXTS = {
    "retour": ("Terugsturen", "Retouren", "return", RETURN),
    "geld": ("Geld terug", "Retouren", "return", "## Wanneer?\nBinnen veertien dagen."),
    "box": ("De box", "Boxen", "", BOX),
}


@pytest.fixture(scope="module")
def known() -> dict[str, Page]:
    return {
        slug: pages.read(
            f"{slug}.md",
            FRONT.format(title, slug, owner, f"task: {task}\n" if task else "") + body,
        )
        for slug, (title, owner, task, body) in TEXTS.items()
    }


def letters(texts: Sequence[str]) -> NDArray[np.float32]:
    """A small encoder: pairs of letters."""
    rows = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for pair in zip(text.lower(), text.lower()[1:], strict=False):
            row[(ord(pair[0]) * 31 + ord(pair[1])) % 512] += 1
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def examples() -> list[FollowUp]:
    answered = [
        FollowUp(
            "retour",
            "wat kost terugsturen",
            ExampleQuestion(f"hoe lang kan dat {at}", "retour", "dertig"),
        )
        for at in range(12)
    ]
    box = [
        FollowUp(
            "box", "wat kost de box", ExampleQuestion(f"hoe lang loopt dat {at}", "box", "een jaar")
        )
        for at in range(12)
    ]
    other = [
        FollowUp("box", "wat kost de box", ExampleQuestion(f"qzx {at} wxy?")) for at in range(24)
    ]
    return [*answered, *box, *other]  # fmt: skip


@pytest.fixture(scope="module")
def index(known: dict[str, Page]) -> Index:
    return Index.build(known, letters)


@pytest.fixture(scope="module")
def taught(known: dict[str, Page], index: Index) -> FollowUps:
    untaught = FollowUps.of(known, {"return": "Artikel terugsturen"})
    return follow_up_training.train(untaught, index, examples(), [], letters)


def test_the_same_question_has_its_answer_where_it_was_asked(
    index: Index, taught: FollowUps
) -> None:
    """One text, two subjects."""
    for page, slug in (("retour", "retour"), ("box", "box")):
        found = taught.search(index, "en hoe lang is dat", Context(page, "wat kost het"), letters)
        assert found.hits[0].entry.slug == slug
        assert 0.0 <= found.confidence <= 1.0


def test_only_pages_at_hand_are_looked_at(index: Index, taught: FollowUps) -> None:
    """Those of its task and of the team that keeps them."""
    found = taught.search(index, "wat kost de box", Context("geld"), letters, count=9)
    assert {hit.entry.slug for hit in found.hits} == {"retour", "geld"}
    assert not taught.search(index, "wat kost het", Context(task="unknown"), letters).hits


def test_what_was_told_can_be_left_out(index: Index, taught: FollowUps) -> None:
    """Of a question that goes on from it."""
    context = Context("retour", "wat kost terugsturen", told="Wat kost het?")
    found = taught.search(index, "en wat kost het", context, letters, count=9)
    assert "Wat kost het?" not in {hit.entry.block.heading for hit in found.hits}


def test_it_is_the_same_after_a_restart(index: Index, taught: FollowUps, tmp_path: Path) -> None:
    """Saved and loaded as JSON."""
    taught.save(tmp_path)
    context = Context("retour", "wat kost het")
    again = FollowUps.load(tmp_path).search(index, "hoe lang kan dat", context, letters)
    assert again == taught.search(index, "hoe lang kan dat", context, letters)


def test_too_few_examples_teach_nothing(known: dict[str, Page], index: Index) -> None:
    """And then nothing is found."""
    untaught = FollowUps.of(known, {})
    same = follow_up_training.train(untaught, index, examples()[:5], [], letters)
    assert same.search(index, "hoe lang", Context("retour"), letters).hits == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("follow_ups: [{after: bus, asked: x, then: []}]", "there is no page bus.md"),
        ("follow_ups: [{after: box, then: []}]", "every item has"),
        ("follow_ups: [{after: box, asked: x, then: [{ask: y, page: box}]}]", "or neither"),
        (
            "follow_ups: [{after: box, asked: x, then: [{ask: y, page: box, says: maan}]}]",
            "box.md does not say",
        ),
        ("others: []", "it must hold `follow_ups`"),
    ],
)  # fmt: skip
def test_a_wrong_file_names_its_line(
    text: str, complaint: str, known: dict[str, Page], tmp_path: Path
) -> None:
    """With what is wrong."""
    path = tmp_path / "follow_ups.yml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=f"line 1: .*{complaint}"):
        follow_up_examples.load(path, known)
