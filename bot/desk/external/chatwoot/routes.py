"""The webhook with which Chatwoot tells that a conversation changed."""

from __future__ import annotations

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.desk.external.chatwoot import NAME, PATH, Config, webhook_calls
from bot.store.desk import external_desk_links, external_desk_sync
from channels import intake
from channels.services import Services

log = structlog.get_logger(__name__)


def blueprint(config: Config, services: Services) -> Blueprint:
    """The webhook's route.

    Args:
        config: holds the secret that Chatwoot signs with.
        services: store, notifier and time.
    """
    routes = Blueprint(NAME)

    async def changed(request: Request) -> HTTPResponse:
        """Wakes `ExternalDeskSync`, which asks Chatwoot itself what changed.

        So a call that is lost, comes twice or in another order changes nothing, and what is sent to
        a customer never comes from here.
        """
        signature = request.headers.get("x-chatwoot-signature", "")
        timestamp = request.headers.get("x-chatwoot-timestamp", "")
        now = services.now()
        if not webhook_calls.genuine(config.secret, request.body, timestamp, signature, now):
            intake.reject(services, NAME)
            return HTTPResponse("", 403, content_type="text/plain; charset=utf-8")
        call = webhook_calls.read(request.body)
        if call is not None:
            link = await services.database.query(
                external_desk_links.by_external, NAME, call.conversation
            )
            if link is not None:
                if call.message:
                    await services.database.run(external_desk_sync.wake, link.handover_id)
                services.notifier.ring("outbox", link.conversation_id)
        return empty(200)

    routes.add_route(changed, PATH, methods=("POST",), name="webhook")
    return routes
