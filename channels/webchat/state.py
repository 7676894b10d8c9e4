"""The state of the web chat in one web process, which its routes share."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.http.allowed_origins import Origins
from bot.http.rate_limit import Rate, RateLimit
from channels.services import Services
from channels.webchat.hub import Hub
from channels.webchat.refused_origins import RefusedOrigins
from channels.webchat.session import Sessions
from channels.webchat.site_tokens import SiteTokens


@dataclass(frozen=True, slots=True)
class WebChatLimits:
    """The rate limits of a customer, and of a network address (which many may share)."""

    messages: RateLimit = field(default_factory=lambda: RateLimit(Rate(60, 1)))
    files: RateLimit = field(default_factory=lambda: RateLimit(Rate(10, 0.1)))
    reads: RateLimit = field(default_factory=lambda: RateLimit(Rate(60, 1)))
    sessions_per_address: RateLimit = field(default_factory=lambda: RateLimit(Rate(100, 1)))
    requests_per_address: RateLimit = field(default_factory=lambda: RateLimit(Rate(600, 10)))


@dataclass(frozen=True, slots=True)
class WebChatState:
    """The web chat of one web process.

    Attributes:
        services: what every channel's routes get.
        sessions: issues and reads tokens.
        site_tokens: reads those of the website that shows the chat.
        origins: which pages may use the chat.
        hub: wakes this process's streams.
        limits: rate limits.
        refused: tells which websites were refused.
    """

    services: Services
    sessions: Sessions
    site_tokens: SiteTokens
    origins: Origins
    hub: Hub = field(default_factory=Hub)
    limits: WebChatLimits = field(default_factory=WebChatLimits)
    refused: RefusedOrigins = field(default_factory=RefusedOrigins)


def state(services: Services) -> WebChatState:
    """A new web chat for this installation's settings."""
    settings = services.settings
    return WebChatState(
        services,
        Sessions(settings.secret),
        SiteTokens(settings.webchat_site_secret, settings.public_url),
        Origins([settings.public_url, *settings.allowed_origins]),
    )
