"""The pages: read strictly, cut into passages, linked so that browsers find the words again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.errors import ConfigurationError
from bot.knowledge import example_questions, pages
from bot.knowledge.blocks import blocks_of
from bot.knowledge.pages import PageFault, read
from bot.knowledge.text_fragment import link

FRONT = "---\ntitle: Retour\nurl: /kennis/retour\ndate: 2026-09-01\nowner: Retouren\n---\n"
ROOT = Path(__file__).parents[3]


def test_a_page() -> None:
    """Front matter and passages."""
    page = read("retour.md", f"{FRONT}\n## Hoe lang?\nTot 30 dagen. Dat is lang.\n")
    assert (page.slug, page.title, page.owner) == ("retour", "Retour", "Retouren")
    assert page.date == date(2026, 9, 1)
    assert page.blocks[0].heading == "Hoe lang?"
    assert page.blocks[0].sentences == ("Tot 30 dagen.", "Dat is lang.")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("tekst", 1, "begins with a line ---"),
        ("---\ntitle: A\n", 2, "not closed"),
        ("---\ntitle: A\n---\nTekst.", 3, "url is missing"),
        ("---\ntitle: A\nurl: /a\nowner: B\n---\nT.", 5, "such as `date: 2026-11-30`"),
        (FRONT.replace("2026-09-01", "1 september") + "Tekst.", 4, "must be a day"),
        (FRONT.replace("2026-09-01", "2026-02-30") + "Tekst.", 4, "must be a day"),
        (FRONT.replace("/kennis/retour", "javascript:alert(1)") + "Tekst.", 3, "url is"),
        (FRONT.replace("/kennis/retour", "//kwaad.nl") + "Tekst.", 3, "url is"),
        (FRONT.replace("owner", "eigenaar") + "Tekst.", 5, "no field"),
        (FRONT.replace("owner: Retouren", "title: B") + "Tekst.", 5, "twice"),
        (FRONT, 7, "says nothing"),
        (FRONT + "\n## Kop\n", 8, "nothing stands below 'Kop'"),
        (FRONT + "\nTekst.\n<script>x</script>", 9, "HTML"),
        (FRONT + "\n# Kop\nTekst.", 8, "only heading"),
        (FRONT + "\n![kaart](x.png)", 8, "image"),
    ],
)
def test_an_error_names_its_line(text: str, line: int, says: str) -> None:
    """And what must be there."""
    with pytest.raises(PageFault, match=says) as caught:
        read("retour.md", text)
    assert caught.value.line == line


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Each with its file and line."""
    folder = tmp_path / pages.FOLDER
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("tekst")
    (folder / "B.md").write_text(f"{FRONT}Tekst.")
    (folder / "c.md").write_text(f"{FRONT}Tekst.")
    (folder / "d.md").write_text(f"{FRONT}Tekst.")
    with pytest.raises(ConfigurationError) as caught:
        pages.read_all(tmp_path)
    for place in ("a.md line 1", "B.md line 1", "d.md line 3: url is that of c.md too"):
        assert f"data/knowledge/{place}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- a", "line 1"),
        ("pages:\n  weg:\n    - {says: a, ask: [b]}", "line 2: there is no page weg.md"),
        (
            "pages:\n  retour:\n    - says: 31 dagen\n      ask: [b]",
            "line 3: retour.md does not say",
        ),
        ("pages: [", "line 1 is not valid YAML|line 2 is not valid YAML"),
    ],
)
def test_errors_in_the_questions(text: str, says: str, tmp_path: Path) -> None:
    """They name file and line too."""
    path = tmp_path / "questions.yml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=says):
        example_questions.load(path, {"retour": read("retour.md", f"{FRONT}Tot 30 dagen.")})


def test_a_list_stays_with_its_introduction() -> None:
    """It is one passage of several lines."""
    (block,) = blocks_of("## Kop\nU kiest:\n\n- ochtend\n- avond, van 17.00 tot 21.00 uur\n")
    assert block.sentences == ("U kiest:", "ochtend", "avond, van 17.00 tot 21.00 uur")
    assert block.text == "U kiest:\nochtend\navond, van 17.00 tot 21.00 uur"


def test_abbreviations_and_amounts_end_no_sentence() -> None:
    """Only a sign before a capital does."""
    (block,) = blocks_of("Wij brengen o.a. lampen, bijv. van € 3.50 of meer. Dat is gratis.")
    assert block.sentences == (
        "Wij brengen o.a. lampen, bijv. van € 3.50 of meer.",
        "Dat is gratis.",
    )


def test_a_link_is_encoded() -> None:
    """A comma or hyphen of the text is no syntax of the link."""
    blocks = blocks_of("Ja. Dat kan, via e-mail.")
    address = link("/kennis/a", "Dat kan, via e-mail.", blocks)
    assert address == "/kennis/a#:~:text=Dat%20kan%2C%20via%20e%2Dmail."


def test_words_that_stand_there_twice_get_what_is_before_them() -> None:
    """The browser highlights the first that fits, without regard to capitals."""
    blocks = blocks_of("## Box\nElke dag. Dat is gratis.\n\n## Gas\nBel eerst. Dat is Gratis.")
    assert link("/a", "Dat is gratis.", blocks, blocks[0].text) == "/a#:~:text=Dat%20is%20gratis."
    second = link("/a", "Dat is Gratis.", blocks, blocks[1].text)
    assert second == "/a#:~:text=eerst.-,Dat%20is%20Gratis."


def test_a_long_passage_is_named_by_its_ends() -> None:
    """Also across elements of the page."""
    blocks = blocks_of(
        "U kiest zelf een deel van de dag:\n\n- ochtend van 8.00 uur\n- avond tot 21.00 uur"
    )
    address = unquote(link("/a", blocks[0].text, blocks))
    assert address == "/a#:~:text=U kiest zelf een deel,uur avond tot 21.00 uur"


def test_outdated() -> None:
    """By age, or from the day on that the page names."""
    page = read(
        "retour.md", f"{FRONT.replace('owner', 'expires: 2026-12-01' + chr(10) + 'owner')}T."
    )
    assert not page.is_outdated(date(2026, 11, 30), 730)
    assert page.is_outdated(date(2026, 12, 1), 730)
    assert page.is_outdated(date(2026, 11, 30), 30)


def test_the_shipped_pages() -> None:
    """At least 34, each of which the questions, and tasks of the assistant, can name."""
    known = pages.read_all(ROOT)
    assert len(known) >= 34
    assert example_questions.load(ROOT / pages.QUESTIONS, known)
    intents = (ROOT / "domain.yml").read_text(encoding="utf-8")
    assert all(f"  - {page.task}\n" in intents for page in known.values() if page.task)
