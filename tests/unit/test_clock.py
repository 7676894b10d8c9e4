"""The clock shows the present, and can be moved for a whole process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from rasa.core import processor
from rasa.core.processor import MessageProcessor
from rasa.shared.core import events, trackers
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import clock
from bot.core import rasa_clock, rasa_versions
from bot.core.pipeline import EntitySettings, build, read
from bot.core.rasa_versions import fits
from bot.dialogue import runtime

SIX_HOURS = timedelta(hours=6)


@pytest.fixture
def rasa(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rasa's modules with the time that Python has; put back afterwards."""
    for module in (events, trackers, processor):
        monkeypatch.setattr(module, "time", time)
    fits.cache_clear()
    yield
    fits.cache_clear()


def far(one: datetime, other: datetime) -> bool:
    return abs(one - other) > timedelta(seconds=5)


def test_it_shows_the_present() -> None:
    """In UTC, and in seconds as Python has it."""
    assert not far(clock.now(), datetime.now(UTC))
    assert clock.seconds() == pytest.approx(time.time(), abs=5)
    assert clock.ahead() == timedelta()


def test_it_is_moved_and_put_right() -> None:
    """Also when the block fails, and within another move."""
    with clock.moved(timedelta(days=1)):
        with clock.moved(SIX_HOURS):
            assert not far(clock.now(), datetime.now(UTC) + SIX_HOURS)
        with pytest.raises(ValueError, match="x"), clock.moved(SIX_HOURS):
            raise ValueError("x")
        assert clock.ahead() == timedelta(days=1)
    assert clock.ahead() == timedelta()


def test_it_goes_on_from_a_moment() -> None:
    """Seconds and moments are of one clock."""
    with clock.moved(timedelta()):
        clock.move_to(datetime(2030, 1, 1, tzinfo=UTC))
        assert not far(clock.now(), datetime(2030, 1, 1, tzinfo=UTC))
        assert clock.seconds() == pytest.approx(clock.now().timestamp(), abs=5)
        assert runtime.now().year == 2030


def tracker() -> DialogueStateTracker:
    return DialogueStateTracker("a", [])


def expired(of: DialogueStateTracker) -> bool:
    """Whether Rasa begins a new session, after an hour."""
    rasa_processor = MessageProcessor.__new__(MessageProcessor)
    rasa_processor.domain = Domain.from_dict(
        {"session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True}}
    )
    return bool(rasa_processor._has_session_expired(of))


@pytest.mark.usefixtures("rasa")
def test_rasa_goes_by_it() -> None:
    """Events are dated by it, those of actions too, and silence is measured with it."""
    for _ in range(2):
        rasa_clock.follow_clock()
    talk = tracker()
    talk.update(UserUttered("hoi"))
    assert not expired(talk)
    with clock.moved(SIX_HOURS):
        assert expired(talk)
        talk.update_with_events([SlotSet("a", 1)], cast(Any, None))
        talk.update(UserUttered("daar ben ik weer"))
        assert not expired(talk)
        assert talk.events[-1].timestamp == pytest.approx(time.time() + 6 * 3600, abs=5)
        assert talk.events[-2].timestamp == pytest.approx(time.time() + 6 * 3600, abs=5)


@pytest.mark.usefixtures("rasa")
def test_another_version_of_rasa_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """It only knows nothing of a move."""
    monkeypatch.setattr(rasa_versions, "version", lambda _: "99.1.0")
    rasa_clock.follow_clock()
    assert events.time is time


def test_tomorrow_is_counted_from_it() -> None:
    """In the sentences that customers write."""
    nlp = build(EntitySettings())
    with clock.moved(timedelta()):
        clock.move_to(datetime(2026, 12, 30, 11, tzinfo=UTC))
        (found,) = (each for each in read(nlp, "morgen graag") if each.name == "date")
    assert found.value == "2026-12-31"
