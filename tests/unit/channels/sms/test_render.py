"""What customers get as text messages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import built_in_messages
from bot.messages import Choice, Media, Notice, Option, Outbound, Quote, RatingRequest, Text
from channels.sms import Sms
from channels.sms.segments import measure

YES_NO_STOP = (Option("Ja", "/affirm"), Option("Nee", "/deny"), Option("Stoppen", "/cancel_task"))


def shown(message: Outbound) -> list[str]:
    return [part["text"] for part in Sms.preview_only().render(message, "7")]


def test_a_choice_is_one_message() -> None:
    """Numbered lines under the question; "annuleer" leaves a task, as "stop" is the carrier's."""
    (text,) = shown(Choice("Klopt dit?", YES_NO_STOP))
    assert text.splitlines()[:4] == ["Klopt dit?", "1. Ja", "2. Nee", "3. Annuleer"]
    assert len(text.splitlines()) == 5


@pytest.mark.parametrize("quoted", ["‘stop’", "'stop'", "“stoppen”", '"stop"'])
def test_stop_is_never_offered(quoted: str) -> None:
    """A prompt that tells to type "stop" tells to type "annuleer"."""
    (text,) = shown(Text(f"Typ {quoted} als u iets anders wilt."))
    assert "annuleer" in text
    assert "stop" not in text


def test_the_rating_needs_one_digit() -> None:
    """The question says which digits; it does not speak of tapping."""
    (text,) = shown(built_in_messages.quiet())
    assert "tik" not in text
    assert measure(text).segments == 1
    (text,) = shown(RatingRequest("Bent u geholpen?"))
    assert "1" in text
    assert "5" in text


def test_a_quote_is_short() -> None:
    """The answer and where it stands; not the passage."""
    quote = Quote(
        "Retour is gratis.", "Long words. " * 30, "Retour", "https://x.nl/r", date(2026, 11, 23)
    )
    (text,) = shown(quote)
    assert text.startswith("Retour is gratis.\n")
    assert "https://x.nl/r" in text
    assert "Long words" not in text


def test_a_picture_is_its_address() -> None:
    """Words and a link."""
    assert shown(Media("Het label", "https://x.nl/l.png", "image/png")) == [
        "Het label\nhttps://x.nl/l.png"
    ]


def test_typography_does_not_double_the_price() -> None:
    """The disclosure fits two segments, because its quotation marks become GSM-7."""
    (part,) = Sms.preview_only().render(built_in_messages.disclosure())
    assert part["encoding"] == "GSM-7"
    assert part["segments"] == measure(part["text"]).segments <= 2


def test_a_long_reply_is_cut_at_sentences() -> None:
    """Each message stays within three segments; no word is lost."""
    sentence = "Dit is een zin over een pakket. "
    pieces = shown(Text(sentence * 40))
    assert len(pieces) > 1
    assert all(measure(piece).segments <= 3 for piece in pieces)
    assert all(piece.endswith(".") for piece in pieces)
    assert " ".join(pieces).split() == (sentence * 40).split()


def test_options_stay_together() -> None:
    """A long question comes first; the options stand in one message, numbered from 1."""
    options = tuple(Option(f"Onderwerp nummer {i}", f"/topic_{i}") for i in range(10))
    pieces = shown(Choice("Een lange vraag met veel woorden. " * 20, options))
    assert len(pieces) > 1
    assert not any("1. Onderwerp" in piece for piece in pieces[:-1])
    assert all(f"{i + 1}. Onderwerp nummer {i}" in pieces[-1] for i in range(10))
    assert all(measure(piece).segments <= 3 for piece in pieces)


@given(
    st.one_of(
        st.builds(Text, st.text(max_size=1500)),
        st.builds(Notice, st.text(max_size=300)),
        st.builds(
            Choice,
            st.text(max_size=800),
            st.lists(
                st.builds(Option, st.text(min_size=1, max_size=60), st.just("/x")),
                min_size=1,
                max_size=12,
            ).map(tuple),
        ),
    )
)
def test_whatever_is_said_fits(message: Outbound) -> None:
    """At least one message; none longer than Twilio takes."""
    parts = Sms.preview_only().render(message)
    assert parts
    assert all(len(part["text"]) <= 1600 for part in parts)


def test_the_preview_counts_segments() -> None:
    """`loket chat --channel sms` shows what it costs."""
    channel = Sms.preview_only()
    (part,) = channel.render(Text("Hallo 😀"))
    assert channel.preview(part) == "Hallo 😀\n(1 segment, UCS-2, 8 tekens)"
    (part,) = channel.render(Text("a" * 200))
    assert channel.preview(part).endswith("\n(2 segmenten, GSM-7, 200 tekens)")


def test_a_turn_is_one_message_where_it_fits() -> None:
    """Disclosure, answer and question go together; what is too long goes by itself."""
    channel = Sms.preview_only()
    said = (
        built_in_messages.disclosure(),
        Text("Uw pakket komt morgen."),
        Choice("Goed?", YES_NO_STOP),
    )
    (part,) = channel.join([part for message in said for part in channel.render(message)])
    assert "Uw pakket komt morgen." in part["text"]
    assert part["segments"] == measure(part["text"]).segments <= 3
    long = channel.render(Text("a" * 400))
    assert len(channel.join([*long, *long])) == 2
    assert channel.join(()) == ()
