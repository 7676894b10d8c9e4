"""A website says which customer is there, and nobody sees another one's conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.messages import Text
from tests.support.accessibility import accessible
from tests.support.browsers import visitor
from tests.support.chat_page import sees, wipe, write
from tests.support.host_page import TAG, host_page, tells, told
from tests.support.site_tokens import SITE_SECRET, site_token
from tests.support.webchat import Backstage, Server, running

pytestmark = pytest.mark.browser

OPEN = TAG.replace(" data-title", " data-open data-title")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("web"), LOKET_WEBCHAT_SITE_SECRET=SITE_SECRET) as server:
        yield server


Come = Callable[..., Page]


@pytest.fixture
def come(context: BrowserContext, server: Server) -> Come:
    """Opens a page of the website; of a customer whom it has logged in when one is named."""

    def open_page(customer: str = "", browser: BrowserContext = context) -> Page:
        page = host_page(browser, server, OPEN)
        tells(page, "ready")
        if customer:
            assert identify(page, server, customer)
        return page

    return open_page


def identify(page: Page, server: Server, customer: str | None, **claims: Any) -> bool:
    said = {"token": site_token(server.url, customer, **claims)} if customer else None
    believed: bool = page.evaluate("said => loket.identify(said)", said)
    return believed


def shown(page: Page) -> str:
    return page.get_by_role("log").inner_text()


def test_a_customer_goes_on_at_another_device(
    chromium: Browser, come: Come, backstage: Backstage
) -> None:
    """One conversation wherever the customer has logged in; each hears what comes in elsewhere."""
    page = come("anna")
    write(page, "begonnen op de laptop")
    backstage.answer("begonnen op de laptop", Text("dag Anna"))
    sees(page, "begonnen op de laptop", "dag Anna")
    phone = visitor(chromium)
    there = come("anna", phone)
    sees(there, "begonnen op de laptop", "dag Anna")
    write(there, "verder op de telefoon")
    sees(page, "begonnen op de laptop", "dag Anna", "verder op de telefoon")
    assert told(there, "identified") == [{"known": True}]
    phone.close()


def test_logging_in_and_out_leaves_nothing_of_anybody_else(
    come: Come, server: Server, backstage: Backstage
) -> None:
    """A stranger's conversation, a customer's, another's: each sees the own one alone."""
    page = come()
    write(page, "als vreemde")
    backstage.answer("als vreemde", Text("dag vreemde"))
    sees(page, "als vreemde", "dag vreemde")
    page.get_by_label("Uw bericht").fill("half getypt")
    assert identify(page, server, "bram")
    expect(page.get_by_text("als vreemde")).to_have_count(0)
    expect(page.get_by_label("Uw bericht")).to_have_value("")
    write(page, "van Bram")
    backstage.answer("van Bram", Text("dag Bram"))
    sees(page, "van Bram", "dag Bram")
    assert identify(page, server, "carla")
    expect(page.get_by_text("van Bram")).to_have_count(0)
    write(page, "van Carla")
    backstage.answer("van Carla", Text("dag Carla"))
    sees(page, "van Carla", "dag Carla")
    assert identify(page, server, None)
    expect(page.get_by_text("van Carla")).to_have_count(0)
    assert [each["known"] for each in told(page, "identified")] == [True, False]
    write(page, "weer vreemd")
    backstage.answer("weer vreemd", Text("dag opnieuw"))
    sees(page, "weer vreemd", "dag opnieuw")
    assert not any(word in shown(page) for word in ("als vreemde", "Bram", "Carla"))


def test_the_next_page_shows_nothing_until_the_website_says_who_it_is(
    come: Come, server: Server, backstage: Backstage
) -> None:
    """A browser keeps no customer: whoever sits there next finds a stranger's chat."""
    page = come("dora")
    write(page, "van Dora")
    backstage.answer("van Dora", Text("dag Dora"))
    sees(page, "van Dora", "dag Dora")
    page.reload()
    tells(page, "ready")
    expect(page.get_by_text("Stel hier uw vraag.")).to_be_visible()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Dora" not in kept
    assert identify(page, server, "dora")
    sees(page, "van Dora", "dag Dora")


