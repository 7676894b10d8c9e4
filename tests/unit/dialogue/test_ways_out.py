"""Not understood, going in circles, and between tasks: there is always a next step."""

from __future__ import annotations

import pytest

from bot.catalogue import say
from bot.dialogue.actions.break_loop import ActionBreakLoop
from bot.dialogue.actions.clarify import ActionClarify, guessed_wrong, nearest
from bot.dialogue.actions.small_talk import (
    ActionAnythingElse,
    ActionCancelTask,
    ActionGreet,
    ActionInform,
    ActionTopics,
)
from bot.dialogue.buttons import topics
from bot.dialogue.starting_intents import STARTED_BY
from tests.support.form_driver import Conversation, Said, domain

TOPICS = topics(domain())


def ranked(*intents: tuple[str, float]) -> dict[str, object]:
    """A message with a ranking of intents."""
    ranking = [{"name": name, "confidence": confidence} for name, confidence in intents]
    return {"text": "x", "intent": ranking[0], "intent_ranking": ranking}


@pytest.mark.parametrize(
    ("ranking", "titles"),
    [
        (
            [("nlu_fallback", 0.4), ("track_order", 0.38), ("change_delivery", 0.35)],
            ["Waar is mijn pakket?", "Bezorging wijzigen"],
        ),
        ([("nlu_fallback", 0.4), ("return_item", 0.3), ("greet", 0.2)], ["Artikel terugsturen"]),
        ([("nlu_fallback", 0.4), ("return_item", 0.05)], []),
    ],
)
def test_the_nearest_subjects(ranking: list[tuple[str, float]], titles: list[str]) -> None:
    """At most two, only subjects, and only when they are likely at all."""
    assert [item["title"] for item in nearest(ranked(*ranking), TOPICS)] == titles


async def clarify(*ranking: tuple[str, float]) -> Said:
    """The clarifying question for a ranking."""
    talk = Conversation()
    talk.message = ranked(*ranking)
    talk.events.append({"event": "user"})
    return await talk.act(ActionClarify())


async def test_two_meanings_become_one_question_with_buttons() -> None:
    """Both, something else, and a person."""
    said = await clarify(("nlu_fallback", 0.4), ("track_order", 0.4), ("complaint", 0.3))
    assert said.responses == ("utter_clarify_two",)
    assert said.buttons == ["Waar is mijn pakket?", "Klacht", "Iets anders", "Medewerker"]
    assert said.events == ()


async def test_in_a_form_an_intent_without_a_rule_leads_back_to_the_question() -> None:
    """The form has let it go, and no rule took it; the customer must not be left there."""
    talk = Conversation()
    talk.loop = "table_form"
    talk.message = ranked(("parking", 0.97))
    talk.events.append({"event": "user"})
    said = await talk.act(ActionClarify())
    assert said.messages[0]["text"] == say("form.aside")
    assert [(event["event"], event["name"]) for event in said.events] == [
        ("followup", "table_form")
    ]


async def test_a_form_is_tried_again_by_an_intent_that_starts_it() -> None:
    """Whatever the form is called."""
    talk = Conversation()
    talk.loop = "table_form"
    noted = {"mappings": [{"type": "custom", STARTED_BY: {"table_form": ["book_table"]}}]}
    talk.domain = {**talk.domain, "slots": {"topic": noted}, "intents": ["table", "book_table"]}
    assert (await talk.act(ActionBreakLoop(), "x")).payloads[1] == "/book_table"


async def test_nothing_near_asks_for_other_words() -> None:
    """Without a guess there are examples instead of buttons."""
    said = await clarify(("nlu_fallback", 0.4), ("thank", 0.4))
    assert said.responses == ("utter_rephrase",)


async def test_an_intent_without_a_rule_does_not_go_round() -> None:
    """Rasa would choose its fallback again and again."""
    said = await clarify(("affirm", 0.9))
    assert [event["event"] for event in said.events] == ["followup"]


async def test_a_broken_loop_offers_a_person_first() -> None:
    """Then the subjects asked for most, without the one that led into the loop."""
    said = await Conversation().act(ActionBreakLoop(), "waar is mijn pakket", "track_order")
    assert said.responses == ("utter_break_loop",)
    assert said.buttons == ["Medewerker", "Bezorging wijzigen", "Artikel terugsturen"]


