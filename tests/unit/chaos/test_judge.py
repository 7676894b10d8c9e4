"""The judge of `make chaos`, itself on trial: each planted fault is found, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.evidence import Asked, Evidence, Heard, Person, Undelivered, Waiting
from tests.chaos.judge import FAULTS, MEANINGS, TOLD, Finding, judge

END = 100.0
CUSTOMERS = ("telegram 1", "sms-twilio 2", "webchat 3")


def good_run(messages: int = 4) -> Evidence:
    """Three customers in turn, each told first that this is an AI; all is answered in order.

    The last one asks for a person in the end.
    """
    asked, heard, at = [], [], 0.0
    for number, customer in enumerate(CUSTOMERS):
        heard.append(Heard(customer, at + 0.5, f"w{number}", disclosure=True))
        for place in range(messages):
            token = f"c{number:03}x{place:02}"
            escape = customer == CUSTOMERS[-1] and place == messages - 1
            asked.append(Asked(token, customer, at, at + 0.1, escape))
            heard.append(Heard(customer, at + 0.6, f"w{token}", (token,), (token,)))
            at += 1.0
    return Evidence(
        tuple(asked),
        tuple(heard),
        handled={each.token: each.posted_at + 0.3 for each in asked},
        persons=(Person(CUSTOMERS[-1], "asked", asked[-1].posted_at + 0.3),),
    )


def kinds(evidence: Evidence) -> list[str]:
    return [each.kind for each in judge(evidence, END)]


def found(evidence: Evidence) -> Finding:
    """The only finding."""
    (finding,) = judge(evidence, END)
    return finding


def answer_to(evidence: Evidence, token: str) -> Heard:
    return next(each for each in evidence.heard if token in each.answers)


def without(evidence: Evidence, token: str) -> Evidence:
    """The answer to a message never arrived."""
    kept = tuple(each for each in evidence.heard if token not in each.answers)
    return replace(evidence, heard=kept)


def unhandled(evidence: Evidence, token: str) -> Evidence:
    """The store does not have it as done."""
    handled = {each: at for each, at in evidence.handled.items() if each != token}
    return replace(evidence, handled=handled)


def changed(evidence: Evidence, token: str, **changes: object) -> Evidence:
    """Another message in the place of this one."""
    asked = tuple(
        replace(each, **changes) if each.token == token else each  # type: ignore[arg-type]
        for each in evidence.asked
    )
    return replace(evidence, asked=asked)


def handed_over(evidence: Evidence, at: float) -> Evidence:
    """The first customer is given to a person without having asked."""
    failed = Person("telegram 1", "system_failure", at)
    return replace(evidence, persons=(*evidence.persons, failed))


def test_a_good_run_is_good() -> None:
    """Nothing is found where nothing is wrong."""
    assert kinds(good_run()) == []


def test_every_kind_has_a_meaning() -> None:
    """Each is either forbidden or told, and explained."""
    assert set(FAULTS).isdisjoint(TOLD)
    assert MEANINGS.keys() == {*FAULTS, *TOLD}


def test_a_dropped_answer() -> None:
    """Accepted, handled, never heard, and nothing says so."""
    finding = found(without(good_run(), "c001x02"))
    assert (finding.kind, finding.customer) == ("lost", "sms-twilio 2")
    assert "c001x02" in finding.what


def test_a_message_that_the_store_never_had() -> None:
    """It said 200 and kept nothing."""
    finding = found(unhandled(without(good_run(), "c001x02"), "c001x02"))
    assert finding.kind == "lost"
    assert "not in the store" in finding.what


def test_a_message_that_was_never_accepted() -> None:
    """The provider tried, and Loket never said 200."""
    run = changed(without(good_run(), "c000x03"), "c000x03", accepted_at=None, tries=9)
    finding = found(run)
    assert finding.kind == "lost"
    assert "9 tries" in finding.what


def test_a_doubled_answer() -> None:
    """The same piece as two messages."""
    run = good_run()
    again = replace(answer_to(run, "c001x01"), wire="w-again", at=60.0)
    finding = found(replace(run, heard=(*run.heard, again)))
    assert finding.kind == "doubled"
    assert "w-again" in finding.what


def test_a_piece_twice_in_one_message() -> None:
    """Doubled on the phone, although it came in one."""
    run = good_run()
    one = answer_to(run, "c001x01")
    twice = replace(one, pieces=("c001x01", "c001x01"))
    heard = tuple(twice if each is one else each for each in run.heard)
    assert found(replace(run, heard=heard)).kind == "doubled"


def test_a_swapped_pair() -> None:
    """The second was sent when the first had been accepted, and answered before it."""
    run = good_run()
    one, other = answer_to(run, "c000x01"), answer_to(run, "c000x02")
    swap = {id(one): other, id(other): one}
    finding = found(replace(run, heard=tuple(swap.get(id(each), each) for each in run.heard)))
    assert finding.kind == "out_of_order"
    assert finding.what.startswith("c000x02")


def test_what_was_sent_side_by_side_has_no_order() -> None:
    """The first was accepted only after the second was sent."""
    run = changed(good_run(), "c000x01", accepted_at=2.5)
    one, other = answer_to(run, "c000x01"), answer_to(run, "c000x02")
    swap = {id(one): other, id(other): one}
    run = replace(run, heard=tuple(swap.get(id(each), each) for each in run.heard))
    assert kinds(run) == []


def test_what_was_sent_anew_comes_when_it_comes() -> None:
    """Given up, proved not to have arrived, and sent again after a later one."""
    run = good_run()
    late = replace(answer_to(run, "c000x01"), at=50.0, resent=True)
    run = without(run, "c000x01")
    assert kinds(replace(run, heard=(*run.heard, late))) == []


def test_a_stuck_message() -> None:
    """In the inbox, unhandled: stuck, and not lost as well."""
    run = replace(
        unhandled(without(good_run(), "c000x03"), "c000x03"),
        waiting=(Waiting("message", 12, "telegram 1", ("c000x03",), "new"),),
    )
    finding = found(run)
    assert finding.kind == "stuck"
    assert "message 12" in finding.what


@pytest.mark.parametrize("what", ["delivery", "reply"])
def test_a_stuck_reply(what: str) -> None:
    """Made, and not sent."""
    run = without(good_run(), "c001x03")
    run = replace(run, waiting=(Waiting(what, 7, "sms-twilio 2", ("c001x03",), "queued"),))
    assert found(run).kind == "stuck"


def test_what_a_page_shows_is_not_stuck() -> None:
    """The store says that it waits; the customer has it."""
    shown = Waiting("reply", 7, "webchat 3", ("c002x01",), "queued", arrived=True)
    assert found(replace(good_run(), waiting=(shown,))).kind == "unnoted"


def test_what_is_unsure_is_told() -> None:
    """Given up and listed: whether it arrived is said, and it counts as no fault."""
    unsure = Undelivered(3, "sms-twilio 2", "ambiguous timeout", ("c001x01",), listed=True)
    there = replace(unsure, arrived=True)
    arrived = found(replace(good_run(), undelivered=(there,)))
    missing = found(replace(without(good_run(), "c001x01"), undelivered=(unsure,)))
    assert arrived.kind == missing.kind == "unsure"
    assert "did not arrive" not in arrived.what
    assert "did not arrive" in missing.what


def test_what_is_unsure_and_not_listed() -> None:
    """Nobody would ever see it."""
    unsure = Undelivered(3, "sms-twilio 2", "ambiguous timeout", ("c001x01",), listed=False)
    assert found(replace(good_run(), undelivered=(unsure,))).kind == "undeclared"


def test_an_answer_that_reached_another_customer() -> None:
    """It is lost to nobody, and it should not be there."""
    run = good_run()
    astray = Heard("webchat 3", 70.0, "w-astray", ("c000x01",), ("c000x01",))
    finding = found(replace(run, heard=(*run.heard, astray)))
    assert (finding.kind, finding.customer) == ("crossed", "webchat 3")


def test_an_answer_to_what_nobody_asked() -> None:
    """A token that was never sent."""
    run = good_run()
    ghost = Heard("webchat 3", 70.0, "w-ghost", ("c009x01",), ("c009x01",))
    assert found(replace(run, heard=(*run.heard, ghost))).kind == "crossed"


def test_a_missed_escape() -> None:
    """There was no hand-over."""
    assert found(replace(good_run(), persons=())).kind == "escape_missed"


def test_a_person_who_was_not_asked_for() -> None:
    """It is told; what the person has then is not lost, though the bot does not answer."""
    run = handed_over(good_run(), at=3.2)
    assert kinds(run) == ["unasked"]
    assert kinds(without(run, "c000x03")) == ["unasked"]


def test_a_person_excuses_nothing_from_before() -> None:
    """What was handled before the hand-over had to be answered."""
    assert kinds(without(handed_over(good_run(), at=3.2), "c000x02")) == ["lost", "unasked"]


def test_a_message_that_no_person_has() -> None:
    """A hand-over excuses nothing that the store does not have as handled."""
    run = unhandled(without(handed_over(good_run(), at=3.2), "c000x03"), "c000x03")
    assert kinds(run) == ["lost", "unasked"]


def test_a_missing_disclosure() -> None:
    """The bot spoke, and only then said what it is."""
    run = good_run()
    first = run.heard[0]
    later = (*run.heard[1:], replace(first, at=80.0))
    finding = found(replace(run, heard=later))
    assert (finding.kind, finding.customer) == ("undisclosed", "telegram 1")


def test_a_disclosure_in_the_same_message() -> None:
    """An SMS holds the whole turn."""
    run = good_run()
    one = answer_to(run, "c000x00")
    joined = replace(one, disclosure=True)
    heard = tuple(joined if each is one else each for each in run.heard[1:])
    assert kinds(replace(run, heard=heard)) == []


def test_a_process_that_hung() -> None:
    """It had to be killed."""
    finding = found(replace(good_run(), hung=(("web (pid 7)", 33.0),)))
    assert (finding.kind, finding.since) == ("hung", 33.0)


@given(
    dropped=st.sets(st.integers(0, 11)),
    doubled=st.sets(st.integers(0, 11)),
    told=st.sets(st.integers(0, 11)),
)
def test_faults_do_not_hide_each_other(
    dropped: set[int], doubled: set[int], told: set[int]
) -> None:
    """Whatever is dropped and doubled together, each is found once, and only that."""
    run = good_run()
    token = [each.token for each in run.asked]
    heard = []
    for each in run.heard:
        places = {token.index(answer) for answer in each.answers}
        if not places & dropped:
            heard += [each, replace(each, wire="again")] if places & doubled else [each]
    undelivered = tuple(
        Undelivered(place, run.asked[place].customer, "ambiguous", (token[place],), listed=True)
        for place in sorted(told)
    )
    found = judge(replace(run, heard=tuple(heard), undelivered=undelivered), END)
    lost = {each.what.split()[0] for each in found if each.kind == "lost"}
    twice = {each.what.split()[0] for each in found if each.kind == "doubled"}
    assert lost == {token[place] for place in dropped - told}
    assert twice == {token[place] for place in doubled - dropped}
    assert sum(each.kind == "unsure" for each in found) == len(told)
    assert {each.kind for each in found} <= {"lost", "doubled", "unsure"}
