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


def told(*payloads: str) -> list[str]:
    """What is wrong with a response whose buttons send these."""
    buttons = [{"title": "x", "payload": each} for each in payloads]
    domain: dict[str, Any] = {
        "intents": ["track_order", {"affirm": {"use_entities": []}}],
        "responses": {"utter_topics": [{"text": "?"}, {"text": "?", "buttons": buttons}]},
    }
    return list(problems(domain, ContentLines(TEXT)))


def test_a_misspelt_intent() -> None:
    """With its line and what was likely meant; once, however many buttons send it."""
    (problem,) = told("/trak_order", '/trak_order{{"a": "b"}}')
    assert problem.startswith("domain.yml line 5: a button of utter_topics sends /trak_order")
    assert 'Is "/track_order" meant?' in problem


def test_what_leads_somewhere() -> None:
    """An intent, with values or not; what Loket or Rasa answers itself; and plain words."""
    payloads = ("/track_order", '/affirm{{"a": "b"}}', "/callback", "/resume_bot", "/restart", "ja")
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
