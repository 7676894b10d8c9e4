"""Order number and postcode before anything personal; three tries."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa_sdk import Tracker

from actions.invoice_payment import InvoicePaymentForm
from actions.track_order import ActionTrackOrder, TrackOrderForm
from actions.verification import ORDER, verified_order
from bot.dialogue import runtime
from bot.identity_proofs import Proofs
from bot.store.identity.identity_limits import ProofLimits
from bot.store.identity.tallies import Verdict
from tests.support.form_driver import Conversation

TRACK = TrackOrderForm()


async def test_a_right_combination_is_remembered_for_the_next_task() -> None:
    """A second task asks nothing twice."""
    talk = Conversation()
    await talk.start(TRACK)
    said = await talk.say(TRACK, "x", order_number="PP-100234", postcode="1234 AB")
    assert said.slots["form_outcome"] == "complete"
    assert talk.slots["verified_orders"] == ["PP-100234"]
    said = await talk.start(InvoicePaymentForm())
    assert said.slots["form_outcome"] == "complete"


async def test_another_order_is_verified_anew() -> None:
    """What was right for one order does not open another."""
    talk = Conversation(verified_orders=["PP-100234"])
    said = await talk.start(TRACK, "PP-100871", order_number="PP-100871")
    assert said.responses == ("utter_question_postcode",)


@pytest.mark.parametrize("number", ["PP-100234", "PP-999999"])
async def test_a_wrong_postcode_tells_nothing_about_the_number(number: str) -> None:
    """The reply is the same whether the order exists or not."""
    talk = Conversation()
    await talk.start(TRACK)
    said = await talk.say(TRACK, "x", order_number=number, postcode="9999 ZZ")
    assert said.responses == ("utter_refusal_verification",)
    assert talk.slots["requested_slot"] == "postcode"


async def test_three_wrong_tries_go_to_a_person() -> None:
    """Tries count over corrections of the order number too."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100234", postcode="9999 ZZ")
    await talk.say(TRACK, "x", order_number="PP-100871", postcode="9999 ZZ")
    said = await talk.say(TRACK, "x", postcode="9999 ZX")
    assert said.slots["form_outcome"] == "handover"
    assert said.slots["handover_reason"] == "verification_failed"
    assert said.responses == ("utter_verification_failed",)
    assert not talk.slots.get("verified_orders")
    assert talk.slots["order_number"] == "PP-100871", "the person needs it"


async def test_after_three_tries_only_a_person() -> None:
    """Coming back gives no three more tries; an order verified before stays open."""
    talk = Conversation(verification_attempts=3)
    said = await talk.start(TRACK, "x", order_number="PP-100234", postcode="1234 AB")
    assert said.slots["handover_reason"] == "verification_failed"
    talk = Conversation(verification_attempts=3, verified_orders=["PP-100234"])
    said = await talk.start(TRACK)
    assert said.slots["form_outcome"] == "complete"


async def test_another_order_with_its_postcode_in_one_message() -> None:
    """After a verified order the postcode is not asked again, nor in the middle of a form."""
    talk = Conversation(verified_orders=["PP-100234"], order_number="PP-100234", postcode="1234 AB")
    text = "waar is PP-100733 6811 KM"
    said = await talk.start(TRACK, text, order_number="PP-100733", postcode="6811 KM")
    assert said.slots["form_outcome"] == "complete"


async def test_a_corrected_number_asks_for_its_postcode_with_the_earlier_one_a_tap_away() -> None:
    """A refused postcode is not tried by itself with another number, nor has it to be typed."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100235", postcode="1234 AB")
    said = await talk.say(TRACK, "PP-100234", order_number="PP-100234")
    assert said.responses[-1] == "utter_question_postcode_for"
    assert said.buttons == ["1234 AB"]
    assert talk.slots["verification_attempts"] == 1
    said = await talk.say(TRACK, said.payloads[0], "track_order", postcode="1234 AB")
    assert said.slots["form_outcome"] == "complete"


async def test_a_corrected_number_after_two_wrong_postcodes_locks_nobody_out() -> None:
    """The reported case: the old postcode was tried with the new number, as the third try."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100233", postcode="1234 AC")
    await talk.say(TRACK, "1234 AD", postcode="1234 AD")
    said = await talk.say(TRACK, "PP-100234", order_number="PP-100234")
    assert "form_outcome" not in said.slots
    assert talk.slots["verification_attempts"] == 2
    said = await talk.say(TRACK, "1234 AB", postcode="1234 AB")
    assert said.slots["form_outcome"] == "complete"


async def test_the_same_wrong_pair_again_is_no_new_try() -> None:
    """However often it is typed."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100234", postcode="1234 AC")
    for _ in range(4):
        said = await talk.say(TRACK, "1234 AC", postcode="1234 AC")
        assert said.responses[0].startswith("utter_refusal_verification_same")
    assert talk.slots["verification_attempts"] == 1


async def test_an_order_proved_before_needs_no_second_proof() -> None:
    """Also after another one was proved, and while others guess at it."""
    talk = Conversation(verified_orders=["PP-100234", "PP-100733"])
    said = await talk.start(TRACK, "x", order_number="PP-100234")
    assert said.slots["form_outcome"] == "complete"


async def test_a_proof_forgives_only_tries_about_its_own_order() -> None:
    """Who owns one order guesses no longer at others for it."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100871", postcode="9999 ZZ")
    await talk.say(TRACK, "x", order_number="PP-100234", postcode="9999 ZZ")
    await talk.say(TRACK, "x", postcode="1234 AB")
    assert talk.slots["verified_orders"] == ["PP-100234"]
    assert talk.slots["verification_attempts"] == 1
    assert talk.slots["refused_pairs"] == [["PP-100871", "9999 ZZ"]]


