"""The desk with two agents and a customer at once, each in a browser of their own."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update

from bot.messages import Text
from bot.store.conversation import conversations
from bot.store.delivery import outbox
from bot.store.desk import agents
from bot.store.handover import callbacks
from bot.store.handover.callbacks import CallbackRequest
from bot.store.history import linked_conversations
from bot.store.sql import tables
from tests.support import desk_people
from tests.support.accessibility import accessible, fits
from tests.support.browsers import visitor
from tests.support.chat_page import write
from tests.support.desk_page import Backroom, Worker, answer, log_in, open_menu, ready, working
from tests.support.webchat import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def people(server: Server) -> None:
    """A supervisor, two agents for everything, and one for deliveries only."""
    desk_people.add(server.folder, "els", "supervisor", name="Els")
    desk_people.add(server.folder, "samira", name="Samira")
    desk_people.add(server.folder, "joost", name="Joost")
    desk_people.add(server.folder, "bas", teams=["bezorging"], name="Bas")


@pytest.fixture(scope="module")
def worker(server: Server) -> Iterator[Worker]:
    with working(server) as worker:
        yield worker


@pytest.fixture(scope="module")
def backroom(server: Server) -> Iterator[Backroom]:
    backroom = Backroom(server.folder)
    yield backroom
    backroom.close()


@pytest.fixture(autouse=True)
def empty_queue(backroom: Backroom) -> Iterator[None]:
    """What a test left open is not another test's."""
    yield
    with backroom.database.begin() as conn:
        conn.execute(tables.handovers.delete())
        conn.execute(tables.callbacks.delete())
        conn.execute(update(tables.conversations).values(owner="bot"))


Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def desks(
    chromium: Browser, server: Server, people: None
) -> Iterator[Callable[[str], BrowserContext]]:
    """Browsers of people at the desk; each logs in once."""
    contexts: dict[str, BrowserContext] = {}

    def browser_of(login: str) -> BrowserContext:
        if login not in contexts:
            contexts[login] = context = visitor(chromium, width=1400)
            page = context.new_page()
            log_in(page, server.url, login)
            page.close()
        return contexts[login]

    yield browser_of
    for context in contexts.values():
        context.close()


