"""The web chat in a real browser. Somebody backstage answers in the bot's place."""

from __future__ import annotations

import json
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from bot.messages import Choice, Media, Notice, Option, Quote, RatingRequest, Text
from tests.support.accessibility import accessible
from tests.support.chat_page import CHOICE, sees, write
from tests.support.webchat import ROOT, Backstage, Server, free_port, running

pytestmark = pytest.mark.browser

RATING = RatingRequest("Bent u geholpen?")
QUOTE = Quote(
    "Ja, dat kan.",
    "Binnen 30 dagen na de bezorging.",
    "Retourneren",
    "/kennis/retourtermijn",
    date(2026, 8, 3),
)
TO_HUMAN = Notice("U gaat nu naar een medewerker.", "to_human")


def focused(page: Page) -> str:
    """Accessible text of what has the focus inside the chat."""
    name: str = page.evaluate(
        """() => {
            const node = document.querySelector("loket-chat").shadowRoot.activeElement;
            return node ? node.id || node.className || node.textContent : "";
        }"""
    )
    return name


# The conversation


def test_a_question_and_its_answer(page: Page, backstage: Backstage) -> None:
    """The disclosure comes before the first answer; both sides stand in order."""
    write(page, "waar is mijn pakket?")
    backstage.answer("waar is mijn pakket?", Text("Wat is uw bestelnummer?"))
    sees(
        page,
        "waar is mijn pakket?",
        "U chat met een AI-assistent, geen mens.",
        "Wat is uw bestelnummer?",
    )


def test_the_notice_and_the_two_buttons_are_always_there(page: Page, backstage: Backstage) -> None:
    """On opening, in a conversation and scrolled up: who answers, a person, the transcript."""
    write(page, "hoi")
    backstage.answer("hoi", *(Text(f"regel {number}") for number in range(30)))
    sees(page, "regel 29")
    page.get_by_role("log").evaluate("log => { log.scrollTop = 0; }")
    for found in (
        page.get_by_text("U chat met een AI-assistent", exact=True),
        page.get_by_role("heading", name="Pakket & Plug – AI-assistent"),
        page.get_by_role("button", name="Spreek met een medewerker"),
        page.get_by_role("button", name="Gesprek opslaan"),
    ):
        expect(found).to_be_in_viewport(ratio=1)


def test_asking_for_a_person_is_one_tap(page: Page, backstage: Backstage) -> None:
    """The button says the escape word."""
    ask = page.get_by_role("button", name="Spreek met een medewerker")
    ask.click()
    backstage.wait_for("medewerker")
    # In the queue there is nothing more to ask, and focus does not go with the button.
    backstage.answer("medewerker", TO_HUMAN)
    backstage.say(Notice("U staat in de rij."), owner="queued")
    expect(ask).to_be_hidden()
    expect(page.get_by_label("Uw bericht")).to_be_focused()
    backstage.say(Notice("U praat weer met de AI-assistent.", "to_bot"), owner="bot")
    expect(ask).to_be_visible()


def test_a_person_looks_different_and_the_switch_is_announced(
    page: Page, backstage: Backstage
) -> None:
    """Name, colour and header change, all inside live regions; and back again."""
    write(page, "medewerker")
    backstage.answer("medewerker", TO_HUMAN)
    backstage.say(Text("Met Samira, goedemiddag."), author="human", owner="human")
    sees(page, "medewerker", "U chat met een AI-assistent, geen mens.", TO_HUMAN.text,
         "Met Samira, goedemiddag.")  # fmt: skip
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    human = log.locator(".from-human")
    expect(human.get_by_text("Medewerker")).to_be_visible()
    expect(page.locator(".identity")).to_have_text("U chat nu met een medewerker")
    expect(page.locator(".identity")).to_have_attribute("role", "status")
    backstage.say(Notice("U praat weer met de AI-assistent.", "to_bot"), Text("Ja?"), owner="bot")
    expect(page.locator(".identity")).to_have_text("U chat met een AI-assistent")
    colours = [
        log.locator(f".from-{author} .content").last.evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )
        for author in ("human", "bot", "customer")
    ]
    assert len(set(colours)) == 3


