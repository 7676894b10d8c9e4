"""Files that agents sent, behind addresses that nobody can guess: `/bestand/<name>`.

For customers whose channel takes a link: the chat of a page, text messages. Only what was sent is
there, and only as long as it is kept.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.attachments.sent_files import PREFIX
from bot.attachments.storage import Storage
from bot.catalogue import say
from bot.errors import Rejected
from bot.http import stored_files
from bot.store.conversation import attachments
from bot.store.sql.database import Database


def blueprint(database: Database, storage: Storage) -> Blueprint:
    """The route for files.

    Args:
        database: knows which files were sent.
        storage: has their bytes.
    """
    routes = Blueprint("sent_files")

    async def show(request: Request, name: str) -> HTTPResponse:
        """A file that an agent sent."""
        file = await database.query(attachments.sent_file, name)
        if file is None:
            raise Rejected(say("attachment.gone"), 410)
        try:
            data = await asyncio.to_thread(storage.get, name)
        except FileNotFoundError as error:
            raise Rejected(say("attachment.gone"), 410) from error
        wanted = request.headers.get("range", "")
        found = stored_files.answer(data, file.media_type, file.filename, wanted)
        # The chat shows it within another site's page.
        headers = {**found.headers, "Cross-Origin-Resource-Policy": "cross-origin"}
        headers |= {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
        return HTTPResponse(found.body, found.status, headers, file.media_type)

    routes.add_route(show, f"{PREFIX}/<name:[0-9a-f]{{48}}>", methods=("GET",), name="show")
    return routes
