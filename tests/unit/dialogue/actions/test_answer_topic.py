"""A fixed answer is given once; after that in short with ways on, and then with a person first."""

from __future__ import annotations

from typing import Any

from bot.catalogue import say
from bot.core.tracker_turns import tells_again
from bot.dialogue.actions.answer_topic import ActionAnswerTopic
from tests.support.form_driver import Conversation, Said, domain

ACTION = ActionAnswerTopic()
DAMAGED = "utter_item_damaged"


class Talk(Conversation):
    """A conversation that keeps what was said, as Rasa's tracker does."""

    async def ask(self, text: str, intent: str) -> Said:
        """A message, and the answer of its topic."""
        said = await self.act(ACTION, text, intent)
        for message in said.messages:
            own = (self.domain["responses"].get(message["response"]) or [{}])[0]
            held = {"utter_action": message["response"]} if message["response"] else {}
            text = own.get("text") or message.get("text")
            self.events.append({"event": "bot", "text": text, "data": {}, "metadata": held})
        return said


def texts(said: Said) -> list[str]:
    """What was said: a response's name, or the catalogue's words."""
    return [each["response"] or each["text"] for each in said.messages]


async def test_the_second_time_in_short_and_the_third_with_a_person() -> None:
    """With other messages between; ways on are those of the answer itself."""
    talk = Talk()
    assert texts(await talk.ask("mijn pakket is kapot", "item_damaged")) == [DAMAGED]
    await talk.ask("het ligt bij de buren", "parcel_at_neighbours")
    said = await talk.ask("maar het is dus kapot", "item_damaged")
    whole = domain()["responses"][DAMAGED][0]["text"]
    short = said.messages[0]["text"]
    assert short.startswith(say("reply.told_again", fact=""))
    assert short.removeprefix(say("reply.told_again", fact="")) in whole
    assert said.messages[1]["text"] == say("reply.told_again_ways")
    assert tells_again(said.messages[1]["text"], {})
    assert said.payloads[-1] == "/medewerker"
    await talk.ask("het ligt bij de buren", "parcel_at_neighbours")
    said = await talk.ask("kapot!", "item_damaged")
    assert texts(said)[1] == "utter_break_loop"
    assert said.payloads[0] == "/medewerker"


async def test_what_was_just_said_is_for_the_loop_rules() -> None:
    """They see the same reply twice, and break it."""
    talk = Talk()
    await talk.ask("mijn pakket is kapot", "item_damaged")
    assert texts(await talk.ask("mijn pakket is kapot", "item_damaged")) == [DAMAGED]


async def test_an_answer_with_something_to_fill_in_is_given_again() -> None:
    """The same words about another order are new."""
    talk = Talk()
    talk.domain = {**talk.domain, "responses": {**talk.domain["responses"], **_FILLED}}
    await talk.ask("mijn pakket is kapot", "item_damaged")
    await talk.ask("het ligt bij de buren", "parcel_at_neighbours")
    assert texts(await talk.ask("kapot", "item_damaged")) == [DAMAGED]


_FILLED: dict[str, Any] = {DAMAGED: [{"text": "Wij kijken naar {order_number}."}]}


async def test_an_answer_that_asks_itself_tells_nothing_again() -> None:
    """A second compliment is thanked for as the first."""
    talk = Talk()
    await talk.ask("wat werkt dit goed", "compliment")
    await talk.ask("het ligt bij de buren", "parcel_at_neighbours")
    assert texts(await talk.ask("echt top", "compliment")) == ["utter_compliment"]


async def test_another_session_is_told_all_of_it() -> None:
    """Who comes back another day has forgotten."""
    talk = Talk()
    await talk.ask("mijn pakket is kapot", "item_damaged")
    talk.events.append({"event": "session_started"})
    await talk.ask("het ligt bij de buren", "parcel_at_neighbours")
    assert texts(await talk.ask("kapot", "item_damaged")) == [DAMAGED]


async def test_a_form_asks_on_below_the_short_answer() -> None:
    """It has a way on of its own."""
    talk = Talk()
    await talk.ask("mijn pakket is kapot", "item_damaged")
    await talk.ask("het ligt bij de buren", "parcel_at_neighbours")
    talk.loop = "track_order_form"
    said = await talk.ask("kapot dus", "item_damaged")
    assert len(said.messages) == 1