def test_waiting_is_said_without_pretending(
    tab: Callable[[], Page], context: BrowserContext, backstage: Backstage
) -> None:
    """A neutral line after a moment, another after eight seconds, gone with the answer."""
    context.clock.install()
    page = tab()
    page.get_by_role("button", name="Chat met de AI-assistent").click()
    waiting = page.locator(".waiting")
    write(page, "hoi")
    expect(waiting).to_have_text("Antwoord wordt opgehaald")
    expect(waiting).to_have_attribute("role", "status")
    context.clock.fast_forward(8_000)
    expect(waiting).to_contain_text("Het antwoord duurt langer dan normaal.")
    backstage.answer("hoi", Text("dag"))
    sees(page, "dag")
    expect(waiting).to_be_empty()


def test_nothing_that_is_said_becomes_html(page: Page, backstage: Backstage) -> None:
    """Text is text, whoever wrote it, and only safe addresses become links."""
    attack = '<img src=x onerror="alert(1)"><b>vet</b>'
    write(page, attack)
    backstage.answer(
        attack,
        Text(f"{attack} zie https://example.nl/pad."),
        Choice(attack, (Option(attack, "/a"),)),
        Quote(attack, attack, attack, "javascript:alert(1)"),
        Media(attack, "data:text/html,x", "image/png"),
        Notice(attack),
    )
    log = page.get_by_role("log")
    expect(log.locator(".notice").last).to_have_text(attack)
    expect(log.locator("img, b")).to_have_count(0)
    links = log.get_by_role("link").evaluate_all("all => all.map(link => link.href)")
    assert links == ["https://example.nl/pad"]


# Choices, ratings, sources


def test_a_choice_is_sent_once_and_then_inactive(page: Page, backstage: Backstage) -> None:
    """The tapped option is marked; none can be tapped again, also after a reload."""
    write(page, "hoi")
    backstage.answer("hoi", CHOICE)
    page.get_by_role("button", name="Iets anders").click()
    backstage.wait_for("Iets anders")
    for _ in range(2):
        expect(page.get_by_role("button", name="Bezorging verzetten")).to_be_disabled()
        expect(page.get_by_role("button", name="Iets anders (gekozen)")).to_be_disabled()
        page.reload()
    assert backstage.received() == ["hoi", "Iets anders"]


def test_a_newer_message_makes_old_options_inactive(page: Page, backstage: Backstage) -> None:
    """Typing instead of tapping ends the choice, here and in other tabs."""
    write(page, "hoi")
    backstage.answer("hoi", CHOICE)
    expect(page.get_by_role("button", name="Iets anders")).to_be_enabled()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Chat met de AI-assistent").click()
    expect(other.get_by_role("button", name="Iets anders")).to_be_enabled()
    write(page, "toch maar niet")
    for tab in (page, other):
        expect(tab.get_by_role("button", name="Iets anders")).to_be_disabled()


def test_an_unanswered_choice_survives_a_reload(page: Page, backstage: Backstage) -> None:
    """What is on the table stays on the table."""
    write(page, "hoi")
    backstage.answer("hoi", CHOICE)
    page.reload()
    page.get_by_role("button", name="Iets anders").click()
    backstage.wait_for("Iets anders")


def test_a_rating_is_one_tap_with_names_for_who_cannot_see_it(
    page: Page, backstage: Backstage
) -> None:
    """Five large buttons; the score is shown as one; then they are inactive."""
    write(page, "dank u")
    backstage.answer("dank u", RATING)
    names = [
        "1 van 5, slecht", "2 van 5, matig", "3 van 5, redelijk", "4 van 5, goed",
        "5 van 5, heel goed",
    ]  # fmt: skip
    for name in names:
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    page.get_by_role("button", name="4 van 5, goed").click()
    expect(page.get_by_role("log").get_by_text("Beoordeling: 4 van 5")).to_be_visible()
    backstage.wait_for("4")
    for _ in range(2):
        for name in names:
            expect(page.get_by_role("button", name=name)).to_be_disabled()
        page.reload()


def test_a_quote_shows_passage_source_and_date(page: Page, backstage: Backstage) -> None:
    """The link opens the page at the passage."""
    write(page, "mag het terug?")
    backstage.answer("mag het terug?", QUOTE)
    log = page.get_by_role("log")
    expect(log.locator("blockquote")).to_have_text(QUOTE.passage)
    expect(log.get_by_text("Gecontroleerd op 3 augustus 2026")).to_be_visible()
    link = log.get_by_role("link", name="Retourneren")
    href = link.get_attribute("href") or ""
    assert href.endswith("/kennis/retourtermijn#:~:text=Binnen%2030%20dagen%20na%20de%20bezorging.")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_document_is_a_link(page: Page, backstage: Backstage) -> None:
    """An image would be shown; a file is opened."""
    write(page, "pakbon")
    backstage.answer("pakbon", Media("Pakbon", "https://example.nl/p.pdf", "application/pdf"))
    expect(page.get_by_role("link", name="Pakbon (pdf)")).to_be_visible()


