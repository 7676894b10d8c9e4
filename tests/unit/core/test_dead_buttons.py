"""A button that sends an intent that is none is told before a customer taps it."""

from __future__ import annotations

from typing import Any

from bot.core.content_lines import ContentLines
from bot.core.dead_buttons import problems

TEXT = """\
responses:
  utter_topics:
    - text: "Waar gaat het over?"
      buttons:
        - {title: "Pakket", payload: /trak_order}
"""


def told(*payloads: str, text: str = TEXT) -> list[str]:
    """What is wrong with a response whose buttons send these."""
    buttons = [{"title": "x", "payload": each} for each in payloads]
    domain: dict[str, Any] = {
        "intents": ["track_order", {"affirm": {"use_entities": []}}],
        "entities": ["colour", {"light_fault": {"influence_conversation": False}}],
        "slots": {"size": {"type": "any"}},
        "responses": {"utter_topics": [{"text": "?"}, {"text": "?", "buttons": buttons}]},
    }
    return list(problems(domain, ContentLines(text)))


def test_a_misspelt_intent() -> None:
    """With its line and what was likely meant; once, however many buttons send it."""
    (problem,) = told("/trak_order", '/trak_order{{"size": "b"}}')
    assert problem.startswith("domain.yml line 5: a button of utter_topics sends /trak_order")
    assert 'Is "/track_order" meant?' in problem


def test_what_leads_somewhere() -> None:
    """An intent, with values or not; what Loket or Rasa answers itself; and plain words."""
    payloads = (
        "/track_order",
        '/affirm{{"size": "b"}}',
        "/callback",
        "/resume_bot",
        "/restart",
        "ja",
    )
    assert told(*payloads) == []


def test_a_button_below_an_anchor_is_told_once() -> None:
    """However many responses use it: it is written, and mended, in one place."""
    text = TEXT.replace("buttons:", "buttons: &ways") + (
        "  utter_more:\n    - text: Nog iets?\n      buttons: *ways\n"
    )
    buttons = [{"title": "x", "payload": "/trak_order"}]
    variants = [{"text": "?", "buttons": buttons}]
    domain = {"intents": [], "responses": {"utter_topics": variants, "utter_more": variants}}
    (problem,) = problems(domain, ContentLines(text))
    assert problem.startswith("domain.yml line 5: a button of utter_topics sends /trak_order")


TAPPED = """\
responses:
  utter_topics:
    - text: "Wat is er?"
      buttons:
        - {title: "Pakket", payload: /track_order}
        - {title: "Flikkert", payload: '/track_order{{"light_faul": "flickers"}}'}
"""


def test_a_misspelt_value() -> None:
    """With the line of its own button, and what was likely meant."""
    payloads = ("/track_order", '/track_order{{"light_faul": "flickers"}}')
    (problem,) = told(*payloads, text=TAPPED)
    assert problem.startswith(
        "domain.yml line 6: a button of utter_topics sends a value for light_faul"
    )
    assert 'Is "light_fault" meant?' in problem


def test_values_that_are_known() -> None:
    """An entity, a slot, what Loket reads itself; braces once or twice, and placeholders."""
    placeholders = '/affirm{{"light_fault": {size}, "size": "{of}"}}'
    assert told('/affirm{"colour": "red"}', placeholders) == []
    assert told('/affirm{{"date": "2026-11-30"}}', '/affirm{{"size": {{"high": 1}}}}') == []


def test_values_that_cannot_be_read() -> None:
    """They would be lost as well."""
    (problem,) = told('/affirm{{"colour": red}}')
    assert "which cannot be read" in problem
