"""The chat on pages of every kind: with rules for every element, from right to left, replaced."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from bot.messages import Text
from tests.support.chat_page import CHOICE, sees, write
from tests.support.webchat import Backstage, Server

pytestmark = pytest.mark.browser

Visit = Callable[[str], Page]

#: What resets and page builders say of every element, and what would take the chat apart.
RESET = """
* { margin: 7px; padding: 9px; border: 1px solid red; box-sizing: content-box; font: 30px serif;
    color: red; letter-spacing: 4px; text-transform: uppercase; text-align: right;
    position: relative; float: left; cursor: none; line-height: 3; pointer-events: none;
    user-select: none; }
body * { transform: scale(0.5); filter: blur(2px); opacity: 0.3; overflow: hidden; contain: strict;
    will-change: transform; perspective: 4px; }
"""


@pytest.fixture
def visit(context: BrowserContext, server: Server) -> Visit:
    """Opens a page that somebody else built, with the script tag in it."""

    def open_page(html: str) -> Page:
        page = context.new_page()
        script = '<script type="module" src="/webchat/loket-chat.js" data-title="Winkel"></script>'

        def serve(route: Route) -> None:
            route.fulfill(content_type="text/html; charset=utf-8", body=html + script)

        page.route("**/elders", serve)
        page.goto(f"{server.url}/elders")
        page.locator(".opener").wait_for()
        return page

    return open_page


def box(page: Page, part: str) -> dict[str, float]:
    found: dict[str, float] = page.locator(part).first.evaluate(
        "node => node.getBoundingClientRect().toJSON()"
    )
    return found


def look(page: Page, part: str) -> list[str]:
    """How a part looks, as far as a page's rules could change it."""
    found: list[str] = page.locator(part).first.evaluate(
        """node => ["font", "color", "letterSpacing", "textTransform", "textAlign", "direction",
                    "cursor", "lineHeight", "pointerEvents", "userSelect", "opacity"]
               .map(name => getComputedStyle(node)[name])"""
    )
    return found


PARTS = (".panel", ".top", "h2", ".tool", ".log", ".from-customer .content", "textarea", ".send")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_rules_for_every_element_change_nothing(
    visit: Visit, backstage: Backstage, direction: str
) -> None:
    """Size, place and look of each part are those on a page without a rule."""
    pages = [
        visit(f'<!doctype html><html lang="nl" dir="{way}"><style>{rules}</style><h1>Winkel</h1>')
        for way, rules in (("ltr", ""), (direction, RESET))
    ]
    found = []
    for page in pages:
        page.emulate_media(reduced_motion="reduce")  # a panel that rises has no place yet
        opener = box(page, ".opener")
        page.locator("loket-chat").evaluate("chat => chat.open()")
        if page is pages[0]:
            write(page, "hoi")
            backstage.answer("hoi", Text("dag"))
        sees(page, "hoi", "dag")
        style = page.locator("loket-chat").evaluate(
            "chat => ['opacity', 'filter'].map(name => getComputedStyle(chat)[name])"
        )
        found.append(
            [opener, style, [box(page, part) for part in PARTS], [look(page, p) for p in PARTS]]
        )
    plain, reset = found
    assert reset == plain


def test_a_page_can_hide_the_chat(visit: Visit) -> None:
    """What is said of the element itself still counts."""
    page = visit("<!doctype html><title>Winkel</title><h1>Winkel</h1>")
    page.add_style_tag(content="loket-chat { display: none }")
    expect(page.locator(".opener")).to_be_hidden()


def test_each_message_runs_in_its_own_direction(visit: Visit, backstage: Backstage) -> None:
    """Arabic from right to left, Dutch from left to right, on any page."""
    page = visit('<!doctype html><html dir="rtl" lang="ar"><title>Winkel</title><h1>Winkel</h1>')
    page.locator(".opener").click()
    for text, way in (("مرحبا، أين طردي؟", "rtl"), ("waar is het?", "ltr")):
        page.get_by_label("Uw bericht").fill(text)
        field = page.get_by_label("Uw bericht").evaluate("node => getComputedStyle(node).direction")
        write(page, text)
        said = page.locator(".from-customer .content", has_text=text)
        shown = said.evaluate("node => getComputedStyle(node).direction")
        assert (field, shown) == (way, way)
    backstage.wait_for("waar is het?")


def test_another_body_keeps_the_chat(visit: Visit, backstage: Backstage) -> None:
    """As Turbo navigates: open, with its conversation, each message once, however often."""
    page = visit("<!doctype html><title>Winkel</title><h1>Winkel</h1>")
    page.locator(".opener").click()
    write(page, "een")
    backstage.answer("een", Text("antwoord een"))
    for _ in range(3):
        page.evaluate(
            """() => {
                const body = document.createElement("body");
                body.append(document.createElement("main"));
                document.body.replaceWith(body);
            }"""
        )
        expect(page.locator("body > loket-chat")).to_have_count(1)
        expect(page.get_by_role("dialog")).to_be_visible()
    write(page, "twee")
    backstage.answer("twee", Text("antwoord twee"))
    sees(page, "een", "antwoord een", "twee", "antwoord twee")
    assert backstage.received() == ["een", "twee"]


