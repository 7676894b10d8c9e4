"""Every kind of notification becomes the right values, and nothing makes the parser fall over."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Rejected
from bot.messages import Inbound, RemoteFile
from channels.send_results import Receipt
from channels.whatsapp import message_kinds
from channels.whatsapp.parse import MAX_BODY, Move, Update, update
from tests.contract.adapters.whatsapp import (
    PHONE,
    USER_ID,
    contact,
    message,
    notification,
    value,
)
from tests.providers.graph import PHONE_NUMBER_ID

NEW_ID = "NL.24817305912873645029"
NEW_PHONE = "31687654321"


def parsed(data: Any) -> Update:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return update(body, PHONE_NUMBER_ID)


def received(kind: str, content: Any, **more: Any) -> Inbound:
    """The one message of a notification."""
    sent = message("wamid.1", kind, content, **more)
    (arrival,) = parsed(notification(value(contacts=[contact()], messages=[sent]))).arrivals
    return arrival.inbound


def test_a_text_is_kept_whole() -> None:
    """Every field of a text message has its place."""
    sent = message("wamid.1", "text", {"body": "Waar is mijn pakket? 📦"})
    (arrival,) = parsed(notification(value(contacts=[contact()], messages=[sent]))).arrivals
    at = datetime.fromtimestamp(1795435200, UTC)
    text = "Waar is mijn pakket? 📦"
    assert arrival.inbound == Inbound("whatsapp", USER_ID, "wamid.1", text, None, at)
    assert arrival.phone == PHONE


@pytest.mark.parametrize(
    ("kind", "content", "text", "attachment"),
    [
        ("audio", {"id": "1", "voice": True}, "", "voice"),
        ("audio", {"id": "1", "mime_type": "audio/mpeg"}, "", "audio"),
        ("image", {"id": "1"}, "", "image"),
        ("image", {"id": "1", "caption": "Dit is kapot"}, "Dit is kapot", "image"),
        ("video", {"id": "1", "caption": "Kijk"}, "Kijk", "video"),
        ("document", {"id": "1", "filename": "factuur.pdf"}, "", "document"),
        ("sticker", {"id": "1", "animated": True}, "", "sticker"),
        ("location", {"latitude": 52.1, "longitude": 5.1, "name": "Thuis"}, "", "location"),
        ("contacts", [{"name": {"formatted_name": "Jan"}}], "", "contacts"),
        ("order", {"catalog_id": "1", "text": "Graag vandaag"}, "Graag vandaag", "order"),
        ("unsupported", {"type": "poll_creation"}, "", "other"),
        ("unsupported", {}, "", "other"),
        ("unknown", {}, "", "other"),
        ("hologram", {"depth": 3}, "", "other"),
        ("interactive", {"type": "hum_reply", "hum_reply": {"notes": 3}}, "", "other"),
    ],
)
def test_what_cannot_be_read_is_named(kind: str, content: Any, text: str, attachment: str) -> None:
    """A caption is text; without one the message still arrives, so that it gets an answer."""
    inbound = received(kind, content)
    assert (inbound.text, inbound.attachment) == (text, attachment)


@pytest.mark.parametrize("kind", ["button_reply", "list_reply"])
def test_a_tap_gives_back_the_id_of_the_option(kind: str) -> None:
    """The route turns the id into the payload."""
    tapped = {"type": kind, kind: {"id": "12.0", "title": "Ja", "description": "zeker"}}
    inbound = received("interactive", tapped)
    assert (inbound.text, inbound.payload) == ("Ja", "12.0")


def test_a_template_reply_is_text_or_payload() -> None:
    """Without a payload of ours, a template's button gives its own text as payload."""
    inbound = received("button", {"text": "Stoppen", "payload": "Stoppen"})
    assert (inbound.text, inbound.payload) == ("Stoppen", None)
    inbound = received("button", {"text": "Medewerker", "payload": "/medewerker"})
    assert inbound.payload == "/medewerker"


