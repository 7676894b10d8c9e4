from __future__ import annotations

import asyncio

from bot.store.notify.typing_signs import TypingSign
from channels.webchat.hub import Hub


async def test_a_ring_wakes_those_who_follow_the_key() -> None:
    """And nobody else."""
    hub = Hub()
    with hub.waiter("a") as first, hub.waiter("b") as second:
        hub.wake("a")
        assert await first.wait(0.1)
        assert not await second.wait(0.01)


async def test_a_ring_while_busy_is_not_lost() -> None:
    """It is found at the next wait, once."""
    hub = Hub()
    with hub.waiter("a") as waiter:
        hub.wake("a")
        hub.wake("a")
        await asyncio.sleep(0)
        assert await waiter.wait(0.1)
        assert not await waiter.wait(0.01)


async def test_the_empty_key_wakes_everybody() -> None:
    """Rings may have been missed: let all look."""
    hub = Hub()
    with hub.waiter("a") as first, hub.waiter("b") as second:
        hub.wake("")
        assert await first.wait(0.1)
        assert await second.wait(0.1)


async def test_a_waiter_can_follow_more_keys_later() -> None:
    """A conversation gets its id only with its first message."""
    hub = Hub()
    with hub.waiter("address") as waiter:
        hub.follow(waiter, "conversation")
        hub.wake("conversation")
        assert await waiter.wait(0.1)
        assert hub.count("conversation") == 1
    assert hub.count("address") == hub.count("conversation") == 0


async def test_a_sign_of_typing_goes_to_one_conversation_once() -> None:
    """The newest counts; a ring that tells of no conversation is no sign."""
    hub = Hub()
    with hub.waiter("a") as one, hub.waiter("b") as other:
        hub.sign(TypingSign("a", typing=True))
        hub.sign(TypingSign("a", typing=False))
        assert await one.wait(0.1)
        assert not await other.wait(0.01)
        assert (one.take_sign(), one.take_sign(), other.take_sign()) == (False, None, None)
    assert TypingSign.heard("") is None


async def test_closing_ends_every_wait_at_once() -> None:
    """A stop does not wait for streams."""
    hub = Hub()
    with hub.waiter("a") as waiter:
        waiting = asyncio.create_task(waiter.wait(30))
        await asyncio.sleep(0)
        hub.close()
        assert await asyncio.wait_for(waiting, 1)
        assert hub.closing
