"""What every page must be: without a violation that axe can find, and no wider than its window."""

from __future__ import annotations

from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: WCAG 2.1 AA, and what axe counts as good practice besides.
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
#: A desk's screen, a phone, and the narrowest that WCAG 2.1 asks for (1.4.10, Reflow), in pixels.
_WIDTHS: Final = (1280, 390, 320)


def accessible(page: Page, state: object = "") -> None:
    """No violation of WCAG 2.1 AA that axe can find; `state` names the page when there is one."""
    found = Axe().run(page, options={"runOnly": _RULES}).response["violations"]
    assert [(each["id"], [n["html"] for n in each["nodes"]]) for each in found] == [], state


def fits(page: Page, state: object = "") -> None:
    """Nothing to scroll sideways for."""
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0, state


def everywhere(page: Page) -> None:
    """Accessible, and nothing sticks out, on each width; the page is a desk's wide again then."""
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        accessible(page, width)
        fits(page, width)
    page.set_viewport_size({"width": _WIDTHS[0], "height": 900})
