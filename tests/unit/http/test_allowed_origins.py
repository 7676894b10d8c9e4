from __future__ import annotations

import pytest

from bot.http.allowed_origins import Origins, origin_of

ORIGINS = Origins(["https://chat.example.nl", "https://www.winkel.nl:443", "http://localhost:3000"])


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "https://chat.example.nl",
        "https://www.winkel.nl",
        "HTTPS://WWW.WINKEL.NL",
        "http://localhost:3000",
    ],
)
def test_allowed(origin: str | None) -> None:
    """The list, however it is written, and requests of no other page."""
    assert ORIGINS.allow(origin)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://winkel.nl",
        "https://www.winkel.nl.evil.example",
        "http://www.winkel.nl",
        "http://localhost:3001",
        "https://www.winkel.nl:8443",
        "http://127.0.0.1:8080",
        "http://[::1",
        "http://",
        "http://a:b",
        "http://a:99999",
    ],
)
def test_refused(origin: str) -> None:
    """Scheme, host and port all count."""
    assert not ORIGINS.allow(origin)


def test_default_ports_are_left_out() -> None:
    """Browsers do so too."""
    assert origin_of("http://example.nl:80/pad") == "http://example.nl"
    assert origin_of("http://[::1]:8080") == "http://[::1]:8080"
