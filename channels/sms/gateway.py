"""The protocols of an SMS gateway, and the sender that hands messages to one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, ParamSpec, Protocol, TypeVar, runtime_checkable

from channels.capabilities import Pace
from channels.errors import BadCredentials, FileGone, SendError, Unavailable, Undeliverable
from channels.protocol import Check
from channels.send_results import Absent, Part, Search, Sent, Settling, StillInDoubt, Taken
from channels.sms.gateway_requests import CONCURRENCY, CONNECT_TIMEOUT
from channels.sms.segments import Encoding, measure

P = ParamSpec("P")
T = TypeVar("T")

#: A phone joins segments by itself, but two messages in one second may change places on the way.
PACE: Final = Pace(per_recipient=1.0, per_second=10.0)
#: Between a gateway's name and a number, in an address that says which gateway to answer by.
_SEPARATOR: Final = ":"


@dataclass(frozen=True, slots=True)
class Message:
    """One text message on its way.

    Attributes:
        number: the recipient's.
        text: what it says; not empty.
        encoding: how it travels.
        key: our own id of it.
    """

    number: str
    text: str
    encoding: Encoding
    key: str


class Client(Protocol):
    """Talks to a gateway; blocks, and may be used by several threads at once.

    Attributes:
        settling: how a message in doubt is settled at this gateway.
    """

    settling: Settling

    def send(self, sms: Message) -> str:
        """Hands over a message; returns the gateway's id.

        Raises:
            SendError: one of its subclasses.
        """
        ...

    def probe(self) -> None:
        """Asks the gateway something harmless.

        Raises:
            SendError: it did not answer.
        """
        ...

    def find(self, number: str, text: str, search: Search) -> Taken | Absent | StillInDoubt:
        """Looks for a message in doubt.

        Raises:
            SendError: the gateway did not answer.
        """
        ...

    def told_later(self, code: str) -> SendError:
        """The error that a receipt's code stands for; see `channels.protocol.TellsLater`."""
        ...

    def close(self) -> None:
        """Lets go of its connections."""
        ...


class Gateway(Protocol):
    """A way to send and receive text messages.

    Attributes:
        name: `twilio` or `kannel`; also the last part of its webhook's path.
        number: the number that customers write to, or empty when it is not known.
    """

    name: str
    number: str

    def client(self, public_url: str, timeout: float) -> Client:
        """A client whose messages are reported at this address (empty: not reported).

        Args:
            public_url: where the gateway reaches Loket.
            timeout: seconds that one call may take.
        """
        ...

    def checks(self, public_url: str, timeout: float) -> Sequence[Check]:
        """Looks at configuration, reachability and webhook; blocks, and never raises."""
        ...


@runtime_checkable
class FetchesMedia(Protocol):
    """A gateway whose customers send files (MMS)."""

    async def fetch(self, reference: str, limit: int) -> bytes:
        """See `channels.protocol.FileSource`."""
        ...


class SmsFiles:
    """The files of customers; a `channels.protocol.FileSource`.

    Args:
        gateways: those that are configured.
    """

    def __init__(self, gateways: Sequence[Gateway]) -> None:
        self._sources = [each for each in gateways if isinstance(each, FetchesMedia)]

    async def fetch(self, reference: str, limit: int) -> bytes:
        """See `channels.protocol.FileSource`; only one kind of gateway has files."""
        if not self._sources:
            raise FileGone("The gateway that this file came by is not there any more.")
        return await self._sources[0].fetch(reference, limit)

    async def close(self) -> None:
        """Nothing is kept open."""


def via(gateway: str, number: str) -> str:
    """The address of a customer who is to be answered through this gateway."""
    return f"{gateway}{_SEPARATOR}{number}"


class SmsSender:
    """Hands messages to the gateway by which the customer wrote last.

    Args:
        clients: a client for each configured gateway, by name; the first one is for customers
            whose own gateway is not there any more.
    """

    pace = PACE

    def __init__(self, clients: Mapping[str, Client]) -> None:
        self._clients = clients
        self._pool = ThreadPoolExecutor(CONCURRENCY, thread_name_prefix="sms")
        self._room = asyncio.Semaphore(CONCURRENCY)

    async def send(self, address: str, part: Part, key: str) -> Sent:
        """Sends one rendered message; see `channels.protocol.Sender`."""
        client, number = self._client(address)
        text = str(part["text"])
        if not text.strip():
            # Kannel would really send it.
            raise Undeliverable("empty")
        sms = Message(number, text, measure(text).encoding, key)
        return Sent(await self._run(client.send, sms))

    def settling(self, address: str) -> Settling:
        """How a doubtful message to this customer is settled; see `channels.protocol.Sender`."""
        client, _ = self._client(address)
        return client.settling

    def told_later(self, address: str, code: str) -> SendError:
        """The error that a code of this customer's gateway stands for.

        See `channels.protocol.TellsLater`.
        """
        client, _ = self._client(address)
        return client.told_later(code)

    async def probe(self, address: str) -> None:
        """Asks this customer's gateway something harmless; see `channels.protocol.Sender`."""
        client, _ = self._client(address)
        await self._run(client.probe)

    async def find(self, search: Search) -> Taken | Absent | StillInDoubt:
        """Looks for a message at this customer's gateway; see `channels.protocol.Finds`."""
        client, number = self._client(search.address)
        return await self._run(client.find, number, str(search.part["text"]), search)

    def _client(self, address: str) -> tuple[Client, str]:
        """The gateway that answers a customer, and the customer's number."""
        name, _, number = address.rpartition(_SEPARATOR)
        gateway = name if name in self._clients else next(iter(self._clients), "")
        if not gateway:
            raise BadCredentials("no_gateway")
        return self._clients[gateway], number

    async def _run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        await self._enter()
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, partial(call, *args, **kwargs))
        finally:
            self._room.release()

    async def _enter(self) -> None:
        """Waits for a free thread; a message that still waits has certainly not been sent."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._room.acquire()
        except TimeoutError as error:
            raise Unavailable("busy") from error

    async def close(self) -> None:
        """Lets go of the threads and connections; calls under way end by their own time-out."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for client in self._clients.values():
            client.close()
