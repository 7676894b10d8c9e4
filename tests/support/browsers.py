"""Browsers of the tests: Dutch, in the Netherlands, and patient."""

from __future__ import annotations

from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, expect

#: Milliseconds. A machine that is busy with something else is no reason to fail.
PATIENCE: Final = 30_000

expect.set_options(timeout=PATIENCE)


def visitor(chromium: Browser, width: int = 1280, height: int = 860, **more: Any) -> BrowserContext:
    """Somebody's browser, of which nothing is known yet.

    Args:
        chromium: the program.
        width: of the window, in CSS pixels.
        height: of the window, in CSS pixels.
        more: what else `Browser.new_context` takes.
    """
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        **more,
    )
    context.set_default_timeout(PATIENCE)
    return context
