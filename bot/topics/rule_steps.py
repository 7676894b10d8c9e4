"""The steps of a rule in Rasa's form. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def steps_of(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The steps that are mappings, as they should all be; none of a rule without a list of them."""
    held = rule.get("steps")
    return [step for step in held if isinstance(step, Mapping)] if isinstance(held, list) else []
