"""WhatsApp's webhook over HTTP: verify, keep, answer; the worker does the rest."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

from channels import for_agents, intake
from channels.services import Services
from channels.whatsapp import PATH, WhatsApp, parse, verify
from channels.whatsapp.client import ReadMarks

log = structlog.get_logger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


def blueprint(channel: WhatsApp, services: Services) -> Blueprint:
    """The two routes of `/webhooks/whatsapp`."""
    routes = Blueprint("whatsapp")
    marks = ReadMarks(channel.graph())

    async def prove(request: Request) -> HTTPResponse:
        """Answers Meta's question whether the address is ours."""
        query = {name: values[0] for name, values in request.args.items() if values}
        answer = verify.challenge(query, channel.verify_token)
        if answer is None:
            intake.reject(services, channel.name)
            return empty(403)
        return text(answer)

    async def notify(request: Request) -> HTTPResponse:
        """Takes a notification of Meta's."""
        signature = request.headers.get("x-hub-signature-256")
        if not verify.is_signed(request.body, signature, channel.app_secret):
            intake.reject(services, channel.name)
            return empty(403)
        found = parse.update(request.body, channel.phone_number_id)
        await keep(services, found)
        for kind in found.strange:
            log.info("message_kind_unknown", channel=channel.name, kind=kind)
        marks.add(arrival.inbound.message_id for arrival in found.arrivals)
        return empty(200)

    routes.add_route(prove, PATH, methods=("GET",), name="prove")
    routes.add_route(notify, PATH, methods=("POST",), name="notify")
    return routes


async def keep(services: Services, found: parse.Update) -> None:
    """Stores what a notification says.

    Moves come first: the same notification may bring messages from the new address.
    """
    for move in found.moves:
        await intake.renamed(services, "whatsapp", move.old, move.new)
    aliases: dict[str, tuple[str, ...]] = {}
    for arrival in (*found.arrivals, *found.shown):
        known = aliases.get(arrival.inbound.sender, ())
        aliases[arrival.inbound.sender] = tuple(dict.fromkeys((*known, *arrival.aliases)))
    await intake.take(services, [arrival.inbound for arrival in found.arrivals], aliases)
    await for_agents.show(services, [each.inbound for each in found.shown], aliases)
    await intake.receipts(services, found.receipts)
