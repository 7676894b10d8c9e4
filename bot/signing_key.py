"""The signing key that Loket makes for itself when none is given, and hashes made with a key."""

from __future__ import annotations

import hmac
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


def keyed_hash(secret: str, purpose: str, *values: str) -> str:
    """The keyed hash of values: 64 hex digits from which nobody finds them without the secret.

    Args:
        secret: the installation's.
        purpose: what the hash is for; the same values under another purpose hash otherwise.
        values: what to hash; `("ab", "c")` and `("a", "bc")` are different values.
    """
    message = "".join(f"{len(value)}:{value}" for value in values)
    return hmac.new(f"loket.{purpose}.{secret}".encode(), message.encode(), "sha256").hexdigest()
