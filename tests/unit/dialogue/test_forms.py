"""What every form does: corrections, back, out, digressions, refusals, switching."""

from __future__ import annotations

from actions.change_delivery import ChangeDeliveryForm
from actions.return_item import ReturnItemForm
from actions.track_order import TrackOrderForm
from tests.support.form_driver import Conversation

DELIVERY = ChangeDeliveryForm()
RETURN = ReturnItemForm()
TRACK = TrackOrderForm()


async def verified(form: object = DELIVERY) -> Conversation:
    """A conversation in a form, past the verification of PP-100234."""
    talk = Conversation()
    await talk.start(form)
    await talk.say(form, "PP-100234 1234 AB", order_number="PP-100234", postcode="1234 AB")
    return talk


async def test_asks_for_what_is_missing() -> None:
    """A form begins with its first question."""
    talk = Conversation()
    said = await talk.start(TRACK, "waar is mijn pakket")
    assert said.responses == ("utter_question_order_number",)
    assert talk.slots["requested_slot"] == "order_number"
    assert talk.slots["topic"] == "track_order"


async def test_takes_what_the_first_message_already_says() -> None:
    """Nothing is asked that the customer said at once."""
    talk = Conversation()
    said = await talk.start(TRACK, "waar is PP-100234", order_number="PP-100234")
    assert said.responses == ("utter_question_postcode",)


async def test_refusals_differ_and_start_over() -> None:
    """The first, second and third refusal of one question use other words each."""
    talk = Conversation()
    await talk.start(TRACK)
    texts = [(await talk.say(TRACK, "blub", "nlu_fallback")).responses for _ in range(4)]
    assert texts == [
        ("utter_refusal_order_number",),
        ("utter_refusal_order_number_again",),
        ("utter_refusal_stuck",),
        ("utter_refusal_order_number",),
    ]
    assert talk.slots["refusals"] == 4


