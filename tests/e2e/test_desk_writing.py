"""What helps an agent who closes forty times a day to write, in a real browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from bot.store.handover import handovers
from tests.support.accessibility import accessible, everywhere, fits
from tests.support.desk_office import Office
from tests.support.desk_page import working
from tests.support.webchat import Server

pytestmark = pytest.mark.browser


def write(page: Page, text: str) -> None:
    """Types into the reply box key by key, as a list that opens meanwhile needs."""
    page.get_by_label("Uw antwoord").focus()
    page.keyboard.type(text)


def test_a_supervisor_makes_an_answer_and_an_agent_uses_it(office: Office) -> None:
    """By its word, with the keys; what is not known must be filled in before it can go."""
    els = office.page(office.browser("els"), "/antwoorden")
    everywhere(els)
    els.get_by_label("Titel").fill("Monteur komt")
    els.get_by_label("Sneltekst").fill("/monteur")
    els.get_by_label("Tekst", exact=True).fill("Dag {naam_klant}, {naam_medewerker} stuurt iemand.")
    els.get_by_text("Wat Loket kan invullen").click()
    everywhere(els)
    els.get_by_role("button", name="Toevoegen").click()
    expect(els.get_by_role("status")).to_have_text("Bewaard.")
    talk = office.customer("mijn meter doet het niet")
    samira = office.taken("samira", talk)
    box, offers = samira.get_by_label("Uw antwoord"), samira.get_by_role("listbox")
    write(samira, "/")
    expect(offers.get_by_role("option")).to_have_count(5)
    samira.keyboard.type("mo")
    expect(offers.get_by_role("option")).to_have_count(1)
    expect(box).to_have_attribute("aria-activedescendant", "reply-offers-0")
    accessible(samira, "offers")
    for wide in (390, 320):
        samira.set_viewport_size({"width": wide, "height": 700})
        fits(samira, wide)
        samira.keyboard.press("ArrowDown")
        expect(offers.get_by_role("option")).to_be_in_viewport()
    samira.set_viewport_size({"width": 1400, "height": 860})
    samira.keyboard.press("Enter")
    expect(box).to_have_value("Dag {naam_klant}, Samira stuurt iemand.")
    expect(samira.locator("#reply-unfilled")).to_have_text("Vul nog in: {naam_klant}")
    accessible(samira, "unfilled")
    samira.keyboard.press("Control+Enter")
    expect(samira.locator("#alert")).to_contain_text("Vul nog in: {naam_klant}")
    samira.keyboard.type("mevrouw Bos")  # it was selected
    expect(samira.locator("#reply-unfilled")).to_be_empty()
    samira.keyboard.press("Control+Enter")
    said = samira.locator("#lines").get_by_text("Dag mevrouw Bos, Samira stuurt iemand.")
    expect(said).to_be_visible()


def test_an_open_list_has_the_keys(office: Office) -> None:
    """Escape shuts it and leaves the words; arrows move; no slash within a word opens it."""
    samira = office.taken("samira", office.customer("heeft u een label"))
    offers = samira.get_by_role("listbox")
    write(samira, "en/of")
    expect(offers).to_have_count(0)
    samira.get_by_label("Uw antwoord").fill("")
    write(samira, "Dag. /ge")
    expect(offers.get_by_role("option").nth(1)).to_be_visible()
    samira.keyboard.press("ArrowDown")
    expect(offers.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    samira.keyboard.press("Escape")
    expect(offers).to_have_count(0)
    expect(samira.get_by_label("Uw antwoord")).to_have_value("Dag. /ge")
    expect(samira.get_by_label("Uw antwoord")).to_be_focused()


def test_no_key_sends_what_is_not_finished(office: Office) -> None:
    """Enter in a menu of the reply is the menu's; a word behind a slash is no answer."""
    samira = office.taken("samira", office.customer("wanneer komt het"))
    box, said = samira.get_by_label("Uw antwoord"), samira.locator("#lines .line-human")
    for slashed in ("/zomaar", "/ge", "Dag. /ge"):
        box.fill("")
        write(samira, slashed)
        samira.keyboard.press("Control+Enter")
        word = slashed.rpartition(" ")[2]
        alert = samira.locator("#alert")
        expect(alert).to_contain_text(f"Kies een tekst uit de lijst, of haal {word} weg.")
        expect(box).to_have_value(slashed)
    box.fill("Half geschreven")
    for keys in ("Enter", "Control+Enter"):
        samira.keyboard.press("Alt+s")
        samira.keyboard.type("zoiets is er niet")
        samira.keyboard.press(keys)
        samira.locator("#answer-search").fill("geduld")
        samira.keyboard.press("ArrowDown")
        expect(samira.locator(".answer:focus")).to_contain_text("geduld")
        samira.keyboard.press("Escape")
    expect(box).to_have_value("Half geschreven")
    samira.get_by_text("Later", exact=True).click()
    due = samira.locator("#plan-due")
    due.press("Enter")
    expect(samira.locator("#alert")).not_to_be_empty()
    tomorrow = datetime.now(ZoneInfo("Europe/Amsterdam")) + timedelta(days=1)
    due.fill(f"{tomorrow:%Y-%m-%d}T10:00")
    due.press("Control+Enter")
    expect(samira.locator("#planned")).to_contain_text("morgen 10:00 uur: Half geschreven")
    expect(said).to_have_count(0)


