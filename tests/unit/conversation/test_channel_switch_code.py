from __future__ import annotations

import pytest

from bot.conversation import channel_switch_code
from bot.messages import Choice, Inbound, Notice, Option, RatingRequest, Text
from channels.protocol import Reachable
from channels.sms import Kannel
from channels.telegram import Telegram
from channels.whatsapp import WhatsApp

#: What the assistant calls personal.
PERSONAL = frozenset({"verified_orders", "postcode", "noted_postcode"})
WHATSAPP = WhatsApp(
    token="t",
    phone_number_id="1",
    app_secret="s",
    verify_token="v",
    graph_url="https://graph.example/v1",
    number="+31 88 000 00 00",
)


def inbound(text: str, payload: str | None = None) -> Inbound:
    return Inbound("whatsapp", "a", "m", text, payload)


def test_a_code_is_easy_to_type_and_hard_to_guess() -> None:
    """All its bits count, and it is found again in what the customer sends."""
    codes = {
        channel_switch_code.new_code(1 << place) for place in range(channel_switch_code.BITS)
    } | {channel_switch_code.new_code(0)}
    assert len(codes) == channel_switch_code.BITS + 1
    for code in codes:
        assert len(code) == len("LOKET-7F3K-9QWM")
        assert not set(code.removeprefix("LOKET-")) & set("ILOU")
        assert channel_switch_code.code_in(inbound(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "LOKET-7F3K-90W1",
        "loket-7f3k-90w1",
        " Loket 7F3K 90W1 ",
        "loket7f3k90w1",
        "LOKET-7F3K-9OWL",
        "LOKET–7F3K–90WI",
        "Hallo, mijn code is LOKET-7F3K-90W1.",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    """In any case, with other dashes, O for 0 and I or L for 1, with words around it."""
    assert channel_switch_code.code_in(inbound(typed)) == "LOKET-7F3K-90W1"


@pytest.mark.parametrize(
    "typed",
    [
        "is het loket niet open",
        "loket 12",
        "LOKET-7F3K-90W1X",
        "LOKET-7F3K",
        "XLOKET-7F3K-90W1",
        "LOKET-7F3U-90W1",
        "LOKET-7F3K-90W1 " + "x" * 200,
        "",
    ],
)
def test_what_is_no_code(typed: str) -> None:
    """Ordinary words stay ordinary words."""
    assert channel_switch_code.code_in(inbound(typed)) is None


def test_a_tap_is_no_code() -> None:
    """Only what somebody sends as words."""
    assert channel_switch_code.code_in(inbound("LOKET-7F3K-90W1", "/affirm")) is None


def test_a_code_cannot_be_found_from_what_is_kept() -> None:
    """Without the secret, trying all codes finds nothing."""
    kept = channel_switch_code.hashed("LOKET-7F3K-90W1", "s" * 32)
    assert len(kept) == 64
    assert kept != channel_switch_code.hashed("LOKET-7F3K-90W1", "t" * 32)


def test_proof_of_who_somebody_is_stays_behind() -> None:
    """The order number goes along, not that its postcode was right; wrong tries do."""
    slots = {
        "order_number": "PP-100234",
        "verified_orders": ["PP-100234"],
        "postcode": "1234 AB",
        "refused_pairs": [["PP-100234", "1234 AC"]],
        "checked_slots": ["order_number", "postcode"],
        "verification_attempts": 2,
    }
    assert channel_switch_code.without_proof(slots, PERSONAL) == {
        "order_number": "PP-100234",
        "checked_slots": ["order_number"],
        "verification_attempts": 2,
    }
    for name, value, kept in (
        ("postcode", "1234 AB", None),
        ("checked_slots", ["order_number", "postcode"], ["order_number"]),
        ("order_number", "PP-1", "PP-1"),
    ):
        event = {"event": "slot", "name": name, "value": value}
        assert channel_switch_code.event_without_proof(event, PERSONAL)["value"] == kept
    said = {"event": "bot", "text": "hoi"}
    assert channel_switch_code.event_without_proof(said, PERSONAL) == said


def test_the_open_question_is_asked_again() -> None:
    """Not the code, nor what is about the conversation itself; something always is."""
    question = Choice("Welke dag?", (Option("Morgen", "/a"),))
    way = Text("Ga verder per sms: stuur LOKET-7F3K-90W1 naar 3010.")
    assert channel_switch_code.said_again([Notice("x"), Text("Goed."), question, way]) == (
        question,
    )
    assert channel_switch_code.said_again([way, RatingRequest("Cijfer?")]) == (
        channel_switch_code.nothing_open(),
    )


def test_each_way_says_what_to_do() -> None:
    """With the link or number, the code and how long it works."""
    code = "LOKET-7F3K-90W1"
    once = " De code werkt 15 minuten en één keer."
    assert channel_switch_code.directions("Stuur X naar 1.") == f"Stuur X naar 1.{once}"
    ways: dict[Reachable, str] = {
        WHATSAPP: f"Ga verder op WhatsApp: https://wa.me/31880000000?text={code} "
        f"Verstuur het bericht dat klaarstaat. Of stuur zelf {code} naar +31 88 000 00 00.",
        Kannel("http://a.example", "u", "p", "s", "3010"): f"Ga verder per sms: stuur {code} naar "
        "3010.",
        Telegram(token="1:a", secret="s", username="PakketBot"): "Ga verder op Telegram: "
        f"https://t.me/PakketBot?start={code} Tik daar op ‘Start’.",
    }
    for channel, way in ways.items():
        assert channel.directions(code) == way
    assert all(channel_switch_code.refusal(why).text for why in channel_switch_code.REASONS)