async def test_too_many_failures_about_an_order_make_the_next_one_wait() -> None:
    """From anybody: the answer is not looked at, not even a right one; a person is a tap away."""
    for number in range(3):
        talk = Conversation()
        talk.sender = f"guesser-{number}"
        await talk.start(TRACK)
        await talk.say(TRACK, "x", order_number="PP-100234", postcode=f"999{number} ZZ")
    owner = Conversation()
    await owner.start(TRACK)
    said = await owner.say(TRACK, "x", order_number="PP-100234", postcode="1234 AB")
    assert said.responses == ("utter_verification_later",)
    assert said.messages[0]["when"] == "over 1 minuut"
    assert said.slots["form_outcome"] == "stopped"
    assert not owner.slots.get("verified_orders")
    assert owner.slots.get("verification_attempts") is None, "it was no try"


async def test_who_waited_need_not_type_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not looked at is looked at when the customer comes back."""
    await test_too_many_failures_about_an_order_make_the_next_one_wait()
    talk = Conversation(noted_order="PP-100234", noted_postcode="1234 AB")
    later = runtime.now() + timedelta(minutes=2)
    monkeypatch.setattr(runtime, "now", lambda: later)
    said = await talk.start(TRACK)
    assert said.slots["form_outcome"] == "complete"


NUMBERS = ("PP-100234", "PP-100233", "PP-100871")
POSTCODES = ("1234 AB", "1234 AC", "9999 ZZ")
RIGHT = ("PP-100234", "1234 AB")
answers = st.tuples(st.sampled_from((*NUMBERS, None)), st.sampled_from((*POSTCODES, None)))


@given(st.lists(answers.filter(any), max_size=9))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tries_are_the_distinct_wrong_pairs_that_the_customer_gave(
    given_: list[tuple[str | None, str | None]],
) -> None:
    """A pair is a postcode with the number given with it or before it; a right one gets in."""
    asyncio.run(_play(given_))


async def _play(given_: list[tuple[str | None, str | None]]) -> None:
    # The limits of the store have a test of their own; here nobody else guesses.
    proofs = Proofs(_Free(), "x" * 32, ProofLimits.of(1000, 1000, 100_000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "proofs", lambda: _now(proofs))
        talk = Conversation()
        await talk.start(TRACK)
        number, early, wrong = None, None, set()
        for new_number, code in given_:
            entities = {"order_number": new_number, "postcode": code}
            said = await talk.say(TRACK, "x", **{k: v for k, v in entities.items() if v})
            number, early = (new_number or number), (code or early) if number is None else None
            pair = (number, code or early)
            if new_number:
                early = None
            if number is None or pair[1] is None:
                assert "form_outcome" not in said.slots
                continue
            if pair == RIGHT:
                assert said.slots["form_outcome"] == "complete", "a right pair always gets in"
                return
            wrong.add(pair)
            assert talk.slots["verification_attempts"] == len(wrong)
            if len(wrong) == ORDER.most_tries:
                assert said.slots["form_outcome"] == "handover"
                return
            assert "form_outcome" not in said.slots


class _Free:
    """A database in which nothing was ever counted."""

    async def run(self, *_: object) -> Verdict | None:
        return Verdict(timedelta())


async def _now(value: Proofs) -> Proofs:
    return value


async def test_a_right_answer_in_the_second_try_is_enough() -> None:
    """One slip costs nothing."""
    talk = Conversation()
    await talk.start(TRACK)
    await talk.say(TRACK, "x", order_number="PP-100234", postcode="1234 AC")
    said = await talk.say(TRACK, "1234ab")
    assert said.slots["form_outcome"] == "complete"


async def test_an_action_refuses_an_order_that_is_not_verified() -> None:
    """A mistake in a rule shows nobody's order."""
    talk = Conversation(order_number="PP-100234")
    with pytest.raises(PermissionError):
        await talk.act(ActionTrackOrder(), "/track_order", "track_order")


def test_the_verified_order_is_the_one_asked_about() -> None:
    """Both slots must agree."""
    slots = {"order_number": "PP-100234", "verified_orders": ["PP-100234"]}
    tracker = Tracker("x", slots, None, [], False, None, {}, None)
    assert verified_order(tracker) == "PP-100234"


async def test_what_the_website_vouches_for_needs_no_postcode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The customer has logged in there; another order is proved as ever."""

    async def vouched(conversation: str, slot: str) -> tuple[str, ...]:
        return ("PP-100871", "PP-100234") if slot == "order_number" else ()

    monkeypatch.setattr(runtime, "vouched", vouched)
    talk = Conversation()
    said = await talk.start(TRACK)
    assert said.slots["form_outcome"] == "complete"
    assert talk.slots["order_number"] == "PP-100234", "the one that is meant stands last"
    assert talk.slots["verified_orders"] == ["PP-100871", "PP-100234"]
    said = await talk.start(TRACK, "en PP-100871?", order_number="PP-100871")
    assert said.slots["form_outcome"] == "complete"
    said = await talk.start(TRACK, "PP-100456", order_number="PP-100456")
    assert said.responses == ("utter_question_postcode",)
