"""Whether Twilio has a message that is in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import SendError
from channels.send_results import Absent, Search, StillInDoubt, Taken
from channels.sms import Twilio
from channels.sms.gateway import SmsSender
from channels.sms.twilio_list import Listed, match
from tests.providers.twilio import ACCOUNT, NUMBER, TOKEN, FakeTwilio, Message

CUSTOMER = "+31612345678"
NOW = datetime.now(UTC).replace(microsecond=0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio() as server:
        yield server


@pytest.fixture
async def sender(twilio: FakeTwilio) -> SmsSender:
    return Twilio(ACCOUNT, TOKEN, NUMBER, twilio.url).sender()


def message(number: int, body: str, at: datetime = NOW, **more: object) -> Message:
    made = Message(f"SM{number:032x}", CUSTOMER, body, "", created=at)
    return replace(made, **more)  # type: ignore[arg-type]


def search(
    text: str = "Uw pakket is er.", known: frozenset[str] = frozenset(), twins: int = 0
) -> Search:
    return Search(CUSTOMER, {"text": text}, NOW - MINUTE, known, twins)


async def test_a_message_that_was_taken_is_found(sender: SmsSender, twilio: FakeTwilio) -> None:
    """Also one that Twilio has not sent yet, which has no date that it could be filtered by."""
    twilio.messages = [message(1, "Uw pakket is er.")]
    assert await sender.find(search()) == Taken("SM" + f"{1:032x}")
    twilio.messages = [message(1, "Uw pakket is er.", status="delivered", sent=NOW)]
    assert await sender.find(search()) == Taken("SM" + f"{1:032x}", "delivered")
    twilio.messages = [message(1, "Uw pakket is er.", status="undelivered", error=30005, sent=NOW)]
    assert await sender.find(search()) == Taken("SM" + f"{1:032x}", "failed", "30005")


async def test_others_are_not_taken_for_it(sender: SmsSender, twilio: FakeTwilio) -> None:
    """Another number's, an earlier one, other words, the customer's own, one that is known."""
    twilio.messages = [
        replace(message(1, "Uw pakket is er."), to="+31687654321"),
        message(2, "Uw pakket is er.", NOW - 5 * MINUTE),
        message(3, "Tot ziens."),
        message(4, "Uw pakket is er.", direction="inbound"),
        message(5, "Uw pakket is er."),
    ]
    assert await sender.find(search(known=frozenset({f"SM{5:032x}"}))) == Absent()


async def test_every_page_is_read(sender: SmsSender, twilio: FakeTwilio) -> None:
    """A customer with many messages; what was not sent yet comes last."""
    twilio.messages = [
        message(number, "Iets anders.", sent=NOW + timedelta(seconds=number))
        for number in range(350)
    ]
    assert await sender.find(search()) == Absent()
    twilio.messages.insert(7, message(999, "Uw pakket is er."))
    assert await sender.find(search()) == Taken(f"SM{999:032x}")


async def test_two_alike_are_told_apart_only_when_all_are_there(
    sender: SmsSender, twilio: FakeTwilio
) -> None:
    """One of two in doubt: nobody knows which."""
    twilio.messages = [message(1, "Ja.")]
    assert await sender.find(search("Ja.", twins=1)) == StillInDoubt()
    twilio.messages.append(message(2, "Ja.", NOW + timedelta(seconds=5)))
    assert await sender.find(search("Ja.", twins=1)) == Taken(f"SM{1:032x}")


async def test_words_that_twilio_hides_settle_nothing(
    sender: SmsSender, twilio: FakeTwilio
) -> None:
    """An account can have them redacted; a trial account has words put before them."""
    twilio.messages = [message(1, "")]
    assert await sender.find(search()) == StillInDoubt()
    twilio.messages = [message(1, "Sent from your Twilio trial account - Uw pakket is er.")]
    assert await sender.find(search()) == Taken(f"SM{1:032x}")


async def test_a_list_that_fails_settles_nothing(sender: SmsSender, twilio: FakeTwilio) -> None:
    """Nor one that goes on for ever."""
    twilio.unlisted = True
    with pytest.raises(SendError):
        await sender.find(search())
    twilio.unlisted = False
    twilio.messages = [message(number, "Iets anders.", sent=NOW) for number in range(2100)]
    assert await sender.find(search()) == StillInDoubt()


@given(
    st.lists(st.tuples(st.sampled_from(["ja", "nee"]), st.integers(-9, 9), st.booleans())),
    st.integers(-3600, 3600),
    st.integers(0, 2),
)
def test_absent_means_absent(messages: list[tuple[str, int, bool]], ahead: int, twins: int) -> None:
    """Whatever the two clocks say: only when none of the messages can be it."""
    clock = timedelta(seconds=ahead)
    listed = [
        message(number, body, NOW + clock + minutes * MINUTE).listed
        for number, (body, minutes, _) in enumerate(messages)
    ]
    known = frozenset(f"SM{n:032x}" for n, (_, _, known) in enumerate(messages) if known)
    found = match(Listed(tuple(listed), clock, whole=True), "ja", search("ja", known, twins))
    possible = [
        f"SM{number:032x}"
        for number, (body, minutes, known) in enumerate(messages)
        if body == "ja" and minutes >= -1 and not known
    ]
    if isinstance(found, Taken):
        assert found.provider_id in possible
        assert len(possible) > twins
    else:
        assert found == (StillInDoubt() if possible else Absent())
