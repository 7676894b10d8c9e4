"""`loket doctor` checks that every channel is set up; `loket webhook` registers webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

import click

from bot.cli import port_check, service_checks
from bot.desk.external import chatwoot
from bot.desk.external.chatwoot.client import Chatwoot
from bot.errors import ConfigurationError, LoketError
from bot.settings import Settings
from bot.settings_loading import load_settings
from channels import registry
from channels.protocol import Check, IsEmbedded, PushChannel, SetsWebhook

_OWN_MACHINE = ("127.0.0.1", "localhost", "::1")


@click.command()
def doctor() -> None:
    """Check database, model and workers, and each channel's configuration and reachability.

    Exit code 0 when all is well, 1 when something needs attention.
    """
    settings = load_settings()
    well = True
    for name, checks in asyncio.run(_examine(settings)):
        click.secho(name, bold=True)
        for check in checks:
            click.echo(f"  {'ok   ' if check.ok else 'WRONG'} {check.name}: {check.sentence}")
            well = well and check.ok
    if not well:
        raise LoketError("Not everything is well; the lines marked WRONG say what to do.")


@click.group()
def webhook() -> None:
    """Tell providers where Loket is."""


@webhook.command("set")
@click.argument("channel")
def set_(channel: str) -> None:
    """Register the webhook of CHANNEL at its provider.

    The address is LOKET_PUBLIC_URL, which the provider must be able to reach over https.
    """
    settings = load_settings()
    found = registry.load(settings.root).get(channel)
    if found is None:
        raise ConfigurationError(
            f"The channel {channel} is not configured; its variables are in {registry.FILE}."
        )
    if not isinstance(found, PushChannel):
        raise LoketError(f"The channel {channel} has no webhook.")
    if not isinstance(found, SetsWebhook):
        raise LoketError(
            f"The webhook of {channel} is set at its provider; see docs/channels/{channel}.md."
        )
    click.echo(asyncio.run(found.set_webhook(settings.public_url)))


async def _examine(settings: Settings) -> list[tuple[str, Sequence[Check]]]:
    known = registry.previews(settings.root)
    configured = registry.load(settings.root)
    address = public_address(settings.public_url, needed=bool(registry.push_channels(configured)))
    pushes = bool(registry.push_channels(configured))
    port = await port_check.check(settings)
    loket = [address, port, *await service_checks.checks(settings, pushes=pushes)]
    results: list[tuple[str, Sequence[Check]]] = [("loket", loket)]
    for name in sorted(known):
        channel = configured.get(name)
        if channel is None:
            sentence = f"Not configured; its variables are in {registry.FILE}. That is fine."
            results.append((name, [Check("configuration", True, sentence)]))
        elif isinstance(channel, PushChannel):
            configuration = Check("configuration", True, "All variables are set.")
            results.append((name, [configuration, *await channel.checks(settings.public_url)]))
        elif isinstance(channel, IsEmbedded):
            shared = settings.knows_customers
            results.append((name, [channel.websites(settings.allowed_origins, shared=shared)]))
        else:
            results.append((name, [Check("configuration", True, "Needs none.")]))
    results.append(("desk", await _examine_desk(settings)))
    return results


async def _examine_desk(settings: Settings) -> Sequence[Check]:
    config = chatwoot.config(settings)
    if config is None:
        return [Check("desk", ok=True, sentence="People answer at Loket's own desk, /desk.")]
    desk = Chatwoot(config)
    try:
        return await desk.checks(settings.public_url)
    finally:
        await desk.close()


def public_address(url: str, *, needed: bool) -> Check:
    """Checks that providers can be given this address.

    Args:
        url: Loket's public address.
        needed: whether a channel is configured whose provider calls it.
    """
    parts = urlsplit(url)
    name = "public address"
    if parts.scheme == "https" and parts.hostname not in _OWN_MACHINE:
        return Check(name, True, f"{url}.")
    if not needed:
        return Check(name, True, f"{url}; good enough for a chat on this machine.")
    return Check(
        name,
        False,
        f"{url} cannot be reached over https from elsewhere, and providers must. Set "
        "LOKET_PUBLIC_URL to the address of your proxy, such as https://chat.example.nl.",
    )
