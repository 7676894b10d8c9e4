"""The signing key that Loket makes for itself when none is given."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from bot.errors import ConfigurationError


def kept_secret(var_dir: Path) -> str:
    """The key in `<var_dir>/secret`; made at first use, readable by its owner only.

    Safe when several processes start at once: all get the same key.

    Raises:
        ConfigurationError: the folder or file cannot be read or written.
    """
    path = var_dir / "secret"
    try:
        if not path.exists():
            _make(path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"No permission to keep Loket's signing key in {path} ({error}). "
            "Make the folder writable, or set LOKET_VAR_DIR to another one."
        ) from error


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix="secret.", dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        # A link either makes the file whole or fails: nobody reads half a key, the first one wins.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
