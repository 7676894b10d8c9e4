"""A form of YAML alone on the engine, without a model; `tests/integration` has it with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionNotFoundException
from ruamel.yaml import YAML

from bot.core.assistant_tasks import OwnCode
from bot.core.generated_content import make
from bot.dialogue.registration import Executor
from bot.dialogue.starting_intents import STARTED_BY
from bot.dialogue.task import task_forms
from bot.dialogue.yaml_form import YamlForm, action_for, asking
from tests.support.form_driver import Conversation, Said

TABLE = Path(__file__).parents[2] / "assistants" / "table"


def table(**forms: Any) -> dict[str, Any]:
    """The restaurant's domain as the importer completes it; with other options of its form."""
    read = YAML(typ="safe").load
    written = read((TABLE / "domain.yml").read_text(encoding="utf-8"))
    written["forms"]["table_form"] |= forms
    rules = read((TABLE / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    return dict(make(written, OwnCode(), rules).domain)


class Guest(Conversation):
    """A conversation with the restaurant's form, which is made anew for each turn."""

    def __init__(self, **forms: Any) -> None:
        super().__init__()
        #: Slots that an action of the rule sets before the form starts.
        self.set_first: dict[str, Any] = {}
        self.domain = table(**forms)

    async def book(self, text: str = "tafel reserveren", **entities: Any) -> Said:
        """Starts the form by the designer's intent."""
        self._hear(text, "book_table", entities)
        for name, value in self.set_first.items():
            self.events.append({"event": "slot", "name": name, "value": value})
            self.slots[name] = value
        self.loop = "table_form"
        self.events.append({"event": "active_loop", "name": self.loop})
        return await self._run(YamlForm("table_form", self.domain))

    async def tell(self, text: str, intent: str = "", **entities: Any) -> Said:
        """A message while the form runs."""
        return await self.say(YamlForm("table_form", self.domain), text, intent, **entities)


async def booked(*told: str) -> Guest:
    """A guest who has answered the first questions."""
    guest = Guest()
    await guest.book()
    for text in told:
        entities = {"cuisine": text} if text == "grieks" else {}
        await guest.tell(text, "affirm" if text == "ja" else "", **entities)
    return guest


async def test_each_slot_is_asked_for_once_in_the_order_of_the_domain() -> None:
    """By `utter_ask_<slot>`; then the outcome is there for Rasa's submit rule."""
    guest = Guest()
    assert (await guest.book()).responses == ("utter_ask_cuisine",)
    assert (await guest.tell("grieks", cuisine="grieks")).responses == ("utter_ask_people",)
    assert (await guest.tell("4")).responses == ("utter_ask_outdoor_seating",)
    assert (await guest.tell("ja", "affirm")).responses == ("utter_ask_preferences",)
    done = await guest.tell("een stille hoek")
    assert done.responses == ()
    assert done.slots["form_outcome"] == "complete"
    assert done.slots["requested_slot"] is None
    assert guest.slots["people"] == 4.0
    assert guest.slots["outdoor_seating"] is True
    assert guest.slots["preferences"] == "een stille hoek"


@pytest.mark.parametrize("told", [(), ("grieks",), ("grieks", "2"), ("grieks", "2", "ja")])
async def test_stop_back_and_a_question_at_every_slot(told: tuple[str, ...]) -> None:
    """However free the question: these words are no answers."""
    guest = await booked(*told)
    aside = await guest.tell("weet u hoe laat jullie opengaan", "opening_hours")
    assert aside.events == ()
    back = await guest.tell("terug")
    asked = "people" if len(told) == 2 else guest.slots["requested_slot"]
    assert back.responses[-1] == f"utter_ask_{asked}"
    stopped = await guest.tell("stop")
    assert stopped.slots["form_outcome"] == "left"


@pytest.mark.parametrize(
    ("text", "entities", "slot", "value"),
    [
        ("toch italiaans", {"cuisine": "italiaans"}, "cuisine", "italiaans"),
        ("nee, 5", {}, "people", 5.0),
    ],
)
async def test_a_correction(text: str, entities: dict[str, str], slot: str, value: Any) -> None:
    """The open question comes once more."""
    guest = await booked("grieks", "2")
    said = await guest.tell(text, **entities)
    assert said.responses == ("utter_corrected", "utter_ask_outdoor_seating")
    assert guest.slots[slot] == value


async def test_words_of_one_question_correct_no_other() -> None:
    """Any words would fit a question for text that was answered before."""
    guest = await booked("grieks", "2", "ja", "een stille hoek")
    guest.domain = table(required_slots=["preferences", "cuisine"])
    await guest.book()
    await guest.tell("een stille hoek")
    said = await guest.tell("nee dat weet ik niet")
    assert guest.slots["preferences"] == "een stille hoek"
    assert said.messages[0]["text"].startswith("Weet u het niet?")


async def test_an_answer_that_does_not_fit() -> None:
    """The question again in one message, then with the ways out, then in the first words."""
    guest = await booked("grieks")
    said = [await guest.tell(text) for text in ("veel", "99", "geen idee hoeveel precies", "5")]
    limits = "Noem een getal van 1 tot en met 12. Met hoeveel bent u?"
    first, again = f"Dat kan niet. {limits}", f"Ook met dat antwoord kan ik niet verder. {limits}"
    assert [each.messages[0].get("text") for each in said[:3]] == [first, again, first]
    offered = {each["payload"] for each in said[1].messages[0]["buttons"]}
    assert {"/medewerker", "/cancel_task"} <= offered
    assert said[3].responses == ("utter_ask_outdoor_seating",)


async def test_the_buttons_of_a_refusal_send_what_those_of_the_question_send() -> None:
    """Rasa writes a brace twice where it means one, and does not fill what the engine repeats."""
    guest = await booked()
    refused = await guest.tell("sushi")
    assert refused.payloads == [
        '/inform{"cuisine": "italiaans"}',
        '/inform{"cuisine": "grieks"}',
    ]


async def test_the_designers_own_refusal_goes_first() -> None:
    """The second time the general one offers the ways out, unless that was written too."""
    guest = Guest()
    guest.domain["responses"]["utter_refusal_cuisine"] = [{"text": "Wij koken Grieks."}]
    await guest.book()
    assert (await guest.tell("sushi")).responses == ("utter_refusal_cuisine",)
    assert (await guest.tell("ramen")).messages[0]["text"].startswith("Ook met dat antwoord")
    guest.domain["responses"]["utter_refusal_cuisine_again"] = [{"text": "Grieks!"}]
    again = Guest()
    again.domain = guest.domain
    await again.book()
    await again.tell("sushi")
    assert (await again.tell("ramen")).responses == ("utter_refusal_cuisine_again",)


async def test_an_intent_that_the_form_ignores() -> None:
    """Is no answer to a question for any words; Rasa's rules take it."""
    guest = Guest(required_slots=["preferences"], ignored_intents=["greet"])
    await guest.book()
    assert (await guest.tell("hallo", "greet")).events == ()
    assert (await guest.tell("hallo daar", "inform")).slots["form_outcome"] == "complete"


async def test_what_the_first_message_tells_is_not_asked_and_old_answers_are_forgotten() -> None:
    """Each booking is a new one."""
    guest = Guest()
    said = await guest.book("tafel reserveren, grieks", cuisine="grieks")
    assert said.responses == ("utter_ask_people",)
    assert (await guest.book()).responses == ("utter_ask_cuisine",)


async def test_what_was_filled_by_this_message_before_the_form_started_counts() -> None:
    """By a slot mapping, or an action of the rule; what does not fit is asked for."""
    guest = Guest()
    guest.set_first = {"people": "drie", "cuisine": "mexicaans"}
    said = await guest.book("een tafel voor drie")
    assert said.slots["people"] == "drie"
    assert said.messages[0]["text"].startswith("Dat past niet bij mijn vraag.")
    assert (await guest.tell("grieks", cuisine="grieks")).responses == (
        "utter_ask_outdoor_seating",
    )
    assert guest.slots["people"] == 3.0
    guest.set_first = {}
    assert (await guest.book()).responses == ("utter_ask_cuisine",)
    assert guest.slots["people"] is None, "it was of the booking before"


async def test_what_another_form_was_told_counts_but_not_its_own_past() -> None:
    """A slot that two forms ask for is kept from one to the other, and not from run to run."""
    guest = Guest()
    guest.domain["forms"]["takeaway_form"] = {"required_slots": ["people"]}
    guest.slots |= {"people": 2.0, "checked_slots": ["people"], "topic": "takeaway"}
    await guest.book()
    assert (await guest.tell("grieks", cuisine="grieks")).responses == (
        "utter_ask_outdoor_seating",
    )
    await guest.book()
    assert (await guest.tell("grieks", cuisine="grieks")).responses == ("utter_ask_people",)


async def test_the_request_again_is_no_other_subject() -> None:
    """The form is not named after its intent; the answers after it are kept."""
    guest = await booked("grieks")
    again = await guest.tell("tafel reserveren", "book_table")
    assert again.messages[0]["text"].startswith("Dat kan niet. Noem een getal van 1 tot en met 12.")
    tapped = await guest.tell("/book_table", "book_table")
    assert tapped.responses == ("utter_ask_people",)
    assert (await guest.tell("4")).responses == ("utter_ask_outdoor_seating",)


async def test_the_topic_is_the_intent_by_which_the_customer_began() -> None:
    """For the summary and the team; the form's name is no intent."""
    guest = Guest()
    starts = {"table_form": ["eat_here", "book_table"]}
    guest.domain["slots"]["topic"] = {"mappings": [{"type": "custom", STARTED_BY: starts}]}
    await guest.book()
    assert guest.slots["topic"] == "book_table"
    await guest.tell("grieks", cuisine="grieks")
    assert guest.slots["topic"] == "book_table"


async def test_doubt_is_no_answer_and_gets_a_way_out() -> None:
    """First with a person beside the question, then with other words."""
    guest = await booked("grieks", "2")
    first = await guest.tell("ik weet het niet", "deny")
    assert first.messages[0]["text"] == (
        "Weet u het niet? Een medewerker kan u helpen. Wilt u buiten zitten?"
    )
    assert first.payloads == ["/cancel_task", "/medewerker"]
    second = await guest.tell("geen idee", "deny")
    assert second.messages[0]["text"].startswith("Ook met dat antwoord")
    assert guest.slots.get("outdoor_seating") is None


async def test_doubt_is_heard_beside_a_refusal_of_the_designers() -> None:
    """Whoever does not know the answer is not told that it does not fit."""
    guest = await booked("grieks")
    guest.domain["responses"]["utter_refusal_people"] = [{"text": "Er is plaats voor {max_value}."}]
    said = await guest.tell("geen idee")
    assert said.messages[0]["text"] == (
        "Weet u het niet? Een medewerker kan u helpen. Met hoeveel bent u?"
    )


async def test_a_question_never_shows_a_placeholder() -> None:
    """Within a refusal it is no response of Rasa's that others complete."""
    guest = Guest()
    guest.domain["responses"]["utter_ask_cuisine"] = [{"text": "Wat wilt u eten, {name}?"}]
    await guest.book()
    assert (await guest.tell("soep")).messages[0]["text"].endswith("Wat wilt u eten?")


def test_a_question_for_this_form_alone_goes_first() -> None:
    """As in Rasa."""
    responses = {"utter_ask_table_form_people": [], "utter_ask_people": []}
    assert asking("table_form", "people", responses) == "utter_ask_table_form_people"
    assert asking("other_form", "people", responses) == "utter_ask_people"
    assert asking("other_form", "wish", responses) is None


async def test_the_executor_finds_what_has_no_class() -> None:
    """The form's own action, and one for each slot that leaves the asking to the engine."""
    executor, domain = Executor(), table()
    call = {"tracker": {"sender_id": "x", "slots": {}, "events": []}, "domain": domain}
    asked = {"next_action": "action_ask_table_form_people", **call}
    assert await executor.run(asked) == {"events": [], "responses": []}
    answer = await executor.run({"next_action": "validate_table_form", **call})
    assert answer is not None
    assert [each["response"] for each in answer["responses"]]
    with pytest.raises(ActionNotFoundException):
        await executor.run({"next_action": "validate_other_form", **call})


def test_a_form_of_yaml_is_no_declared_task() -> None:
    """It is made from a domain; nothing of it stands in a package."""
    assert YamlForm not in task_forms()
    assert action_for("action_ask_table_form_unknown", table()) is None


@pytest.mark.parametrize(
    "text", ["klopt dat wel?", "ja als het niet regent", "ja maar niet te lang"]
)
async def test_a_yes_with_a_question_or_a_condition_is_no_yes(text: str) -> None:
    """Whatever the classifier takes it for; a yes with other words beside it is one."""
    guest = await booked("grieks", "2")
    await guest.tell(text, "affirm")
    assert guest.slots.get("outdoor_seating") is None
    await guest.tell("ja we zitten graag in de zon", "affirm")
    assert guest.slots["outdoor_seating"] is True


async def test_a_correction_where_any_words_are_an_answer() -> None:
    """It has to call itself one; "nee" may begin a wish."""
    guest = await booked("grieks", "2", "ja")
    said = await guest.tell("nee, ik bedoel 3")
    assert guest.slots["people"] == 3
    assert said.responses[0] == "utter_corrected"
    assert guest.slots.get("preferences") is None
    await guest.tell("nee, 4 stoelen aan het raam")
    assert guest.slots["people"] == 3
    assert guest.slots["preferences"] == "nee, 4 stoelen aan het raam"


async def test_a_whole_number_is_kept_as_one() -> None:
    """A reply says "3 personen"."""
    guest = await booked("grieks", "drie")
    assert repr(guest.slots["people"]) == "3"
