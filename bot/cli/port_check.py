"""Who has the port of the settings: Loket itself, nobody, or another program."""

from __future__ import annotations

from typing import Final

from bot.errors import ConfigurationError
from bot.process.watchdog import answers
from bot.settings import Settings
from bot.web.listen_socket import listen
from channels.protocol import Check

#: Addresses that mean every one of a machine, each with one at which it can be asked.
_EVERY: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound


def reached_at(host: str) -> str:
    """The address at which this machine reaches what listens on a host."""
    return _EVERY.get(host, host)


async def check(settings: Settings) -> Check:
    """Asks there before it tries whether the port is free: a Loket that runs is no fault."""
    where, name = f"port {settings.port}", "web"
    if await answers(reached_at(settings.host), settings.port):
        return Check(name, ok=True, sentence=f"Loket answers on {where}.")
    try:
        listen(settings.host, settings.port).close()
    except ConfigurationError as error:
        return Check(name, ok=False, sentence=f"Loket does not answer. {error}")
    return Check(
        name, ok=True, sentence=f"Nobody listens on {where}; loket run, or loket web, can."
    )