def test_an_advertisement_and_a_quoted_message_do_not_stand_in_the_way() -> None:
    """`referral` and `context` come beside the text."""
    referral = {"source_url": "https://fb.me/1", "headline": "Actie", "source_type": "ad"}
    inbound = received("text", {"body": "Hoi"}, referral=referral, context={"id": "wamid.0"})
    assert inbound.text == "Hoi"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("reaction", {"message_id": "wamid.0", "emoji": "👍"}),
        ("edit", {"original_message_id": "wamid.0", "message": {"type": "text"}}),
        ("revoke", {"original_message_id": "wamid.0"}),
        ("unsupported", {"type": "edit"}),
        ("unsupported", {"type": "pin"}),
        ("unsupported", {"type": "poll_update"}),
        ("unsupported", {"type": "keep_in_chat"}),
        ("unknown", {"type": "reaction"}),
        ("applause", {"message_id": "wamid.0", "claps": 3}),
        ("request_welcome", {}),
        ("interactive", {"type": "call_permission_reply", "call_permission_reply": {}}),
    ],
)
def test_what_asks_for_no_answer_gets_none(kind: str, content: Any) -> None:
    """What a customer did to a message is no message."""
    sent = message("wamid.1", kind, content)
    found = parsed(notification(value(contacts=[contact()], messages=[sent])))
    assert found.arrivals == ()


def for_agents(kind: str, content: Any) -> list[str]:
    """What agents alone are to see; it must be nothing else besides."""
    sent = message("wamid.1", kind, content)
    found = parsed(notification(value(contacts=[contact()], messages=[sent])))
    assert (found.arrivals, found.strange) == ((), ())
    return [arrival.inbound.text for arrival in found.shown]


def test_changed_words_are_for_agents() -> None:
    """A text and a caption; what holds no words says nothing."""
    text = {"type": "text", "text": {"body": "ander woord"}}
    photo = {"type": "image", "image": {"id": "1", "caption": "de rode"}}
    for now, shown in (
        (text, ["Gewijzigd: ander woord"]),
        (photo, ["Gewijzigd: de rode"]),
        ({"type": "image", "image": {"id": "1"}}, []),
        ({"type": "edit", "edit": {"message": text}}, []),
        ("x", []),
    ):
        assert for_agents("edit", {"original_message_id": "wamid.0", "message": now}) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (
            {
                "flow_token": "t",
                "screen_0_Voornaam_0": "Sanne",
                "akkoord": True,
                "dagen": ["ma", "di"],
            },
            "Ingevuld formulier:\nVoornaam: Sanne\nakkoord: ja\ndagen: ma, di",
        ),
        ({"flow_token": "t", "leeg": "", "diep": {"a": 1}, "niets": None}, "Ingevuld formulier:\n"),
        ("geen object", "Ingevuld formulier:\n"),
    ],
)
def test_the_answers_on_a_form_are_for_agents(given: Any, shown: str) -> None:
    """By their names, without what Meta puts around them."""
    reply = {"name": "flow", "body": "Sent", "response_json": json.dumps(given)}
    assert for_agents("interactive", {"type": "nfm_reply", "nfm_reply": reply}) == [shown]


@given(given=st.text() | st.none() | st.integers() | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
).map(json.dumps))  # fmt: skip
def test_no_form_breaks_it(given: Any) -> None:
    """Whatever a form sends back."""
    reply = {"type": "nfm_reply", "nfm_reply": {"response_json": given}}
    (shown,) = for_agents("interactive", reply)
    assert shown.startswith("Ingevuld formulier:")


def test_an_unknown_message_with_its_error_is_answered() -> None:
    """As Meta sends it: of what the customer wrote there is nothing but an error."""
    sent = message("wamid.1", "unknown", None)
    del sent["unknown"]
    sent["errors"] = [{"code": 131051, "title": "Message type unknown"}]
    found = parsed(notification(value(contacts=[contact()], messages=[sent])))
    assert [arrival.inbound.attachment for arrival in found.arrivals] == ["other"]
    assert found.strange == ()


@given(kind=st.text(max_size=60), within=st.none() | st.text(max_size=60))
def test_every_kind_is_an_act_or_is_answered_and_only_a_name_is_logged(
    kind: str, within: str | None
) -> None:
    """Whatever Meta comes up with; a name may hold anything, so that only an identifier counts."""
    sent = message("wamid.1", kind, {} if within is None else {"type": within})
    found = parsed(notification(value(contacts=[contact()], messages=[sent])))
    if not message_kinds.is_act(sent) and kind != "system":
        assert len(found.arrivals) == 1
    assert all(
        name == "unnamed" or re.fullmatch(r"\w{1,40}", name, re.ASCII) for name in found.strange
    )


