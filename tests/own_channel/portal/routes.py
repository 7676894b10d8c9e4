"""The portal's webhook over HTTP: verify, keep, answer; the worker does the rest."""

from __future__ import annotations

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from channels import intake
from channels.services import Services
from tests.own_channel.portal import PATH, Portal, parse, verify


def blueprint(channel: Portal, services: Services) -> Blueprint:
    """The one route."""
    routes = Blueprint(channel.name)

    async def notify(request: Request) -> HTTPResponse:
        """The portal has news."""
        if not verify.is_signed(request.body, request.headers.get(verify.HEADER), channel.secret):
            intake.reject(services, channel.name)
            return empty(403)
        messages, receipts = parse.update(request.body)
        await intake.take(services, messages)
        await intake.receipts(services, receipts)
        return empty(200)

    routes.add_route(notify, PATH, methods=("POST",), name="notify")
    return routes
