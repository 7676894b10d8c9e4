"""The routes for files of a conversation: only for agents who may read it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from sanic.http import Http
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.attachments import media_types
from bot.attachments.file_keeper import FileKeeper, RefusedFile, ScannerAway
from bot.attachments.sent_files import download_name
from bot.attachments.storage import SMALL
from bot.catalogue import say
from bot.desk.conversations.visibility import Visibility
from bot.desk.login.auth import Access
from bot.desk.pages import responses
from bot.errors import Rejected
from bot.http import bodies, stored_files
from bot.records.attachment import FileRecord
from bot.store.conversation import attachments, conversations
from bot.store.history import joined_history

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.desk.agents import Agent

#: Seconds that a file of an agent's may take to come in.
_UPLOAD_TIME: Final = 120.0


class FilePages:
    """Serves files.

    Args:
        access: store and time.
        visibility: the rule by which an agent may see a conversation.
        keeper: lets files in, and has them.
    """

    def __init__(self, access: Access, visibility: Visibility, keeper: FileKeeper) -> None:
        self._access = access
        self._visibility = visibility
        self._keeper = keeper

    async def file(self, request: Request, talk_id: str, name: str) -> HTTPResponse:
        """A file as it was kept."""
        return await self._serve(request, talk_id, name)

    async def small_file(self, request: Request, talk_id: str, name: str) -> HTTPResponse:
        """The small picture of an image."""
        return await self._serve(request, talk_id, name, SMALL)

    async def upload(self, request: Request, talk_id: str) -> HTTPResponse:
        """Lets in a picture or PDF that an agent is going to send with an answer.

        The body is the file; the header `X-Filename` is its name, percent-encoded.
        """
        agent, database = request.ctx.agent, self._access.database
        channel = await database.query(self._channel, talk_id, agent)
        data = await self._body(request)
        found = media_types.media_type(data)
        try:
            if found not in media_types.IMAGES and found != media_types.PDF:
                raise RefusedFile("kind")
            name = attachments.new_name()
            kept = await self._keeper.keep(name, data)
        except RefusedFile as error:
            raise Rejected(say(f"desk_file.not_taken.{error.reason}"), 415) from error
        except (ScannerAway, OSError) as error:
            raise Rejected(say("desk_file.not_taken.later"), 429, retry_after=10) from error
        given = unquote(request.headers.get("x-filename", ""))[: attachments.MAX_FILENAME]
        filename = download_name(given, kept.media_type)
        row = (talk_id, channel, agent.id, name, filename, kept.media_type, kept.size)
        await database.run(attachments.draft, *row, self._access.now())
        return responses.data({"name": name, "label": filename})

    async def _body(self, request: Request) -> bytes:
        # Sanic gives every request of an HTTP/1 server such a stream.
        assert isinstance(request.stream, Http)
        try:
            return await bodies.read(request.stream, self._keeper.limit, _UPLOAD_TIME)
        except TimeoutError as error:
            raise Rejected(say("desk_file.not_taken.later"), 408) from error
        except bodies.BodyTooLarge as error:
            raise Rejected(say("desk_file.not_taken.too_large"), 413) from error

    def _channel(self, conn: Connection, talk_id: str, agent: Agent) -> str:
        self._visibility.check_sees(conn, agent, talk_id)
        return conversations.get(conn, talk_id).channel

    async def _serve(
        self, request: Request, talk_id: str, name: str, which: str = ""
    ) -> HTTPResponse:
        agent = request.ctx.agent
        file = await self._access.database.query(self._find, talk_id, name, agent)
        try:
            data = await asyncio.to_thread(self._keeper.storage.get, f"{file.name}{which}")
        except FileNotFoundError as error:
            raise Rejected(say("desk_file.missing"), 404) from error
        media_type = "image/jpeg" if which else file.media_type
        wanted = request.headers.get("range", "")
        found = stored_files.answer(
            data, media_type, download_name(file.filename, media_type), wanted
        )
        return HTTPResponse(found.body, found.status, dict(found.headers), media_type)

    def _find(self, conn: Connection, talk_id: str, name: str, agent: Agent) -> FileRecord:
        self._visibility.check_sees(conn, agent, talk_id)
        file = attachments.find(conn, name)
        if file is None or file.status not in ("stored", "draft"):
            raise Rejected(say("desk_file.missing"), 404)
        # As its messages: what was said elsewhere after a conversation went on here is not shown.
        group = self._visibility.group(conn, agent, talk_id)
        read = joined_history.parts(conn, group)
        if not any(
            part.conversation_id == file.conversation_id and file.created_at <= part.until
            for part in read
        ):
            raise Rejected(say("desk_file.missing"), 404)
        return file