@pytest.mark.parametrize("kind", ["hologram", "smell_o_gram"])
def test_what_nobody_knows_is_named(kind: str) -> None:
    """Alone, and as what Meta has no form for."""
    for sent in (message("1", kind, {}), message("1", "unsupported", {"type": kind})):
        found = parsed(notification(value(contacts=[contact()], messages=[sent])))
        assert found.strange == (kind,)


def test_a_customer_without_a_phone_number_is_known_by_id() -> None:
    """`from` and `wa_id` are missing; the id comes with the message, the contact, or both."""
    sent = message("wamid.1", "text", {"body": "Hoi"})
    del sent["from"]
    for keep in ({}, {"from_user_id": USER_ID}):
        bare = {key: each for key, each in sent.items() if key != "from_user_id"}
        data = notification(value(contacts=[contact(USER_ID, "")], messages=[{**bare, **keep}]))
        (arrival,) = parsed(data).arrivals
        assert (arrival.inbound.sender, arrival.phone) == (USER_ID, "")


def test_a_customer_from_before_the_ids_is_known_by_number() -> None:
    """Only `from`, with or without contacts."""
    sent = message("wamid.1", "text", {"body": "Hoi"})
    del sent["from_user_id"]
    for contacts in ([], [contact("", PHONE)]):
        (arrival,) = parsed(notification(value(contacts=contacts, messages=[sent]))).arrivals
        assert (arrival.inbound.sender, arrival.phone) == (PHONE, PHONE)


def test_two_customers_in_one_change_are_kept_apart() -> None:
    """Each message belongs to the contact with its own id or number."""
    one, two = (message(f"wamid.{n}", "text", {"body": "Hoi"}) for n in (1, 2))
    two |= {"from": NEW_PHONE, "from_user_id": NEW_ID}
    del one["from_user_id"], two["from"]
    contacts = [contact(NEW_ID, NEW_PHONE), contact()]
    arrivals = parsed(notification(value(contacts=contacts, messages=[one, two]))).arrivals
    senders = [(arrival.inbound.sender, arrival.phone) for arrival in arrivals]
    assert senders == [(USER_ID, PHONE), (NEW_ID, NEW_PHONE)]


def test_a_stranger_in_contacts_is_not_the_sender() -> None:
    """A contact with another id and number says nothing about who wrote."""
    sent = message("wamid.1", "text", {"body": "Hoi"})
    data = notification(value(contacts=[contact(NEW_ID, NEW_PHONE)], messages=[sent]))
    (arrival,) = parsed(data).arrivals
    assert (arrival.inbound.sender, arrival.phone) == (USER_ID, PHONE)


@pytest.mark.parametrize(
    ("sent", "move"),
    [
        (
            {
                "from": PHONE,
                "system": {"type": "user_changed_number", "wa_id": NEW_PHONE, "user_id": NEW_ID},
            },
            Move((PHONE,), NEW_ID, NEW_PHONE),
        ),
        (
            {"from": PHONE, "system": {"type": "user_changed_number", "wa_id": NEW_PHONE}},
            Move((PHONE,), NEW_PHONE, NEW_PHONE),
        ),
        (
            {
                "system": {
                    "type": "user_changed_user_id",
                    "body": f"User S. changed from {USER_ID} to {NEW_ID}",
                    "user_id": NEW_ID,
                }
            },
            Move((USER_ID,), NEW_ID),
        ),
        (
            {
                "from_user_id": USER_ID,
                "system": {"type": "user_changed_user_id", "user_id": NEW_ID},
            },
            Move((USER_ID,), NEW_ID),
        ),
    ],
)
def test_a_changed_number_moves_the_customer(sent: dict[str, Any], move: Move) -> None:
    """A system message says under which id the customer goes on; it is no turn."""
    whole = {"id": "wamid.1", "timestamp": "1795435200", "type": "system", **sent}
    assert parsed(notification(value(messages=[whole]))) == Update(moves=(move,))


def test_a_new_id_may_also_come_as_an_event_of_its_own() -> None:
    """The field `user_id_update`, apart from `messages`."""
    change = {"wa_id": NEW_PHONE, "user_id": {"previous": USER_ID, "current": NEW_ID}}
    data = notification(value(user_id_update=[change]), field="user_id_update")
    assert parsed(data).moves == (Move((USER_ID,), NEW_ID, NEW_PHONE),)