def test_an_element_that_is_taken_out_is_quiet(visit: Visit, backstage: Backstage) -> None:
    """Its stream ends, nothing asks again, and only the page itself puts it back."""
    page = visit("<!doctype html><title>Winkel</title><h1>Winkel</h1>")
    page.locator(".opener").click()
    write(page, "hoi")
    backstage.answer("hoi", Text("dag"))
    sees(page, "hoi", "dag")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/events")):
        page.evaluate("(window.kept = document.querySelector('loket-chat')).remove()")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => {
            dispatchEvent(new Event("online"));
            dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.wait_for_timeout(500)
    assert asked == []
    expect(page.locator("loket-chat")).to_have_count(0)
    page.evaluate("document.body.append(window.kept)")
    backstage.say(Text("er weer"))
    sees(page, "hoi", "dag", "er weer")


def test_attributes_may_change_later(visit: Visit) -> None:
    """The title, the first sentence and the first questions follow."""
    page = visit("<!doctype html><title>Winkel</title><h1>Winkel</h1>")
    page.locator(".opener").click()
    expect(page.get_by_role("heading", name="Winkel – AI-assistent")).to_be_visible()
    page.evaluate(
        """() => Object.assign(document.querySelector("loket-chat").dataset,
            {title: "Bieb", intro: "Welkom in de bieb.", starters: "Lenen|Verlengen"})"""
    )
    expect(page.get_by_role("heading", name="Bieb – AI-assistent")).to_be_visible()
    expect(page.get_by_text("Welkom in de bieb.")).to_be_visible()
    expect(page.get_by_role("button", name="Verlengen")).to_be_visible()
    page.evaluate("() => { delete document.querySelector('loket-chat').dataset.title; }")
    expect(page.get_by_role("heading", name="AI-assistent", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "methods", [["getItem"], ["setItem"], ["getItem", "setItem", "removeItem", "key"]], ids="-".join
)
def test_storage_may_fail_at_anything(
    context: BrowserContext, tab: Callable[[], Page], backstage: Backstage, methods: list[str]
) -> None:
    """Reading as well as writing: the conversation goes on until the page is left."""
    context.add_init_script(
        f"""for (const name of {methods}) {{
            Storage.prototype[name] = () => {{ throw new DOMException("nee", "SecurityError"); }};
        }}"""
    )
    page = tab()
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    for text in ("een", "twee"):
        write(page, text)
        backstage.answer(text, Text(f"antwoord {text}"))
    sees(page, "een", "antwoord een", "twee", "antwoord twee")
    expect(page.get_by_text("Wordt verstuurd")).to_have_count(0)
    assert backstage.received() == ["een", "twee"]


def test_enter_in_an_input_method_sends_nothing(page: Page, backstage: Backstage) -> None:
    """It takes a suggestion; in Safari only the key's code tells."""
    field = page.get_by_label("Uw bericht")
    field.fill("konnichiwa")
    for composing, code in ((True, 13), (False, 229)):
        field.evaluate(
            """(field, [isComposing, keyCode]) => field.dispatchEvent(new KeyboardEvent("keydown",
                {key: "Enter", isComposing, keyCode, bubbles: true, cancelable: true}))""",
            [composing, code],
        )
    expect(field).to_have_value("konnichiwa")
    field.press("Enter")
    backstage.wait_for("konnichiwa")
    assert backstage.received() == ["konnichiwa"]


def test_the_second_click_of_a_double_click_chooses_nothing_new(
    context: BrowserContext, tab: Callable[[], Page], backstage: Backstage
) -> None:
    """An option that appeared under the pointer in between; a moment later it can be chosen."""
    context.clock.install()
    page = tab()
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    write(page, "hoi")
    backstage.answer("hoi", CHOICE)
    first = page.get_by_role("button", name="Iets anders")
    first.wait_for()
    context.clock.pause_at(page.evaluate("Date.now()") + 60_000)
    press = """node => node.dispatchEvent(new MouseEvent("click",
        {detail: 1, clientX: 300, clientY: 300, bubbles: true, composed: true}))"""
    first.evaluate(press)
    backstage.answer("Iets anders", CHOICE)
    second = page.get_by_role("button", name="Bezorging verzetten").last
    expect(second).to_be_enabled()
    second.evaluate(press)
    expect(second).to_be_enabled()
    context.clock.run_for(600)
    second.evaluate(press)
    backstage.wait_for("Bezorging verzetten")
    assert backstage.received() == ["hoi", "Iets anders", "Bezorging verzetten"]
