"""Customers on four channels, and what their phones show."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tests.chaos.ear import Ear, Wire
from tests.chaos.ledger import Ledger
from tests.chaos.page import Page
from tests.chaos.phones import Phones
from tests.chaos.posting import Post
from tests.chaos.timeline import Timeline
from tests.contract.adapters.base import Call

#: `waits` for each answer before going on; `hurries`: goes on when the message was accepted;
#: `at_once`: sends two side by side, which then have no order.
Manner = Literal["waits", "hurries", "at_once"]
_MANNERS: Final[tuple[Manner, ...]] = ("waits", "waits", "hurries", "hurries", "at_once")
#: Customers out of a hundred who ask for a person in the end.
_ESCAPES: Final = 15
_ESCAPE: Final = ("medewerker", "Medewerker!", "ik wil een medewerker spreken", "mdewerker")
_SENTENCES: Final = (
    "Bericht {} van mij.",
    "Goedendag, dit gaat over {}",
    "{}",
    "Nog een vraag, {}: kunt u die beantwoorden?",
    "Zoals gezegd: {} 😀",
)
#: Sentences that the trained model understands; the answer is told by Loket's own keys.
_REAL: Final = (
    "Wat zijn jullie openingstijden?",
    "Hoe kan ik iets retourneren?",
    "Hallo",
    "Wat kost verzenden?",
    "Bedankt",
)


@dataclass(frozen=True, slots=True)
class Script:
    """What a customer is going to do.

    Attributes:
        number: of the customer.
        texts: messages in order, each with its token.
        escape: whether the last one asks for a person.
        manner: how patiently they are sent.
        begin: seconds after which the first one is sent.
        pause: seconds between two, on average.
    """

    number: int
    texts: tuple[tuple[str, str], ...]
    escape: bool
    manner: Manner
    begin: float
    pause: float


def scripts(
    count: int, seconds: float, first: int, rng: random.Random, *, real: bool
) -> list[Script]:
    """Customers who send so many messages in so much time.

    Args:
        count: how many messages.
        seconds: how long it takes if nothing goes wrong.
        first: number of the first customer.
        rng: decides everything.
        real: whether the trained model answers.
    """
    made: list[Script] = []
    while count > 0:
        number, length = first + len(made), min(count, rng.randrange(4, 10))
        escape = length > 2 and rng.randrange(100) < _ESCAPES
        texts = []
        for place in range(length):
            token = f"c{number:03}x{place:02}"
            text = rng.choice(_REAL) if real else rng.choice(_SENTENCES).format(token)
            if escape and place == length - 1:
                text = rng.choice(_ESCAPE)
            texts.append((token, text))
        stay = rng.uniform(0.1, 0.4) * seconds
        begin = rng.uniform(0, seconds - stay)
        made.append(
            Script(number, tuple(texts), escape, rng.choice(_MANNERS), begin, stay / length)
        )
        count -= length
    return made


class Traffic:
    """Plays scripts, and listens."""

    def __init__(
        self, url: str, post: Post, ledger: Ledger, ear: Ear, rng: random.Random, when: Timeline
    ) -> None:
        """Begins nothing yet."""
        self._url = url
        self._post = post
        self._ledger = ledger
        self._ear = ear
        self._rng = rng
        self._when = when
        self._names: dict[tuple[str, str], str] = {}
        self._background: set[asyncio.Task[None]] = set()

    async def on_phones(self, phones: Phones, scripts: Sequence[Script]) -> None:
        """Plays customers of a push channel; returns when all is accepted."""
        for script in scripts:
            self._names[phones.id, _digits(phones.address(script.number))] = _name(phones, script)
        async with asyncio.TaskGroup() as group:
            for script in scripts:
                group.create_task(self._phone(phones, script))

    async def on_pages(self, scripts: Sequence[Script]) -> None:
        """Plays customers of the web chat; returns when all is accepted."""
        async with asyncio.TaskGroup() as group:
            for script in scripts:
                group.create_task(self._page(script))

    async def listen(self, phones: Phones, skip: int = 0) -> None:
        """Notes what a provider took, and has it send receipts; until cancelled.

        Args:
            phones: the provider and its customers.
            skip: how many messages it took before that concern nobody here.
        """
        seen = skip
        while True:
            for accepted in phones.provider.accepted[seen:]:
                index, seen = seen, seen + 1
                where = (phones.id, _digits(accepted.recipient))
                wire = Wire(
                    self._names.get(where, f"{phones.id} nobody"),
                    self._when.now(),
                    accepted.provider_id,
                    accepted.text,
                    phones.key(index),
                )
                await self._ear.hear(wire)
                self._begin(self._receipts(phones, index))
            await asyncio.sleep(0.1)

    def busy(self) -> int:
        """How many receipts and late duplicates are under way."""
        return len(self._background)

    async def close(self) -> None:
        """Ends what still goes on."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _phone(self, phones: Phones, script: Script) -> None:
        async def send(token: str, text: str, escape: bool) -> None:
            place = int(token.partition("x")[2])
            ours, call = phones.message(script.number, place, text)
            entry = self._ledger.open(
                token, _name(phones, script), ours, self._when.now(), escape=escape
            )
            if self._rng.random() < 0.05:  # the provider delivers it twice at the same time
                self._begin(self._duplicate(phones, call))
            await self._post.until_taken(phones.channel, call, entry, retries=phones.retries)

        await self._play(script, _name(phones, script), send, parallel=True)

    async def _page(self, script: Script) -> None:
        page = Page(script.number, self._url, self._post, self._ear, self._rng, self._when)
        await asyncio.sleep(script.begin)
        await page.open()
        self._begin(page.read())

        async def send(token: str, text: str, escape: bool) -> None:
            ours, call, headers = page.call(text)
            entry = self._ledger.open(token, page.customer, ours, self._when.now(), escape=escape)
            await self._post.until_taken("webchat", call, entry, headers=headers)

        await self._play(script, page.customer, send, parallel=False, begin=0.0)

    async def _play(
        self,
        script: Script,
        customer: str,
        send: Callable[[str, str, bool], Coroutine[Any, Any, None]],
        *,
        parallel: bool,
        begin: float | None = None,
    ) -> None:
        await asyncio.sleep(script.begin if begin is None else begin)
        left = [
            (token, text, script.escape and place == len(script.texts) - 1)
            for place, (token, text) in enumerate(script.texts)
        ]
        while left:
            # "medewerker" comes by itself, so that everything before it has been said.
            many = 2 if parallel and script.manner == "at_once" and len(left) > 2 else 1
            now, left = left[:many], left[many:]
            before = self._ear.count(customer)
            await asyncio.gather(*(send(*each) for each in now))
            last = now[-1]
            if script.manner == "waits" or (left and left[0][2]):
                await self._ear.wait_for(last[0], customer, before, self._rng.uniform(5, 20))
            await asyncio.sleep(script.pause * self._rng.uniform(0.2, 1.2) if left else 0)

    async def _receipts(self, phones: Phones, index: int) -> None:
        """Now and then two change places, and one comes twice."""
        calls = list(phones.receipts(index))
        if self._rng.random() < 0.2:
            self._rng.shuffle(calls)
        for call in calls:
            await asyncio.sleep(self._rng.uniform(0.02, 0.8))
            await self._post.until_taken(phones.channel, call, retries=phones.retries)

    async def _duplicate(self, phones: Phones, call: Call) -> None:
        await self._post.once(phones.channel, call)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _name(phones: Phones, script: Script) -> str:
    return f"{phones.id} {script.number}"


def _digits(address: str) -> str:
    return re.sub(r"\D", "", address).lstrip("0")
