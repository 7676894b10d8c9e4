"""Sending back: what may be, which article, why, and the label."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.return_item import ActionReturnItem, ReturnItemForm
from bot.dialogue import runtime
from bot.dialogue.actions.small_talk import ActionAnythingElse
from tests.support.form_driver import Conversation
from tests.support.shop_fixtures import NOW

FORM = ReturnItemForm()


async def begun(number: str = "PP-100871", text: str = "") -> Conversation:
    """A conversation in which an order with a jacket and a sweater is verified."""
    talk = Conversation(verified_orders=[number])
    await talk.start(FORM, text)
    return talk


async def test_articles_are_offered_by_name() -> None:
    """The customer chooses from what the order holds."""
    talk = Conversation(verified_orders=["PP-100871"])
    said = await talk.start(FORM)
    assert said.responses == ("utter_question_return_article",)
    assert said.buttons == ["Regenjas, maat M", "Fleecetrui, maat L", "Stoppen"]


@pytest.mark.parametrize(
    ("words", "line"), [("die regenjas", "1"), ("de trui", "2"), ("2", "2"), ("fleece", "2")]
)
async def test_an_article_is_named_in_own_words(words: str, line: str) -> None:
    """Part of the name, or its number, is enough."""
    talk = await begun()
    said = await talk.say(FORM, words, "nlu_fallback")
    assert talk.slots["return_article"] == line
    assert said.responses == ("utter_question_return_reason",)


@pytest.mark.parametrize("words", ["de koelkast", "9", "maat"])
async def test_an_article_that_is_not_there_is_refused(words: str) -> None:
    """Neither another thing, nor a number beyond, nor a word of two names."""
    talk = await begun()
    said = await talk.say(FORM, words, "nlu_fallback")
    assert said.responses == ("utter_refusal_return_article",)
    assert "Regenjas, maat M" in said.buttons or words != "9"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("te klein", "size"),
        ("hij is kapot", "damaged"),
        ("heb me bedacht", "regret"),
        ("jullie stuurden het verkeerde", "wrong"),
        ("andere reden", "other"),
    ],
)
async def test_a_reason_is_read_from_own_words(words: str, reason: str) -> None:
    """Reasons need no button."""
    talk = await begun()
    await talk.say(FORM, "de trui", "nlu_fallback")
    said = await talk.say(FORM, words, "nlu_fallback")
    assert talk.slots["return_reason"] == reason
    assert said.responses == ("utter_confirm_return",)


async def test_a_reason_in_the_first_message_is_not_asked_again() -> None:
    """Who says at once what is wrong only chooses the article."""
    talk = await begun(text="ik wil iets terugsturen want het is te groot")
    said = await talk.say(FORM, "de trui", "nlu_fallback")
    assert said.responses == ("utter_confirm_return",)


async def test_the_return_is_registered_once() -> None:
    """A repeated turn gives the same label; the article is not offered again."""
    talk = await begun()
    await talk.say(FORM, "de trui", "nlu_fallback")
    await talk.say(FORM, "te klein", "nlu_fallback")
    await talk.say(FORM, "ja", "affirm")
    labels = {(await talk.act(ActionReturnItem())).messages[0]["label"] for _ in range(2)}
    assert labels == {"R100871-2"}
    said = await talk.start(FORM)
    assert said.responses == ("utter_question_return_reason",)
    assert talk.slots["return_article"] == "1"


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("PP-100302", "utter_return_too_late"),
        ("PP-100234", "utter_return_not_delivered"),
        ("PP-100985", "utter_return_cancelled"),
    ],
)
async def test_what_cannot_be_sent_back_is_said_at_once(number: str, response: str) -> None:
    """After thirty days, before delivery, or after cancelling there is nothing to ask."""
    talk = Conversation(verified_orders=[number])
    said = await talk.start(FORM)
    assert said.responses == (response,)
    assert said.slots["form_outcome"] == "stopped"


@pytest.mark.parametrize(
    ("text", "number", "response"),
    [
        ("ik heb mijn geld nog niet terug", "PP-100871", "utter_refund_none"),
        ("wanneer krijg ik mijn geld", "PP-100985", "utter_refund_cancelled"),
        ("iets teruggestuurd maar nog niks terug", "PP-100871", "utter_refund_none"),
        ("drie retourcodes, welke moet ik gebruiken", "PP-100871", "utter_refund_none"),
        ("valt dit onder garantie", "PP-100302", "utter_warranty"),
        ("ik wil mijn geld terug, het valt tegen", "PP-100871", "utter_question_return_article"),
    ],
)
async def test_what_is_no_new_return_gets_its_own_answer(
    text: str, number: str, response: str
) -> None:
    """Money, codes and warranty: an answer with a person in reach, and no form."""
    said = await Conversation(verified_orders=[number]).start(FORM, text)
    assert said.responses == (response,)
    if response != "utter_question_return_article":
        assert "Medewerker" in said.buttons


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("nieuw artikel", "nlu_fallback"),
        ("kan ik een nieuw exemplaar krijgen?", "item_damaged"),
        ("kan ik hem ruilen", "swap_item"),
        ("stuur maar een nieuwe", "nlu_fallback"),
    ],
)
@pytest.mark.parametrize("reason", ["damaged", "wrong"])
async def test_what_came_broken_is_replaced_by_a_person(
    words: str, intent: str, reason: str
) -> None:
    """The pages promise a new one: no form says that it cannot be."""
    talk = await begun()
    await talk.say(FORM, "de trui", "nlu_fallback")
    await talk.say(FORM, "", "return_item", return_reason=reason)
    said = await talk.say(FORM, words, intent)
    assert said.responses == ("utter_return_replacement",)
    assert said.slots["form_outcome"] == "handover"


async def test_who_asks_for_a_new_one_at_once_proves_the_order_first() -> None:
    """And is not asked which money to send back."""
    said = await Conversation(verified_orders=["PP-100871"]).start(
        FORM, "mijn trui is kapot, ik wil een nieuwe"
    )
    assert said.responses == ("utter_return_replacement",)


@pytest.mark.parametrize("words", ["te klein, kan ik ruilen", "ander artikel dan ik bestelde"])
async def test_a_reason_is_no_wish_for_a_new_one(words: str) -> None:
    """Another size is ordered anew, and a wrong article is a reason."""
    talk = await begun()
    await talk.say(FORM, "de trui", "nlu_fallback")
    said = await talk.say(FORM, words, "nlu_fallback")
    assert "utter_return_replacement" not in said.responses


async def test_an_earlier_return_is_told_about() -> None:
    """Which code belongs to which article, and when the money comes."""
    talk = await begun(text="te klein")
    await talk.say(FORM, "de trui", "nlu_fallback")
    await talk.say(FORM, "ja", "affirm")
    await talk.act(ActionReturnItem())
    said = await talk.start(FORM, "welke retourcode hoort waarbij")
    assert said.messages[0]["codes"] == "Fleecetrui, maat L: R100871-2"
    said = await talk.start(FORM, "waar blijft mijn geld")
    assert said.responses == ("utter_refund_expected",)
    assert said.messages[0]["label"] == "R100871-2"


async def test_the_last_day_is_that_of_the_holidays() -> None:
    """Ordered on 16 November: until the end of January."""
    talk = await begun(text="het is kapot")
    await talk.say(FORM, "de trui", "nlu_fallback")
    await talk.say(FORM, "ja", "affirm")
    said = await talk.act(ActionReturnItem())
    assert said.responses == ("utter_return_registered_damaged",)
    assert said.messages[0]["last"] == "zondag 31 januari"


@pytest.mark.parametrize("words", ["blub", "ja"])
async def test_a_summary_that_midnight_overtook(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The days to send back are over: that is said, whatever was answered to the summary."""
    talk = await begun(text="terugsturen, hij is te groot")
    said = await talk.say(FORM, "de trui", "nlu_fallback")
    assert said.responses == ("utter_confirm_return",)
    monkeypatch.setattr("actions.backends.shop._prepared", _nothing)
    monkeypatch.setattr(runtime, "now", lambda: NOW + timedelta(days=90))
    said = await talk.say(FORM, words, "nlu_fallback")
    assert said.responses == ("utter_return_too_late",)
    assert said.slots["form_outcome"] == "stopped"


