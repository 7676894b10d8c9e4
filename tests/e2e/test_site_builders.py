"""What the builder of a website may ask of the chat, and hears from it (docs/web-chat.md)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.messages import Choice, Option, Quote, RatingRequest, Text
from tests.support.accessibility import accessible, fits
from tests.support.chat_page import sees, write
from tests.support.host_page import TAG, host_page, tells
from tests.support.webchat import Backstage, Server

pytestmark = pytest.mark.browser


def tag(**attributes: str) -> str:
    more = "".join(f' data-{name}="{value}"' for name, value in attributes.items())
    return TAG.replace(' data-title="Winkel"', more)


def set_(page: Page, name: str, value: str | None) -> None:
    page.evaluate(
        """([name, value]) => {
            const chat = document.querySelector("loket-chat");
            if (value === null) chat.removeAttribute(name); else chat.setAttribute(name, value);
        }""",
        [f"data-{name}", value],
    )


def test_a_page_opens_closes_and_sends(
    context: BrowserContext, server: Server, backstage: Backstage
) -> None:
    """By `loket`; it hears of it by events that tell no word of the conversation."""
    page = host_page(context, server)
    tells(page, "ready")
    page.evaluate("loket.open()")
    expect(page.get_by_role("dialog")).to_be_visible()
    tells(page, "open")
    page.evaluate("loket.close()")
    expect(page.get_by_role("dialog")).to_be_hidden()
    tells(page, "close")
    page.evaluate("loket.send(' waar is mijn fiets? ')")
    backstage.answer("waar is mijn fiets?", Text("Dat zoek ik op."))
    sees(page, "waar is mijn fiets?", "Dat zoek ik op.")
    tells(page, "open", 2)
    mine, *_ = tells(page, "message")
    assert mine["author"] == "customer"
    page.evaluate("loket.close()")
    backstage.say(Text("Gevonden!"))
    assert tells(page, "unread") == [{"count": 1}]
    said = tells(page, "message", 3)
    assert {*said[-1]} == {"id", "author", "at"}
    assert said[-1]["author"] == "bot"
    assert "Gevonden" not in str(page.evaluate("told"))


def test_a_page_cannot_send_nothing_or_too_much(context: BrowserContext, server: Server) -> None:
    """The builder reads why; nothing is said in the customer's name."""
    page = host_page(context, server)
    tells(page, "ready")
    for call in ("loket.send('  ')", "loket.send(7)", "loket.send('x'.repeat(10001))"):
        kind = page.evaluate(f"{call}.then(() => 'sent', (error) => error.name)")
        assert kind in {"TypeError", "RangeError"}, call
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_attributes_hold_from_the_start_and_when_they_change(
    context: BrowserContext, server: Server
) -> None:
    """Side, open, language; what the customer typed stays."""
    page = host_page(context, server, tag(position="left", open="", lang="en"))
    panel = page.get_by_role("dialog")
    expect(panel).to_be_visible()
    assert panel.evaluate("node => node.getBoundingClientRect().left") < 40
    expect(page.get_by_text("You are chatting with an AI assistant")).to_be_visible()
    page.get_by_label("Your message").fill("half a question")
    accessible(page, "en")
    set_(page, "lang", "nl")
    expect(page.get_by_label("Uw bericht")).to_have_value("half a question")
    expect(panel).to_be_visible()
    set_(page, "position", "right")
    assert panel.evaluate("node => innerWidth - node.getBoundingClientRect().right") < 40
    set_(page, "open", None)
    expect(panel).to_be_hidden()
    set_(page, "open", "")
    expect(panel).to_be_visible()


def test_a_chat_that_the_customer_closed_stays_closed(
    context: BrowserContext, server: Server
) -> None:
    """On the next page of a website that has it open; on a phone it never covers the page."""
    page = host_page(context, server, tag(open=""))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Chat sluiten").click()
    page.reload()
    tells(page, "ready")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("sessionStorage.clear()")
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    tells(page, "ready")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_chat_is_ready_before_it_opens(context: BrowserContext, server: Server) -> None:
    """Whoever opens it: the attribute, or an earlier call; what is asked then comes last."""
    asks = """<script>
    document.addEventListener("loket:ready", () => loket.close());
    </script>"""
    early = TAG.replace('type="module" ', "").replace("loket-chat.js", "loket.js")
    opens = "<script>loket.open();</script>"
    page = host_page(context, server, f"{asks}{early}{opens}")
    tells(page, "close")
    assert page.evaluate("told.map(([type]) => type)")[:3] == [
        f"loket:{each}" for each in ("ready", "open", "close")
    ]
    page = host_page(context, server, tag(open=""))
    tells(page, "open")
    assert page.evaluate("told[0][0]") == "loket:ready"


