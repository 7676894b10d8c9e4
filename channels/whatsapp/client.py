"""Talks to Meta's Graph API through heyoo."""

from __future__ import annotations

import asyncio
import queue
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

import structlog

from channels.capabilities import Pace
from channels.errors import Ambiguous, FileGone, FileTooLarge, SendError, Unavailable, Undeliverable
from channels.file_download import download
from channels.send_results import FILE, Part, Sent, Settling
from channels.whatsapp import errors
from channels.whatsapp.transport import CONNECTIONS, GRAPH, HEYOO, TIMES

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: A business-scoped user id, such as NL.13491208655302741918; anything else is a phone number.
_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?\w{1,128}", re.ASCII)
#: Seconds after which a call is given up, whatever its thread does; a file is two exchanges.
_PATIENCE = 2 * TIMES.whole + 5
#: Most bytes of a picture; a larger one goes as a document. Source:
#: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
MAX_IMAGE = 5 * 1024 * 1024
#: Read marks that may wait; more are dropped.
_MARKS = 500


class Graph(HEYOO.WhatsApp):
    """heyoo's client on one configurable version of Graph. Its methods block."""

    def __init__(self, url: str, token: str, phone_number_id: str) -> None:
        """Makes no call.

        Args:
            url: base address with the version, such as `https://graph.facebook.com/v23.0`.
            token: access token of the system user.
            phone_number_id: the id (not the number) of our phone number.
        """
        super().__init__(token, phone_number_id)
        self.base_url = self.v15_base_url = url.rstrip("/")
        self.url = f"{self.base_url}/{phone_number_id}/messages"

    def send(self, address: str, part: Part, key: str) -> str:
        """Sends a message; returns Meta's id of it.

        Args:
            address: a business-scoped user id or a phone number.
            part: the message as `render` made it.
            key: our id of it, which comes back in statuses; empty for none.

        Raises:
            SendError: it was not accepted, or nobody knows.
        """
        data = {"messaging_product": "whatsapp", "recipient_type": "individual", **part}
        if key:
            data["biz_opaque_callback_data"] = key
        try:
            if _USER_ID.fullmatch(address):
                answer = self.send_custom_json({**data, "recipient": address})
            else:
                answer = self.send_custom_json(data, address)
            return str(answer["messages"][0]["id"])
        except (ValueError, LookupError, TypeError) as error:
            raise Ambiguous("no_id") from error

    def about(self, fields: str) -> Mapping[str, Any]:
        """Fetches what Graph knows of our phone number.

        Raises:
            SendError: Graph refused or did not answer.
        """
        url = f"{self.base_url}/{self.phone_number_id}?fields={fields}"
        return _mapping(GRAPH.get(url, self.headers).json)

    def send_file(self, address: str, part: Part, key: str, data: bytes) -> str:
        """Uploads a file and sends a message with it; returns Meta's id of the message.

        Raises:
            SendError: as `send`. A failed upload leaves nothing in doubt: nobody was sent anything.
        """
        file = part[FILE]
        kind = part["type"]
        content = {**part[kind], "id": self._uploaded(file, data)}
        if kind == "image" and len(data) > MAX_IMAGE:
            kind, content = "document", {**content, "filename": file["filename"]}
        return self.send(address, {"type": kind, kind: content}, key)

    def _uploaded(self, file: Mapping[str, str], data: bytes) -> str:
        """Meta's id of a file, good for 30 days."""
        headers = {"Authorization": self.headers["Authorization"]}
        named = (file["filename"] or "bestand", data, file["media_type"])
        url = f"{self.base_url}/{self.phone_number_id}/media"
        fields = {"messaging_product": "whatsapp", "type": file["media_type"]}
        try:
            answer = GRAPH.post_form(url, headers, fields, {"file": named})
        except Ambiguous as error:
            raise Unavailable(error.code) from error
        number = _mapping(answer.json).get("id")
        if not isinstance(number, str):
            raise Unavailable("no_media_id")
        return number

    def media(self, media_id: str) -> Mapping[str, Any]:
        """Fetches what Graph knows of a file, with an address that is good for five minutes.

        Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media

        Raises:
            SendError: Graph refused or did not answer.
        """
        url = f"{self.base_url}/{quote(media_id, safe='')}?phone_number_id={self.phone_number_id}"
        return _mapping(GRAPH.get(url, self.headers).json)

    def set_webhook(self, address: str, verify_token: str) -> None:
        """Has Graph send what concerns our phone number to this address; Graph checks it at once.

        Raises:
            SendError: Graph refused or did not answer.
        """
        hook = {"override_callback_uri": address, "verify_token": verify_token}
        data = {"webhook_configuration": hook}
        _mapping(GRAPH.post(f"{self.base_url}/{self.phone_number_id}", self.headers, data).json)


