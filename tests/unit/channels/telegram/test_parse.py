"""What updates of the Bot API mean for Loket."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import (
    Animation,
    Audio,
    Chat,
    Contact,
    Dice,
    Document,
    Location,
    Message,
    PhotoSize,
    Sticker,
    Update,
    User,
    Venue,
    Video,
    VideoNote,
    Voice,
)

from bot.errors import Rejected
from bot.messages import Inbound, RemoteFile
from channels.telegram import events, parse
from tests.support import telegram_updates as updates
from tests.support.telegram_updates import AT, CHAT

FILE = ("file", "unique")
PLACE = Location(4.9, 52.4)


def read(update: Update | dict[str, Any]) -> object:
    """What an update means."""
    return parse.update(
        json.dumps(update).encode() if isinstance(update, dict) else updates.body(update)
    )


def message(**fields: Any) -> dict[str, Any]:
    """A customer's message as raw JSON."""
    return {
        "message_id": 7,
        "date": int(AT.timestamp()),
        "chat": {"id": CHAT, "type": "private"},
        "from": {"id": CHAT, "is_bot": False, "first_name": "Noor"},
        **fields,
    }


def test_a_text_is_a_message_known_by_its_update() -> None:
    """Sender is the chat, the dedupe key is the update's number, the time is Telegram's."""
    expected = Inbound("telegram", str(CHAT), "9000001", "Waar is mijn pakket?", sent_at=AT)
    assert read(updates.message(9_000_001, "Waar is mijn pakket?")) == expected


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/start", parse.GREETING),
        ("/start actie_november", parse.GREETING),
        ("/start@loket_bot", parse.GREETING),
        ("/help", "help"),
        ("/help@loket_bot graag", "help graag"),
        ("/stop", "stop"),
        ("  hallo \n", "hallo"),
        ("stand 3/4 vol", "stand 3/4 vol"),
        ("/", "/"),
        ("/rate{}", "/rate{}"),
    ],
)
def test_commands_are_ordinary_words(typed: str, heard: str) -> None:
    """The app's own button "Start" is a greeting; every other command is the word it is."""
    event = read(updates.message(1, typed))
    assert isinstance(event, Inbound)
    assert (event.text, event.payload) == (heard, None)


@pytest.mark.parametrize(
    ("fields", "attachment"),
    [
        ({"voice": Voice(*FILE, duration=3)}, "voice"),
        ({"audio": Audio(*FILE, duration=3)}, "audio"),
        ({"photo": (PhotoSize(*FILE, width=1, height=1),)}, "image"),
        ({"video": Video(*FILE, width=1, height=1, duration=3)}, "video"),
        ({"video_note": VideoNote(*FILE, length=1, duration=3)}, "video"),
        ({"document": Document(*FILE)}, "document"),
        (
            {"sticker": Sticker(*FILE, 1, 1, is_animated=False, is_video=False, type="regular")},
            "sticker",
        ),
        ({"dice": Dice(3, "🎲")}, "sticker"),
        ({"location": PLACE}, "location"),
        ({"location": PLACE, "venue": Venue(PLACE, "Hier", "Straat 1")}, "location"),
        ({"contact": Contact("+31600000000", "Sam")}, "contacts"),
    ],
)
def test_what_cannot_be_read_is_named(fields: dict[str, Any], attachment: str) -> None:
    """Media, places and contacts come in as what they are, so that the reply can say so."""
    event = read(updates.message(1, **fields))
    assert isinstance(event, Inbound)
    assert (event.text, event.attachment) == ("", attachment)


def test_something_new_of_telegram_is_not_met_with_silence() -> None:
    """A message of a kind that the library does not know yet gets a reply too."""
    event = read({"update_id": 1, "message": message(hologram={"file_id": "x"})})
    assert isinstance(event, events.Strange)
    assert event.kind == "hologram"
    assert event.inbound is not None
    assert event.inbound.attachment == "other"