# Nothing lost, nothing doubled


def test_a_reload_brings_everything_back_once(page: Page, backstage: Backstage) -> None:
    """The conversation, the open panel and the draft; and it is not read aloud again."""
    write(page, "hoi")
    backstage.answer("hoi", Text("dag"))
    sees(page, "hoi", "dag")
    page.get_by_label("Uw bericht").fill("half getypt")
    page.reload()
    sees(page, "hoi", "U chat met een AI-assistent, geen mens.", "dag")
    expect(page.get_by_label("Uw bericht")).to_have_value("half getypt")
    write(page, "verder")
    backstage.answer("verder", Text("graag"))
    sees(page, "hoi", "dag", "verder", "graag")


def test_a_message_written_offline_arrives_once(page: Page, backstage: Backstage) -> None:
    """It waits, the banner says so, and it goes out when the network is back."""
    write(page, "eerst")
    backstage.answer("eerst", Text("ja"))
    sees(page, "ja")
    page.context.set_offline(True)
    expect(page.locator(".banner")).to_contain_text("Geen verbinding")
    write(page, "zonder net")
    write(page, "nog een")
    expect(page.get_by_text("Wordt verstuurd")).to_have_count(2)
    page.context.set_offline(False)
    backstage.answer("nog een", Text("daar bent u weer"))
    sees(page, "eerst", "ja", "zonder net", "nog een", "daar bent u weer")
    expect(page.locator(".banner")).to_be_empty()
    assert backstage.received() == ["eerst", "zonder net", "nog een"]


def test_a_message_survives_a_reload_before_it_was_sent(page: Page, backstage: Backstage) -> None:
    """Kept by the browser, sent by the next page, with the same id."""
    page.route("**/webchat/messages", lambda route: route.abort())
    write(page, "bewaar mij")
    expect(page.get_by_text("Wordt verstuurd")).to_be_visible()
    page.unroute("**/webchat/messages")
    page.reload()
    backstage.answer("bewaar mij", Text("bewaard"))
    sees(page, "bewaar mij", "bewaard")
    assert backstage.received() == ["bewaar mij"]


def test_an_answer_lost_on_the_way_doubles_nothing(page: Page, backstage: Backstage) -> None:
    """The server took it but the browser never heard: the same id goes out again."""
    lost: list[object] = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/webchat/messages", lose)
    # The route runs only while the browser is waited for, not while the database is.
    with page.expect_event("requestfailed"):
        write(page, "dubbel?")
    backstage.answer("dubbel?", Text("nee"))
    sees(page, "dubbel?", "nee")
    expect(page.get_by_text("Wordt verstuurd")).to_have_count(0)
    assert backstage.received() == ["dubbel?"]


def test_a_restart_of_the_server_goes_unnoticed(
    page: Page, server: Server, backstage: Backstage
) -> None:
    """What was said before, during and after it stands there once."""
    write(page, "voor")
    backstage.answer("voor", Text("antwoord voor"))
    sees(page, "antwoord voor")
    server.stop(signal.SIGKILL)
    write(page, "tijdens")
    expect(page.locator(".banner")).to_contain_text("Geen verbinding")
    backstage.say(Text("gezegd tijdens"))
    server.start()
    backstage.answer("tijdens", Text("antwoord tijdens"))
    sees(page, "voor", "antwoord voor", "gezegd tijdens", "tijdens", "antwoord tijdens")
    expect(page.locator(".banner")).to_be_empty()
    assert backstage.received() == ["voor", "tijdens"]