def _mapping(read: Any) -> Mapping[str, Any]:
    try:
        value = read()
    except ValueError as error:
        raise Unavailable("no_json") from error
    return value if isinstance(value, dict) else {}


class GraphSender:
    """`channels.protocol.Sender` for WhatsApp: Graph on a bounded number of threads."""

    #: Meta takes 80 messages a second from one number, and a burst of 45 to one customer within
    #: six seconds.
    pace: Pace = Pace(per_recipient=0.2, per_second=60)

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._threads = ThreadPoolExecutor(CONNECTIONS, "loket-whatsapp")

    async def send(self, address: str, part: Part, key: str) -> Sent:
        """As `channels.protocol.Sender.send`."""
        return Sent(await self._run(self._graph.send, address, part, key))

    async def send_file(self, address: str, part: Part, key: str, data: bytes) -> Sent:
        """As `channels.protocol.SendsFiles.send_file`."""
        return Sent(await self._run(self._graph.send_file, address, part, key, data))

    def settling(self, address: str) -> Settling:  # noqa: ARG002 - all alike
        """Settled by a status with our key, within seconds of sending: Graph lists no messages."""
        return Settling(receipt=30.0)

    def told_later(self, address: str, code: str) -> SendError:  # noqa: ARG002 - one Graph for all
        """As `channels.protocol.TellsLater.told_later`."""
        return errors.told_later(code)

    async def probe(self, address: str) -> None:  # noqa: ARG002 - one Graph for all
        """As `channels.protocol.Sender.probe`: asks about our own number."""
        await self._run(self._graph.about, "id")

    async def fetch(self, reference: str, limit: int) -> bytes:
        """Fetches a customer's file by Meta's id; see `channels.protocol.FileSource`.

        The address is asked for anew each time: Meta's is good for five minutes.
        """
        try:
            found = await self._run(self._graph.media, reference)
        except Undeliverable as error:  # Graph knows no such file (any more)
            raise FileGone(f"Graph does not have the file (error {error.code}).") from error
        size, url = found.get("file_size"), found.get("url")
        if isinstance(size, int) and size > limit:
            raise FileTooLarge("The file has more bytes than are let in.")
        if not isinstance(url, str):
            raise Unavailable("no_address")
        token = self._graph.headers["Authorization"]
        return await download(
            url, limit, home=self._graph.base_url, headers={"Authorization": token}
        )

    async def _run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        future = self._threads.submit(call, *args, **kwargs)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), _PATIENCE)
        except TimeoutError as error:
            # Cancelled means that it never left the queue.
            raise Unavailable("busy") if future.cancelled() else Ambiguous("timeout") from error

    async def close(self) -> None:
        """Lets go of the threads; calls under way end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class ReadMarks:
    """Marks messages as read (the two blue ticks), in a thread that holds up nothing."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._waiting: queue.Queue[str] = queue.Queue(_MARKS)
        self._thread: threading.Thread | None = None

    def add(self, message_ids: Iterable[str]) -> None:
        """Has messages marked soon; never blocks, never raises."""
        for number in message_ids:
            try:
                self._waiting.put_nowait(number)
            except queue.Full:
                return
        if self._thread is None:
            # A daemon, so that a call that hangs does not keep the process from ending.
            self._thread = threading.Thread(target=self._run, name="loket-read-marks", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            number = self._waiting.get()
            try:
                self._graph.mark_as_read(number)
            except (SendError, ValueError) as error:
                log.debug("not_marked_as_read", error=type(error).__name__)
