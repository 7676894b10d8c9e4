"""The safety net without a model: words that nobody can mistake, the examples, and what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.messages import Choice, Option, Text
from bot.safety import concepts, examples, words
from bot.safety.kinds import INNOCENT, KINDS, Kind, answer_to
from channels.sms import render as sms
from channels.sms.segments import MAX_SEGMENTS

#: Numbers that the answer to each kind must hold, on every channel.
NUMBERS: dict[Kind, tuple[str, ...]] = {
    "self_harm": ("113", "0800-0113", "112"),
    "child": ("0800-0432", "0800-2000", "112"),
    "gas": ("0800-9009", "112"),
    "fire": ("112",),
    "electricity": ("112", "0800-9009"),
    "battery": ("112",),
    "violence": ("112", "0800-2000"),
    "fraud": ("088-7867372",),
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ik wil niet meer leven", "self_harm"),
        ("Ik wil dood.", "self_harm"),
        ("ik zie het leven niet meer zitten", "self_harm"),
        ("ik denk aan zelfmoord", "self_harm"),
        ("ik maak er een eind aan", "self_harm"),
        ("ik wil echt niet langer leven zo", "self_harm"),
        ("ik ga mezelf iets aandoen", "self_harm"),
        ("HELP, ik ruik gas!!", "gas"),
        ("er is brand", "fire"),
        ("mijn fietsaccu is gloeiend heet", "battery"),
        ("is dit phishing", "fraud"),
        ("ik word bedreigd", "violence"),
        ("papa slaat mij", "child"),
        ("ik kreeg een schok van de lamp", "electricity"),
    ],
)
def test_words_that_nobody_can_mistake(text: str, kind: Kind) -> None:
    """Seen without a model, in any capitals."""
    assert words.unmistakable(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "ik wil niet meer wachten",
        "mijn man is dood",
        "ik ga dood van het wachten",
        "ik schrik me dood van die rekening",
        "mijn telefoon is dood, waar is mijn pakket",
        "ik wil dit pakket niet meer",
        "jullie leveren niet meer",
        "ik wil mijn abonnement niet meer",
        "de batterij is leeg",
        "",
    ],
)
def test_ordinary_words(text: str) -> None:
    """Neither with certainty nor where words alone must do."""
    assert words.unmistakable(text) is None
    assert words.likely(text) is None


def test_a_kind_that_is_switched_off_is_not_seen() -> None:
    """An organisation may have no use for one."""
    assert words.likely("ik ruik gas", {"gas"}) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("wat gaat er gebeuren als ik niet betaal", False),
        ("kan jij dat niet opzoeken", False),
        ("ik had een lader voor usb-c en nu een oude micro usb", False),
        ("ik neem de trein", False),
        ("mijn accu is dik", True),
        ("wacht maar er gaan ongelukken gebeuren", True),
        ("het ruikt naar gas", True),
        ("ik word bedreigd", True),
    ],
)
def test_a_doubtful_word_alone_names_no_danger(text: str, named: bool) -> None:
    """Beside another, or beside what danger befalls, it does."""
    assert concepts.names_danger(text) is named


@pytest.mark.parametrize(
    ("text", "young"),
    [
        ("ik ben 12", True),
        ("meisje van 6", True),
        ("ik werk van 8 tot 6", False),
        ("ons gesprek van 12 maart", False),
        ("in de pauze van 12:15", False),
    ],
)
def test_an_age_is_no_time_or_date(text: str, young: bool) -> None:
    """Nobody is a child for being there from eight to six."""
    assert (concepts.NAMES.index("young") in concepts.groups_in(text)) is young


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_reaches_a_phone_that_knows_no_more_than_text(kind: Kind) -> None:
    """Nothing is shortened away on SMS, and one text message holds it."""
    offer = Choice(answer_to(kind), (Option("Medewerker", "/medewerker"),))
    for message in (Text(answer_to(kind)), offer):
        parts = sms.render(message)
        whole = " ".join(str(part["text"]) for part in parts)
        assert all(number in whole for number in NUMBERS[kind])
        assert len(parts) == 1
        assert parts[0]["segments"] <= MAX_SEGMENTS


def test_every_kind_has_examples_of_both(tmp_path: Path) -> None:
    """And none of them is labelled twice."""
    held = examples.load(tmp_path)
    assert {each.label for each in held} == {*KINDS, INNOCENT}
    labels: dict[str, set[str]] = {}
    for each in held:
        labels.setdefault(concepts.said(each.text), set()).add(each.label)
    assert [text for text, found in labels.items() if len(found) > 1] == []


def test_an_assistant_adds_examples(tmp_path: Path) -> None:
    """In a file of its own, beside Loket's."""
    path = tmp_path / examples.FILE
    path.parent.mkdir()
    path.write_text("fraud:\n  danger: |\n    een nep boete van de bieb\n", encoding="utf-8")
    assert examples.Example("een nep boete van de bieb", "fraud") in examples.load(tmp_path)


@pytest.mark.parametrize(
    "content", ["- a", "ufo:\n  danger: x", "gas: x", "gas:\n  odd: x", "gas: ["]
)
def test_what_is_written_wrongly_is_refused(tmp_path: Path, content: str) -> None:
    """With the form that it must have."""
    path = tmp_path / examples.FILE
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"safety\.yml"):
        examples.load(tmp_path)