def test_tabs_show_one_conversation(
    page: Page, tab: Callable[[], Page], backstage: Backstage
) -> None:
    """Each message once in each tab, whichever sent it; a closed chat counts what is new."""
    write(page, "tab een")
    backstage.answer("tab een", Text("antwoord een"))
    other = tab()
    other.get_by_role("button", name="Chat met de AI-assistent").click()
    sees(other, "tab een", "antwoord een")
    write(other, "tab twee")
    backstage.answer("tab twee", Text("antwoord twee"))
    for shown in (page, other):
        sees(shown, "tab een", "antwoord een", "tab twee", "antwoord twee")
    for shown in (page, other):
        shown.keyboard.press("Escape")
    backstage.say(Text("nog iets"))
    expect(other.get_by_role("button", name="1 nieuw bericht")).to_be_visible()
    expect(other.get_by_role("status").get_by_text("1 nieuw bericht in de chat")).to_be_attached()


def test_an_expired_session_begins_a_new_conversation(page: Page, backstage: Backstage) -> None:
    """The customer is told; what was typed is not lost."""
    write(page, "oud gesprek")
    backstage.answer("oud gesprek", Text("oud antwoord"))
    sees(page, "oud antwoord")
    page.evaluate(
        """() => {
            const key = Object.keys(localStorage).find(key => key.endsWith(":session"));
            localStorage.setItem(key, JSON.stringify({token: "x.y", conversation: "z"}));
        }"""
    )
    write(page, "nieuw gesprek")
    backstage.answer("nieuw gesprek", Text("nieuw antwoord"))
    expect(page.get_by_text("Uw vorige gesprek is verlopen.")).to_be_visible()
    expect(page.get_by_text("nieuw antwoord")).to_be_visible()
    assert backstage.received() == ["oud gesprek", "nieuw gesprek"]


