"""Who tells what happened is not asked for it; who only says that there is a complaint is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.complaint import tells

STORIES = (
    "klacht! de bezorger was onbeschoft",
    "slechte service, niemand reageert op mijn mails",
    "ik ben echt boos, pakket kapot en niemand helpt",
    "klacht over bezorging pakket tegen de deur gesmeten",
    "ik wil klagen over jullie chauffeur die me uitschold",
)
ANNOUNCED = (
    "klacht",
    "ik wil een klacht indienen",
    "ik heb een klacht over jullie bezorger",
    "klacht over de bezorging van mijn pakket",
    "mijn klacht gaat over de bezorger",
    "ik ben heel boos op jullie",
    "waardeloos bedrijf",
)


@pytest.mark.parametrize("text", STORIES)
def test_a_story(text: str) -> None:
    """It says that something happened."""
    assert tells(text)


@pytest.mark.parametrize("text", ANNOUNCED)
def test_a_complaint_that_is_only_announced(text: str) -> None:
    """A judgement or a subject is no story."""
    assert not tells(text)


@given(st.lists(st.sampled_from(STORIES), min_size=1, max_size=3), st.sampled_from(ANNOUNCED))
def test_a_story_stays_one_behind_its_announcement(stories: list[str], announced: str) -> None:
    """What stands in front of it takes nothing away."""
    assert tells(". ".join([announced, *stories]))