async def test_a_broken_loop_in_a_form_can_be_tried_again() -> None:
    """The button comes back as the form's own intent."""
    talk = Conversation()
    talk.loop = "track_order_form"
    said = await talk.act(ActionBreakLoop(), "blub", "nlu_fallback")
    assert said.buttons == ["Medewerker", "Opnieuw proberen", "Stoppen"]
    assert said.messages[0]["buttons"][1]["payload"] == "/track_order"


@pytest.mark.parametrize("action", [ActionAnythingElse(), ActionTopics()])
async def test_next_steps_are_silent_in_a_form(action: object) -> None:
    """The form asks its own question."""
    talk = Conversation()
    assert len((await talk.act(action, "x", "thank")).responses) == 1
    talk.loop = "track_order_form"
    assert (await talk.act(action, "x", "thank")).responses == ()


async def test_greeting() -> None:
    """With the tasks asked for most; briefly within a form."""
    talk = Conversation()
    assert (await talk.act(ActionGreet(), "hoi", "greet")).responses == ("utter_greet",)
    talk.loop = "track_order_form"
    assert (await talk.act(ActionGreet(), "hoi", "greet")).responses == ("utter_greet_briefly",)


async def test_stopping() -> None:
    """What was left is said to be left; without anything going on that is said."""
    talk = Conversation()
    said = await talk.act(ActionCancelTask(), "stop", "cancel_task")
    assert said.responses == ("utter_nothing_to_cancel",)
    talk.events.append({"event": "active_loop", "name": None})
    assert (await talk.act(ActionCancelTask())).responses == ("utter_cancelled",)


async def test_a_number_without_a_question_is_kept() -> None:
    """The next task uses it."""
    said = await Conversation().act(ActionInform(), "PP-100234", "inform", order_number="PP-100234")
    assert said.responses == ("utter_inform_noted",)
    assert said.slots == {"noted_order": "PP-100234", "noted_postcode": None}
    noted = Conversation(noted_order="PP-100234")
    said = await noted.act(ActionInform(), "1234 AB", "inform", postcode="1234 AB")
    assert said.slots == {"noted_order": "PP-100234", "noted_postcode": "1234 AB"}
    said = await Conversation().act(ActionInform(), "morgen", "inform", date="2026-11-25")
    assert said.responses == ("utter_inform",)
    assert said.events == ()


async def test_a_guess_carries_the_values_of_the_words() -> None:
    """What was typed before the guess need not be typed again; a private number is not repeated."""
    talk = Conversation()
    talk.message = ranked(("nlu_fallback", 0.4), ("change_delivery", 0.4))
    talk.message["entities"] = [
        {"entity": "day_part", "value": "avond"},
        {"entity": "iban", "value": "[rekeningnummer]"},
    ]
    talk.events.append({"event": "user"})
    said = await talk.act(ActionClarify())
    assert said.payloads[0] == '/change_delivery{"day_part": "avond"}'


def guessed(*intents: str) -> dict[str, object]:
    """The bot's event of a clarifying question."""
    buttons = [{"title": name, "payload": f"/{name}"} for name in (*intents, "deny", "medewerker")]
    return {
        "event": "bot",
        "data": {"buttons": buttons},
        "metadata": {"utter_action": "utter_clarify_two"},
    }


def heard_as(intent: str) -> dict[str, object]:
    """The customer's event with a meaning."""
    return {"event": "user", "parse_data": {"intent": {"name": intent}}}


@pytest.mark.parametrize(
    ("events", "wrong"),
    [
        ([guessed("a", "b"), heard_as("deny")], [{"a", "b"}]),
        ([guessed("a", "b"), heard_as("a")], []),
        ([guessed("a"), heard_as("affirm")], []),
        ([guessed("a", "b"), heard_as("deny"), {"event": "session_started"}], []),
        ([], []),
    ],
)
def test_guesses_that_were_wrong(events: list[dict[str, object]], wrong: list[set[str]]) -> None:
    """Those of this session that the customer did not take."""
    assert guessed_wrong(events) == wrong