def test_an_earlier_wording_comes_back(office: Office) -> None:
    """Who wrote what stands there; a wrong placeholder is refused with what was typed."""
    els = office.page(office.browser("els"), "/antwoorden")
    els.get_by_role("link", name="Even geduld").click()
    first = els.get_by_label("Tekst", exact=True).input_value()
    els.get_by_label("Tekst", exact=True).fill("Een ogenblik, {naam_klan}.")
    els.get_by_role("button", name="Bewaren").click()
    expect(els.get_by_role("alert")).to_contain_text("{naam_klan} niet invullen")
    expect(els.get_by_role("alert")).to_be_focused()
    els.get_by_label("Tekst", exact=True).fill("Een ogenblik.")
    els.get_by_role("button", name="Bewaren").click()
    expect(els.locator(".version").first).to_contain_text("Els (geldt nu)")
    expect(els.locator(".version").last).to_contain_text("uit het bestand")
    everywhere(els)
    els.get_by_role("button", name="Zet de versie van").click()
    expect(els.get_by_label("Tekst", exact=True)).to_have_value(first)
    els.get_by_role("button", name="Gebruik niet meer").click()
    expect(els.get_by_text("Wordt niet meer gebruikt.")).to_be_visible()
    # Its word is free, and says so where all are.
    els.get_by_role("link", name="Alle standaardteksten").click()
    expect(els.get_by_role("row", name="Even geduld (niet in gebruik)")).not_to_contain_text("/")
    els.get_by_label("Titel").fill("Wacht even")
    els.get_by_label("Sneltekst").fill("geduld")
    els.get_by_label("Tekst", exact=True).fill("Wacht u even?")
    els.get_by_role("button", name="Toevoegen").click()
    expect(els.get_by_role("status")).to_have_text("Bewaard.")
    samira = office.taken("samira", office.customer("duurt het lang"))
    write(samira, "/geduld")
    offered = samira.get_by_role("listbox").get_by_role("option")
    expect(offered).to_have_count(1)
    expect(offered).to_contain_text("Wacht u even?")


