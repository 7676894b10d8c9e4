"""Chatwoot's application API as an `ExternalDesk`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx

from bot.desk.external.chatwoot import NAME, PATH, Config, payloads
from bot.desk.external.external_desk import Case, DeskUnavailable, FileNotTaken, Item, News
from channels.protocol import Check

#: Seconds that one call may take.
TIMEOUT: Final = 15.0
#: Messages that Chatwoot gives at a time after a number (`MessageFinder`).
_PAGE: Final = 100
#: Pages read in one go; a conversation with more is read on the next time.
_PAGES: Final = 50
#: Answers that say something about one conversation, not about Chatwoot: it is gone, or unusable.
_ABOUT_ONE: Final = frozenset({400, 404, 409, 422})
#: What it, or the web server before it, says of a file that is too large or of a wrong kind.
_NOT_TAKEN: Final = frozenset({"413", "415", "422"})


class Chatwoot:
    """One API inbox of a Chatwoot account.

    Args:
        config: how to reach it.
        timeout: seconds that one call may take.
    """

    name = NAME

    def __init__(self, config: Config, timeout: float = TIMEOUT) -> None:
        self._inbox = config.inbox
        self._http = httpx.AsyncClient(
            base_url=f"{config.url}/api/v1/accounts/{config.account}/",
            headers={"api_access_token": config.token},
            timeout=timeout,
        )

    async def open(self, case: Case) -> str:
        """See `ExternalDesk.open`; the contact holds a random id, no name, number or address."""
        contact = await self._contact(case)
        known = await self._get(f"contacts/{contact}/conversations")
        found = payloads.found_conversation(known, case.handover_id)
        if found is not None:
            return found
        body = payloads.conversation(case, self._inbox, contact)
        number = payloads.number_of(await self._post("conversations", body))
        if number is None:
            raise DeskUnavailable("no_conversation")
        return str(number)

    async def show(self, external_id: str, item: Item) -> None:
        """See `ExternalDesk.show`."""
        path, body = f"conversations/{external_id}/messages", payloads.message(item)
        if item.file is None:
            await self._post(path, body)
            return
        file = (item.file.name, item.file.data, item.file.media_type)
        try:
            fields = payloads.form_fields(body)
            await self._call("POST", path, data=fields, files={"attachments[]": file})
        except DeskUnavailable as error:
            if error.code in _NOT_TAKEN:
                raise FileNotTaken("Chatwoot did not take a file.") from error
            raise

    async def news(self, external_id: str, after: int) -> News:
        """See `ExternalDesk.news`."""
        # The state first: what was said before it is settled is then among the messages.
        state = await self._get(f"conversations/{external_id}")
        messages: list[Mapping[str, Any]] = []
        for _ in range(_PAGES):
            path = f"conversations/{external_id}/messages"
            found = payloads.page(await self._get(path, {"after": after}))
            messages += found
            if len(found) < _PAGE:
                break
            after = int(found[-1]["id"])
        return payloads.news(state, messages)

    async def settle(self, external_id: str) -> None:
        """See `ExternalDesk.settle`."""
        path = f"conversations/{external_id}/toggle_status"
        await self._post(path, {"status": "resolved"})

    async def checks(self, public_url: str) -> Sequence[Check]:
        """Asks for the inbox: that it is there, of the right kind, and calls Loket."""
        wanted = public_url.rstrip("/") + PATH
        try:
            inbox = await self._get(f"inboxes/{self._inbox}")
        except DeskUnavailable as error:
            sentence = (
                f"Chatwoot gave no good answer ({error.code}). 401: LOKET_CHATWOOT_TOKEN is wrong; "
                "404: LOKET_CHATWOOT_ACCOUNT or LOKET_CHATWOOT_INBOX is; else check "
                "LOKET_CHATWOOT_URL and the network."
            )
            return [Check("chatwoot", ok=False, sentence=sentence)]
        if inbox.get("channel_type") != "Channel::Api":
            sentence = "LOKET_CHATWOOT_INBOX is an inbox of another kind. Make one of the kind API."
            return [Check("chatwoot inbox", ok=False, sentence=sentence)]
        if inbox.get("webhook_url") != wanted:
            sentence = f"The inbox calls another address. Set its webhook URL to {wanted}."
            return [Check("chatwoot webhook", ok=False, sentence=sentence)]
        sentence = f"The inbox is there, and calls {wanted}."
        return [Check("chatwoot", ok=True, sentence=sentence)]

    async def close(self) -> None:
        """See `ExternalDesk.close`."""
        await self._http.aclose()

    async def _contact(self, case: Case) -> int:
        wanted = payloads.identifier(case)
        found = payloads.found_contact(await self._get("contacts/search", {"q": wanted}), wanted)
        if found is None:
            made = await self._post("contacts", payloads.contact(case, self._inbox))
            found = payloads.contact_id(made)
        if found is None:
            raise DeskUnavailable("no_contact")
        return found

    async def _get(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return await self._call("GET", path, params=query)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        return await self._call("POST", path, json=body)

    async def _call(self, method: str, path: str, **given: Any) -> Any:
        try:
            answer = await self._http.request(method, path, **given)
            data = answer.json() if answer.is_success else None
        except httpx.HTTPError as error:
            raise DeskUnavailable(type(error).__name__) from error
        except ValueError as error:
            raise DeskUnavailable("no_json") from error
        if not answer.is_success:
            wait = answer.headers.get("Retry-After", "")
            after = float(wait) if wait.isascii() and wait.isdigit() else None
            mine = answer.status_code in _ABOUT_ONE
            raise DeskUnavailable(str(answer.status_code), after, everywhere=not mine)
        return data
