"""Gateways' requests become values; whatever is wrong with them becomes None."""

from __future__ import annotations

from datetime import UTC, datetime
from encodings.aliases import aliases
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import Inbound, RemoteFile
from channels.errors import FileGone
from channels.send_results import Receipt
from channels.sms import charsets, parse
from channels.sms.parse import Fields
from channels.sms.twilio import TwilioGateway

NUMBER = "+31612345678"


def twilio(**fields: str) -> Inbound | None:
    given = {"MessageSid": "SM1", "From": NUMBER, "Body": "hoi", "NumMedia": "0", **fields}
    return parse.twilio_message(Fields(urlencode(given)))


def kannel(text: bytes, charset: str = "UTF-8", **fields: str) -> Inbound | None:
    given = {"from": NUMBER, "to": "13013", "coding": "0", "id": "a-b", "ts": "1795455820"}
    query = urlencode({**given, "charset": charset, **fields})
    return parse.kannel_message(f"{query}&text={quote_from_bytes(text)}")


def test_twilio_message() -> None:
    """Sender, id and text."""
    assert twilio() == Inbound("sms", NUMBER, "SM1", "hoi")
    assert twilio(Body="a\r\nb\x00 ") == Inbound("sms", NUMBER, "SM1", "a\nb")


@pytest.mark.parametrize(
    ("media_type", "attachment"),
    [
        ("image/jpeg", "image"),
        ("audio/amr", "audio"),
        ("video/3gpp", "video"),
        ("text/vcard", "contacts"),
        ("application/pdf", "document"),
        ("", "document"),
    ],
)
def test_twilio_media(media_type: str, attachment: str) -> None:
    """A picture without words is told apart from an empty message; a caption is text."""
    inbound = twilio(NumMedia="1", MediaContentType0=media_type, Body="")
    assert inbound is not None
    assert (inbound.text, inbound.attachment) == ("", attachment)
    captioned = twilio(NumMedia="1", MediaContentType0=media_type, Body="kijk")
    assert captioned is not None
    assert captioned.text == "kijk"


@pytest.mark.parametrize("sender", ["", "Bank", "whatsapp:+31612345678", "+31 6", "1" * 30])
def test_senders_nobody_can_answer(sender: str) -> None:
    """A sender that is no number is ignored."""
    assert twilio(From=sender) is None
    assert kannel(b"x", **{"from": sender}) is None


def test_twilio_receipts() -> None:
    """Only what says something new; an error is a number."""
    fields = Fields("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005")
    assert parse.twilio_receipt(fields, "1.0.0") == Receipt(
        "sms", "SM1", "failed", "30005", "1.0.0"
    )
    fields = Fields("MessageSid=SM1&MessageStatus=delivered")
    assert parse.twilio_receipt(fields, "") == Receipt("sms", "SM1", "delivered")
    for body in ("MessageSid=SM1&MessageStatus=queued", "MessageStatus=sent", "", "MessageSid=SM1"):
        assert parse.twilio_receipt(Fields(body), "") is None
    fields = Fields("MessageSid=SM1&MessageStatus=failed&ErrorCode=%3Cb%3E")
    receipt = parse.twilio_receipt(fields, "")
    assert receipt is not None
    assert receipt.error == "failed"


def test_twilio_says_who_opted_out() -> None:
    """Error 21610 names its number."""
    to = quote_from_bytes(NUMBER.encode())
    assert parse.twilio_refused(Fields(f"To={to}&ErrorCode=21610")) == NUMBER
    assert parse.twilio_refused(Fields(f"To={to}&ErrorCode=30005")) is None


@pytest.mark.parametrize(
    ("text", "charset", "expected"),
    [
        ("hé 😀".encode(), "UTF-8", "hé 😀"),
        ("hé €".encode("cp1252"), "windows-1252", "hé €"),
        ("hé".encode("latin-1"), "ISO-8859-1", "hé"),
        ("€".encode(), "8-BIT", "€"),
        ("😀".encode("utf-16-be"), "UTF-16BE", "😀"),
        (b"", "UTF-8", ""),
        ("Привет".encode("koi8-r"), "KOI8-R", "Привет"),
        ("Zażółć".encode("iso-8859-2"), "ISO-8859-2", "Zażółć"),
        ("Zażółć".encode("utf-16-be"), "ISO-10646-UCS-2", "Zażółć"),
        ("hé".encode("utf-16"), "UTF-16", "hé"),
        ("hé".encode("utf-16-be"), "UTF-16", "hé"),
        ("hé".encode("cp037"), "IBM037", "hé"),
        ("hé".encode(), "GSM", "hé"),
        ("hé".encode(), "rot13", "hé"),
        ("hé".encode(), "unicode_escape", "hé"),
        (b"hex: 61", "hex", "hex: 61"),
        # Broken: what is UTF-8 as a whole is that; else it is seen that a byte was none.
        ("hé".encode(), "ascii", "hé"),
        (b"caf\xe9", "UTF-8", "caf\ufffd"),
        (b"caf\xe9", "", "café"),
        (b"\x00h\x00o\x00", "UTF-16BE", "ho\ufffd"),
        (b"+2AA-", "utf-7", "\ufffd"),
    ],
)
def test_kannel_text(text: bytes, charset: str, expected: str) -> None:
    """The bytes are read in the charset that Kannel names."""
    assert kannel(text, charset) == Inbound(
        "sms", NUMBER, "a-b", expected, sent_at=datetime.fromtimestamp(1795455820, UTC)
    )


