"""What `loket settings` shows: every setting with its meaning, default and present value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.environment import PREFIX
from bot.settings import Settings, documented
from bot.settings_loading import own_settings


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of `loket settings`.

    Attributes:
        env: name of the environment variable.
        default: what holds when it is not set, in words.
        meaning: what it does, with its unit.
        value: what holds now; secrets are hidden.
    """

    env: str
    default: str
    meaning: str
    value: str


def describe(settings: Settings) -> tuple[SettingRow, ...]:
    """Every setting, the assistant's own last, with secrets and passwords hidden."""
    framework = (
        SettingRow(
            env=PREFIX + item.name.upper(),
            default=item.metadata["default"],
            meaning=item.metadata["help"],
            value=_shown(getattr(settings, item.name), secret=item.metadata["secret"]),
        )
        for item in documented()
    )
    assistant = (
        SettingRow(
            env=PREFIX + each.name.upper(),
            default=each.default or "none",
            meaning=each.meaning,
            value=_shown(settings.own.get(each.name, ""), secret=each.secret),
        )
        for each in own_settings()
    )
    return (*framework, *assistant)


def _shown(value: object, *, secret: bool) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not secret:
        return str(value)
    text = str(value)
    if "://" not in text:
        return "(hidden)"
    # Of an address the place is shown, not the user and the password.
    return re.sub(r"(//)[^@/]*(@)|(password=)[^&]*", r"\1\3***\2", text)
