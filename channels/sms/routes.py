"""The webhooks of the SMS gateways."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.phone_identity import e164
from channels import intake
from channels.services import Services
from channels.sms import Sms, kannel, opt_out_words, parse, twilio
from channels.sms.parse import Fields
from channels.sms.receive import receive

log = structlog.get_logger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]

#: No reply in the answer itself: replies go out by the REST API, in order and with retries.
_NO_REPLY: Final = "<?xml version='1.0' encoding='UTF-8'?><Response/>"


def blueprint(channel: Sms, services: Services) -> Blueprint:
    """The routes of the gateways that this channel has."""
    routes = Blueprint("sms")
    for gateway in channel.gateways:
        if isinstance(gateway, twilio.TwilioGateway):
            message, status = _Twilio(gateway, services).handlers()
            routes.add_route(message, twilio.PATH, methods=("POST",), name="twilio")
            routes.add_route(status, twilio.STATUS_PATH, methods=("POST",), name="twilio_status")
        elif isinstance(gateway, kannel.KannelGateway):
            message, status = _Kannel(gateway, services).handlers()
            routes.add_route(message, kannel.PATH, methods=("GET",), name="kannel")
            routes.add_route(status, kannel.DLR_PATH, methods=("GET",), name="kannel_dlr")
    return routes


class _Twilio:
    def __init__(self, gateway: twilio.TwilioGateway, services: Services) -> None:
        self._gateway = gateway
        self._ = services

    def handlers(self) -> tuple[Handler, Handler]:
        async def message(request: Request) -> HTTPResponse:
            fields = self._verified(request, twilio.PATH)
            if fields is None:
                return _refuse(self._)
            self._tell_of(parse.twilio_kind(fields))
            if (inbound := parse.twilio_message(fields)) is not None:
                wish = opt_out_words.wish(
                    inbound.text,
                    opt_out_words.TWILIO_OUT,
                    opt_out_words.TWILIO_IN,
                    fields.get("OptOutType", ""),
                )
                await receive(self._, inbound, wish, self._gateway.name)
            return HTTPResponse(_NO_REPLY, content_type="text/xml")

        async def status(request: Request) -> HTTPResponse:
            fields = self._verified(request, twilio.STATUS_PATH)
            if fields is None:
                return _refuse(self._)
            key = Fields(_query(request)).get("key", "")
            if (receipt := parse.twilio_receipt(fields, key)) is not None:
                await intake.receipts(self._, [receipt])
            if (number := parse.twilio_refused(fields)) is not None:
                number = e164(number, self._.settings.country)
                await intake.opted(self._, parse.CHANNEL, number, out=True)
            return _nothing()

        return message, status

    def _tell_of(self, kind: str) -> None:
        """Tells whoever runs Loket what a customer needs who did not write from a plain number."""
        if kind == "rcs" and not self._gateway.sends_rcs:
            log.warning("rcs_answered_by_sms", needs="TWILIO_FROM: a messaging service (MG...)")
        elif kind and kind != "rcs":
            log.warning("sender_kind_unknown", gateway=self._gateway.name, kind=kind)

    def _verified(self, request: Request, path: str) -> Fields | None:
        # Twilio signs the address it knows: the public one, whatever a proxy made of it.
        query = _query(request)
        url = f"{self._.settings.public_url}{path}" + (f"?{query}" if query else "")
        try:
            fields = Fields(request.body.decode("utf-8", "replace"))
        except ValueError:  # more fields than anybody signs
            return None
        signature = request.headers.get("x-twilio-signature", "")
        return fields if self._gateway.genuine(url, fields, signature) else None


class _Kannel:
    def __init__(self, gateway: kannel.KannelGateway, services: Services) -> None:
        self._gateway = gateway
        self._ = services

    def handlers(self) -> tuple[Handler, Handler]:
        async def message(request: Request) -> HTTPResponse:
            query = _query(request)
            if not self._gateway.genuine(query):
                return _refuse(self._)
            if (inbound := parse.kannel_message(query)) is not None:
                if "\ufffd" in inbound.text:
                    log.warning("sms_bytes_broken", gateway=self._gateway.name)
                wish = opt_out_words.wish(inbound.text)
                await receive(self._, inbound, wish, self._gateway.name)
            return _nothing()

        async def dlr(request: Request) -> HTTPResponse:
            query = _query(request)
            if not self._gateway.genuine(query):
                return _refuse(self._)
            if (receipt := parse.kannel_receipt(query)) is not None:
                await intake.receipts(self._, [receipt])
            return _nothing()

        return message, dlr


def _query(request: Request) -> str:
    """The query string as it came: Sanic's own reading fails on bytes that are no UTF-8."""
    raw: bytes = request.raw_url
    return raw.partition(b"?")[2].decode("latin-1")


def _nothing() -> HTTPResponse:
    # Kannel could send a body on to the customer.
    return HTTPResponse("", content_type="text/plain; charset=utf-8")


def _refuse(services: Services) -> HTTPResponse:
    intake.reject(services, parse.CHANNEL)
    return HTTPResponse("", 403, content_type="text/plain; charset=utf-8")