def test_a_server_that_asks_to_wait_is_obeyed(page: Page, backstage: Backstage) -> None:
    """429: the sentence is shown, and the message goes out after the pause.

    Also when the line comes back meanwhile, as the stream's first opening does.
    """
    asked: list[Request] = []

    def slow_down(route: Route) -> None:
        asked.append(route.request)
        if len(asked) == 1:
            body = json.dumps({"error": "Wacht 1 seconde."})
            route.fulfill(status=429, headers={"Retry-After": "1"}, body=body)
        else:
            route.continue_()

    page.route("**/webchat/messages", slow_down)
    write(page, "snel")
    expect(page.get_by_text("Wacht 1 seconde.")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Wordt verstuurd")).to_have_count(0)
    # By the browser's own clock: this process may look late.
    first, second = (each.timing["startTime"] for each in asked)
    assert second - first >= 950
    assert backstage.received() == ["snel"]


# For everybody


def test_every_state_is_accessible(
    page: Page, server: Server, backstage: Backstage, complaints: list[str]
) -> None:
    """No violation is found on the page, nor in any state of the chat."""
    page.emulate_media(reduced_motion="reduce")  # half faded in, no colour has its contrast
    accessible(page, "welcome")
    page.keyboard.press("Escape")
    accessible(page, "closed")
    page.keyboard.press("Enter")
    write(page, "hoi")
    expect(page.locator(".waiting")).to_have_text("Antwoord wordt opgehaald")
    accessible(page, "waiting")
    backstage.answer("hoi", Text("dag"), CHOICE, QUOTE)
    sees(page, "dag")
    accessible(page, "choice and quote")
    page.get_by_role("button", name="Iets anders").click()
    backstage.answer("Iets anders", RATING)
    page.get_by_role("button", name="4 van 5, goed").wait_for()
    accessible(page, "rating")
    page.get_by_role("button", name="4 van 5, goed").click()
    backstage.answer("4", TO_HUMAN)
    backstage.say(Text("Met Samira."), author="human", owner="human")
    sees(page, "Met Samira.")
    accessible(page, "human")
    page.get_by_label("Uw bericht").fill("a" * 10_001)
    accessible(page, "too long")
    page.context.set_offline(True)
    write(page, "zonder net")
    expect(page.locator(".banner")).to_contain_text("Geen verbinding")
    accessible(page, "offline")
    page.context.set_offline(False)
    page.set_viewport_size({"width": 320, "height": 640})
    accessible(page, "narrow")
    for path in ("/kennis", "/nee"):
        page.goto(f"{server.url}{path}")
        accessible(page, path)
    # axe tries an inline style of its own on the page, which the policy refuses.
    assert all("inline style" in complaint for complaint in complaints)
    complaints.clear()


def test_the_keyboard_is_enough(tab: Callable[[], Page], backstage: Backstage) -> None:
    """Open, ask, choose, rate and close without a mouse; focus never falls out of the chat."""
    page = tab()
    page.locator(".opener").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "input"
    page.keyboard.type("eerste regel")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("tweede regel")
    page.keyboard.press("Enter")
    backstage.answer("eerste regel\ntweede regel", CHOICE)
    page.get_by_role("button", name="Iets anders").wait_for()
    page.keyboard.press("Shift+Tab")
    assert "Iets anders" in page.evaluate(
        "document.querySelector('loket-chat').shadowRoot.activeElement.textContent"
    )
    page.keyboard.press("Space")
    backstage.answer("Iets anders", RATING)
    assert focused(page) == "input"
    page.get_by_role("button", name="5 van 5, heel goed").wait_for()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    backstage.wait_for("5")
    assert focused(page) == "input"
    page.keyboard.press("Escape")
    assert "opener" in focused(page)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_focus_order_follows_the_page(page: Page) -> None:
    """Close, a person, the transcript, the menu, the messages, the text field, send."""
    page.locator(".close").focus()
    seen = []
    for _ in range(11):
        seen.append(focused(page))
        page.keyboard.press("Tab")
    starters = ["option"] * 4
    assert seen == ["close", "tool person", "tool", "tool more", "log", *starters, "input", "send"]


@pytest.mark.parametrize(
    ("width", "height"),
    [(320, 640), (640, 430), (390, 844), (320, 256)],
    ids=["320 px", "200 %", "phone", "400 %"],
)
def test_narrow_and_zoomed(page: Page, backstage: Backstage, width: int, height: int) -> None:
    """Nothing is cut off sideways, and everything can be reached."""
    page.set_viewport_size({"width": width, "height": height})
    write(page, "hoi")
    backstage.answer("hoi", QUOTE, CHOICE, RATING, Text("lang" * 60))
    sees(page, "lang" * 60)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in (".panel", ".log", ".message >> nth=1", ".scores", "form"):
        overflow, box = page.locator(part).first.evaluate(
            "node => [node.scrollWidth - node.clientWidth, node.getBoundingClientRect().toJSON()]"
        )
        assert overflow <= 0, part
        assert box["left"] >= 0, part
        assert box["right"] <= width, part
    for found in page.get_by_role("button").all():
        found.scroll_into_view_if_needed()
        expect(found).to_be_in_viewport(ratio=0.9)


def test_no_motion_for_who_asked_for_none(chromium: Browser, server: Server) -> None:
    """prefers-reduced-motion switches the animation off."""
    with chromium.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(server.url)
        page.locator(".opener").click()
        style = "getComputedStyle(node)"
        found = page.locator(".panel").evaluate(f"node => {style}.animationName")
        assert found == "none"


def test_high_contrast_keeps_the_difference(chromium: Browser, server: Server) -> None:
    """With the reader's own colours, borders show where things are."""
    with chromium.new_context(forced_colors="active") as context:
        page = context.new_page()
        page.goto(server.url)
        page.locator(".opener").click()
        width = page.locator(".tool").first.evaluate("node => getComputedStyle(node).borderWidth")
        assert width == "1px"


def test_reading_back_is_not_disturbed(page: Page, backstage: Backstage) -> None:
    """Scrolled up, a new message only offers a button that leads to it."""
    write(page, "hoi")
    backstage.answer("hoi", *(Text(f"regel {number}") for number in range(30)))
    sees(page, "regel 29")
    log = page.get_by_role("log")
    log.evaluate("log => { log.scrollTop = log.scrollHeight; }")
    expect(page.locator(".newer")).to_be_hidden()
    log.evaluate("log => { log.scrollTop = 100; }")
    page.wait_for_timeout(100)
    backstage.say(Text("nieuws"))
    newer = page.get_by_role("button", name="Nieuw bericht")
    expect(newer).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == 100
    newer.click()
    expect(log.get_by_text("nieuws")).to_be_in_viewport()
    expect(newer).to_be_hidden()


def test_a_text_that_is_too_long_is_caught_while_typing(page: Page, backstage: Backstage) -> None:
    """A friendly hint, nothing cut off, and nothing sent."""
    field = page.get_by_label("Uw bericht")
    field.fill("a" * 10_034)
    expect(page.locator(".hint")).to_contain_text("34 tekens te lang")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.press("Enter")
    assert len(field.input_value()) == 10_034
    field.fill("b" * 9_500)
    expect(page.locator(".hint")).to_have_text("U kunt nog 500 tekens typen.")
    field.press("Enter")
    backstage.wait_for("b" * 9_500)
    assert len(backstage.received()) == 1


def test_the_conversation_can_be_kept(page: Page, backstage: Backstage, tmp_path: Path) -> None:
    """As a text file with a date in its name."""
    write(page, "hoi")
    backstage.answer("hoi", Text("dag"))
    sees(page, "dag")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Gesprek opslaan").click()
    name = waiting.value.suggested_filename
    assert re.fullmatch(r"gesprek-\d{4}-\d\d-\d\d\.txt", name)
    waiting.value.save_as(tmp_path / name)
    assert "AI-assistent: dag" in (tmp_path / name).read_text()


# In an organisation's own words


def test_an_organisations_own_words_reach_the_window(
    context: BrowserContext, tmp_path: Path
) -> None:
    """Under the strict policy, as text: what looks like HTML shows as it is written."""
    project = tmp_path / "project"
    for name in ("data", "credentials.yml", "config.yml", "domain.yml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name)
        else:
            shutil.copy(source, project / name)
    (project / "data" / "texts.yml").write_text(
        'webchat.widget.placeholder: "Typ je vraag"\n'
        'webchat.widget.mistakes: "Je kunt <b>altijd</b> een mens spreken."\n',
        encoding="utf-8",
    )
    with running(tmp_path, LOKET_ROOT=str(project)) as server:
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Chat").click()
        expect(page.get_by_placeholder("Typ je vraag")).to_be_visible()
        expect(page.get_by_text("Je kunt <b>altijd</b> een mens spreken.")).to_be_visible()
        page.close()


# On another website


@contextmanager
def website(loket: str, port: int) -> Iterator[str]:
    """A page elsewhere, with a strict policy of its own that lets Loket in, and one script tag."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; script-src {loket}; style-src {loket}; "
            self.send_header("Content-Security-Policy", f"{policy}connect-src {loket}")
            self.end_headers()
            self.wfile.write(
                '<!doctype html><html lang="nl"><title>Winkel</title><h1>Winkel</h1>'
                f'<script type="module" src="{loket}/webchat/loket-chat.js" '
                'data-title="Winkel" data-starters="Een vraag"></script>'.encode()
            )

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), partial(Site)) as site:
        thread = Thread(target=site.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{port}/"
        site.shutdown()
        thread.join()


def test_one_script_tag_embeds_it_elsewhere(context: BrowserContext, tmp_path: Path) -> None:
    """Under a strict policy, from another origin, dressed and working."""
    port = free_port()
    complaints: list[str] = []
    with running(tmp_path, LOKET_ALLOWED_ORIGINS=f"http://localhost:{port}") as server:
        backstage = Backstage(tmp_path)
        with website(server.url, port) as address:
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            page.goto(address)
            page.get_by_role("button", name="Chat").click()
            expect(page.get_by_role("heading", name="Winkel – AI-assistent")).to_be_visible()
            position = page.locator(".panel").evaluate("node => getComputedStyle(node).position")
            assert position == "fixed"
            page.get_by_role("button", name="Een vraag").click()
            backstage.answer("Een vraag", Text("Een antwoord"))
            sees(page, "Een vraag", "Een antwoord")
            page.close()
        backstage.close()
    assert [line for line in complaints if "favicon" not in line and "404" not in line] == []


def test_a_refused_website_is_told_why_once(context: BrowserContext, tmp_path: Path) -> None:
    """Its builder in the console, with the setting; its visitor in the chat; nothing is retried."""
    port = free_port()
    with running(tmp_path) as server, website(server.url, port) as address:
        page = context.new_page()
        told: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_role("button", name="Chat").click()
        expect(page.locator(".banner")).to_have_text("Deze website mag de chat niet gebruiken.")
        write(page, "hoi")
        expect(page.get_by_text("Niet verstuurd. Deze website mag")).to_be_visible()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Chat").click()
        page.wait_for_timeout(2_000)
        calls = [url for url in asked if "/webchat/" in url and not url.endswith((".js", ".css"))]
        assert calls == [f"{server.url}/webchat/session"]
        (line,) = [text for text in told if "LOKET_ALLOWED_ORIGINS" in text]
        assert f"http://localhost:{port}" in line
        page.close()
        assert "origin_refused" in server.log.read_text()