def test_closing_by_a_few_keys(office: Office) -> None:
    """Alt+K, a word, Ctrl+Enter: the focus is on the next conversation; the reason is on record."""
    first, second = (office.customer(f"vraag {number} om te sluiten") for number in (1, 2))
    samira = office.taken("samira", first)
    samira.keyboard.press("Alt+k")
    expect(samira.get_by_label("Wat is er afgesproken?")).to_be_focused()
    accessible(samira, "closing")
    for wide in (390, 320):
        samira.set_viewport_size({"width": wide, "height": 700})
        fits(samira, wide)
    samira.set_viewport_size({"width": 1400, "height": 860})
    samira.keyboard.type("/klaar")
    samira.keyboard.press("Enter")
    expect(samira.get_by_label("Wat is er afgesproken?")).to_have_value("Uw vraag is beantwoord.")
    samira.get_by_label("Reden").select_option("Klant doorverwezen")
    samira.keyboard.press("Control+Enter")
    expect(samira.locator(".state-closed")).to_contain_text("Uw vraag is beantwoord.")
    expect(samira.locator(".row-link:focus")).to_be_visible()
    expect(samira.locator("#lines")).to_contain_text("Samira sloot het gesprek af")
    again = office.taken("samira", second)
    again.keyboard.press("Alt+k")
    again.get_by_role("button", name="Sluit zonder bericht").click()
    expect(again.locator(".state-closed")).to_be_visible()
    expect(again.locator("#lines")).to_contain_text("zonder bericht aan de klant")
    els = office.page(office.browser("els"), "/overzicht/periode")
    expect(els.get_by_role("row").filter(has_text="Klant doorverwezen")).to_have_count(1)
    everywhere(els)


def test_set_aside_until_the_customer_writes(office: Office) -> None:
    """It leaves the agent's own list with its moment, and comes back with a mark."""
    talk = office.customer("ik stuur straks een foto")
    samira = office.taken("samira", talk)
    samira.keyboard.press("Alt+l")
    expect(samira.get_by_role("button", name="Over een uur")).to_be_focused()
    accessible(samira, "set aside")
    for wide in (390, 320):
        samira.set_viewport_size({"width": wide, "height": 700})
        fits(samira, wide)
    samira.set_viewport_size({"width": 1400, "height": 860})
    samira.get_by_role("button", name="Morgen om 9.00 uur").click()
    samira.wait_for_url("**/desk")
    row = samira.locator(f'[data-keyed="asleep"] [data-key="{talk}"]')
    expect(row).to_contain_text("terug morgen 09:00")
    accessible(samira, "lists")
    row.get_by_role("link").click()
    expect(samira.locator("#talk-state")).to_contain_text("Opzij gezet tot morgen 09:00 uur")
    accessible(samira, "asleep")
    office.writes(talk, "hier is de foto")
    mine = samira.locator(f'[data-keyed="mine"] [data-key="{talk}"]')
    expect(mine).to_contain_text("Weer aan de beurt")
    expect(samira.locator("#talk-state")).to_contain_text("weer aan de beurt")
    expect(samira.get_by_text("Zet opzij", exact=True).first).to_be_visible()


def test_a_draft_follows_the_agent(office: Office) -> None:
    """To another device; the focus is in the reply box after "Neem aan"; sent, it is gone there."""
    talk = office.customer("bel mij op 06-12345678 of zie https://a.nl/x")
    samira = office.page(office.browser("samira"))
    samira.locator(f"#take-{talk}").click()
    samira.wait_for_url(f"**/c/{talk}")
    expect(samira.get_by_label("Uw antwoord")).to_be_focused()
    lines = samira.locator("#lines")
    expect(lines.get_by_role("link", name="06-12345678")).to_have_attribute(
        "href", "tel:+31612345678"
    )
    expect(lines.get_by_role("link", name="https://a.nl/x")).to_have_attribute("target", "_blank")
    accessible(samira, "tappable")
    with samira.expect_response("**/draft"):
        samira.keyboard.type("Ik bel u zo")
    phone = office.page(office.another("samira"), f"/c/{talk}")
    expect(phone.get_by_label("Uw antwoord")).to_have_value("Ik bel u zo")
    open_too = office.page(office.another("samira"), f"/c/{talk}")
    expect(open_too.get_by_label("Uw antwoord")).to_have_value("Ik bel u zo")
    phone.get_by_label("Uw antwoord").press("Control+Enter")
    expect(phone.locator("#lines").get_by_text("Ik bel u zo")).to_be_visible()
    expect(phone.locator("#pending")).to_be_empty()
    expect(open_too.get_by_label("Uw antwoord")).to_have_value("")
    again = office.page(office.browser("samira"), f"/c/{talk}")
    expect(again.get_by_label("Uw antwoord")).to_have_value("")


