"""Words that drop a task drop the wait for a person too: one rule for both."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.dropping import drops, says_nothing
from bot.conversation.escape import normalise
from bot.conversation.leaving_queue import leaving

DROPS = (
    "laat maar", "laat dat dan maar zitten", "stop hier maar mee", "ik stop ermee", "vergeet het",
    "toch maar niet", "doe dan maar niet", "dan niet", "hou maar op", "wil stoppen",
)  # fmt: skip


@pytest.mark.parametrize("text", DROPS)
def test_both_hear_it(text: str) -> None:
    """Alone, with a filler before it and politeness behind it."""
    for said in (text, f"nee {text}", f"ach, {text} hoor", f"{text}, dank u wel"):
        assert drops(normalise(said))
        assert leaving(said) is not None


@pytest.mark.parametrize(
    "text", ["laat maar weten", "stop mijn abonnement", "dan niet op vrijdag", "ja", "nee hoor"]
)
def test_with_more_it_says_something_else(text: str) -> None:
    """What is let, stopped or denied; or nothing at all."""
    assert not drops(normalise(text))


@given(st.lists(st.sampled_from(["nee", "ja", "ok", "hoor", "dan", "ach"]), min_size=1))
def test_fillers_drop_nothing(words: list[str]) -> None:
    """However many."""
    assert says_nothing(" ".join(words))
    assert not drops(" ".join(words))


@pytest.mark.parametrize("word", ["maar", "dan", "toch", "nee", "laat", "stop"])
def test_a_long_row_of_words_takes_no_time(word: str) -> None:
    """Somebody may lean on a key."""
    began = time.monotonic()
    drops(" ".join(["laat", *[word] * 500, "maar", *[word] * 500, "x"]))
    drops(" ".join(["stop", *[word] * 1000, "x"]))
    assert time.monotonic() - began < 1
