"""Translates between Chatwoot's JSON and Loket's values. Pure; no field is trusted unchecked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, NotRequired, TypedDict

from bot.catalogue import group, say
from bot.desk.external import foreign_markup
from bot.desk.external.chatwoot.fields import is_number, mapping, objects, text
from bot.desk.external.external_desk import Case, ExternalAgent, Item, News, Reply

#: `source_id` of each message that Loket shows begins so: one that comes back with it is our own.
OURS: Final = "loket-"
#: A private note that begins so holds the agreement that the customer reads.
AGREED: Final = "afgesproken:"
#: Chatwoot's own limit for a message's content.
_MOST: Final = 150_000


class NewContact(TypedDict):
    """Body of `POST contacts`."""

    inbox_id: int
    name: str
    identifier: str


class Attributes(TypedDict):
    """What Chatwoot keeps with a conversation for us."""

    loket_handover: int
    onderwerp: str


class NewConversation(TypedDict):
    """Body of `POST conversations`."""

    inbox_id: int
    contact_id: int
    status: Literal["open"]
    custom_attributes: Attributes
    priority: NotRequired[Literal["urgent"]]


class NewMessage(TypedDict):
    """Body of `POST messages`."""

    content: str
    message_type: Literal["incoming", "outgoing"]
    private: bool
    content_type: Literal["text"]
    source_id: str


def identifier(case: Case) -> str:
    """Chatwoot's `identifier` of the customer: it tells nothing about the customer."""
    return f"{OURS}{case.customer}"


def contact(case: Case, inbox: int) -> NewContact:
    """Body of `POST contacts`."""
    name = say("desk.elsewhere.customer", channel=case.channel)
    return {"inbox_id": inbox, "name": name, "identifier": identifier(case)}


def conversation(case: Case, inbox: int, contact_id: int) -> NewConversation:
    """Body of `POST conversations`."""
    made: NewConversation = {
        "inbox_id": inbox,
        "contact_id": contact_id,
        "status": "open",
        "custom_attributes": {
            "loket_handover": case.handover_id,
            "onderwerp": case.topic or say("desk.elsewhere.unknown"),
        },
    }
    if case.urgent:
        made["priority"] = "urgent"
    return made


def message(item: Item) -> NewMessage:
    """Body of `POST messages`."""
    label = group("desk.elsewhere.name").get(item.author)
    content = f"**{label}:** {item.text}" if label else item.text
    return {
        "content": content[:_MOST],
        "message_type": "incoming" if item.author == "customer" else "outgoing",
        "private": item.author == "note",
        "content_type": "text",
        "source_id": f"{OURS}{item.key}",
    }


def form_fields(body: NewMessage) -> dict[str, str]:
    """The same body as fields of a form, beside a file."""
    return {
        name: str(value).lower() if name == "private" else str(value)
        for name, value in body.items()
    }


def contact_id(data: Any) -> int | None:
    """The number in the answer to `POST contacts`."""
    return number_of(mapping(mapping(data).get("payload")).get("contact"))


def found_contact(data: Any, wanted: str) -> int | None:
    """The number of the contact with this identifier in the answer to a search."""
    mine = (each for each in objects(_payload(data)) if each.get("identifier") == wanted)
    return next((number for each in mine if (number := number_of(each))), None)


def found_conversation(data: Any, handover_id: int) -> str | None:
    """The number of the conversation made for a hand-over, among those of a contact."""
    for each in objects(_payload(data)):
        attributes = mapping(each.get("custom_attributes"))
        if attributes.get("loket_handover") == handover_id and (number := number_of(each)):
            return str(number)
    return None


def number_of(data: Any) -> int | None:
    """The `id` of an answer."""
    number = mapping(data).get("id")
    return number if isinstance(number, int) and is_number(number) else None


def page(data: Any) -> tuple[Mapping[str, Any], ...]:
    """The messages in the answer to `GET messages`, by number."""
    messages = objects(mapping(data).get("payload"))
    return tuple(
        sorted((each for each in messages if is_number(each.get("id"))), key=lambda m: int(m["id"]))
    )


def news(state: Any, messages: Iterable[Mapping[str, Any]]) -> News:
    """The state of a conversation at Chatwoot, and what its agents said.

    Args:
        state: answer to `GET conversations/<number>`.
        messages: from `page`.
    """
    known = tuple(messages)
    data = mapping(state)
    said = tuple(each for each in known if not _is_deleted(each))
    return News(
        replies=tuple(reply for each in said for reply in _reply(each)),
        keys=frozenset(key for each in known if (key := _key(each))),
        assignee=_assignee(mapping(data.get("meta"))),
        resolved=data.get("status") == "resolved",
        agreed=_agreed(said),
    )


def _is_deleted(given: Mapping[str, Any]) -> bool:
    """Whether an agent took a message back: Chatwoot keeps it, with a sentence of its own.

    https://github.com/chatwoot/chatwoot, `MessagesController#destroy`.
    """
    return mapping(given.get("content_attributes")).get("deleted") is True


def _assignee(meta: Mapping[str, Any]) -> ExternalAgent | None:
    """The person whose conversation it is; a bot, an assistant or an unknown kind is nobody.

    What `assignee_type` may say: `User`, `AgentBot`, `Captain::Assistant`
    (https://github.com/chatwoot/chatwoot, `conversations/partials/_conversation.json.jbuilder`).
    """
    return _person(meta.get("assignee")) if meta.get("assignee_type") == "User" else None


def _reply(given: Mapping[str, Any]) -> Iterator[Reply]:
    """An agent's reply to the customer; None for notes, activities, bots and our own messages."""
    sender = mapping(given.get("sender"))
    # Only who is named as a user is a person: also `agent_bot` and `captain_assistant` speak here.
    by = _person(sender) if sender.get("type") == "user" else None
    outgoing = given.get("message_type") in (1, "outgoing")
    if not outgoing or given.get("private") is not False or _key(given) or by is None:
        return
    parts = [foreign_markup.plain(text(given.get("content")))]
    parts += [text(each.get("data_url")) for each in objects(given.get("attachments"))]
    if words := "\n".join(part for part in parts if part):
        yield Reply(int(given["id"]), by, words)


def _agreed(messages: Iterable[Mapping[str, Any]]) -> str:
    """The agreement that the newest note holds."""
    found = ""
    for each in messages:
        note = foreign_markup.plain(text(each.get("content")))
        if each.get("private") is True and not _key(each) and note.lower().startswith(AGREED):
            found = " ".join(note[len(AGREED) :].split())
    return found


def _key(given: Mapping[str, Any]) -> str:
    source = text(given.get("source_id"))
    return source.removeprefix(OURS) if source.startswith(OURS) else ""


def _person(data: Any) -> ExternalAgent | None:
    given = mapping(data)
    number, name = given.get("id"), text(given.get("available_name")) or text(given.get("name"))
    return (
        ExternalAgent(str(number), name or say("desk.elsewhere.name.human"))
        if is_number(number)
        else None
    )


def _payload(data: Any) -> Any:
    return mapping(data).get("payload")
