"""Which message starts a task, and which one is asked about first; no model."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.acts.acts import ACTS
from bot.dialogue.actions.clarify import ActionClarify
from bot.dialogue.actions.small_talk import ActionTopics
from bot.dialogue.unsure_start import ASKED, BAR, is_unsure_start
from tests.support.form_driver import Conversation

#: Booking changes something, and so has a summary; another intent starts it with a part known.
DOMAIN = {
    "intents": ["book_visit", "track", "visit_at_home", "greet"],
    "forms": {"book_visit_form": {}, "track_form": {}},
    "responses": {"utter_edit_book_visit": [{"text": "Wat moet er anders?"}]},
    "slots": {
        "topic": {
            "mappings": [{"started_by": {"book_visit_form": ["book_visit", "visit_at_home"]}}]
        }
    },
}


def unsure(text: str, intent: str = "book_visit", confidence: float = 0.99, **acts: float) -> bool:
    """Whether a message is asked about."""
    parse = {"text": text, "intent": {"name": intent, "confidence": confidence}, "act": acts}
    return is_unsure_start(parse, DOMAIN)


@given(
    st.sampled_from(["track", "visit_at_home"]),
    st.sampled_from(["report", "question", "object"]),
    st.floats(0.5, 1),
    st.floats(0, 1),
)
def test_what_only_tells_or_asks_must_be_sure(
    intent: str, act: str, share: float, confidence: float
) -> None:
    """Below the bar no intent starts its form; a question surely asks for no change."""
    told = "mijn bezoek ging mis"
    asks = act == "question" and share >= ASKED and intent == "visit_at_home"
    assert unsure(told, intent, confidence, **{act: share}) is (confidence < BAR or asks)


@given(st.sampled_from(["request", "data"]), st.floats(0.5, 1), st.floats(0, 1))
def test_a_request_starts_its_task(act: str, share: float, confidence: float) -> None:
    """However unsure: the classifier has its own limits."""
    assert not unsure("ik wil langskomen", "book_visit", confidence, **{act: share})


@pytest.mark.parametrize(
    "text",
    [
        "is mijn bezoek al bevestigd",
        "welke dag komt de monteur en kan ik ook s avonds",
        "weet u of mijn aanvraag al binnen is",
        "hoi, wanneer komt iemand bij mij",
        "krijg ik een boete als ik mijn afspraak verzet",
        "wat gebeurt er als ik niet kom",
    ],
)
def test_a_question_about_ones_own_thing_changes_nothing(text: str) -> None:
    """It is asked about, however sure its subject is; what is only looked up begins."""
    assert unsure(text, question=0.95)
    assert not unsure(text, "track", question=0.95)


@pytest.mark.parametrize("text", ["kan ik morgen langskomen", "hoe kom ik van die afspraak af"])
def test_a_change_may_be_asked_for_in_a_question(text: str) -> None:
    """By "kan ik" and "hoe kom ik"."""
    assert not unsure(text, question=0.95)


@pytest.mark.parametrize(
    ("text", "confidence", "found"),
    [
        ("laat dan maar, ik blijf wel thuis", 0.88, True),
        ("ik wil mijn bezoek toch maar niet verzetten", 0.99, True),
        ("laat die afspraak maar zitten", 0.98, False),
        ("mijn abonnement even stopzetten", 0.7, False),
    ],
)
def test_who_drops_it_starts_nothing(text: str, confidence: float, found: bool) -> None:
    """Unless a task is surely meant: to end something is one as well."""
    assert unsure(text, "book_visit", confidence, withdraw=0.8) is found


@given(st.sampled_from(ACTS), st.floats(0, 1), st.sampled_from(["greet", "nlu_fallback", "inform"]))
def test_only_tasks_are_asked_about(act: str, share: float, intent: str) -> None:
    """Everything else has no order number to ask for."""
    assert not unsure("is het er al", intent, 0.3, **{act: share})


def test_nothing_is_asked_where_nobody_looked() -> None:
    """As before there were acts; a story of a designer has none."""
    assert not unsure("is mijn bezoek al bevestigd", confidence=0.2)
    assert not is_unsure_start(None, DOMAIN)


def shares(talk: Conversation, ranking: dict[str, float], **acts: float) -> Any:
    talk.acts = acts
    talk.ranking = ranking
    return talk


async def test_the_task_is_offered_beside_what_is_nearest() -> None:
    """Though it would not be offered by its confidence alone."""
    ranking = {"return_item": 0.99, "track_order": 0.005}
    talk = shares(Conversation(), ranking, question=0.9)
    said = await talk.act(ActionClarify(), "is mijn retour al binnen", "return_item")
    assert said.responses == ("utter_clarify_two",)
    wanted = ["Artikel terugsturen", "Waar is mijn pakket?", "Iets anders", "Medewerker"]
    assert said.buttons == wanted


async def test_words_that_drop_it_end_friendly() -> None:
    """Though no example has them."""
    talk = shares(Conversation(), {}, withdraw=0.95)
    said = await talk.act(
        ActionClarify(), "ja oke maar doe maar niet, ik wacht wel", "nlu_fallback"
    )
    meant = [each for each in said.events if each["event"] == "user"]
    assert [each["parse_data"]["intent"]["name"] for each in meant] == ["cancel_task"]


@pytest.mark.parametrize("words", ["nee dank u, ik zoek het zelf uit", "ok dan niet"])
async def test_no_thanks_is_an_end(words: str) -> None:
    """Not all subjects once more."""
    talk = shares(Conversation(), {}, withdraw=0.45, decline=0.4)
    said = await talk.act(ActionTopics(), words, "deny")
    meant = [each for each in said.events if each["event"] == "user"]
    assert [each["parse_data"]["intent"]["name"] for each in meant] == ["cancel_task"]