def test_all_entries_changes_messages_and_statuses_are_read() -> None:
    """A batch is read to its end, in order."""
    texts = iter(range(100))
    statuses = iter(("sent", "delivered", "read", "played", "failed", "pondered") * 4)

    def change() -> dict[str, Any]:
        messages = [message(f"wamid.{next(texts)}", "text", {"body": "x"}) for _ in range(2)]
        told = [{"id": "wamid.s", "status": next(statuses)} for _ in range(3)]
        return value(contacts=[contact()], messages=messages, statuses=told)

    data = notification(change(), change())
    data["entry"] += notification(change(), change())["entry"]
    found = parsed(data)
    assert [arrival.inbound.message_id for arrival in found.arrivals] == [
        f"wamid.{number}" for number in range(8)
    ]
    assert [receipt.status for receipt in found.receipts] == [
        "sent", "delivered", "read", "read", "failed",
    ] * 2  # fmt: skip


def test_a_failure_brings_its_code_and_our_own_id() -> None:
    """The code goes to `loket outbox`; the text, which may quote, does not."""
    told = {
        "id": "wamid.s",
        "status": "failed",
        "recipient_id": PHONE,
        "biz_opaque_callback_data": "12.0.1",
        "errors": [{"code": 131047, "title": "Re-engagement message"}],
    }
    found = parsed(notification(value(statuses=[told])))
    assert found.receipts == (Receipt("whatsapp", "wamid.s", "failed", "131047", "12.0.1"),)


def test_other_numbers_fields_and_groups_are_not_ours() -> None:
    """One app may serve several numbers and many fields."""
    sent = message("wamid.1", "text", {"body": "Hoi"})
    other = value(contacts=[contact()], messages=[sent])
    other["metadata"]["phone_number_id"] = "1"
    assert parsed(notification(other)) == Update()
    ours = value(contacts=[contact()], messages=[sent])
    assert parsed(notification(ours, field="smb_message_echoes")) == Update()
    group = value(contacts=[contact()], messages=[{**sent, "group_id": "g"}])
    assert parsed(notification(group)) == Update()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"nee", 400),
        (b'"x"', 400),
        (b"\xff\xfe{", 400),
        (b"[" * 100_000, 400),
        (b" " * (MAX_BODY + 1), 413),
    ],
)
def test_what_is_not_a_json_object_is_rejected(body: bytes, status: int) -> None:
    """With a status that says so."""
    with pytest.raises(Rejected) as caught:
        parsed(body)
    assert caught.value.status == status


@pytest.mark.parametrize(
    "timestamp", ["", "x", "-1", "99999999999", "0", None, 1e99, [], "١٧٩٥٤٣٥٢٠٠"]
)
def test_a_strange_time_is_no_time(timestamp: Any) -> None:
    """The message counts, its time does not."""
    assert received("text", {"body": "Hoi"}, timestamp=timestamp).sent_at is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "type", "from", "text", "body", "system", "user_id", "wa_id", "status", "errors",
             "interactive", "button_reply", "title", "code", "timestamp", "audio", "contacts"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(content=JSON, kind=st.sampled_from(["text", "system", "interactive", "audio", "button"]))
def test_no_shape_of_a_notification_is_an_error(content: Any, kind: str) -> None:
    """Anything in any place is read as far as it makes sense."""
    sent = {"id": "wamid.1", "from": PHONE, "type": kind, kind: content}
    for messages in ([sent], content, [content]):
        parsed(notification(value(contacts=content, messages=messages, statuses=[content])))
    parsed({"entry": content})
    parsed({"entry": [{"changes": content}]})
    parsed({"entry": [{"changes": [{"field": "messages", "value": content}]}]})


@pytest.mark.parametrize(
    ("kind", "content", "files"),
    [
        ("image", {"id": "77", "caption": "Kapot"}, (RemoteFile("77"),)),
        ("audio", {"id": "77", "voice": True}, (RemoteFile("77"),)),
        ("document", {"id": "77", "filename": "bon.pdf"}, (RemoteFile("77", "bon.pdf"),)),
        ("document", {"id": 77, "filename": ["x"]}, ()),
        ("video", {"id": "77"}, ()),
        ("sticker", {"id": "77"}, ()),
        ("text", {"body": "hoi", "id": "77"}, ()),
    ],
)
def test_only_what_a_person_can_be_shown_is_fetched(
    kind: str, content: dict[str, Any], files: tuple[RemoteFile, ...]
) -> None:
    """By Meta's id of it, with the name that the customer gave it."""
    assert received(kind, content).files == files