async def _nothing() -> None:
    """The sample data stays as it is."""


@pytest.mark.parametrize(
    "words", ["de regenjas en de trui", "allebei", "de jas en ook de fleece", "alles terug graag"]
)
async def test_articles_that_are_named_together_are_offered_one_after_another(words: str) -> None:
    """The first is taken; the other is offered by its name once that is done."""
    talk = await begun()
    await talk.say(FORM, words, "nlu_fallback")
    assert talk.slots["return_article"] == "1"
    await talk.say(FORM, "te klein", "inform")
    said = await talk.say(FORM, "ja", "affirm")
    assert said.slots["form_outcome"] == "complete"
    talk.loop = None
    await talk.act(ActionReturnItem())
    offered = await talk.act(ActionAnythingElse())
    assert offered.responses == ("utter_second_request",)
    assert offered.buttons[0] == "Fleecetrui, maat L terugsturen"
    assert offered.payloads[0] == '/return_item{"return_article": "2"}'
    assert talk.slots["second_request"] is None


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("nee, de regenjas en niet de trui", "1"),
        ("niet de trui maar de regenjas", "1"),
        ("toch de jas", "1"),
        ("de jas dan", "1"),
    ],
)
async def test_another_article_at_the_summary(words: str, line: str) -> None:
    """A changed summary is shown, and what was denied is not offered behind it."""
    talk = await begun()
    await talk.say(FORM, "de trui", "nlu_fallback")
    await talk.say(FORM, "te klein")
    said = await talk.say(FORM, words, "deny" if words.startswith("n") else "inform")
    assert said.responses == ("utter_corrected", "utter_confirm_return")
    assert talk.slots["return_article"] == line
    said = await talk.say(FORM, "ja", "affirm")
    assert said.slots.get("second_request") is None


