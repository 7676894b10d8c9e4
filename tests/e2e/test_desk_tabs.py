"""Many tabs of one agent, in a real browser: it keeps six connections to a host."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.desk_office import Office

pytestmark = pytest.mark.browser

#: More than the connections that a browser keeps to one host.
TABS = 8


def turn(page: Page, *, away: bool) -> None:
    """The agent turns to another tab, or back; a browser without a window shows all at once."""
    page.evaluate(
        """away => {
            Object.defineProperty(document, "hidden", { value: away, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )


def test_a_tab_that_nobody_looks_at_gives_up_its_line(office: Office) -> None:
    """However many are open, the next one works; who comes back to one sees what was missed."""
    talk = office.customer("mijn pakket is er niet")
    samira = office.browser("samira")
    tabs = []
    for _ in range(TABS):
        tabs.append(office.page(samira, f"/c/{talk}"))
        expect(tabs[-1].locator("#banner")).to_be_empty()
        turn(tabs[-1], away=True)
    turn(tabs[-1], away=False)
    office.writes(talk, "bent u er nog")
    expect(tabs[-1].locator("#lines")).to_contain_text("bent u er nog")
    for tab in tabs[1:-1]:
        expect(tab.locator("#lines")).not_to_contain_text("bent u er nog")
    turn(tabs[-1], away=True)
    turn(tabs[2], away=False)
    expect(tabs[2].locator("#lines")).to_contain_text("bent u er nog")
