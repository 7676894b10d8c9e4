"""Pausing, stopping and changing subscriptions."""

from __future__ import annotations

from datetime import date

import pytest

from actions.backends import orders, shop, subscriptions
from actions.backends.subscriptions import Subscription
from actions.change_subscription import ActionChangeSubscription, ChangeSubscriptionForm
from tests.support.form_driver import Conversation, Said

FORM = ChangeSubscriptionForm()
NUMBER = "PP-100456"


async def begun(text: str = "") -> tuple[Conversation, Said]:
    """A conversation with a customer who has a box and energy."""
    talk = Conversation(verified_orders=[NUMBER])
    return talk, await talk.start(FORM, text)


async def now(kind: str) -> Subscription:
    """What the shop knows of the customer's subscription."""
    order = await shop.query(orders.get, NUMBER)
    assert order is not None
    found = await shop.query(subscriptions.of_customer, order.customer_id, date(2026, 11, 24))
    return next(each for each in found if each.kind == kind)


async def test_asks_which_of_two() -> None:
    """Only what the customer has is offered."""
    _, said = await begun()
    assert said.responses == ("utter_question_subscription",)
    assert said.buttons == ["Maandelijkse box", "Energiecontract", "Stoppen"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("ik wil mijn box opzeggen", "utter_confirm_subscription_stop"),
        ("box pauzeren", "utter_question_pause_weeks"),
        ("ik wil een grotere box", "utter_question_subscription_plan"),
        ("doe mij de grote box ipv de kleine", "utter_confirm_subscription_plan"),
        ("energie opzeggen graag", "utter_confirm_subscription_stop_fee"),
        ("mijn stroom op pauze", "utter_refusal_pause_energy"),
        ("ander energiecontract", "utter_question_subscription_plan"),
        ("iets met mijn box", "utter_question_subscription_change_box"),
    ],
)
async def test_reads_kind_and_change_from_the_first_message(text: str, response: str) -> None:
    """What was said at once is not asked."""
    _, said = await begun(text)
    assert said.responses == (response,)


async def test_a_pause_lasts_as_long_as_chosen() -> None:
    """Four weeks from today."""
    talk, _ = await begun("box pauzeren")
    said = await talk.say(FORM, "drie jaar", "nlu_fallback")
    assert said.responses == ("utter_refusal_pause_weeks",)
    await talk.say(FORM, "vier weken", "nlu_fallback")
    await talk.say(FORM, "ja", "affirm")
    said = await talk.act(ActionChangeSubscription())
    assert said.responses == ("utter_subscription_changed_pause",)
    assert (await now("box")).paused_until == date(2026, 12, 22)


async def test_stopping_twice_keeps_the_first_day() -> None:
    """A repeated turn does not move the end; a second request says it was done."""
    talk, _ = await begun("box opzeggen")
    await talk.say(FORM, "ja", "affirm")
    for _ in range(2):
        await talk.act(ActionChangeSubscription())
    assert (await now("box")).ends_on == date(2026, 12, 24)
    _, said = await begun("box opzeggen")
    assert said.responses == ("utter_subscription_already_stopped",)


async def test_another_plan_must_be_another() -> None:
    """The plan of today is no change."""
    talk, _ = await begun("andere box")
    said = await talk.say(FORM, "de middelgrote", "nlu_fallback")
    assert said.responses == ("utter_refusal_same_plan",)
    assert said.buttons == ["Kleine box", "Grote box", "Stoppen"]
    await talk.say(FORM, "de grote", "nlu_fallback")
    await talk.say(FORM, "ja", "affirm")
    await talk.act(ActionChangeSubscription())
    assert (await now("box")).plan == "large"


async def test_stopping_the_subscription_is_not_leaving_the_form() -> None:
    """'Stoppen' answers the question what to do; 'stop' leaves."""
    talk, _ = await begun("mijn box")
    said = await talk.say(FORM, "stoppen", "cancel_task")
    assert said.responses == ("utter_confirm_subscription_stop",)
    said = await talk.say(FORM, "stop", "cancel_task")
    assert said.slots["form_outcome"] == "left"