def test_logging_out_in_one_tab_counts_in_all(
    come: Come, server: Server, backstage: Backstage
) -> None:
    """So does logging in as somebody else."""
    page, other = come("eva"), come("eva")
    write(page, "van Eva")
    for each in (page, other):
        sees(each, "van Eva")
    identify(page, server, "frank")
    for each in (page, other):
        expect(each.get_by_text("van Eva")).to_have_count(0)
    assert identify(other, server, "eva")
    sees(other, "van Eva")
    identify(other, server, None)
    expect(other.get_by_text("van Eva")).to_have_count(0)
    assert [each["known"] for each in tells(page, "identified", 2)][-1] is False


def test_who_is_not_believed_chats_on_as_a_stranger(
    come: Come, server: Server, backstage: Backstage
) -> None:
    """One line in the console says why; a customer of before is one no longer."""
    page = come("gijs")
    write(page, "van Gijs")
    sees(page, "van Gijs")
    lines: list[str] = []
    page.on("console", lambda message: lines.append(message.text))
    assert not identify(page, server, "gijs", aud="https://elders.example")
    expect(page.get_by_text("van Gijs")).to_have_count(0)
    said = [line for line in lines if "Loket:" in line]
    assert len(said) == 1
    assert server.url in said[0]
    write(page, "toch een vraag")
    backstage.answer("toch een vraag", Text("toch een antwoord"))
    sees(page, "toch een vraag", "toch een antwoord")


def test_the_conversation_can_be_wiped_from_a_shared_computer(
    come: Come, backstage: Backstage
) -> None:
    """It asks once; then nothing of it is in this browser, in any tab, and a new one begins."""
    page = come()
    write(page, "geheim van Hans")
    backstage.answer("geheim van Hans", Text("dag Hans"))
    other = come()
    for each in (page, other):
        sees(each, "geheim van Hans", "dag Hans")
    page.bring_to_front()
    page.get_by_role("button", name="Meer").click()
    page.get_by_role("button", name="Gesprek wissen").click()
    expect(page.get_by_role("button", name="Nee")).to_be_focused()
    accessible(page, "the question")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Meer")).to_be_focused()
    sees(page, "geheim van Hans", "dag Hans")
    wipe(page)
    for each in (page, other):
        expect(each.get_by_text("geheim van Hans")).to_have_count(0)
    expect(page.get_by_text("Het gesprek is van dit apparaat gewist.")).to_be_visible()
    expect(page.get_by_label("Uw bericht")).to_be_focused()
    page.reload()
    tells(page, "ready")
    write(page, "wie is er nu")
    backstage.answer("wie is er nu", Text("iemand anders"))
    sees(page, "wie is er nu", "iemand anders")
    assert "Hans" not in shown(page)
    assert "geheim van Hans" in backstage.received()


def test_a_customer_who_wipes_stays_who_it_is(
    chromium: Browser, come: Come, server: Server, backstage: Backstage
) -> None:
    """The own conversation goes on, empty on this device for good, and whole on another one."""
    page, other = come("ida"), come("ida")
    write(page, "geheim van Ida")
    backstage.answer("geheim van Ida", Text("dag Ida"))
    for each in (page, other):
        sees(each, "geheim van Ida", "dag Ida")
    page.bring_to_front()
    wipe(page)
    for each in (page, other):
        expect(each.get_by_text("geheim van Ida")).to_have_count(0)
    expect(page.get_by_text("Uw gesprek gaat door.")).to_be_visible()
    assert told(page, "identified") == [{"known": True}]
    backstage.say(Text("Nog iets, Ida."))
    for each in (page, other):
        expect(each.get_by_text("Nog iets, Ida.")).to_be_visible()
    page.reload()
    tells(page, "ready")
    assert identify(page, server, "ida")
    sees(page, "Nog iets, Ida.")
    write(page, "verder als Ida")
    backstage.answer("verder als Ida", Text("goed, Ida"))
    sees(page, "Nog iets, Ida.", "verder als Ida", "goed, Ida")
    assert "geheim" not in shown(page)
    phone = visitor(chromium)
    there = come("ida", phone)
    sees(there, "geheim van Ida", "dag Ida", "Nog iets, Ida.", "verder als Ida", "goed, Ida")
    phone.close()