def test_changed_words_are_for_agents() -> None:
    """As the message now reads; a place that moves by itself says nothing."""
    event = read({"update_id": 1, "edited_message": message(text="ander woord")})
    assert isinstance(event, events.Edited)
    assert event.inbound.text == "Gewijzigd: ander woord"
    moved = message(location={"latitude": 52.4, "longitude": 4.9})
    assert read({"update_id": 1, "edited_message": moved}) is None


@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_a_topic_is_where_to_answer(kind: str) -> None:
    """The customer stays the chat; what they wrote is the same."""
    plain = read({"update_id": 1, kind: message(text="hoi")})
    event = read({"update_id": 1, kind: message(text="hoi", message_thread_id=42)})
    assert event == events.InTopic(plain, f"{CHAT}/42")  # type: ignore[arg-type]


def test_a_tap_in_a_topic_is_answered_there() -> None:
    """The message with the button names it."""
    tapped = json.loads(updates.body(updates.tap(5, "17.1", (42, "Klopt dit?", {"17.1": "Nee"}))))
    tapped["callback_query"]["message"]["message_thread_id"] = 7
    event = read(tapped)
    assert isinstance(event, events.InTopic)
    assert isinstance(event.event, events.Tap)
    assert event.address == f"{CHAT}/7"


@pytest.mark.parametrize(
    "fields",
    [
        {"pinned_message": message(text="hoi")},
        {"new_chat_members": [{"id": 5, "is_bot": False, "first_name": "Sam"}]},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"forum_topic_created": {"name": "Retour", "icon_color": 7322096}},
        {"write_access_allowed": {"from_request": True}},
        {"delete_chat_photo": True},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_a_customer_did_is_no_message(fields: dict[str, Any]) -> None:
    """Also where Telegram tells more of it than the library knows."""
    for more in ({}, {"seen_on": "the moon"}):
        assert read({"update_id": 1, "message": message(**fields, **more)}) is None


def test_something_new_beside_what_is_known_stands_in_no_way() -> None:
    """A field that says more of a message does not make it another one."""
    event = read({"update_id": 1, "message": message(text="hoi", mood="glad")})
    assert isinstance(event, Inbound)
    assert event.text == "hoi"


@given(kind=st.text(min_size=1, max_size=60))
def test_only_a_short_name_is_logged(kind: str) -> None:
    """The name comes from outside, and may hold anything."""
    event = read({"update_id": 1, kind: {"a": 1}})
    if isinstance(event, events.Strange):
        assert event.kind == "unnamed" or (event.kind == kind and len(kind) <= 40)


def test_a_caption_is_text() -> None:
    """The words below a picture count as typed."""
    photo = (PhotoSize(*FILE, width=1, height=1),)
    event = read(updates.message(1, photo=photo, caption="Deze is kapot"))
    assert isinstance(event, Inbound)
    assert (event.text, event.attachment) == ("Deze is kapot", "image")


def test_each_picture_of_an_album_is_kept() -> None:
    """With the file that an agent sees; where messages are taken together they get one answer."""
    found = []
    for number in range(10):
        photo = (PhotoSize("small", "s", 1, 1), PhotoSize(f"file {number}", "u", 9, 9))
        event = read(updates.message(number, photo=photo, media_group_id="13371337"))
        assert isinstance(event, Inbound)
        found.append(event)
    assert len({event.message_id for event in found}) == 10
    assert [event.files for event in found] == [
        (RemoteFile(f"file {number}"),) for number in range(10)
    ]


def test_only_what_a_person_can_be_shown_is_fetched() -> None:
    """A document with the name that the customer gave it; no film, sticker or place."""
    document = Document("doc", "u", file_name="factuur.pdf")
    event = read(updates.message(1, document=document))
    assert isinstance(event, Inbound)
    assert event.files == (RemoteFile("doc", "factuur.pdf"),)
    event = read(updates.message(2, animation=Animation("a", "u", 1, 1, 1), document=document))
    assert isinstance(event, Inbound)
    assert (event.attachment, event.files) == ("video", ())


def test_a_tap_names_its_option_by_reference() -> None:
    """The button's data is the payload that the store resolves; its title is the text."""
    shown = (42, "Klopt dit?", {"17.0": "Ja", "17.1": "Nee"})
    event = read(updates.tap(5, "17.1", shown))
    inbound = Inbound("telegram", str(CHAT), "5", "Nee", "17.1")
    assert event == events.Tap(inbound, "435", 42, "Klopt dit?")


def test_a_tap_on_an_old_message() -> None:
    """Telegram does not show messages of long ago; the tap counts all the same."""
    query = {
        "id": "9",
        "from": {"id": CHAT, "is_bot": False, "first_name": "Noor"},
        "chat_instance": "1",
        "data": "17.1",
        "message": {"message_id": 42, "date": 0, "chat": {"id": CHAT, "type": "private"}},
    }
    event = read({"update_id": 5, "callback_query": query})
    assert event == events.Tap(Inbound("telegram", str(CHAT), "5", "", "17.1"), "9", None, "")


def test_a_button_of_another_program_is_stale() -> None:
    """Data that Loket did not make leads nowhere, least of all to a payload."""
    event = read(updates.tap(5, "/medewerker"))
    assert isinstance(event, events.Tap)
    assert event.inbound.payload == "stale"


@pytest.mark.parametrize("blocked", [True, False])
def test_blocking_and_letting_in_again(blocked: bool) -> None:
    """Both are told apart."""
    event = read(updates.blocking(3, blocked=blocked))
    assert event == events.Blocking(str(CHAT), blocked)


def _elsewhere(kind: str) -> Update:
    chat = Chat(-100123, kind, title="Buurtapp")
    return Update(1, message=Message(1, AT, chat, from_user=updates.customer(), text="hoi"))


@pytest.mark.parametrize(
    "update",
    [
        *map(_elsewhere, ("group", "supergroup", "channel")),
        Update(1, channel_post=Message(1, AT, Chat(-1, "channel", title="x"), text="nieuws")),
        Update(1, edited_message=Message(1, AT, updates.private(), text="ander woord")),
        Update(
            1,
            message=Message(
                1, AT, updates.private(), from_user=User(3, "Robot", is_bot=True), text="hoi"
            ),
        ),
        {"update_id": 1},
        {"update_id": 1, "message_reaction": None},
        {"update_id": 1, "message": message()},
        {"update_id": 1, "message": message(delete_chat_photo=True)},
        {"update_id": 1, "message": message(text=5)},
    ],
    ids=str,
)
def test_what_is_none_of_a_bots_business(update: Update | dict[str, Any]) -> None:
    """Groups, channels, edits, other bots, and Telegram's own remarks are ignored."""
    assert read(update) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b"\xff"],
)
def test_what_is_no_update_is_refused(body: bytes) -> None:
    """A body that Telegram cannot have sent is a 400."""
    with pytest.raises(Rejected):
        parse.update(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = st.sampled_from(
    ["message_id", "date", "chat", "from", "text", "caption", "photo", "voice", "reply_markup"]
)


@settings(max_examples=300)
@given(
    kind=st.sampled_from(["message", "callback_query", "my_chat_member", "edited_message"]),
    changed=st.dictionaries(_FIELDS | st.sampled_from(["id", "data", "message"]), JSON),
)
def test_no_field_breaks_it(kind: str, changed: dict[str, Any]) -> None:
    """Whatever a field holds, the update is read, ignored, or known to be unreadable."""
    try:
        event = read({"update_id": 1, kind: message(**changed)})
    except parse.Unreadable:
        return
    event = event.event if isinstance(event, events.InTopic) else event
    inbound = event.inbound if isinstance(event, events.Tap) else event
    if isinstance(inbound, Inbound):
        assert isinstance(inbound.text, str)
        assert inbound.text or inbound.attachment or inbound.payload