async def test_without_a_subscription_nothing_is_asked() -> None:
    """A customer without one is told so."""
    talk = Conversation(verified_orders=["PP-100302"])
    said = await talk.start(FORM)
    assert said.responses == ("utter_subscription_none",)
    assert said.slots["form_outcome"] == "stopped"


async def test_the_fee_of_a_fixed_contract_is_said_before_the_yes() -> None:
    """Stopping, and another tariff: with the day until which it is fixed."""
    talk, said = await begun("energie opzeggen")
    assert said.responses == ("utter_confirm_subscription_stop_fee",)
    assert said.messages[0]["fee"] == "€ 75,00"
    assert said.messages[0]["fixed"] == "zaterdag 12 juni"
    await talk.say(FORM, "ja", "affirm")
    said = await talk.act(ActionChangeSubscription())
    assert said.responses == ("utter_subscription_changed_stop_fee",)


async def test_another_tariff_counts_from_the_next_month() -> None:
    """What is chosen now is fixed no longer; a second time it costs nothing."""
    talk, _ = await begun("ander energiecontract")
    said = await talk.say(FORM, "variabel", "nlu_fallback")
    assert said.responses == ("utter_confirm_subscription_plan_fee",)
    assert said.messages[0]["day"] == "dinsdag 1 december"
    await talk.say(FORM, "ja", "affirm")
    await talk.act(ActionChangeSubscription())
    _, said = await begun("energie opzeggen")
    assert said.responses == ("utter_confirm_subscription_stop_energy",)


async def test_dynamic_needs_a_smart_meter() -> None:
    """Not offered without one, and refused with the reason."""
    talk = Conversation(verified_orders=["PP-100558"])
    said = await talk.start(FORM, "ander tarief")
    assert "Dynamisch tarief" not in said.buttons
    said = await talk.say(FORM, "dynamisch", "nlu_fallback")
    assert said.responses == ("utter_refusal_no_smart_meter",)
    _, said = await begun("ander energiecontract")
    assert "Dynamisch tarief" in said.buttons


@pytest.mark.parametrize("text", ["ik verhuis, stroom kan weg", "contract mee bij verhuizing"])
async def test_moving_house_ends_no_contract(text: str) -> None:
    """It goes along to the new house, which a person arranges."""
    _, said = await begun(text)
    assert said.responses == ("utter_moving_house_contract",)
    assert said.buttons == ["Medewerker"]


async def test_the_plan_in_the_first_words_is_not_asked_again() -> None:
    """Straight to the summary."""
    _, said = await begun("energie naar een variabel tarief")
    assert said.responses == ("utter_confirm_subscription_plan_fee",)


async def test_a_plan_of_another_subscription_is_forgotten() -> None:
    """A large box is no tariff: what was chosen before another answer is checked anew."""
    talk, _ = await begun("een andere box")
    said = await talk.say(FORM, '/x{"subscription_plan": "large"}', subscription_plan="large")
    assert said.responses == ("utter_confirm_subscription_plan",)
    said = await talk.say(FORM, '/x{"edit": "subscription"}', edit="subscription")
    said = await talk.say(FORM, '/x{"subscription": "energy"}', subscription="energy")
    assert said.responses == ("utter_question_subscription_plan",)
    assert talk.slots["subscription_plan"] is None
    said = await talk.say(FORM, "variabel", "nlu_fallback")
    assert said.responses[-1].startswith("utter_confirm_subscription_plan")


async def test_what_the_first_words_told_beside_the_proof_is_not_asked() -> None:
    """How long a pause takes is asked only of a pause, which the same words ask for."""
    talk = Conversation()
    text = "ik wil mijn box pauzeren PP-100456 9712 HM, 4 weken"
    said = await talk.start(FORM, text, order_number=NUMBER, postcode="9712 HM")
    assert said.responses == ("utter_confirm_subscription_pause",)
    assert talk.slots["pause_weeks"] == "4"