def test_the_pages_propose_an_answer(office: Office, server: Server) -> None:
    """With its source, and only when asked; the agent puts it in the box and can change it."""
    talk = office.customer("binnen hoeveel dagen kan ik terugsturen")
    samira = office.taken("samira", talk)
    with working(server):
        office.wait_for_worker()
        samira.get_by_role("button", name="Kennisbank").click()
        proposal = samira.locator("#suggestion")
        expect(proposal).to_contain_text("U kunt een artikel terugsturen tot 30 dagen")
        expect(samira.get_by_label("Uw antwoord")).to_have_value("")
        source = proposal.get_by_role("link", name="Bron: Hoe lang u mag terugsturen")
        href = source.get_attribute("href") or ""
        assert "/kennis/retourtermijn#:~:text=" in href
        accessible(samira, "proposal")
        for wide in (390, 320):
            samira.set_viewport_size({"width": wide, "height": 700})
            fits(samira, wide)
        samira.set_viewport_size({"width": 1400, "height": 860})
        proposal.get_by_role("button", name="Zet in het antwoordveld").click()
        box = samira.get_by_label("Uw antwoord")
        expect(box).to_be_focused()
        assert box.input_value().startswith("U kunt een artikel terugsturen")
        assert "/kennis/retourtermijn" in box.input_value()
        with office.database.begin() as conn:
            handovers.set_summary(conn, handovers.newest(conn, talk).id, {})  # type: ignore[union-attr]
        office.writes(talk, "wat eten olifanten")
        expect(samira.locator("#lines")).to_contain_text("wat eten olifanten")
        samira.get_by_role("button", name="Kennisbank").click()
        expect(proposal).to_have_text("In de kennisbank staat hier niets over.")
        # Where nothing is sure, the best few are shown as such; which to use, the agent sees.
        office.writes(talk, "kan iemand anders mijn pakje aannemen")
        expect(samira.locator("#lines")).to_contain_text("iemand anders mijn pakje")
        samira.get_by_role("button", name="Kennisbank").click()
        expect(proposal).to_contain_text("Misschien uit de kennisbank:")
        expect(proposal.get_by_role("link").first).to_have_text("Bron: Bezorgen bij de buren")
        accessible(samira, "maybe")


def test_an_answer_for_later(office: Office) -> None:
    """Planned from the box, shown in the talk, withdrawn into the box."""
    talk = office.customer("kunt u mij morgen helpen")
    samira = office.taken("samira", talk)
    box = samira.get_by_label("Uw antwoord")
    box.fill("Goedemorgen, het is zover.")
    samira.get_by_text("Later", exact=True).click()
    accessible(samira, "later")
    for wide in (390, 320):
        samira.set_viewport_size({"width": wide, "height": 700})
        fits(samira, wide)
    samira.set_viewport_size({"width": 1400, "height": 860})
    samira.locator("#menu-later").get_by_role("button", name="Morgen om 9.00 uur").click()
    planned = samira.locator("#planned")
    expect(planned).to_contain_text("Gepland voor morgen 09:00 uur: Goedemorgen, het is zover.")
    expect(box).to_have_value("")
    expect(samira.locator(f'[data-keyed="asleep"] [data-key="{talk}"]')).to_be_visible()
    accessible(samira, "planned")
    samira.set_viewport_size({"width": 320, "height": 700})
    fits(samira, "planned")
    planned.get_by_role("button", name="Trek in").click()
    expect(box).to_have_value("Goedemorgen, het is zover.")
    expect(planned).not_to_contain_text("Gepland")
    expect(samira.locator("#lines .line-human")).to_have_count(0)