@pytest.mark.parametrize(
    "text",
    ["hij doet het nie", "laadt niet meer op", "er komt geen geluid uit", "gaat niet meer aan"],
)
async def test_what_does_not_work_is_broken(text: str) -> None:
    """Without a word for it."""
    talk = await begun()
    await talk.say(FORM, "de trui", "nlu_fallback")
    await talk.say(FORM, text)
    assert talk.slots["return_reason"] == "damaged"


@pytest.mark.parametrize("text", ["ook de trui", "en de trui graag", "ja en ook de trui"])
async def test_another_article_besides_comes_after_the_first(text: str) -> None:
    """It took the place of the first; now it is said, and offered when this one is done."""
    talk = await begun(text="de regenjas is te klein")
    said = await talk.say(FORM, text, "nlu_fallback")
    assert said.responses == (None, "utter_confirm_return")
    assert "Fleecetrui, maat L terugsturen" in said.messages[0]["text"]
    assert said.messages[1]["article"] == "Regenjas, maat M"
    assert said.slots.get("confirmed") is None
    await talk.say(FORM, "ja", "affirm")
    talk.loop = None
    said = await talk.act(ActionAnythingElse())
    assert said.buttons[0] == "Fleecetrui, maat L terugsturen"
    assert said.payloads[0] == '/return_item{"return_article": "2"}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ik heb de verkeerde maat besteld, de regenjas", "size"),
        ("verkeerde kleur gekozen van de regenjas", "regret"),
        ("ik heb de verkeerde maat gekregen, de regenjas", "wrong"),
    ],
)
async def test_who_ordered_the_wrong_thing_was_sent_what_was_ordered(
    text: str, reason: str
) -> None:
    """It is no mistake of the shop's."""
    talk = await begun(text=text)
    assert talk.slots["return_reason"] == reason
