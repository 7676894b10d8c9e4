"""What customers read when people come, go and close."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.conversation import announcements
from bot.conversation.closing_confirmation import ASK_TRANSCRIPT, confirmation, rating_of
from bot.messages import Notice

DAY = date(2026, 11, 2)
ROOT = Path(__file__).parents[3]


def test_the_confirmation_says_what_when_and_by_whom() -> None:
    """And how to get all of it, and how to go on."""
    said = confirmation("Retour aanmelden", "U krijgt een label", "Samira", "Pakket & Plug", DAY)
    assert said.text == (
        "Dit gesprek is afgesloten op maandag 2 november.\n"
        "Onderwerp: Retour aanmelden\n"
        "Afgesproken: U krijgt een label.\n"
        "U sprak met Samira van Pakket & Plug.\n"
        "Wilt u alles nalezen? Typ ‘gesprek bewaren’. Hebt u een nieuwe vraag? Typ die hier."
    )


@pytest.mark.parametrize("settled", ["Klaar.", "Goed zo!", "Belt u terug?", "  Klaar. \n"])
def test_the_agent_s_own_full_stop_is_enough(settled: str) -> None:
    """And an unknown topic has no line."""
    said = confirmation("", settled, "Samira", "Pakket & Plug", DAY).text
    assert f"\nAfgesproken: {settled.strip()}\n" in said
    assert "Onderwerp" not in said


def test_the_assistant_knows_the_words_that_it_tells_to_type() -> None:
    """Every word of them is in the examples of a request for the transcript."""
    data = YAML(typ="safe").load(
        (ROOT / "data" / "nlu" / "transcript_request.yml").read_text(encoding="utf-8")
    )
    (intent,) = (each for each in data["nlu"] if each.get("intent") == "transcript_request")
    examples = intent["examples"].lower()
    assert all(word in examples for word in ASK_TRANSCRIPT.split())


def test_the_person_is_rated_apart() -> None:
    """The options say whose score it is."""
    asked = rating_of("Samira")
    assert asked.of == "human"
    assert asked.text == "Hoe heeft Samira u geholpen? 1 is slecht, 5 is goed."
    assert asked.options[4].payload == '/rate{"score": 5, "of": "human"}'


def test_each_switch_is_announced() -> None:
    """In both directions, with the name of who is there."""
    assert announcements.taken("Samira", "Pakket & Plug") == Notice(
        "U chat nu met Samira van Pakket & Plug.", "to_human"
    )
    assert announcements.sent_back("Samira").notice == "to_bot"
    assert "AI-assistent" in announcements.sent_back("Samira").text


@pytest.mark.parametrize(
    ("opens", "ending"),
    [
        ("", "U bent aan de beurt."),
        ("morgen om 9.00 uur", "U krijgt antwoord vanaf morgen om 9.00 uur."),
    ],
)
def test_a_closed_team_is_no_promise(opens: str, ending: str) -> None:
    said = announcements.transferred("Bezorging", opens, "U bent aan de beurt.").text
    assert said.startswith("Uw vraag gaat naar een collega van Bezorging.")
    assert said.endswith(ending)


def test_an_answer_keeps_its_paragraphs() -> None:
    """Spaces around it and at the ends of lines go."""
    assert announcements.reply("  Goedemorgen  \r\n\r\nUw label komt. \n").text == (
        "Goedemorgen\n\nUw label komt."
    )
