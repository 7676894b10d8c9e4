from __future__ import annotations

import re
import string
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import Rejected
from bot.transcripts.transcript_links import TranscriptLinks

NOW = datetime(2026, 8, 4, 7, 30, tzinfo=UTC)
ID = "0123456789abcdef0123456789abcdef"
LINKS = TranscriptLinks("k" * 32, "https://chat.example.nl", timedelta(days=7))


def token(link: str) -> str:
    return link.rpartition("/")[2]


def test_a_link_opens_its_conversation() -> None:
    """The id's first digits come back, now and for seven days."""
    made = token(LINKS.make(ID, NOW))
    assert LINKS.read(made, NOW) == ID[:18]
    assert LINKS.read(made, NOW + timedelta(days=7)) == ID[:18]
    assert NOW + timedelta(days=7) <= LINKS.expires(made) < NOW + timedelta(days=7, hours=1)


@pytest.mark.parametrize("conversation", ["0" * 32, "f" * 32, ID])
def test_a_link_fits_a_text_message(conversation: str) -> None:
    """Letters and digits of one length: no phone cuts a sign off, and an SMS holds words too."""
    link = LINKS.make(conversation, NOW)
    assert re.fullmatch(r"https://chat\.example\.nl/gesprek/[0-9A-Za-z]{30}", link)
    assert LINKS.read(token(link), NOW) == conversation[:18]


def test_an_old_link_is_gone() -> None:
    """It says that it expired, which is not the same as wrong."""
    made = token(LINKS.make(ID, NOW))
    with pytest.raises(Rejected) as error:
        LINKS.read(made, NOW + timedelta(days=7, hours=1))
    assert error.value.status == 410
    assert made not in str(error.value)


def test_nobody_can_make_one() -> None:
    """One sign changed, at any place, opens nothing; nor does another installation's."""
    made = token(LINKS.make(ID, NOW))
    letters = string.digits + string.ascii_letters
    for place, letter in enumerate(made):
        other = letters[(letters.index(letter) + 1) % 62]
        with pytest.raises(Rejected) as error:
            LINKS.read(made[:place] + other + made[place + 1 :], NOW)
        assert error.value.status == 404
    foreign = TranscriptLinks("x" * 32, LINKS.public_url, LINKS.lasts)
    with pytest.raises(Rejected):
        LINKS.read(token(foreign.make(ID, NOW)), NOW)


@pytest.mark.parametrize("given", ["", "a", "z" * 30, "é" * 30, "0" * 31, "_" * 30, "0" * 30])
def test_what_is_no_token_is_refused(given: str) -> None:
    """Whatever stands in an address."""
    with pytest.raises(Rejected) as error:
        LINKS.read(given, NOW)
    assert error.value.status == 404
