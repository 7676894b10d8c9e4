"""The routes for files of a conversation: only for agents who may read it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.attachments.storage import SMALL, Storage
from bot.catalogue import say
from bot.desk.conversations.visibility import Visibility
from bot.desk.login.auth import Access
from bot.desk.pages.file_view import download_name
from bot.errors import Rejected
from bot.http import stored_files
from bot.records.attachment import FileRecord
from bot.store.conversation import attachments
from bot.store.history.linked_conversations import parts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from bot.store.desk.agents import Agent


class FilePages:
    """Serves files.

    Args:
        access: store and time.
        visibility: the rule by which an agent may see a conversation.
        storage: where the bytes are.
    """

    def __init__(self, access: Access, visibility: Visibility, storage: Storage) -> None:
        self._access = access
        self._visibility = visibility
        self._storage = storage

    async def file(self, request: Request, talk_id: str, name: str) -> HTTPResponse:
        """A file as it was kept."""
        return await self._serve(request, talk_id, name)

    async def small_file(self, request: Request, talk_id: str, name: str) -> HTTPResponse:
        """The small picture of an image."""
        return await self._serve(request, talk_id, name, SMALL)

    async def _serve(
        self, request: Request, talk_id: str, name: str, which: str = ""
    ) -> HTTPResponse:
        agent = request.ctx.agent
        file = await self._access.database.query(self._find, talk_id, name, agent)
        try:
            data = await asyncio.to_thread(self._storage.get, f"{file.name}{which}")
        except FileNotFoundError as error:
            raise Rejected(say("desk_file.missing"), 404) from error
        media_type = "image/jpeg" if which else file.media_type
        wanted = request.headers.get("range", "")
        found = stored_files.answer(data, media_type, download_name(file), wanted)
        return HTTPResponse(found.body, found.status, dict(found.headers), media_type)

    def _find(self, conn: Connection, talk_id: str, name: str, agent: Agent) -> FileRecord:
        self._visibility.check_sees(conn, agent, talk_id)
        file = attachments.find(conn, name)
        if file is None or file.status not in ("stored", "draft"):
            raise Rejected(say("desk_file.missing"), 404)
        # As its messages: what was said elsewhere after a conversation went on here is not shown.
        read = parts(conn, talk_id)
        if not any(
            part.conversation_id == file.conversation_id and file.created_at <= part.until
            for part in read
        ):
            raise Rejected(say("desk_file.missing"), 404)
        return file