def test_a_call_of_the_page_is_no_choice_of_the_customer(
    context: BrowserContext, server: Server
) -> None:
    """The next page decides anew, until the customer opens, closes or says something."""
    page = host_page(context, server, tag(open=""))
    panel = page.get_by_role("dialog")

    def again() -> None:
        page.reload()
        tells(page, "ready")

    expect(panel).to_be_visible()
    page.evaluate("loket.close()")
    expect(panel).to_be_hidden()
    again()
    expect(panel).to_be_visible()
    page.get_by_role("button", name="Chat sluiten").click()
    page.evaluate("loket.open()")
    expect(panel).to_be_visible()
    set_(page, "lang", "en")
    expect(page.get_by_label("Your message")).to_be_visible()
    again()
    expect(panel).to_be_hidden()
    page.evaluate("loket.open()")
    write(page, "ik ben er nog")
    sees(page, "ik ben er nog")
    page.evaluate("loket.close()")
    again()
    expect(panel).to_be_visible()


def test_english_labels_say_that_the_conversation_is_dutch(
    context: BrowserContext, server: Server, backstage: Backstage
) -> None:
    """A screen reader reads each in its own language (WCAG 3.1.2)."""
    page = host_page(context, server, tag(open="", lang="en"))
    page.get_by_label("Your message").fill("hello")
    page.get_by_label("Your message").press("Enter")
    backstage.answer("hello", Text("Goedemiddag."))
    said = page.locator(".from-bot .content")
    expect(said).to_have_text("Goedemiddag.")
    expect(said).to_have_attribute("lang", "nl")
    expect(page.locator(".frame")).to_have_attribute("lang", "en")
    expect(page.locator(".from-bot .byline")).to_contain_text("AI assistant")


def everything(page: Page, backstage: Backstage) -> None:
    """A conversation in which everything stands that has a colour."""
    write(page, "hoi")
    passage = "De winkel is open van 9 tot 17 uur."
    backstage.answer(
        "hoi",
        Choice("Wat wilt u?", (Option("Dit", "/a"), Option("Dat", "/b"))),
        Quote("Open", passage, "Openingstijden", "/kennis/open", date(2026, 11, 1), ((0, 9),)),
    )
    write(page, "dank")
    backstage.answer("dank", RatingRequest("Hoe ging het?", of="bot"))
    backstage.take("Samira", Text("Met Samira."), Choice("Mag ik?", (Option("Ja", "/y"),)))
    sees(page, "Met Samira.")


@pytest.mark.parametrize("how", ["dark", "auto", "light"])
def test_each_theme_can_be_read(
    context: BrowserContext, server: Server, backstage: Backstage, how: str
) -> None:
    """Contrast of every colour; `auto` is dark where the reader's system is, and follows it."""
    page = host_page(context, server, tag(open="", theme=how))
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    everything(page, backstage)
    paper = page.locator(".panel").evaluate("node => getComputedStyle(node).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") is (how == "light")
    if how == "dark":
        accessible(page, how)
    if how == "auto":
        page.emulate_media(color_scheme="light")
        expect(page.locator(".panel")).to_have_css("background-color", "rgb(255, 255, 255)")


def test_it_stands_in_the_page(
    context: BrowserContext, server: Server, backstage: Backstage
) -> None:
    """Inline: in the flow, always open, no button to open or close it; on a phone as well."""
    html = f'<loket-chat data-inline data-title="Winkel"></loket-chat><footer>Eronder</footer>{TAG}'
    page = host_page(context, server, html)
    panel = page.get_by_role("region", name="Winkel")
    expect(panel).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Chat"))).to_have_count(0)
    write(page, "hoi")
    backstage.answer("hoi", Text("dag"))
    sees(page, "hoi", "dag")
    page.keyboard.press("Escape")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        below = page.get_by_text("Eronder").evaluate("node => node.getBoundingClientRect().top")
        end = panel.evaluate("node => node.getBoundingClientRect().bottom")
        assert end <= below
        expect(page.get_by_role("heading", name="Winkel", exact=True)).to_be_visible()
        fits(page, width)
    accessible(page)


