"""Chatwoot as an external desk, through an inbox of the kind "API".

https://developers.chatwoot.com/api-reference; its webhooks are signed from version 4.13 on.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import ConfigurationError
from bot.settings import Settings

#: Name of this desk; ids of its people and messages begin with it.
NAME = "chatwoot"
#: Where Chatwoot calls, after the public URL.
PATH = "/webhooks/chatwoot"


@dataclass(frozen=True, slots=True)
class Config:
    """The address and keys of the Chatwoot that this installation uses.

    Attributes:
        url: its address.
        token: an access token of somebody who may see the inbox.
        account: number of the account.
        inbox: number of the API inbox.
        secret: signs the inbox's webhook.
    """

    url: str
    token: str
    account: int
    inbox: int
    secret: str


def config(settings: Settings) -> Config | None:
    """The configuration of this installation's Chatwoot, from its settings; None without one.

    Raises:
        ConfigurationError: some of the settings are there and others are not, or one is no number.
    """
    given = {
        "LOKET_CHATWOOT_URL": settings.chatwoot_url,
        "LOKET_CHATWOOT_TOKEN": settings.chatwoot_token,
        "LOKET_CHATWOOT_ACCOUNT": settings.chatwoot_account,
        "LOKET_CHATWOOT_INBOX": settings.chatwoot_inbox,
        "LOKET_CHATWOOT_SECRET": settings.chatwoot_secret,
    }
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return None
    if missing:
        present = next(name for name, value in given.items() if value)
        raise ConfigurationError(
            f"Chatwoot is set up by half: set {', '.join(missing)} as well (docs/chatwoot.md), or "
            f"unset {present} and its like to use Loket's own desk."
        )
    for name in ("LOKET_CHATWOOT_ACCOUNT", "LOKET_CHATWOOT_INBOX"):
        if not (given[name].isascii() and given[name].isdigit()):
            raise ConfigurationError(
                f"{name} is {given[name]!r}; it must be the number that Chatwoot shows in the "
                "address of its page (docs/chatwoot.md)."
            )
    return Config(
        settings.chatwoot_url,
        settings.chatwoot_token,
        int(settings.chatwoot_account),
        int(settings.chatwoot_inbox),
        settings.chatwoot_secret,
    )