def test_what_was_wiped_stays_away_when_another_customer_was_there_meanwhile(
    come: Come, server: Server, backstage: Backstage
) -> None:
    """On a computer that two customers of the website share."""
    page = come("lotte")
    write(page, "geheim van Lotte")
    backstage.answer("geheim van Lotte", Text("dag Lotte"))
    sees(page, "geheim van Lotte", "dag Lotte")
    wipe(page)
    assert identify(page, server, "mees")
    write(page, "van Mees")
    sees(page, "van Mees")
    assert identify(page, server, "lotte")
    write(page, "verder als Lotte")
    backstage.answer("verder als Lotte", Text("goed, Lotte"))
    sees(page, "verder als Lotte", "goed, Lotte")
    assert "geheim" not in shown(page)


def test_what_was_wiped_before_it_was_heard_is_never_shown(
    come: Come, server: Server, backstage: Backstage
) -> None:
    """The line was down then: it is told as done, so it holds when the line is back.

    What is said meanwhile comes after it.
    """
    page = come("noor")
    write(page, "geheim van Noor")
    backstage.answer("geheim van Noor", Text("dag Noor"))
    sees(page, "geheim van Noor", "dag Noor")
    page.reload()
    tells(page, "ready")
    page.route("**/webchat/events*", lambda route: route.abort())
    assert identify(page, server, "noor")
    wipe(page)
    expect(page.get_by_text("Uw gesprek gaat door.")).to_be_visible()
    write(page, "verder als Noor")
    page.unroute("**/webchat/events*")
    backstage.answer("verder als Noor", Text("goed, Noor"))
    sees(page, "verder als Noor", "goed, Noor")
    page.reload()
    tells(page, "ready")
    assert identify(page, server, "noor")
    sees(page, "verder als Noor", "goed, Noor")
    assert "geheim" not in shown(page)


def test_what_was_wiped_before_anything_was_said_hides_nothing_later(
    come: Come, server: Server, backstage: Backstage
) -> None:
    """There is no place yet after which it goes on."""
    page = come("omar")
    wipe(page)
    write(page, "van Omar")
    backstage.answer("van Omar", Text("dag Omar"))
    sees(page, "van Omar", "dag Omar")
    page.reload()
    tells(page, "ready")
    assert identify(page, server, "omar")
    sees(page, "van Omar", "dag Omar")


def test_what_a_stranger_said_is_left_when_a_customer_logs_in(come: Come, server: Server) -> None:
    """Nobody can open it again, so the server hears that; but not of one who said nothing."""
    page = come()
    expect(page.get_by_text("Stel hier uw vraag.")).to_be_visible()
    wiped: list[str] = []
    page.on("request", lambda each: wiped.append(each.url) if "wipe" in each.url else None)
    assert identify(page, server, "jan")
    write(page, "van Jan")
    sees(page, "van Jan")
    assert identify(page, server, None)
    write(page, "van een vreemde")
    sees(page, "van een vreemde")
    assert wiped == []
    with page.expect_response("**/webchat/wipe") as heard:
        assert identify(page, server, "jan")
    assert heard.value.status == 204


def test_who_is_named_by_no_token_is_an_error_that_says_so(come: Come, server: Server) -> None:
    """Nothing is asked of the server, and whoever was logged in is nobody any more."""
    page = come("karel")
    write(page, "van Karel")
    for said in ("{}", "{ token: '' }", "{ token: 7 }", "undefined", "'x'"):
        sees(page, "van Karel")
        failed = "({ name, message }) => [name, message]"
        error = page.evaluate(f"loket.identify({said}).catch({failed})")
        assert error[0] == "TypeError", said
        assert "token is missing" in error[1], said
        expect(page.get_by_text("van Karel")).to_have_count(0)
        assert told(page, "identified")[-1] == {"known": False}
        assert identify(page, server, "karel")