async def test_the_same_guess_is_not_made_twice() -> None:
    """Then a person first, and all subjects."""
    talk = Conversation()
    talk.message = ranked(("nlu_fallback", 0.4), ("track_order", 0.4), ("complaint", 0.3))
    talk.events += [guessed("track_order", "complaint"), heard_as("deny"), {"event": "user"}]
    said = await talk.act(ActionClarify())
    assert said.responses == ("utter_clarify_again",)
    assert said.buttons[:3] == ["Medewerker", "Waar is mijn pakket?", "Klacht"]
    assert len(said.buttons) == len(set(said.buttons)) == len(TOPICS)


async def test_something_else_offers_what_was_not_guessed() -> None:
    """'Iets anders' leads on."""
    talk = Conversation()
    talk.message = ranked(("deny", 1.0))
    talk.events += [heard_as("x"), guessed("track_order", "complaint"), heard_as("deny")]
    said = await talk.act(ActionTopics())
    assert said.responses == ("utter_clarify_else",)
    assert not {"Waar is mijn pakket?", "Klacht"} & set(said.buttons)
    assert "Medewerker" in said.buttons


async def test_a_second_request_needs_no_button_among_the_topics() -> None:
    """A topic with a title is offered by it; one without cannot be."""
    talk = Conversation(second_request="/sensitive_matter")
    said = await talk.act(ActionAnythingElse())
    assert said.buttons[0] == "Gevoelig onderwerp"
    talk = Conversation(second_request="/vacatures")
    assert (await talk.act(ActionAnythingElse())).responses == ("utter_anything_else",)


async def test_the_second_request_is_offered_once() -> None:
    """In the place of 'anything else', with one tap; then it is done."""
    talk = Conversation()
    talk.slots["second_request"] = '/opening_hours{"date": "2026-11-29"}'
    said = await talk.act(ActionAnythingElse())
    assert said.responses == ("utter_second_request",)
    assert said.buttons == ["Openingstijden", "Nee, klaar", "Medewerker"]
    assert said.payloads[0] == '/opening_hours{"date": "2026-11-29"}'
    assert said.slots == {"second_request": None}


async def test_a_second_request_that_was_asked_again_is_not_offered() -> None:
    """The customer did not wait for the offer."""
    talk = Conversation()
    talk.slots["second_request"] = "/opening_hours"
    talk.message = ranked(("opening_hours", 0.9))
    talk.events.append({"event": "user"})
    said = await talk.act(ActionAnythingElse())
    assert said.responses == ("utter_anything_else",)
    assert said.slots == {"second_request": None}


async def test_the_same_about_another_order() -> None:
    """'En PP-100733?' goes on with the subject."""
    talk = Conversation()
    talk.slots["topic"] = "track_order"
    entities = [{"entity": "order_number", "value": "PP-100733", "start": 3, "end": 12}]
    talk.message = {"text": "en PP-100733?", "intent": {"name": "inform"}, "entities": entities}
    talk.events.append({"event": "user", "text": "en PP-100733?", "parse_data": talk.message})
    said = await talk.act(ActionInform())
    (again,) = [event for event in said.events if event["event"] == "user"]
    assert again["parse_data"]["intent"]["name"] == "track_order"


async def test_wishes_that_a_task_added_are_offered_one_by_one() -> None:
    """Each by its name, and what was asked of another subject behind them."""
    wishes = [
        {"title": "Tweede boek verlengen", "payload": '/track_order{"order_number": "PP-100234"}'},
        {"title": "Openingstijden", "payload": "/opening_hours"},
    ]
    talk = Conversation(second_request=wishes)
    talk.message = {}
    said = await talk.act(ActionAnythingElse())
    assert said.buttons == ["Tweede boek verlengen", "Nee, klaar", "Medewerker"]
    assert said.messages[0]["topic_title"] == "Tweede boek verlengen"
    assert said.slots == {"second_request": wishes[1:]}
    said = await talk.act(ActionAnythingElse())
    assert said.buttons[0] == "Openingstijden"
    assert said.slots == {"second_request": None}
