"""A complaint: one question, unless the story was told at once."""

from __future__ import annotations

import pytest

from actions.complaint import ComplaintForm
from tests.support.form_driver import Conversation

FORM = ComplaintForm()


async def test_one_question_then_a_person() -> None:
    """The customer's words go along as they are, even when they sound like another task."""
    talk = Conversation()
    said = await talk.start(FORM, "ik heb een klacht")
    assert said.responses == ("utter_question_complaint_text",)
    text = "ik wacht al twee weken op mijn pakket"
    said = await talk.say(FORM, text, "track_order")
    assert said.slots["complaint_text"] == text
    assert said.slots["handover_reason"] == "complaint"
    assert said.slots["form_outcome"] == "handover"


async def test_a_story_told_at_once_is_not_asked_for() -> None:
    """The customer repeats nothing."""
    talk = Conversation()
    story = "jullie bezorger gooide mijn pakket over de schutting en nu is alles stuk, schandalig"
    said = await talk.start(FORM, story)
    assert said.responses == ()
    assert said.slots["complaint_text"] == story


@pytest.mark.parametrize("text", ["..", "😡"])
async def test_no_words_are_asked_for_again(text: str) -> None:
    """A person needs something to read."""
    talk = Conversation()
    await talk.start(FORM)
    said = await talk.say(FORM, text, "nlu_fallback")
    assert said.responses == ("utter_refusal_complaint_text",)


async def test_leaving_and_asking_for_a_person_are_no_complaint() -> None:
    """'Laat maar' leaves, and the escape word is not taken for the story."""
    talk = Conversation()
    await talk.start(FORM)
    assert (await talk.say(FORM, "medewerker", "medewerker")).events == ()
    assert (await talk.say(FORM, "laat maar", "cancel_task")).slots["form_outcome"] == "left"
