"""Telegram's webhook over HTTP: verify, keep, answer; the worker does the rest."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from typing import Any

import structlog
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.messages import Inbound
from bot.store.conversation import optouts
from channels import for_agents, intake
from channels.services import Services
from channels.telegram import PATH, Telegram, events, parse, verify
from channels.telegram.tap_feedback import TapFeedback

log = structlog.get_logger(__name__)


def blueprint(channel: Telegram, services: Services) -> Blueprint:
    """The route `/webhooks/telegram`."""
    routes = Blueprint("telegram")
    courtesy = TapFeedback(channel.api())

    async def notify(request: Request) -> HTTPResponse:
        """Takes an update of Telegram's."""
        if not verify.genuine(request.headers.get(verify.HEADER), channel.secret):
            intake.reject(services, channel.name)
            return empty(403)
        try:
            event = parse.update(request.body)
        except parse.Unreadable as error:
            log.warning("update_unreadable", error=type(error.__cause__).__name__)
            return empty(200)
        await _act_on(services, channel.name, event, courtesy)
        return empty(200)

    async def stop(_app: Sanic[Any, Any], _loop: AbstractEventLoop) -> None:
        await courtesy.aclose()

    routes.add_route(notify, PATH, methods=("POST",), name="notify")
    routes.listener("before_server_stop")(stop)
    return routes


async def _act_on(
    services: Services,
    channel: str,
    event: events.Event | None,
    courtesy: TapFeedback,
    address: str = "",
) -> None:
    match event:
        case events.InTopic(inner, where):
            await _act_on(services, channel, inner, courtesy, where)
        case Inbound():
            await _keep(services, event, address)
        case events.Tap():
            await _keep(services, event.inbound, address)
            courtesy.show(event)
        case events.Edited(inbound):
            await for_agents.show(services, [inbound])
        case events.Blocking():
            await intake.opted(services, channel, event.chat, out=event.blocked)
        case events.Strange(kind, inbound):
            log.info("message_kind_unknown", channel=channel, kind=kind)
            if inbound is not None:
                await _keep(services, inbound, address)
        case None:
            log.debug("update_ignored")


async def _keep(services: Services, inbound: Inbound, address: str) -> None:
    where = (inbound.channel, inbound.sender)
    # A customer who writes has let the bot in, also when the update that says so never came.
    if await services.database.query(optouts.is_out, *where):
        await intake.opted(services, *where, out=False)
    # The answer goes where the customer wrote last: to a topic, or to the chat itself.
    await intake.take(services, [inbound], {inbound.sender: (address or inbound.sender,)})
