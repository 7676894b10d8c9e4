"""Takes in files from the browser, while a person has the conversation or is waited for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.attachments import media_types
from bot.attachments.file_keeper import MEGABYTE, FileKeeper
from bot.attachments.storage import UNCHECKED, Storage
from bot.catalogue import say
from bot.errors import Rejected
from bot.identity_proofs import network_origin
from bot.messages import Attachment, Inbound, RemoteFile
from bot.store.conversation import attachments
from channels.errors import FileGone
from channels.services import Services
from channels.webchat import own_conversation
from channels.webchat.parse import message_key

if TYPE_CHECKING:
    from channels.webchat.session import Session

#: Seconds that a file may take to come in: 10 MB over a telephone far from its mast.
TIME: Final = 120.0
_KINDS: Final[dict[str, Attachment]] = {"image": "image", "audio": "audio"}


class Uploads:
    """Keeps what a browser sends, unchecked, until the fetcher of files comes for it.

    So a file of the web chat goes the way of every other one, and this process looks at no more
    than its first bytes.

    Args:
        services: the routes' services.
    """

    def __init__(self, services: Services) -> None:
        keeper = FileKeeper.of(services.settings)
        self._services = services
        self._storage = keeper.storage
        self.limit = keeper.limit

    async def admit(self, session: Session) -> None:
        """Lets a customer send files as long as a person can look at them.

        Raises:
            Rejected: 409, nobody can now; 401, the customer wiped the conversation.
        """
        found = await self._services.database.query(own_conversation.find, session.address)
        if found is None or found.owner not in ("queued", "human"):
            raise Rejected(say("webchat.refused.nobody_looks"), 409)

    async def take(self, session: Session, number: object, data: bytes, address: str) -> bool:
        """Takes in a file as a message; returns whether it had come before.

        Args:
            session: the customer's.
            number: the browser's own id of it.
            data: its bytes.
            address: the network address that it comes from.

        Raises:
            Rejected: 400 for an id that is none, 415 for a kind of file that is not let in.
        """
        key = message_key(session.address, number)
        found = media_types.media_type(data)
        if not found:
            raise Rejected(say("webchat.refused.kind"), 415)
        kind = _KINDS.get(found.partition("/")[0], "document")
        name = attachments.new_name()
        await asyncio.to_thread(self._storage.put, f"{name}{UNCHECKED}", data)
        inbound = Inbound(
            "webchat", session.address, key, "", attachment=kind, files=(RemoteFile(name),)
        )
        origin = network_origin(self._services.settings.secret, address)
        return await own_conversation.take(self._services, inbound, origin)

    def too_large(self) -> Rejected:
        """The refusal of a file with too many bytes."""
        most = self.limit // MEGABYTE
        return Rejected(say("webchat.refused.file_too_large", most=most), 413)


class UploadedFiles:
    """The files that browsers sent; a `channels.protocol.FileSource`.

    Args:
        storage: where `Uploads` put them. What is stored for good, or came twice, is removed from
            there in time (`bot.delivery.file_expiry`).
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def fetch(self, reference: str, limit: int) -> bytes:  # noqa: ARG002 - it came in already
        """See `channels.protocol.FileSource`."""
        try:
            return await asyncio.to_thread(self._storage.get, f"{reference}{UNCHECKED}")
        except FileNotFoundError as error:
            raise FileGone("What the browser sent is not there any more.") from error

    async def close(self) -> None:
        """Nothing is kept open."""