async def test_an_answer_ends_the_count_of_refusals() -> None:
    """Refusals are counted for one question only."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "blub", "nlu_fallback")
    await talk.say(TRACK, "PP-100234", order_number="PP-100234")
    assert talk.slots["refusals"] == 0


async def test_tells_where_to_find_what_the_customer_does_not_know() -> None:
    """'Geen idee' gets an explanation, not a refusal."""
    talk = Conversation()
    await talk.start(TRACK)
    said = await talk.say(TRACK, "geen idee, waar staat dat?", "out_of_scope")
    assert said.responses == ("utter_unknown_order_number",)


async def test_a_later_answer_is_kept_and_the_question_asked_in_other_words() -> None:
    """Who names the day while the order number is asked is not asked for the day again."""
    talk = Conversation()
    await talk.start(DELIVERY)
    said = await talk.say(DELIVERY, "vrijdag", date="2026-11-27")
    assert said.responses == ("utter_noted_order_number",)
    await talk.say(DELIVERY, "PP-100234", order_number="PP-100234")
    said = await talk.say(DELIVERY, "1234 AB", postcode="1234 AB")
    assert said.responses == ("utter_question_day_part_fee",)


async def test_an_earlier_answer_is_corrected_at_any_point() -> None:
    """'Nee, vrijdag' changes the day even when the part of the day is asked."""
    talk = await verified()
    await talk.say(DELIVERY, "donderdag", date="2026-11-26")
    said = await talk.say(DELIVERY, "nee vrijdag", date="2026-11-27")
    assert said.responses == ("utter_corrected", "utter_question_day_part_fee")
    assert talk.slots["delivery_date"] == "2026-11-27"


async def test_a_correction_by_words_at_the_confirmation() -> None:
    """'Nee, 13' changes the house number and asks for confirmation again."""
    talk = Conversation()
    await talk.start(DELIVERY, "ander adres graag")
    await talk.say(DELIVERY, "PP-100234 1234AB", order_number="PP-100234", postcode="1234 AB")
    said = await talk.say(DELIVERY, "6822 AA 12", postcode="6822 AA", house_number="12")
    assert said.responses == ("utter_confirm_delivery_address",)
    said = await talk.say(DELIVERY, "nee, 13", "inform")
    assert said.responses == ("utter_corrected", "utter_confirm_delivery_address")
    assert talk.slots["new_house_number"] == "13"


async def test_another_order_number_needs_its_own_postcode_and_answers() -> None:
    """Answers that belong to one order do not leak into another."""
    talk = await verified()
    await talk.say(DELIVERY, "donderdag", date="2026-11-26")
    said = await talk.say(DELIVERY, "ik bedoel PP-100871", order_number="PP-100871")
    assert said.responses == ("utter_corrected", "utter_question_postcode")
    assert talk.slots["delivery_date"] is None


async def test_back_forgets_the_last_answer() -> None:
    """'Terug' asks the question before again."""
    talk = await verified()
    await talk.say(DELIVERY, "donderdag", date="2026-11-26")
    said = await talk.say(DELIVERY, "terug", "return_item")
    assert said.responses == ("utter_question_delivery_date",)


async def test_back_at_the_first_question_says_so() -> None:
    """There is nothing before the first question."""
    talk = Conversation()
    await talk.start(TRACK)
    said = await talk.say(TRACK, "vorige vraag", "inform")
    assert said.responses == ("utter_first_question", "utter_question_order_number")


async def test_stop_leaves_the_form() -> None:
    """'Stop' ends the form at any point, whatever the classifier made of it."""
    talk = await verified()
    said = await talk.say(DELIVERY, "stop", "nlu_fallback")
    assert said.slots["form_outcome"] == "left"
    assert said.slots["requested_slot"] is None


async def test_a_digression_is_left_to_rules_and_the_question_asked_again() -> None:
    """The form says nothing to a question about opening hours, and then asks on."""
    talk = await verified()
    said = await talk.say(DELIVERY, "zijn jullie morgen open", "opening_hours", date="2026-11-25")
    assert said.events == ()
    assert said.responses == ()
    said = await talk.resume(DELIVERY)
    assert said.responses == ("utter_question_delivery_change",)
    assert talk.slots.get("delivery_date") is None


async def test_an_intent_that_nobody_declared_is_left_to_rules() -> None:
    """Content alone made it: the form neither refuses it nor counts it, and asks on."""
    talk = Conversation()
    await talk.start(TRACK)
    for text in ("vacatures", "hebben jullie nog vacatures voor een student"):
        assert (await talk.say(TRACK, text, "vacatures")).events == ()
        assert (await talk.resume(TRACK)).responses == ("utter_question_order_number",)
    assert talk.slots["refusals"] == 0


async def test_a_number_in_a_message_about_something_else_still_counts() -> None:
    """An order number is an answer even in a sentence the classifier takes for another task."""
    talk = Conversation()
    await talk.start(TRACK)
    text = "ik heb bestelling PP-100234 bij jullie geplaatst"
    said = await talk.say(TRACK, text, "return_item", order_number="PP-100234")
    assert said.responses == ("utter_question_postcode",)


async def test_another_task_takes_over_and_says_so() -> None:
    """The new form names itself, and keeps the order number that was already given."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "PP-100871", order_number="PP-100871")
    said = await talk.say(TRACK, "ik wil het toch terugsturen", "return_item")
    assert said.events == ()
    said = await talk.start(RETURN, "ik wil het toch terugsturen")
    assert said.responses == ("utter_switched_task", "utter_question_postcode")
    assert said.messages[0]["topic_title"] == "Artikel terugsturen"


async def test_try_again_asks_without_counting_a_refusal() -> None:
    """The button of a broken loop starts the question afresh."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "blub", "nlu_fallback")
    said = await talk.say(TRACK, "/track_order", "track_order")
    assert said.responses == ("utter_question_order_number",)
    assert talk.slots["refusals"] == 0


async def test_what_to_change_is_asked_after_no() -> None:
    """'Nee' at the confirmation offers each answer to change; the chosen one is asked again."""
    talk = await verified(DELIVERY)
    await talk.say(DELIVERY, "do", date="2026-11-26")
    await talk.say(DELIVERY, "avond", day_part="avond")
    said = await talk.say(DELIVERY, "nee", "deny")
    assert said.responses == ("utter_edit_change_delivery",)
    said = await talk.say(
        DELIVERY, '/change_delivery{"edit": ...}', "change_delivery", edit="day_part"
    )
    assert said.responses == ("utter_question_day_part_same_day",)


async def test_a_postcode_given_before_any_question_is_used() -> None:
    """Who gave number and postcode at once is asked for neither."""
    talk = Conversation(noted_order="PP-100234", noted_postcode="1234 AB")
    await talk.start(TRACK)
    assert talk.slots["verified_orders"] == ["PP-100234"]
    assert talk.slots["noted_postcode"] is None


async def test_the_number_given_before_any_question_is_used() -> None:
    """A customer who begins with the number is not asked for it again."""
    talk = Conversation(noted_order="PP-100234")
    said = await talk.start(TRACK)
    assert said.responses == ("utter_question_postcode",)
    assert talk.slots["noted_order"] is None