@pytest.mark.parametrize("proof_first", [True, False])
async def test_what_the_first_words_told_is_taken_when_its_question_comes_up(
    *, proof_first: bool
) -> None:
    """Before the proof, or in the same message."""
    text = "ik wil mijn box 8 weken pauzeren"
    talk = Conversation()
    if proof_first:
        said = await talk.start(
            FORM, f"{text} {NUMBER} 9712 HM", order_number=NUMBER, postcode="9712 HM"
        )
    else:
        await talk.start(FORM, text)
        said = await talk.say(FORM, f"{NUMBER} 9712 HM", order_number=NUMBER, postcode="9712 HM")
    assert said.responses[-1] == "utter_confirm_subscription_pause"
    assert talk.slots["pause_weeks"] == "8"


@pytest.mark.parametrize(
    ("first", "words", "response"),
    [
        ("box pauzeren", "zeg dan maar op", "utter_confirm_subscription_stop"),
        ("box pauzeren", "ik wil de hele box stoppen", "utter_confirm_subscription_stop"),
        ("ik wil een grotere box", "zeg hem maar helemaal op", "utter_confirm_subscription_stop"),
        ("box pauzeren, 4 weken", "weet je wat, zeg maar op", "utter_confirm_subscription_stop"),
        ("mijn box opzeggen", "pauzeer m dan 8 weken", "utter_confirm_subscription_pause"),
        ("box pauzeren", "doe toch maar een kleinere box", "utter_question_subscription_plan"),
        ("ander energiecontract", "zeg het dan maar op", "utter_confirm_subscription_stop_fee"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["inform", "cancel_task", "box_stop"])
async def test_another_wish_of_the_family_takes_the_place_of_the_first(
    first: str, words: str, response: str, intent: str
) -> None:
    """With what is known, and a summary of its own that needs its own yes."""
    talk, _ = await begun(first)
    said = await talk.say(FORM, words, intent)
    assert said.responses == ("utter_corrected", response)
    assert talk.slots.get("form_outcome") is None
    assert not talk.slots.get("confirmed")


@pytest.mark.parametrize("words", ["stop", "stoppen", "laat maar", "stop maar"])
async def test_words_that_may_end_the_talk_end_no_contract(words: str) -> None:
    """They leave the task."""
    talk, _ = await begun("box pauzeren")
    said = await talk.say(FORM, words, "cancel_task")
    assert said.slots["form_outcome"] == "left"


@pytest.mark.parametrize(
    "words",
    [
        "ik bedoel of ik bij variabel ook boete betaal",
        "nee ik vroeg of variabel goedkoper is",
        "ik wil weten wat dynamisch kost",
    ],
)
async def test_a_question_about_a_plan_chooses_none(words: str) -> None:
    """To the question which, and to a summary of another."""
    talk, _ = await begun("ander energiecontract")
    await talk.say(FORM, words, "nlu_fallback")
    assert talk.slots.get("subscription_plan") is None
    await talk.say(FORM, "dynamisch")
    await talk.say(FORM, words.replace("dynamisch", "vast"), "nlu_fallback")
    assert talk.slots["subscription_plan"] == "dynamic"


async def test_both_subscriptions_in_one_breath() -> None:
    """The one that is chosen is done first; then the other is offered by its name."""
    talk, said = await begun("ik wil mijn box en mijn energie opzeggen")
    assert said.responses == ("utter_question_subscription",)
    await talk.say(FORM, "de box")
    said = await talk.say(FORM, "ja", "affirm")
    assert said.slots["form_outcome"] == "complete"
    (offered,) = said.slots["second_request"]
    assert offered["title"] == "Energiecontract opzeggen"


@pytest.mark.parametrize("words", ["toch liever de grote", "de grote en niet de kleine"])
async def test_another_size_at_the_summary(words: str) -> None:
    """The summary that follows says it."""
    talk, _ = await begun("doe mij de kleine box")
    said = await talk.say(FORM, words)
    assert said.responses == ("utter_corrected", "utter_confirm_subscription_plan")
    assert talk.slots["subscription_plan"] == "large"
