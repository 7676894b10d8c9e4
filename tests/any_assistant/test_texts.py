"""Texts and code agree: every text that code says exists, and every text is said somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import bot.dialogue
from bot.dialogue.replies import OPTIONAL
from bot.dialogue.turn_message import CERTAIN, TurnMessage
from tests.support.any_assistant import DOMAIN, RESPONSES, ROOT, examples_of

FRAMEWORK = Path(bot.dialogue.__file__).parent
#: Responses that Rasa or the worker say by themselves.
_SAID_ELSEWHERE = {"utter_default", "utter_private_number"}
#: A name in code may be put together: `f"utter_question_{slot}"`.
_IN_CODE = re.compile(r'"(utter_(?!action)[^"]+)"')
_IN_RULES = re.compile(r"\baction: (utter_\w+)")


@cache
def _names() -> frozenset[str]:
    """Names of responses in code and rules; `{...}` stands for any."""
    own = [file.read_text(encoding="utf-8") for file in ROOT.glob("actions/**/*.py")]
    proves = any("(Proof)" in text for text in own)  # else nobody is asked for a proof of identity
    files = [
        file for file in FRAMEWORK.glob("**/*.py") if proves or file.name != "identity_proof.py"
    ]
    code = [*own, *(file.read_text(encoding="utf-8") for file in files)]
    rules = (file.read_text(encoding="utf-8") for file in ROOT.glob("data/**/*.yml"))
    said = {name for text in code for name in _IN_CODE.findall(text)}
    return frozenset(said | {name for text in rules for name in _IN_RULES.findall(text)})


def _as_pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{.*?\\\}", "[a-z_]+", re.escape(name)) + "(_again)?")


@pytest.mark.parametrize("name", sorted(name for name in _names() if "{" not in name))
def test_what_code_says_is_written(name: str) -> None:
    """A name without a text would be silence."""
    assert name in RESPONSES or name in OPTIONAL


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_what_is_written_is_said(name: str) -> None:
    """A text that nothing says is a mistake in its name."""
    assert name in _SAID_ELSEWHERE or any(_as_pattern(used).fullmatch(name) for used in _names())


@pytest.mark.parametrize("slot", sorted(DOMAIN["slots"]))
def test_every_question_has_its_refusals(slot: str) -> None:
    """A question that can be asked can be answered wrongly, twice in other words."""
    if any(name.startswith(f"utter_question_{slot}") for name in RESPONSES):
        assert f"utter_refusal_{slot}" in RESPONSES
        assert f"utter_refusal_{slot}_again" in RESPONSES


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_buttons_fit_on_a_phone(name: str) -> None:
    """WhatsApp's list has room for 10 rows of 24 characters; titles do not repeat."""
    for variant in RESPONSES[name]:
        titles = [button["title"] for button in variant.get("buttons", ())]
        assert len(titles) <= 10
        assert len(set(titles)) == len(titles)
        assert all(len(title) <= 24 for title in titles)


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_text_is_short(name: str) -> None:
    """It fits on a phone, and in two messages of SMS."""
    for variant in RESPONSES[name]:
        assert len(variant.get("text") or variant["custom"]["text"]) <= 320


@pytest.mark.parametrize("example", examples_of("cancel_task"))
def test_every_example_of_stopping_ends_a_form(example: str) -> None:
    """Understood for sure, that is; one word must say so by itself."""
    said = TurnMessage("cancel_task", CERTAIN, example, (), started=False, resumed=False, left=None)
    assert said.wants_out
