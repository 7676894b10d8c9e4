"""Checks the options of a component in `config.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.exceptions import InvalidConfigException


def check_options(component: str, config: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """Refuses options that a component does not have: a misspelt one would do nothing, silently.

    Args:
        component: its name in `config.yml`.
        config: what Rasa gives the component.
        known: its options with their defaults.

    Raises:
        InvalidConfigException: there are others; the message names them and the known ones.
    """
    if unknown := sorted(config.keys() - known.keys()):
        raise InvalidConfigException(
            f"config.yml: {component} has no option {', '.join(unknown)}."
            f" It has: {', '.join(sorted(known)) or 'none'}."
        )


def number_option(
    component: str, config: Mapping[str, Any], option: str, least: float, most: float
) -> float:
    """An option that must be a number between two others, both allowed.

    Raises:
        InvalidConfigException: it is not.
    """
    value = config[option]
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise InvalidConfigException(
            f"config.yml: {option} of {component} must be a number from {least:g} to {most:g},"
            f" not {value!r}."
        )
    return float(value)
