"""A bare "ja" takes the one subject that was offered; of several it is asked which."""

from __future__ import annotations

from typing import Any

import pytest

from bot.catalogue import say
from bot.dialogue.actions.affirm import ActionAffirm
from bot.dialogue.buttons import Button, button, person
from bot.dialogue.replies import NOT_THAT, OPTIONAL, WHICH_ONE
from tests.support.form_driver import Conversation, Said

OTHER = button("Iets anders", "deny")
ONE = button("Bezorging wijzigen", "change_delivery", date="2026-12-04")
PAGE = button("Uw factuur", "ask_knowledge", page="factuur")


async def agreed(response: str, *options: Button) -> Said:
    """What comes of a "ja" to these options below a response, or a text of the catalogue's."""
    talk = Conversation()
    named = response.startswith("utter_")
    said = {
        "event": "bot",
        "text": "Bedoelt u dit?" if named else response,
        "metadata": {"utter_action": response} if named else {},
        "data": {"buttons": list(options)},
    }
    talk.events = [{"event": "user", "text": "vrijdag dan", "parse_data": {}}, said]
    return await talk.act(ActionAffirm(), "ja", "affirm")


def meant(said: Said) -> list[tuple[str, dict[str, Any]]]:
    """The meanings that the message got, with their values."""
    found = [each["parse_data"] for each in said.events if each["event"] == "user"]
    return [
        (each["intent"]["name"], {e["entity"]: e["value"] for e in each["entities"]})
        for each in found
    ]


@pytest.mark.parametrize(
    "response",
    ["utter_clarify_one", "utter_clarify_two", "utter_knowledge_near", say(OPTIONAL[NOT_THAT])],
)
async def test_one_subject_is_taken(response: str) -> None:
    """Whatever stands beside it is a way out."""
    said = await agreed(response, ONE, OTHER, person())
    assert meant(said) == [("change_delivery", {"date": "2026-12-04"})]
    assert meant(await agreed(response, person(), PAGE)) == [("ask_knowledge", {"page": "factuur"})]


async def test_of_several_it_is_asked_which() -> None:
    """With the same options, rather than all there is."""
    for response in ("utter_clarify_two", say(OPTIONAL[WHICH_ONE])):
        said = await agreed(response, ONE, PAGE, OTHER, person())
        assert meant(said) == []
        assert said.messages[0]["text"] == say(OPTIONAL[WHICH_ONE])
        assert said.buttons == ["Bezorging wijzigen", "Uw factuur", "Iets anders", "Medewerker"]


async def test_where_nothing_was_guessed_it_asks_for_a_subject() -> None:
    """As "kan ik nog iets voor u doen?" does not offer one."""
    said = await agreed("utter_greet", ONE, person())
    assert said.responses == ("utter_topics",)