@pytest.fixture
def enter(
    desks: Callable[[str], BrowserContext], server: Server, complaints: list[str]
) -> Iterator[Enter]:
    """Opens a page of the desk as somebody."""
    pages: list[Page] = []

    def open_page(login: str, path: str = "/desk", wide: int = 1400) -> Page:
        page = desks(login).new_page()
        page.set_viewport_size({"width": wide, "height": 860})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )
        page.goto(server.url + path)
        pages.append(page)
        if page.locator("#desk").count():
            ready(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []


Customer = Callable[[str], str]


@pytest.fixture
def customer(page: Page, worker: Worker, backroom: Backroom) -> Customer:
    """A customer who writes in the web chat and is handed over; gives the conversation's id."""

    def come(text: str, **handed: str) -> str:
        write(page, text)
        sees(page, f"echo {text}.")
        return backroom.hand_over(text, **handed)  # type: ignore[arg-type]

    return come


def sees(page: Page, text: str) -> None:
    """Words in the customer's chat, or in the agent's conversation."""
    expect(page.get_by_role("log").get_by_text(text).last).to_be_visible()


def said_once(page: Page, text: str) -> None:
    """A reply stands in the agent's conversation, once, and is not on its way any more."""
    expect(page.locator("#lines").get_by_text(text, exact=True)).to_have_count(1)
    expect(page.locator("#pending")).to_be_empty()


def take(page: Page, talk: str) -> None:
    """One click in the queue."""
    page.locator(f"#take-{talk}").click()
    page.wait_for_url(f"**/c/{talk}")
    expect(page.get_by_label("Uw antwoord")).to_be_visible()
    ready(page)


def settle(page: Page, words: str) -> None:
    """The agent closes."""
    page.get_by_text("Sluit af", exact=True).first.click()
    page.get_by_label("Wat is er afgesproken?").fill(words)
    page.locator("#menu-close").get_by_role("button", name="Sluit af").click()
    expect(page.locator(".state-closed")).to_contain_text(words)


def test_a_private_number_is_seen_by_who_asked_for_it(
    enter: Enter, customer: Customer, page: Page, backroom: Backroom
) -> None:
    """Masked unasked, read once after "Vraag IBAN", masked again; the log says who asked."""
    samira = enter("samira")
    talk = customer("ik wil mijn geld terug")
    take(samira, talk)
    facts = samira.locator("#summary .facts").first
    expect(facts).to_contain_text("Gecontroleerd")
    expect(facts.locator(".badge-good")).to_have_text("PP-100871")
    write(page, "mijn rekening is NL91 ABNA 0417 1643 00")
    sees(samira, "mijn rekening is [rekeningnummer]")
    sees(page, "Voor uw veiligheid is het rekeningnummer uit het bericht gehaald.")
    samira.locator("#menu-number > summary").click()
    samira.get_by_role("button", name="Vraag IBAN").click()
    sees(page, "Samira vraagt uw rekeningnummer (IBAN).")
    sees(samira, "Samira vroeg de klant om: rekeningnummer (IBAN). Sturen kan tot")
    write(page, "het is NL91 ABNA 0417 1643 00")
    sees(samira, "het is NL91 ABNA 0417 1643 00")
    write(page, "klopt NL91 ABNA 0417 1643 00?")
    sees(samira, "klopt [rekeningnummer]?")
    assert sum("NL91" in text for text in backroom.heard(talk)) == 1


def test_from_the_queue_to_a_rating(
    enter: Enter, customer: Customer, page: Page, backroom: Backroom
) -> None:
    """Both agents see who waits; one takes, they talk, the bot is silent, the end is rated."""
    samira, joost = enter("samira"), enter("joost")
    talk = customer("ik wil een waterkoker terugsturen")
    for desk in (samira, joost):
        expect(desk.locator(f"#open-{talk}")).to_contain_text("Retour aanmelden")
        expect(desk).to_have_title("(1) Wachtrij - Loket desk")
    take(samira, talk)
    expect(joost.locator(f"#take-{talk}")).to_have_count(0)
    sees(page, "U chat nu met Samira van")
    answer(samira, "Goedemiddag, ik kijk het na.")
    said_once(samira, "Goedemiddag, ik kijk het na.")
    sees(page, "Goedemiddag, ik kijk het na.")
    expect(page.locator(".from-human .byline").last).to_contain_text("Samira, medewerker")
    expect(page.locator(".identity")).to_have_text("U chat nu met Samira, medewerker")
    expect(samira.locator(".line-human .status").last).to_have_text("afgeleverd")
    write(page, "dank u, tot wanneer kan dat?")
    sees(samira, "dank u, tot wanneer kan dat?")
    answer(samira, "Tot 14 dagen na vandaag.")
    sees(page, "Tot 14 dagen na vandaag.")
    joost.locator(f"#open-{talk}").click()
    expect(joost.locator(".state-other")).to_contain_text("Samira heeft dit gesprek")
    expect(joost.get_by_label("Uw antwoord")).to_have_count(0)
    settle(samira, "U stuurt de waterkoker terug.")
    sees(page, "U stuurt de waterkoker terug.")
    page.get_by_role("log").get_by_role("button", name="5 van 5").click()
    sees(samira, "Beoordeling: 5 van 5")
    spoken = [text for author, text in backroom.said(talk) if text.startswith("echo")]
    assert spoken == ["echo ik wil een waterkoker terugsturen."]


def test_the_loser_of_a_race_hears_who_has_it(
    enter: Enter, customer: Customer, backroom: Backroom
) -> None:
    """A page that knows of nothing yet cannot take what somebody else has."""
    talk = customer("wie is er eerst")
    samira, joost = enter("samira"), enter("joost")
    joost.route("**/desk/events*", lambda route: route.abort())
    joost.reload()
    ready(joost)
    take(samira, talk)
    joost.locator(f"#take-{talk}").click()
    expect(joost.get_by_role("alert")).to_contain_text("Samira heeft dit gesprek al opgepakt.")
    expect(joost.locator(f"#take-{talk}")).to_have_count(0)
    assert [text for _, text in backroom.said(talk) if text.startswith("U chat nu met")] == [
        "U chat nu met Samira van Pakket & Plug."
    ]


def test_passing_on_with_a_note(enter: Enter, customer: Customer, page: Page) -> None:
    """Another team finds the note; who passed it on is back at the queue, the customer informed."""
    talk = customer("waar is mijn pakket gebleven")
    samira, bas = enter("samira"), enter("bas")
    expect(bas.get_by_text("Er wacht niemand.")).to_be_visible()
    take(samira, talk)
    samira.get_by_text("Zet door", exact=True).first.click()
    samira.get_by_label("Naar welk team?").select_option(label="Bezorging")
    samira.get_by_label("Notitie voor uw collega").fill("Adres klopt, bezorger bellen")
    samira.locator("#menu-transfer").get_by_role("button", name="Zet door").click()
    samira.wait_for_url("**/desk")
    sees(page, "Uw vraag gaat naar een collega van Bezorging.")
    take(bas, talk)
    note = bas.locator(".line-note")
    expect(note).to_contain_text("Adres klopt, bezorger bellen")
    expect(note).to_contain_text("niet zichtbaar voor de klant")
    assert "Adres klopt" not in page.get_by_role("log").inner_text()


def test_back_to_the_assistant(enter: Enter, customer: Customer, page: Page) -> None:
    """The customer hears that the assistant is back, and it answers again."""
    talk = customer("kan ik iets vragen")
    samira = enter("samira")
    take(samira, talk)
    samira.get_by_text("Geef terug", exact=True).click()
    samira.get_by_role("button", name="Terug naar de AI-assistent").click()
    expect(samira.locator(".state-bot")).to_be_visible()
    sees(page, "U praat weer met de AI-assistent.")
    write(page, "en nu")
    sees(page, "echo en nu.")


def test_a_draft_survives_and_is_sent_once(
    enter: Enter, customer: Customer, backroom: Backroom
) -> None:
    """A reload keeps what is typed; one whose receipt was lost goes again, and counts once."""
    talk = customer("bent u daar")
    samira = enter("samira")
    take(samira, talk)
    samira.get_by_label("Uw antwoord").fill("Dit is nog niet af")
    samira.reload()
    expect(samira.get_by_label("Uw antwoord")).to_have_value("Dit is nog niet af")
    tries: list[str] = []

    def lose(route: object) -> None:
        tries.append("")
        if len(tries) == 1:
            route.fetch()  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    samira.route("**/reply", lose)
    answer(samira, "Ja, ik ben er.")
    said_once(samira, "Ja, ik ben er.")
    expect(samira.get_by_label("Uw antwoord")).to_have_value("")
    assert len(tries) == 2
    assert [text for author, text in backroom.said(talk) if author == "human"] == ["Ja, ik ben er."]


def test_the_customer_leaves_and_returns(
    enter: Enter, customer: Customer, backroom: Backroom
) -> None:
    """The agent sees it at once; the open page puts a wrong note right."""
    talk = customer("even wachten hoor")
    samira = enter("samira")
    take(samira, talk)
    with backroom.database.begin() as conn:
        now = conversations.get(conn, talk).created_at
        conversations.set_left(conn, talk, now)
    backroom.notifier.ring("inbox", talk)
    expect(samira.locator(".state-left")).to_contain_text("De klant heeft de chat gesloten")
    backroom.ring(talk)
    expect(samira.locator(".state-left")).to_have_count(0)


def test_web_and_worker_are_killed(
    enter: Enter,
    customer: Customer,
    page: Page,
    server: Server,
    worker: Worker,
    backroom: Backroom,
) -> None:
    """In the middle of a talk: both sides write while all is down; nothing is lost or doubled."""
    talk = customer("blijft u aan de lijn")
    samira = enter("samira")
    take(samira, talk)
    answer(samira, "eerste antwoord")
    sees(page, "eerste antwoord")
    worker.kill()
    server.stop(signal.SIGKILL)
    write(page, "hoort u mij nog")
    answer(samira, "tweede antwoord")
    expect(samira.locator("#pending")).to_contain_text("tweede antwoord")
    expect(samira.locator("#banner")).to_contain_text("Geen verbinding")
    server.start()
    worker.start()
    for each in (page, samira):  # both come back by themselves as well, after a while
        each.evaluate("() => window.dispatchEvent(new Event('online'))")
    sees(samira, "hoort u mij nog")
    said_once(samira, "tweede antwoord")
    sees(page, "tweede antwoord")
    expect(samira.locator("#banner")).to_be_empty()
    write(page, "fijn")
    sees(samira, "fijn")
    assert backroom.heard(talk) == ["blijft u aan de lijn", "hoort u mij nog", "fijn"]
    human = [text for author, text in backroom.said(talk) if author == "human"]
    assert human == ["eerste antwoord", "tweede antwoord"]
    for text in human:
        expect(page.get_by_role("log").get_by_text(text, exact=True)).to_have_count(1)


def test_a_shared_computer(
    chromium: Browser, people: None, customer: Customer, server: Server, backroom: Backroom
) -> None:
    """What one agent typed, sent or not, is not the next one's who logs in in the same tab."""
    talk = customer("wie is daar")
    context = visitor(chromium)
    desk = context.new_page()
    log_in(desk, server.url, "samira")
    desk.goto(f"{server.url}/desk/c/{talk}")
    take(desk, talk)
    context.set_offline(offline=True)
    answer(desk, "dit kwam nooit aan")
    expect(desk.locator("#pending")).to_contain_text("dit kwam nooit aan")
    desk.get_by_label("Uw antwoord").fill("dit was niet af")
    with backroom.database.begin() as conn:
        joost = agents.by_login(conn, "joost")
        assert joost
        conn.execute(update(tables.handovers).values(agent_id=joost.agent.id))
    context.clear_cookies()
    context.set_offline(offline=False)
    log_in(desk, server.url, "joost")
    desk.goto(f"{server.url}/desk/c/{talk}")
    answer(desk, "hier Joost")
    said_once(desk, "hier Joost")
    assert [text for author, text in backroom.said(talk) if author == "human"] == ["hier Joost"]
    context.close()


def test_older_messages_on_demand(
    enter: Enter, customer: Customer, backroom: Backroom, page: Page
) -> None:
    """A long conversation shows its end; the rest comes in pieces, each message once."""
    talk = customer("een lang gesprek")
    with backroom.database.begin() as conn:
        for number in range(80):
            outbox.add(conn, talk, None, [("bot", Text(f"regel {number}."))], datetime.now(UTC))
    samira = enter("samira", f"/desk/c/{talk}")
    expect(samira.get_by_text("regel 79.", exact=True)).to_be_in_viewport()
    expect(samira.get_by_text("regel 3.", exact=True)).to_have_count(0)
    samira.get_by_role("link", name="Eerdere berichten").click()
    expect(samira.get_by_text("regel 3.", exact=True)).to_have_count(1)
    expect(samira.get_by_role("link", name="Eerdere berichten")).to_have_count(0)
    keys = samira.locator("#lines > li.line").evaluate_all(
        "nodes => nodes.map((node) => node.dataset.key)"
    )
    assert len(keys) == len(set(keys))
    assert [k for k in keys if k[0] == "o"] == sorted(
        (k for k in keys if k[0] == "o"), key=lambda key: int(key[1:])
    )


def test_what_was_not_in_view_is_not_closed(
    enter: Enter, customer: Customer, backroom: Backroom, page: Page
) -> None:
    """Only the pill told of it: closing says so and shows the message; then it can be closed."""
    talk = customer("een gesprek om in terug te lezen")
    with backroom.database.begin() as conn:
        for number in range(30):
            outbox.add(conn, talk, None, [("bot", Text(f"stap {number}."))], datetime.now(UTC))
    samira = enter("samira")
    take(samira, talk)
    expect(samira.get_by_text("stap 29.", exact=True)).to_be_in_viewport()
    samira.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    expect(samira.get_by_text("een gesprek om in terug te lezen").first).to_be_visible()
    write(page, "toch nog een vraag")
    pill = samira.get_by_role("button", name="Nieuw bericht")
    expect(pill).to_be_visible()
    samira.get_by_text("Sluit af", exact=True).first.click()
    samira.get_by_label("Wat is er afgesproken?").fill("Klaar")
    shut = samira.locator("#menu-close").get_by_role("button", name="Sluit af")
    shut.click()
    expect(samira.locator("#alert")).to_contain_text("Lees dat eerst")
    expect(samira.locator("#lines").get_by_text("toch nog een vraag")).to_be_in_viewport()
    expect(pill).to_be_hidden()
    shut.click()
    expect(samira.locator(".state-closed")).to_contain_text("Klaar")


def test_by_keyboard_alone(enter: Enter, customer: Customer, page: Page) -> None:
    """Take, answer with a canned text, close: no mouse."""
    customer("kan het zonder muis")
    samira = enter("samira")
    expect(samira.get_by_role("button", name="Neem aan")).to_have_count(1)
    samira.keyboard.press("Alt+a")
    samira.wait_for_url("**/c/*")
    expect(samira.get_by_label("Uw antwoord")).to_be_visible()
    ready(samira)
    samira.keyboard.press("Alt+s")
    expect(samira.get_by_role("searchbox", name="Zoek")).to_be_focused()
    samira.keyboard.type("retourlabel")
    samira.keyboard.press("Tab")
    samira.keyboard.press("Enter")
    expect(samira.get_by_label("Uw antwoord")).to_be_focused()
    expect(samira.get_by_label("Uw antwoord")).to_have_value(
        "Uw retour is aangemeld. U krijgt het retourlabel per e-mail. "
        "Lever het pakket binnen 14 dagen in."
    )
    samira.keyboard.press("Control+Enter")
    sees(page, "Uw retour is aangemeld.")
    samira.locator("#menu-close summary").focus()
    samira.keyboard.press("Enter")
    expect(samira.get_by_label("Wat is er afgesproken?")).to_be_focused()
    samira.keyboard.press("Escape")
    expect(samira.locator("#menu-close summary")).to_be_focused()
    samira.keyboard.press("Enter")
    samira.keyboard.type("Retourlabel gestuurd.")
    samira.keyboard.press("Control+Enter")
    expect(samira.locator(".state-closed")).to_be_visible()


def test_everybody_can_use_it(enter: Enter, customer: Customer, backroom: Backroom) -> None:
    """Axe finds nothing on any page, and every page fits on 320 px."""
    talk = customer("is dit goed leesbaar")
    els = enter("els")
    expect(els.get_by_role("button", name="Neem aan")).to_have_count(1)
    for wide in (1400, 320):
        els.set_viewport_size({"width": wide, "height": 640})
        els.goto(els.url.partition("/desk")[0] + "/desk")
        accessible(els, f"queue {wide}")
        fits(els, f"queue {wide}")
        els.goto(els.url + f"/c/{talk}")
        accessible(els, f"waiting {wide}")
        fits(els, f"waiting {wide}")
    ready(els)
    els.get_by_role("button", name="Neem aan").last.click()
    expect(els.get_by_label("Uw antwoord")).to_be_visible()
    for wide in (320, 1400):
        els.set_viewport_size({"width": wide, "height": 860})
        for menu in ("transfer", "note", "number", "back", "close", "answers"):
            open_menu(els, menu)
            fits(els, f"{menu} {wide}")
            els.keyboard.press("Escape")
        accessible(els, f"talk {wide}")
        fits(els, f"talk {wide}")
    for menu in ("answers", "number"):
        open_menu(els, menu)
        accessible(els, menu)
        els.keyboard.press("Escape")
    settle(els, "Alles is leesbaar.")
    accessible(els, "closed")
    els.goto(els.url.partition("/desk")[0] + "/desk/overzicht")
    expect(els.get_by_role("heading", name="Cijfers van klanten")).to_be_visible()
    accessible(els, "figures")
    els.set_viewport_size({"width": 320, "height": 640})
    fits(els, "figures")


def test_the_supervisors_figures(enter: Enter, customer: Customer) -> None:
    """What waits shows without reloading; an agent has no such page."""
    els = enter("els", "/desk/overzicht")
    waiting = els.locator(".tile", has_text="Wachten nu").locator("dd")
    expect(waiting).to_have_text("0")
    customer("hoe druk is het")
    expect(waiting).to_have_text("1")
    expect(els.locator(".people")).to_contain_text("Els")
    samira = enter("samira", "/desk/overzicht")
    expect(samira.get_by_text("Deze pagina is alleen voor supervisors.")).to_be_visible()


def test_the_page_follows_to_another_channel(
    enter: Enter, customer: Customer, backroom: Backroom
) -> None:
    """With what the agent had typed; the answer goes out there."""
    talk = customer("ik ga straks verder op mijn telefoon")
    samira = enter("samira")
    take(samira, talk)
    samira.get_by_label("Uw antwoord").fill("Dit was ik aan het typen")
    with backroom.database.begin() as conn:
        now = datetime.now(UTC)
        new = conversations.open_(conn, "whatsapp", "31612345678", now).id
        linked_conversations.carry_handover(conn, talk, new)
        conversations.continue_from(conn, new, talk)
        conversations.change(conn, talk, owner="closed")
        conversations.change(conn, new, owner="human", last_inbound_at=now)
    backroom.ring(talk)
    samira.wait_for_url(f"**/c/{new}")
    expect(samira.get_by_label("Uw antwoord")).to_have_value("Dit was ik aan het typen")


def test_a_call_back_from_claim_to_undo(
    enter: Enter, customer: Customer, backroom: Backroom
) -> None:
    """A colleague sees who does it; done with a result; undone; the name heads the page."""
    talk = customer("kunt u mij bellen")
    with backroom.database.begin() as conn:
        request = CallbackRequest(talk, "retour_betaling", "", "Anna Bos", "0612345678", "nu", "?")
        callbacks.add(conn, request, datetime.now(UTC))
    samira, joost = enter("samira"), enter("joost")
    case = samira.locator(".row-callback")
    expect(samira.locator(f"#take-{talk}")).to_have_count(0)
    case.get_by_role("button", name="Ik doe dit").click()
    expect(case.get_by_text("U doet dit")).to_be_in_viewport(ratio=1)
    expect(joost.locator(".row-callback")).to_contain_text("Samira doet dit.")
    case.locator("summary", has_text="Afgehandeld").click()
    case.get_by_label("Hoe liep het af?").select_option(label="Klant gesproken")
    accessible(samira, "call back")
    case.get_by_role("button", name="Afgehandeld").click()
    expect(samira.locator(".row-called")).to_contain_text("Anna Bos: gesproken")
    assert "Wij hebben elkaar gesproken" in backroom.said(talk)[-2][1]
    samira.get_by_role("button", name="Ongedaan maken").click()
    expect(samira.locator(".row-callback")).to_contain_text("Anna Bos")
    samira.goto(f"{samira.url.partition('/desk')[0]}/desk/c/{talk}")
    expect(samira.get_by_role("heading", level=1)).to_have_text("Anna Bos")