def test_a_page_dresses_it_by_parts_and_variables(context: BrowserContext, server: Server) -> None:
    """Those that the documentation names."""
    page = host_page(
        context,
        server,
        "<style>loket-chat { --loket-accent: rgb(90, 0, 90); --loket-font: monospace }"
        f"loket-chat::part(launcher) {{ border-radius: 3px }}</style>{TAG}",
    )
    opener = page.locator(".opener")
    expect(opener).to_have_css("border-radius", "3px")
    expect(opener).to_have_css("background-color", "rgb(90, 0, 90)")
    expect(opener).to_have_css("font-family", "monospace")


def test_a_classic_script_does_the_same(
    context: BrowserContext, server: Server, backstage: Backstage
) -> None:
    """In the head, with calls before there is anything."""
    page = host_page(
        context,
        server,
        '<script src="/webchat/loket.js" data-title="Winkel"></script>'
        "<script>loket.open(); loket.send('hoi');</script>",
    )
    expect(page.get_by_role("heading", name="Winkel – AI-assistent")).to_be_visible()
    backstage.answer("hoi", Text("dag"))
    sees(page, "hoi", "dag")
    expect(page.locator("loket-chat")).to_have_count(1)


#: In place of what no test can hear or see: sounds and notices of the system.
HEARD = """
window.heard = [];
class Sound { connect(to) { return to; } setValueAtTime() {} exponentialRampToValueAtTime() {}
  frequency = this; gain = this; start() { heard.push("sound"); } stop() {} }
window.AudioContext = class { createOscillator() { return new Sound(); }
  createGain() { return new Sound(); } };
window.Notification = class extends EventTarget { static permission = "default";
  static async requestPermission() { return (this.permission = window.verdict ?? "granted"); }
  constructor(words, options) { super(); heard.push([words, options]); } close() {} };
"""


def test_a_customer_may_hear_of_a_message(
    context: BrowserContext, server: Server, backstage: Backstage
) -> None:
    """By choice, while looking elsewhere, in one tab of several, and never what was said."""
    context.add_init_script(HEARD)
    page = host_page(context, server, tag(open=""))
    other = host_page(context, server, tag(open=""))
    write(page, "hoi")
    backstage.answer("hoi", Text("dag"))
    for each in (page, other):
        sees(each, "hoi", "dag")
    assert page.evaluate("heard") == []
    page.get_by_role("button", name="Meer").click()
    for name in ("Geluid bij een nieuw bericht", "Melding bij een nieuw bericht"):
        expect(page.get_by_role("switch", name=name)).not_to_be_checked()
        page.get_by_role("switch", name=name).click()
        expect(page.get_by_role("switch", name=name)).to_be_checked()
    accessible(page, "menu")
    assert page.evaluate("heard.splice(0)") == ["sound"], "so that it is known"
    other.evaluate("Notification.permission = 'granted'")  # a website's, not a page's
    for each in (page, other):
        each.evaluate("loket.close()")
    backstage.take("Samira", Text("geheim"))
    for each in (page, other):
        expect(each.get_by_role("button", name="Bericht van Samira")).to_be_visible()

    def heard(count: int) -> list[Any]:
        """What both tabs told, once there are so many sounds."""
        for _ in range(600):
            found = [*page.evaluate("heard"), *other.evaluate("heard")]
            if found.count("sound") >= count:
                break
            page.wait_for_timeout(50)
        assert found.count("sound") == count
        return [each[0] for each in found if each != "sound"]

    told = ["Nieuw bericht", "Bericht van Samira"]  # the announcement, and what she said
    assert sorted(heard(2)) == sorted(told)
    backstage.say(Text("nog een geheim"), author="human")
    assert sorted(heard(3)) == sorted([*told, "Bericht van een medewerker"])


def test_a_browser_that_allows_no_notices_is_obeyed(
    context: BrowserContext, server: Server
) -> None:
    """The customer reads why the choice stays off."""
    context.add_init_script(f"{HEARD} window.verdict = 'denied';")
    page = host_page(context, server, tag(open=""))
    page.get_by_role("button", name="Meer").click()
    page.get_by_role("switch", name="Melding bij een nieuw bericht").click()
    expect(
        page.get_by_text("Uw browser staat voor deze website geen meldingen toe.")
    ).to_be_visible()
    expect(page.get_by_role("switch", name="Melding bij een nieuw bericht")).not_to_be_checked()
