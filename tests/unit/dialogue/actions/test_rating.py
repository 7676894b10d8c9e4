"""Goodbye and the score: asked once, acknowledged, changed once."""

from __future__ import annotations

from bot.dialogue.actions.rating import ActionGoodbye, ActionRate
from bot.messages import Rated, decode
from tests.support.form_driver import Conversation, Said

RATE = ActionRate()


async def rate(talk: Conversation, **entities: object) -> Said:
    """A tap on the rating."""
    return await talk.act(RATE, "/rate{...}", "rate", **entities)


async def test_goodbye_asks_for_a_score_once() -> None:
    """A second goodbye does not ask again."""
    talk = Conversation()
    said = await talk.act(ActionGoodbye(), "doei", "goodbye")
    assert said.responses == ("utter_goodbye", "utter_rating_bot")
    said = await talk.act(ActionGoodbye(), "doei", "goodbye")
    assert said.responses == ("utter_goodbye",)


async def test_a_score_is_acknowledged_changed_once_and_then_final() -> None:
    """Each tap gets an answer; the third changes nothing."""
    talk = Conversation()
    said = await rate(talk, score=4, of="bot")
    assert decode(said.messages[0]["custom"]) == Rated(4, "bot")
    assert said.responses == (None, "utter_rating_thanks")
    said = await rate(talk, of="bot")
    assert said.responses == ("utter_rating_bot",)
    said = await rate(talk, score=5, of="bot")
    assert said.responses == (None, "utter_rating_changed")
    said = await rate(talk, score=1, of="bot")
    assert said.responses == ("utter_rating_final",)
    assert talk.slots["ratings_given"] == {"bot": 2}


async def test_a_low_score_offers_a_person() -> None:
    """And the reason is kept for when it is tapped."""
    said = await rate(Conversation(), score=2, of="bot")
    assert said.responses == (None, "utter_rating_low")
    assert said.slots["offered_reason"] == "low_rating"


async def test_bot_and_human_are_rated_apart() -> None:
    """A score for a person does not use up the bot's."""
    talk = Conversation(ratings_given={"bot": 2})
    said = await rate(talk, of="human")
    assert said.responses == ("utter_rating_human",)
    said = await rate(talk, score=5, of="human")
    assert decode(said.messages[0]["custom"]) == Rated(5, "human")
    assert talk.slots["ratings_given"] == {"bot": 2, "human": 1}


async def test_a_score_that_was_never_offered_shows_the_five() -> None:
    """'Ik geef een 8' cannot be taken as it is."""
    said = await Conversation().act(RATE, "ik geef een 8", "rate", score=8)
    assert said.responses == ("utter_rating_bot",)