@settings(max_examples=300)
@given(
    text=st.binary(max_size=60),
    charset=st.sampled_from(sorted(set(aliases.values()))) | st.text(max_size=45),
    coding=st.sampled_from(["", "0", "2", "9"]),
)
def test_whatever_charset_is_named_there_is_a_text(text: bytes, charset: str, coding: str) -> None:
    """One that can be stored; and what is really in a charset comes through."""
    assert charsets.read(text, charset, coding).encode("utf-8") is not None


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    charset=st.sampled_from(["utf-8", "UTF-16BE", "UTF-7", "GB18030", "UTF-32"]),
)
def test_what_is_written_in_a_charset_comes_through(text: str, charset: str) -> None:
    """Every character, in each charset that has them all."""
    assert charsets.read(text.encode(charset), charset, "0") == text


@pytest.mark.parametrize(
    ("coding", "charset", "header", "readable"),
    [
        ("0", "UTF-8", b"", True),
        ("1", "UTF-8", b"", False),
        ("1", "8-BIT", b"", False),
        ("", "binary", b"", False),
        ("2", "UTF-16BE", b"\x05\x00\x03\xcc\x02\x01", True),
        ("0", "UTF-8", b"\x06\x08\x04\x00\xcc\x02\x01", True),
        ("0", "UTF-8", b"\x06\x05\x04\x0b\x84\x23\xf0", False),
        ("0", "UTF-8", b"\x0b\x00\x03\xcc\x02\x01\x05\x04\x0b\x84\x23\xf0", False),
        ("0", "UTF-8", b"\x02\x70\x00", False),
        ("0", "UTF-8", b"\xff\x00", True),
    ],
)
def test_a_message_for_a_program_is_no_text(
    coding: str, charset: str, header: bytes, readable: bool
) -> None:
    """Parts of a long text are text; what has a port, or is data, is answered as unreadable."""
    inbound = kannel(b"BEGIN:VCARD", charset, coding=coding, udh=header.decode("latin-1"))
    assert inbound is not None
    assert charsets.is_text(coding, charset, header) == readable
    if header.isascii():
        expected = ("BEGIN:VCARD", None) if readable else ("", "other")
        assert (inbound.text, inbound.attachment) == expected


@given(header=st.binary(max_size=20))
def test_no_header_makes_it_fail(header: bytes) -> None:
    """A header says nothing when it is none."""
    assert charsets.is_text("0", "UTF-8", header) in (True, False)


@pytest.mark.parametrize("sender", [" 31612345678", "0031612345678", NUMBER])
def test_kannel_numbers(sender: str) -> None:
    """The ways in which an international number is written are one customer."""
    inbound = kannel(b"x", **{"from": sender})
    assert inbound is not None
    assert inbound.sender == NUMBER


def test_kannel_without_id_or_time() -> None:
    """A get-url without them works: the same request is the same message."""
    first, again, other = (
        parse.kannel_message(f"from=31612345678&text={text}&ts=x") for text in "aab"
    )
    assert first
    assert again
    assert other
    assert first.message_id == again.message_id != other.message_id
    assert first.sent_at is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [("1", "delivered"), ("2", "failed"), ("8", "sent"), ("16", "failed"), ("4", None), ("", None)],
)
def test_kannel_receipts(status: str, expected: str | None) -> None:
    """By our own id, the only one there is."""
    receipt = parse.kannel_receipt(f"key=12.0.0&status={status}")
    assert (receipt and receipt.status) == expected
    assert receipt is None or (receipt.key, receipt.provider_id) == ("12.0.0", "12.0.0")
    assert parse.kannel_receipt(f"status={status}") is None


@given(st.text())
def test_any_query_is_survived(query: str) -> None:
    """No bytes make a parser fail."""
    raw = query.encode("utf-8", "replace").decode("latin-1")
    parse.kannel_message(raw)
    parse.kannel_message(f"from=31612345678&text={raw}")
    parse.kannel_receipt(raw)
    parse.twilio_message(Fields(query))
    parse.twilio_receipt(Fields(query), query)


def test_the_files_of_an_mms() -> None:
    """All of them that a person can be shown; not a contact, and none without an address."""
    sent = twilio(
        NumMedia="3",
        MediaContentType0="image/jpeg",
        MediaUrl0="https://api.twilio.com/a",
        MediaContentType1="text/vcard",
        MediaUrl1="https://api.twilio.com/b",
        MediaContentType2="application/pdf",
        MediaUrl2="https://api.twilio.com/c",
        MediaContentType3="image/png",
    )
    assert sent is not None
    assert sent.files == (
        RemoteFile("https://api.twilio.com/a"),
        RemoteFile("https://api.twilio.com/c"),
    )


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/steal", "https://api.twilio.com/2010-04-01/Accounts.json", "", "x"],
)
async def test_only_files_of_twilio_are_fetched(address: str) -> None:
    """Nothing else is asked for with the account's token."""
    gateway = TwilioGateway("AC" + "0" * 32, "f" * 32, "+3197010123456", "http://127.0.0.1:9")
    with pytest.raises(FileGone):
        await gateway.fetch(address, 100)
