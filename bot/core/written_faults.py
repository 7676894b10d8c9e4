"""Refuses content that Rasa would break on, or pass over, before Rasa reads it."""

from __future__ import annotations

from pathlib import Path

from bot.core import config_faults, content_lines, data_faults, domain_faults
from bot.core.generated_content import told
from bot.errors import ConfigurationError


def check(root: Path) -> None:
    """Refuses content with a part that is missing, misplaced or misspelt.

    Args:
        root: the assistant's folder.

    Raises:
        ConfigurationError: there is such a part; the message says which, where, and the way out.
    """
    for name in ("config.yml", "domain.yml", "data"):
        if not (root / name).exists():
            raise ConfigurationError(
                f"{root / name} is missing: Loket trains on config.yml, domain.yml and data/."
            )
    config_faults.check(root)
    lines = content_lines.read(root)
    found = [*domain_faults.problems(lines.domain), *data_faults.problems(lines.files)]
    if found:
        raise ConfigurationError(f"No model was trained. {told(found)}")
