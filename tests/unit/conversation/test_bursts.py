"""What is taken together gets one answer; what cannot wait does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.bursts import ALBUM, LARGEST, pause_after, taken_together
from bot.conversation.escape import asks_for_person
from bot.messages import Attachment, Inbound
from bot.records.inbox_message import MOST_PAUSES, InboxMessage

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAUSE = timedelta(seconds=3)
NEVER = timedelta(0)


def sent(
    number: int,
    second: float,
    text: str = "",
    attachment: Attachment | None = None,
    payload: str | None = None,
) -> InboxMessage:
    at = NOON + timedelta(seconds=second)
    inbound = Inbound("post", "anna", f"m{number}", text, payload, at, attachment)
    return InboxMessage(number, inbound, at)


def typed(*texts: str, apart: float = 2) -> list[InboxMessage]:
    return [sent(number, number * apart, text) for number, text in enumerate(texts)]


def answers(messages: list[InboxMessage], pause: timedelta = PAUSE) -> list[str]:
    """What each turn is about."""
    left, found = tuple(messages), []
    while left:
        message, left = taken_together(left, pause)
        found.append(message.inbound.text)
    return found


KINDS = st.sampled_from([None, None, None, "image", "video", "voice", "location"])
TEXTS = st.sampled_from(["hallo", "over mijn pakket", "medewerker", "ik ruik gas", "2", "", "ja"])


@st.composite
def conversations(draw: st.DrawFn) -> list[InboxMessage]:
    """Anything, at any pace."""
    seconds = 0.0
    messages = []
    for number in range(draw(st.integers(1, 60))):
        seconds += draw(st.floats(0, 5))
        tapped = draw(st.sampled_from([None, None, None, "/affirm"]))
        messages.append(sent(number, seconds, draw(TEXTS), draw(KINDS), tapped))
    return messages


@given(conversations(), st.sampled_from([NEVER, PAUSE, timedelta(seconds=20)]))
def test_each_message_is_in_one_turn(messages: list[InboxMessage], pause: timedelta) -> None:
    """None is lost or taken twice; a turn has an end, however long somebody keeps typing."""
    left, rows = tuple(messages), []
    while left:
        before = left
        message, left = taken_together(left, pause)
        taken = before[: len(before) - len(left)]
        rows += [*message.earlier, message.id]
        assert {*message.earlier, message.id} == {each.id for each in taken}
        assert 1 <= len(taken) <= LARGEST
        spent = taken[-1].received_at - taken[0].received_at
        assert spent <= MOST_PAUSES * max(pause, ALBUM)
        # What was tapped, or says something by itself, is a turn; only a plea may end a burst.
        assert all(each.inbound.payload is None for each in taken) or len(taken) == 1
        assert all(pause_after(each.inbound, PAUSE) for each in taken[:-1])
    assert rows == [each.id for each in messages]


def test_five_quick_messages_are_one_thought() -> None:
    """The words of all, in order."""
    pieces = ("hallo", "ik heb een vraag", "over mijn pakket", "het is er niet", "waar is het")
    assert answers(typed(*pieces)) == [", ".join(pieces)]
    assert answers(typed(*pieces, apart=4)) == list(pieces)
    assert answers(typed(*pieces), NEVER) == list(pieces)


@pytest.mark.parametrize("place", range(4))
def test_a_caption_anywhere_is_what_an_album_says(place: int) -> None:
    """Also where no pause is set for what is typed."""
    album = [
        sent(number, number * 0.5, "deze lamp is kapot" if number == place else "", "image")
        for number in range(4)
    ]
    for pause in (NEVER, PAUSE):
        assert answers(album, pause) == ["deze lamp is kapot"]
    message, _ = taken_together(album, PAUSE)
    assert message.inbound.attachment == "image"


@pytest.mark.parametrize(
    ("inbound", "waits"),
    [
        (Inbound("post", "a", "m", "hallo"), PAUSE),
        (Inbound("post", "a", "m", "", attachment="image"), PAUSE),
        (Inbound("post", "a", "m", "Ja", payload="/affirm"), NEVER),
        (Inbound("post", "a", "m", "MEDEWERKER!!"), NEVER),
        (Inbound("post", "a", "m", "ik wil een medewerker spreken"), NEVER),
        (Inbound("post", "a", "m", "ik ruik gas"), NEVER),
        (Inbound("post", "a", "m", "2"), NEVER),
        (Inbound("post", "a", "m", "LOKET-7F3K-9QWM"), NEVER),
        (Inbound("post", "a", "m", "", attachment="voice"), NEVER),
    ],
)
def test_what_waits(inbound: Inbound, waits: timedelta) -> None:
    """The escape word, danger and a tap never do."""
    assert pause_after(inbound, PAUSE) == waits


def test_without_a_pause_only_pictures_wait() -> None:
    """A setting of 0 switches off what it is about, and albums stay albums."""
    assert pause_after(Inbound("post", "a", "m", "hallo"), NEVER) == NEVER
    assert pause_after(Inbound("post", "a", "m", "", attachment="image"), NEVER) == ALBUM


def test_a_plea_is_the_answer_to_what_is_before_it() -> None:
    """Whoever asks for a person in the middle of a thought gets that, and nothing else first."""
    assert answers(typed("hallo", "pakket", "medewerker")) == ["hallo, pakket, medewerker"]
    long = "ik heb vorige week een lamp besteld en die is nog steeds niet bij mij aangekomen"
    assert asks_for_person(answers(typed("hallo", long, "medewerker"))[0])
    assert answers(typed("hallo", long, "is daar iemand")) == ["is daar iemand"]
    assert answers(typed("help", "ik ruik gas", "snel")) == ["help, ik ruik gas", "snel"]


def test_a_piece_ends_a_clause() -> None:
    """So that two questions are heard as two; what has an end already gets no second one."""
    said = ("hallo!", "waar is mijn pakket", "", "hoe laat zijn jullie open?", "dank 🙏", "dag")
    expected = "hallo! waar is mijn pakket, hoe laat zijn jullie open? dank 🙏 dag"
    assert answers(typed(*said)) == [expected]


def test_what_came_late_was_sent_apart() -> None:
    """Messages that a provider kept for an hour and hands over at once are no burst."""
    early, late = sent(1, 0, "hallo"), sent(2, 3600, "bent u daar")
    late = InboxMessage(2, late.inbound, early.received_at)
    assert answers([early, late]) == ["hallo", "bent u daar"]
