"""Buttons that depend on data, so that actions make them. All others are in domain.yml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypedDict

from bot.catalogue import say


class Button(TypedDict):
    """A button in Rasa's form."""

    title: str
    payload: str


def person() -> Button:
    """The button that leads to a person."""
    return {"title": say("button.person"), "payload": "/medewerker"}


def done() -> Button:
    """The button that ends the conversation."""
    return {"title": say("button.done"), "payload": "/goodbye"}


def none_of_these() -> Button:
    """The button of a customer to whom none of the choices applies."""
    return {"title": say("button.none_of_these"), "payload": '/inform{"none_of_these": "yes"}'}


def leave() -> Button:
    """The button that leaves the task."""
    return {"title": say("button.stop"), "payload": "/cancel_task"}


def button(title: str, intent: str, **entities: Any) -> Button:
    """Makes a button that comes back as an intent, with entities when given."""
    values = json.dumps(entities, ensure_ascii=False) if entities else ""
    return {"title": title, "payload": f"/{intent}{values}"}


def topics(domain: Mapping[str, Any]) -> dict[str, Button]:
    """The topics on offer: the buttons of `utter_topics` by intent, most used first.

    Args:
        domain: the assistant's domain, as actions get it.
    """
    variants = domain.get("responses", {}).get("utter_topics", [])
    buttons = variants[0].get("buttons", []) if variants else []
    return {
        item["payload"].lstrip("/").split("{")[0]: {
            "title": item["title"],
            "payload": item["payload"],
        }
        for item in buttons
    }
