"""What is a plain yes, and what is not: of what nobody knows it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.consent import consents, digest, is_plain_yes, plain_answer
from bot.dialogue.questions import Prompt
from bot.dialogue.turn_message import TurnMessage

PLAIN = (
    "ja",
    "Ja!",
    "jaaaa",
    "ja hoor",
    "joa",
    "ok",
    "Oké, prima",
    "klopt",
    "ja, dat klopt",
    "alles klopt zo",
    "dat is goed hoor",
    "ja graag",
    "ja doe maar",
    "doe toch maar",
    "akkoord, dank u wel",
    "ja ga maar door",
    "ga maar door",
    "ja, gewoon verder gaan",
    "\U0001f44d",
    "\U0001f44d\U0001f3fc",
    "ja \U0001f44d",
    "top \U0001f642",
)
ATTACHED = (
    "ja maar ik wil eerst mijn man vragen",
    "ja bijna",
    "ja doe maar niet",
    "doe toch maar niet",
    "ja nee",
    "klopt dat wel?",
    "klopt dat?",
    "ja?",
    "dat klopt niet",
    "ja, maar pas morgen",
    "ja als het gratis is",
    "ok maar wat kost het",
    "ja morgen",
    "ja 12",
    "niet akkoord",
    "gewoon verder gaan",
    "gewoon verder",
    "maar gewoon",
    "doorgaan",
    "ja \U0001f621",
    "ja \U0001f914",
    "dank u wel",
    "hoor",
    "\U0001f64f",
    "\U0001f44e",
    "",
)


@pytest.mark.parametrize("text", PLAIN)
def test_words_that_say_yes(text: str) -> None:
    """With politeness, a thumb, or a letter more."""
    assert is_plain_yes(text)
    assert plain_answer(text) == "yes"


@pytest.mark.parametrize("text", ATTACHED)
def test_a_yes_with_anything_attached(text: str) -> None:
    """A condition, a question, a doubt, a picture that is no yes, or thanks alone."""
    assert not is_plain_yes(text)


@given(st.sampled_from(PLAIN), st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12))
def test_no_word_that_is_unknown_may_stand_beside_it(yes: str, word: str) -> None:
    """Unless it says yes or thanks itself, and then it is known."""
    if not is_plain_yes(f"ja {word}"):
        assert not is_plain_yes(f"{yes} {word}")
        assert not is_plain_yes(f"{word} {yes}")


@given(st.text(max_size=100))
def test_no_text_breaks_it(text: str) -> None:
    """Any script, any length."""
    assert is_plain_yes(text) in (True, False)
    assert plain_answer(text) in ("yes", "no", None)


def message(typed: str, intent: str | None, confidence: float = 1.0) -> TurnMessage:
    return TurnMessage(intent, confidence, typed, (), started=False, resumed=False, left=None)


def test_a_tap_is_a_yes_whatever_the_button_says() -> None:
    """Its payload says what it means; of typed words the classifier's opinion does not count."""
    assert consents(message("", "affirm"))
    assert not consents(message("", "deny"))
    assert not consents(message("zoiets", "affirm"))
    assert consents(message("ja hoor", "out_of_scope", 0.3))


def test_a_summary_has_one_name_and_another_has_another() -> None:
    """It tells nothing of what stands in it."""
    one = Prompt("utter_confirm", {"day": "vrijdag"})
    assert digest(one) == digest(Prompt("utter_confirm", {"day": "vrijdag"}))
    assert digest(one) != digest(Prompt("utter_confirm", {"day": "zaterdag"}))
    assert digest(one) != digest(Prompt("utter_other", {"day": "vrijdag"}))
    assert "vrijdag" not in digest(one)


@pytest.mark.parametrize("text", ["top bedankt", "perfect dank u", "Super, dankjewel!"])
def test_praise_with_thanks_is_no_yes(text: str) -> None:
    """It may say that all is done; the summary is asked about again."""
    assert not is_plain_yes(text)
    assert is_plain_yes(f"ja, {text}")
